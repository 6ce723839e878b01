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
from rrr_optimize.facts.own_documents import is_own_path
from rrr_optimize.model import Plan, PlanReport
from rrr_optimize.phrases import counted
from rrr_optimize.transaction import Permissions, Request, require_no_interrupted, write
from rrr_optimize.transaction.plan_file import load_plan, save_plan
from rrr_optimize.transaction.verify import find_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path
    from typing import Any

    from rrr_optimize.commands.opening import Opened
    from rrr_optimize.commands.stages import Course, Stage
    from rrr_optimize.model import ChangeGroup

FORMATS = ("text", "json", "markdown")


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
    apply: Path | None = None
    allow_dirty: bool = False
    allow_no_vcs: bool = False
    hook: bool = False
    verify: tuple[str, ...] = ()
    color: str = "auto"
    quiet: bool = False
    verbose: int = 0

    def with_config(self, overrides: tuple[str, ...]) -> WritingOptions:
        """Return the options with more settings on top, as `--config` takes them."""
        return replace(self, target=replace(self.target, config=(*self.target.config, *overrides)))


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
    written; 1 where something that was asked for by name is not among it. Raises RrrOptimizeError for everything that
    keeps the plan from being made or written.
    """
    check_options(options)
    if options.apply is not None:
        return _apply_saved(options.apply, verb, options, said, cwd, environ)
    with Progress(environ) as progress:
        opened = _open(options, said, cwd, environ, progress)
        course = run_stages(opened.repository, stages, _admission(options, opened))
    report = _report(verb, opened, course)
    if options.plan_out is not None:
        save_plan(cwd / options.plan_out, opened.root, _request(report, opened), Plan(report.groups), report.accepted)
    if options.write and report.changes:
        report = _write(report, _request(report, opened), opened, options)
    _tell(report, options, environ)
    return 1 if course.unmet or (report.changes and not options.write) else 0


def check_options(options: WritingOptions) -> None:
    """Raise UsageError for options that contradict each other or ask for what there is not."""
    for name, value, known in (
        ("--format", options.output_format, FORMATS),
        ("--color", options.color, ("auto", "always", "never")),
    ):
        if value not in known:
            raise UsageError(f"{name} {value}: there is no such choice", f"choose {', '.join(known)}")
    exclusive = (("--write", options.write), ("--check", options.check), ("--apply", options.apply))
    chosen = [name for name, is_on in exclusive if is_on]
    if len(chosen) > 1:
        raise UsageError(f"{' and '.join(chosen)} contradict each other", "--check never writes, --apply always does")
    planning = (("--plan-out", options.plan_out), ("--unsafe", options.unsafe), ("--interactive", options.interactive))
    narrowing = (("--project", options.target.projects), ("--since", options.target.since))
    if options.apply and (vain := [name for name, is_on in (*planning, *narrowing) if is_on]):
        raise UsageError(f"--apply writes a saved plan as it is: {vain[0]} came too late", "say it with --plan-out")
    if options.verify and not (options.write or options.apply):
        raise UsageError("--verify checks what was written, and nothing is to be written", "add --write")
    if options.interactive:
        require_terminal()


def _admission(options: WritingOptions, opened: Opened) -> Callable[[ChangeGroup], bool]:
    """Return what says yes to a group: it has to be inside what the run is narrowed to, then lane or person decides.

    Records and documents tell of the run as a whole, so they are inside whatever it is narrowed to.
    """
    says_yes = ask_person if options.interactive else admit_by_lane(unsafe=options.unsafe)
    scope, projects = opened.scope, opened.repository.projects

    def admits(group: ChangeGroup) -> bool:
        is_own = bool(group.paths) and all(map(is_own_path, group.paths))
        return (is_own or scope.holds(group.paths, projects)) and says_yes(group)

    return admits


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
        pictures=course.pictures,
        not_analysed=snapshot.not_analysed,
        notes=(*opened.notes, *course.notes),
        files_read=len(snapshot.digests),
    )


def _open(
    options: WritingOptions,
    said: Mapping[str, Any],
    cwd: Path,
    environ: Mapping[str, str],
    progress: Progress | None = None,
) -> Opened:
    """Return the repository, unless a write was cut off in it: then it is half old and half new, and undo is next."""
    opened = open_repository(options.target, said, cwd, environ, progress)
    require_no_interrupted(opened.root)
    return opened


def _request(report: PlanReport, opened: Opened) -> Request:
    summary = f"{counted(len(report.accepted), 'change')} in {counted(len(report.changes), 'file')}"
    return Request(report.verb, report.changes, opened.repository.snapshot.digests, summary)


def _write(report: PlanReport, request: Request, opened: Opened, options: WritingOptions) -> PlanReport:
    settings = opened.repository.settings
    permissions = Permissions(options.allow_dirty, options.allow_no_vcs, options.hook)
    checks = find_checks(options.verify, dict(settings.verify), opened.root.path)
    written = write(opened.root, request, opened.git, permissions, checks)
    return replace(report, transaction=written.transaction or None)


def _apply_saved(
    path: Path, verb: str, options: WritingOptions, said: Mapping[str, Any], cwd: Path, environ: Mapping[str, str]
) -> int:
    """Write a saved plan, exactly as it is, and return 0. Raises StalePlanError where what it rests on has changed."""
    opened = _open(options, said, cwd, environ)
    saved = load_plan(cwd / path, opened.root)
    if saved.request.verb != verb:
        raise UsageError(f"{path} is a plan of `{saved.request.verb}`", f"apply it with `{saved.request.verb} --apply`")
    report = PlanReport(
        verb=verb,
        root=str(opened.root.path),
        projects=tuple(opened.repository.projects),
        groups=saved.plan.groups,
        accepted=saved.accepted,
        changes=saved.request.changes,
        files_read=len(saved.request.digests),
    )
    _tell(_write(report, saved.request, opened, options), options, environ)
    return 0


def _tell(report: PlanReport, options: WritingOptions, environ: Mapping[str, str]) -> None:
    if options.output_format == "json":
        from rrr_optimize.reporters import plan_json

        text = plan_json.render(report)
    elif options.output_format == "markdown":
        from rrr_optimize.reporters import plan_markdown

        text = plan_markdown.render(report, verbose=options.verbose > 0, quiet=options.quiet)
    else:
        from rrr_optimize.reporters import plan_text

        color = cast("reporters.ColorFlag", options.color)
        to_tty = options.output is None and is_tty(sys.stdout)
        text = plan_text.render(
            report,
            diff=not (options.check or options.write or options.apply),
            verbose=options.verbose > 0,
            quiet=options.quiet,
            color=reporters.use_color(color, environ, stream_is_tty=to_tty),
        )
    write_output(text, options.output)
