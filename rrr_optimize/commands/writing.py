"""What every command that changes files does with its plan: show it, check it, save it, or write it."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, cast

from rrr_optimize import reporters
from rrr_optimize.commands.asking import admit_by_lane, ask_person, require_terminal
from rrr_optimize.commands.opening import Target, open_repository
from rrr_optimize.commands.output import write_output
from rrr_optimize.commands.progress import Progress
from rrr_optimize.commands.stages import run_stages
from rrr_optimize.commands.streams import is_tty
from rrr_optimize.errors import UsageError
from rrr_optimize.model import PlanReport
from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from rrr_optimize.commands.opening import Opened
    from rrr_optimize.commands.stages import Course, Stage
    from rrr_optimize.model import ChangeGroup

FORMATS = ("text", "json")


@dataclass(frozen=True, slots=True)
class WritingOptions:
    """What the command line of a command that changes files said, the same for each of them."""

    target: Target = field(default_factory=Target)
    output_format: str = "text"
    output: Path | None = None
    write: bool = False
    check: bool = False
    unsafe: bool = False
    interactive: bool = False
    plan_out: Path | None = None
    allow_dirty: bool = False
    allow_no_vcs: bool = False
    verify: tuple[str, ...] = ()
    color: str = "auto"
    quiet: bool = False
    verbose: int = 0


def run_writing(
    verb: str,
    stages: Sequence[Stage],
    options: WritingOptions,
    said: Mapping[str, Any],
    cwd: Path,
    environ: Mapping[str, str],
) -> int:
    """Plan, and do with the plan what the options ask for; return the exit code.

    Without `write` nothing is changed: 1 if something would be, else 0. With it 0, once everything that was accepted is
    written. Raises RrrOptimizeError for everything that keeps the plan from being made or written.
    """
    check_options(options)
    with Progress(environ) as progress:
        opened = open_repository(options.target, said, cwd, environ, progress)
        course = run_stages(opened.repository, stages, _admission(options, opened))
    report = _report(verb, opened, course)
    if options.write and report.changes:
        report = _write(report, opened, options)
    _tell(report, options, environ)
    return 1 if report.changes and not options.write else 0


def check_options(options: WritingOptions) -> None:
    """Raise UsageError for options that contradict each other or ask for what there is not."""
    for name, value, known in (
        ("--format", options.output_format, FORMATS),
        ("--color", options.color, ("auto", "always", "never")),
    ):
        if value not in known:
            raise UsageError(f"{name} {value}: there is no such choice", f"choose {', '.join(known)}")
    chosen = [name for name, is_on in (("--write", options.write), ("--check", options.check)) if is_on]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} contradict each other", "--check never writes")
    if options.interactive:
        require_terminal()


def _admission(options: WritingOptions, opened: Opened) -> Callable[[ChangeGroup], bool]:
    """Return what says yes to a group: it has to be inside what the run is narrowed to, then lane or person decides."""
    says_yes = ask_person if options.interactive else admit_by_lane(unsafe=options.unsafe)
    scope, projects = opened.scope, opened.repository.projects
    return lambda group: scope.holds(group.paths, projects) and says_yes(group)


def _report(verb: str, opened: Opened, course: Course) -> PlanReport:
    snapshot = opened.repository.snapshot
    return PlanReport(
        verb=verb,
        root=str(opened.root.path),
        projects=tuple(opened.repository.projects),
        groups=course.groups,
        accepted=course.accepted,
        changes=course.now.snapshot.changes,
        tables=course.tables,
        not_analysed=snapshot.not_analysed,
        notes=(*opened.notes, *course.notes),
        files_read=len(snapshot.digests),
    )


def _write(report: PlanReport, opened: Opened, options: WritingOptions) -> PlanReport:
    from rrr_optimize.transaction import Permissions, Request, write

    summary = f"{counted(len(report.accepted), 'change')} in {counted(len(report.changes), 'file')}"
    request = Request(report.verb, report.changes, opened.repository.snapshot.digests, summary)
    permissions = Permissions(options.allow_dirty, options.allow_no_vcs)
    written = write(opened.root, request, opened.git, permissions)
    return replace(report, transaction=written.transaction)


def _tell(report: PlanReport, options: WritingOptions, environ: Mapping[str, str]) -> None:
    if options.output_format == "json":
        from rrr_optimize.reporters import plan_json

        text = plan_json.render(report)
    else:
        from rrr_optimize.reporters import plan_text

        color = cast("reporters.ColorFlag", options.color)
        to_tty = options.output is None and is_tty(sys.stdout)
        text = plan_text.render(
            report,
            diff=not (options.check or options.write),
            verbose=options.verbose > 0,
            quiet=options.quiet,
            color=reporters.use_color(color, environ, stream_is_tty=to_tty),
        )
    write_output(text, options.output)
