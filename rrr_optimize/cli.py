"""The command line: names, options and help. Every body imports its command's module, so that help stays quick."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path
from typing import Annotated

import typer

from rrr_optimize import __version__
from rrr_optimize.errors import OutputError, PathMissingError, RrrOptimizeError
from rrr_optimize.safe_text import show

app = typer.Typer(
    name="rrr-optimize",
    help="Audit Python monorepos: what their projects require, and where they contradict each other.",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_INTERRUPTED = 130
_OUR_BUG = 2
_CANNOT_WRITE = 2
_STDOUT = 1
# typer would split it at every blank.
_CONFIG_VARIABLE = "RRR_OPTIMIZE_CONFIG"


def _print_version(value: bool) -> None:
    if value:
        typer.echo(f"rrr-optimize {__version__}")
        raise typer.Exit


@app.callback()
def _main(
    version: Annotated[
        bool, typer.Option("--version", "-V", callback=_print_version, is_eager=True, help="Print the version.")
    ] = False,
) -> None:
    del version


_Path = Annotated[str | None, typer.Argument(metavar="[PATH]", help="The folder to audit; else the repository here.")]
_Format = Annotated[
    str,
    typer.Option(
        "--format", metavar="FORMAT", envvar="RRR_OPTIMIZE_FORMAT", help="text, json, markdown, sarif or github."
    ),
]
_Output = Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write the report here, not to stdout.")]
_Projects = Annotated[
    list[str] | None,
    typer.Option("--project", metavar="NAME", help="Only this project, by name or folder. Repeatable."),
]
_Since = Annotated[
    str | None, typer.Option("--since", metavar="REV", help="Only findings in files changed since this git revision.")
]
_Select = Annotated[
    list[str] | None,
    typer.Option(
        "--select", metavar="RULE", envvar="RRR_OPTIMIZE_SELECT", help="Only these rules: code, prefix or name."
    ),
]
_ExtendSelect = Annotated[
    list[str] | None, typer.Option("--extend-select", metavar="RULE", help="These rules too, on top of the selection.")
]
_Ignore = Annotated[
    list[str] | None,
    typer.Option("--ignore", metavar="RULE", envvar="RRR_OPTIMIZE_IGNORE", help="Not these rules. Repeatable."),
]
_Config = Annotated[
    list[str] | None,
    typer.Option(
        "--config",
        metavar="FILE|KEY=VALUE",
        help="Another configuration file, or one setting. Repeatable; RRR_OPTIMIZE_CONFIG holds one a line.",
    ),
]
_Baseline = Annotated[
    str | None,
    typer.Option(
        "--baseline", metavar="FILE", envvar="RRR_OPTIMIZE_BASELINE", help="Fail only on findings that are not in it."
    ),
]
_WriteBaseline = Annotated[
    bool, typer.Option("--write-baseline", help="Write the findings into the baseline file and exit with 0.")
]
_FailOn = Annotated[
    str | None,
    typer.Option(
        "--fail-on",
        metavar="SEVERITY",
        envvar="RRR_OPTIMIZE_FAIL_ON",
        help="Exit with 1 from this severity on: error, warning (the default) or info.",
    ),
]
_Color = Annotated[
    str,
    typer.Option("--color", metavar="WHEN", envvar="RRR_OPTIMIZE_COLOR", help="auto, always or never."),
]
_Quiet = Annotated[bool, typer.Option("-q", "--quiet", help="Only errors and warnings.")]
_Verbose = Annotated[int, typer.Option("-v", "--verbose", count=True, help="Every note, with reasons and places.")]


@app.command()
def audit(
    path: _Path = None,
    output_format: _Format = "text",
    output: _Output = None,
    project: _Projects = None,
    since: _Since = None,
    select: _Select = None,
    extend_select: _ExtendSelect = None,
    ignore: _Ignore = None,
    config: _Config = None,
    baseline: _Baseline = None,
    write_baseline: _WriteBaseline = False,
    fail_on: _FailOn = None,
    color: _Color = "auto",
    quiet: _Quiet = False,
    verbose: _Verbose = 0,
) -> None:
    """Find what contradicts itself in a repository. Reads only; changes and runs nothing."""
    from rrr_optimize.commands.audit import AuditOptions, run_audit

    options = AuditOptions(
        path=path,
        output_format=output_format,
        output=output,
        projects=tuple(project or ()),
        since=since,
        select=_split(select),
        extend_select=_split(extend_select),
        ignore=_split(ignore),
        config=tuple(config or os.environ.get(_CONFIG_VARIABLE, "").splitlines()),
        baseline=baseline,
        write_baseline=write_baseline,
        fail_on=fail_on,
        color=color,
        quiet=quiet,
        verbose=verbose,
    )
    raise typer.Exit(run_audit(options, _working_directory(), os.environ))


@app.command()
def rule(
    code: Annotated[
        str | None, typer.Argument(metavar="[CODE]", help="A rule's code or name; without it, all.")
    ] = None,
) -> None:
    """Explain one rule, or list them all."""
    from rrr_optimize.commands.rule import describe_rule, list_rules
    from rrr_optimize.commands.streams import write_stdout

    write_stdout(describe_rule(code) if code else list_rules())


@app.command()
def undo(
    path: Annotated[str | None, typer.Argument(metavar="[PATH]", help="The root; else the repository here.")] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="List what can be undone, the newest first; undo nothing.")
    ] = False,
) -> None:
    """Take the last write back, byte for byte; also one that was interrupted."""
    from rrr_optimize.commands.streams import write_stdout
    from rrr_optimize.commands.undo import list_undoable, run_undo

    write_stdout((list_undoable if list_ else run_undo)(path, _working_directory()))


def run(arguments: list[str]) -> int:
    """Run the command line and return the exit code; a failure is told in a line, with a hint, never as a trace."""
    try:
        app(arguments, prog_name="rrr-optimize")
    except SystemExit as stop:
        return _code_of(stop)
    except OutputError as error:
        _abandon_stdout()
        _tell(error.message, error.hint)
        return error.exit_code
    except RrrOptimizeError as error:
        _tell(error.message, error.hint)
        return error.exit_code
    except Exception as error:  # noqa: BLE001 - the last resort: a crash must never look like a finding
        _tell_bug(error)
        return _OUR_BUG
    return 0


def _working_directory() -> Path:
    try:
        return Path.cwd()
    except OSError:
        hint = "change to one that does, or name the folder to look at from there"
        raise PathMissingError("the working directory does not exist any more", hint) from None


def _split(values: list[str] | None) -> tuple[str, ...]:
    return tuple(part.strip() for value in values or () for part in value.split(",") if part.strip())


def _code_of(stop: SystemExit) -> int:
    """Return the exit code that typer chose, unless it is 1 for a reader that went away: that would be a finding."""
    if isinstance(stop.__context__, BrokenPipeError):
        _abandon_stdout()
        return _CANNOT_WRITE
    if stop.code == _INTERRUPTED:
        _tell("interrupted")
    return stop.code if isinstance(stop.code, int) else _OUR_BUG


def _abandon_stdout() -> None:
    """Send what is left in its buffer nowhere: Python would try again at the end, complain, and change the code."""
    with suppress(OSError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), _STDOUT)


def _tell(message: str, hint: str = "") -> None:
    lines = [f"rrr-optimize: {message}", *([f"hint: {hint}"] if hint else [])]
    _tell_lines("\n".join(lines).split("\n"))


def _tell_bug(error: Exception) -> None:
    import traceback

    _tell(
        f"this is a bug in rrr-optimize {__version__}: {type(error).__name__}: {error}",
        "nothing was changed; please report it with the lines below",
    )
    _tell_lines("".join(traceback.format_exception(error)).splitlines())


def _tell_lines(lines: list[str]) -> None:
    # Without a stderr (`2>&-`) there is nobody to tell; the exit code is the same.
    with suppress(AttributeError, OSError):
        for line in lines:
            sys.stderr.write(f"{show(line)}\n")
