"""The options of the command line, each said once: its names, its variable and its help."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from rrr_optimize.errors import PathMissingError

# typer would split it at every blank.
_CONFIG_VARIABLE = "RRR_OPTIMIZE_CONFIG"

Folder = Annotated[
    str | None, typer.Argument(metavar="[PATH]", help="The folder to look at; else the repository here.")
]
Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="FORMAT", envvar="RRR_OPTIMIZE_FORMAT", help="text, json, markdown, sarif or github."
    ),
]
Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the report here, not to stdout.")]
Projects = Annotated[
    list[str] | None,
    typer.Option("--project", metavar="NAME", help="Only this project, by name or folder. Repeatable."),
]
Since = Annotated[
    str | None,
    typer.Option("--since", metavar="REV", help="Only what has a place in files changed since this git revision."),
]
Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="RULE", envvar="RRR_OPTIMIZE_SELECT", help="Only these rules: code, prefix or name."
    ),
]
ExtendSelect = Annotated[
    list[str] | None, typer.Option("--extend-select", metavar="RULE", help="These rules too, on top of the selection.")
]
Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULE", envvar="RRR_OPTIMIZE_IGNORE", help="Not these rules. Repeatable."),
]
Config = Annotated[
    list[str] | None,
    typer.Option(
        "--config",
        metavar="FILE|KEY=VALUE",
        help="Another configuration file, or one setting. Repeatable; RRR_OPTIMIZE_CONFIG holds one a line.",
    ),
]
Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline", metavar="FILE", envvar="RRR_OPTIMIZE_BASELINE", help="Fail only on findings that are not in it."
    ),
]
WriteBaseline = Annotated[
    bool, typer.Option("--write-baseline", help="Write the findings into the baseline file and exit with 0.")
]
FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        envvar="RRR_OPTIMIZE_FAIL_ON",
        help="Exit with 1 from this severity on: error, warning (the default) or info.",
    ),
]
Color = Annotated[
    str,
    typer.Option("--color", metavar="WHEN", envvar="RRR_OPTIMIZE_COLOR", help="auto, always or never."),
]
Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Only what matters most, and no summary.")]
Verbose = Annotated[int, typer.Option("-v", "--verbose", count=True, help="Every note, with reasons and places.")]

PlanFormat = Annotated[
    str,
    typer.Option("--format", metavar="FORMAT", envvar="RRR_OPTIMIZE_PLAN_FORMAT", help="text, json or markdown."),
]
Write = Annotated[bool, typer.Option("--write", help="Change the files: everything that is safe, or nothing.")]
Check = Annotated[bool, typer.Option("--check", help="No diff, just whether something would change; for CI.")]
Unsafe = Annotated[bool, typer.Option("--unsafe", help="Accept what needs a review, too.")]
Interactive = Annotated[bool, typer.Option("--interactive", help="Ask about each change; needs a terminal.")]
PlanOut = Annotated[Path | None, typer.Option("--plan-out", metavar="FILE", help="Save the plan for --apply.")]
Apply = Annotated[
    Path | None, typer.Option("--apply", metavar="FILE", help="Write exactly this saved plan, unless it is stale.")
]
AllowDirty = Annotated[bool, typer.Option("--allow-dirty", help="Write files that git could not give back, too.")]
AllowNoVcs = Annotated[bool, typer.Option("--allow-no-vcs", help="Write where no git holds the files.")]
Verify = Annotated[
    list[str] | None,
    typer.Option("--verify", metavar="NAME", help="Run this configured command after the write. Repeatable."),
]
Policy = Annotated[
    str | None,
    typer.Option("--policy", metavar="POLICY", help="How a version is chosen; least-satisfying if not told."),
]
Layout = Annotated[
    str | None, typer.Option("--layout", metavar="LAYOUT", help="Where shared requirements go: layered or constraints.")
]
MaxAdded = Annotated[
    int | None,
    typer.Option("--max-added", metavar="N", help="Packages a project may get beyond those that it names."),
]
Paths = Annotated[
    list[str] | None,
    typer.Argument(
        metavar="[PATH]...", help="Files and folders that may change; else the repository here. - is one file on stdin."
    ),
]
StdinFilename = Annotated[
    str | None, typer.Option("--stdin-filename", metavar="FILE", help="The name of what - reads; it need not exist.")
]
StartedIn = Annotated[
    list[str] | None,
    typer.Option("--cwd", metavar="DIR", help="Programs are started in this folder. Repeatable."),
]
NamedRoot = Annotated[
    list[str] | None,
    typer.Option("--root", metavar="NAME=PATH", help="Import NAME from the folder PATH. Repeatable."),
]
SitePackages = Annotated[
    str | None,
    typer.Option("--site-packages", metavar="PATH", help="The environment that programs run in, to be read, not run."),
]
ProveRun = Annotated[
    bool,
    typer.Option("--prove-run", help="Replay path and import statements in a Python of its own, as a second proof."),
]
ReplayPython = Annotated[
    str | None,
    typer.Option("--python", metavar="PATH", help="The Python for --prove-run; else the one that runs this."),
]
Hook = Annotated[bool, typer.Option("--hook", help="A file is clean when it is as staged: for pre-commit.")]
Only = Annotated[
    list[str] | None,
    typer.Option("--only", metavar="PART", help="Only this part of a Compose project: networks. Repeatable."),
]
Places = Annotated[
    list[str] | None,
    typer.Argument(metavar="[PATH]...", help="The folder to look at, or files and folders of the repository here."),
]
Networks = Annotated[
    int | None, typer.Option("--networks", metavar="N", help="The row of the table with so many networks.")
]
AllowPair = Annotated[
    list[str] | None,
    typer.Option("--allow-pair", metavar="A,B", help="These two services may come to reach each other. Repeatable."),
]


def configuration(words: list[str] | None) -> tuple[str, ...]:
    """Return what `--config` says, or else the environment."""
    return tuple(words or os.environ.get(_CONFIG_VARIABLE, "").splitlines())


def working_directory() -> Path:
    """Return the working directory. Raises PathMissingError where it does not exist any more."""
    try:
        return Path.cwd()
    except OSError:
        hint = "change to one that does, or name the folder to look at from there"
        raise PathMissingError("the working directory does not exist any more", hint) from None
