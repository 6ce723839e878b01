"""`rrr-optimize audit`: read the repository, run the rules, report."""

from __future__ import annotations

import datetime as dt
import shutil
import sys
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from rrr_optimize import reporters
from rrr_optimize.baseline import write_baseline
from rrr_optimize.commands.known_findings import find_baseline
from rrr_optimize.commands.progress import Progress
from rrr_optimize.commands.scope import Scope, changed_files, choose_projects
from rrr_optimize.commands.settings import load_settings
from rrr_optimize.commands.streams import is_tty, write_stdout
from rrr_optimize.compose.summary import summarize_compose
from rrr_optimize.engine import explain_rule, run_rules, selected_rules
from rrr_optimize.errors import UsageError
from rrr_optimize.facts.declarations import ProblemKind
from rrr_optimize.facts.repository import Repository
from rrr_optimize.imports.summary import summarize_imports
from rrr_optimize.model import NotAnalysed, Report
from rrr_optimize.reporters.wording import counted
from rrr_optimize.requirements.summary import summarize_requirements
from rrr_optimize.rules import Stage
from rrr_optimize.tools.git import Git
from rrr_optimize.tools.git_history import find_versions
from rrr_optimize.tools.syntax import PythonSyntax
from rrr_optimize.tools.syntax_cache import SyntaxCache
from rrr_optimize.workspace.projects import find_projects
from rrr_optimize.workspace.reader import Reader
from rrr_optimize.workspace.root import find_root
from rrr_optimize.workspace.search import find_holding
from rrr_optimize.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rrr_optimize.commands.known_findings import BaselineFile
    from rrr_optimize.model import Finding
    from rrr_optimize.workspace.root import Root
    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class AuditOptions:
    """What the command line said."""

    path: str | None = None
    output_format: str = "text"
    output: Path | None = None
    projects: tuple[str, ...] = ()
    since: str | None = None
    select: tuple[str, ...] = ()
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    config: tuple[str, ...] = ()
    baseline: str | None = None
    write_baseline: bool = False
    fail_on: str | None = None
    color: str = "auto"
    quiet: bool = False
    verbose: int = 0


def run_audit(options: AuditOptions, cwd: Path, environ: Mapping[str, str]) -> int:
    """Audit a repository, write the report, and return the exit code: 1 for findings at or above `--fail-on`, else 0.

    Raises RrrOptimizeError for everything that keeps the audit from being made.
    """
    _check(options)
    root = find_root(options.path, cwd)
    reader = Reader(root.path)
    settings = load_settings(reader, options.config, _said(options), cwd)
    baseline = find_baseline(options.baseline, settings.baseline, root.path, cwd)
    if options.write_baseline and baseline is None:
        raise UsageError("--write-baseline needs to know the file", "add --baseline FILE")
    git = Git(untracked=settings.untracked)
    snapshot = take_snapshot(root, git, settings.worktrees, settings.excludes, reader)
    projects = find_projects(snapshot, settings.projects)
    changed = changed_files(git, root, options.since, snapshot) if options.since is not None else None
    scope = Scope(choose_projects(options.projects, projects), changed)
    with Progress(environ) as progress:
        today = dt.datetime.now(tz=dt.UTC).date()
        find_scripts = _script_search(snapshot, root, git)
        repository = Repository(
            snapshot,
            projects,
            settings,
            today,
            find_scripts,
            progress,
            find_holding=partial(find_holding, snapshot, root, git),
            syntax=PythonSyntax(SyntaxCache.of_user(environ)),
            find_versions=partial(find_versions, root),
        )
        outcome = run_rules(repository)
        facts = _facts(repository)
    told = [finding for finding in outcome.findings if scope.covers(finding, projects)]
    told, held_back, notes = _apply_baseline(told, options, baseline)
    report = Report(
        root=str(root.path),
        projects=tuple(projects),
        findings=tuple(told),
        facts=facts,
        not_analysed=_not_analysed(repository),
        notes=(*snapshot.notes, *_skipped(repository), *scope.describe(snapshot, options.since), *notes),
        files_read=len(snapshot.digests),
        held_back=held_back,
        suppressed=outcome.suppressed,
    )
    _write(report, options, environ, root.folder)
    fails = any(finding.severity >= settings.fail_on for finding in told)
    return 1 if fails and not options.write_baseline else 0


def _script_search(snapshot: Snapshot, root: Root, git: Git) -> Callable[[str], tuple[str, ...]]:
    return lambda mark: find_holding(snapshot, root, git, [mark], [".py"])


def _facts(repository: Repository) -> dict[str, Any]:
    """Return the facts of each domain that a selected rule is of; what none asks for is not looked for."""
    facts = {"requirements": summarize_requirements(repository.requirements)}
    stages = {stage for rule in selected_rules(repository.settings) for stage in rule.stages}
    if Stage.COMPOSE in stages:
        facts["compose"] = summarize_compose(repository.compose)
    if stages & {Stage.SCAN, Stage.PARSE}:
        syntax = repository.unparsable if Stage.PARSE in stages else None
        facts["imports"] = summarize_imports(repository.imports, syntax)
    return facts


def _check(options: AuditOptions) -> None:
    for name, value, known in (
        ("--format", options.output_format, reporters.FORMATS),
        ("--color", options.color, ("auto", "always", "never")),
    ):
        if value not in known:
            raise UsageError(f"{name} {value}: there is no such choice", f"choose {', '.join(known)}")


def _said(options: AuditOptions) -> dict[str, Any]:
    """Return what the command line says, by the keys of the configuration."""
    said: dict[str, Any] = {
        "select": list(options.select),
        "extend-select": list(options.extend_select),
        "ignore": list(options.ignore),
        "fail-on": options.fail_on,
        "baseline": options.baseline,
    }
    return {key: value for key, value in said.items() if value}


def _apply_baseline(
    told: list[Finding], options: AuditOptions, baseline: BaselineFile | None
) -> tuple[list[Finding], int, tuple[str, ...]]:
    """Return the findings that are new, how many were known, and what is to be said about the baseline."""
    if baseline is None:
        return told, 0, ()
    if options.write_baseline:
        _write_file(baseline.path, write_baseline(told), "the baseline")
        return told, 0, (f"{counted(len(told), 'finding')} written to the baseline {baseline.name}",)
    is_whole = not (options.projects or options.since or options.select or options.ignore)
    return baseline.hold_back(told, is_whole=is_whole)


def _not_analysed(repository: Repository) -> tuple[NotAnalysed, ...]:
    facts = repository.requirements
    gaps = [item for item in facts.problems if item.kind is ProblemKind.NOT_ANALYSED]
    told = [*facts.unread, *(NotAnalysed(gap.subject, gap.message) for gap in gaps)]
    if any(Stage.COMPOSE in rule.stages for rule in selected_rules(repository.settings)):
        told += repository.compose.unread
    seen = {item.path: item for item in (*told, *repository.snapshot.not_analysed)}
    return tuple(sorted(seen.values(), key=lambda item: item.path))


def _skipped(repository: Repository) -> tuple[str, ...]:
    counts = [f"{number} {kind}" for kind, number in repository.snapshot.skipped.items()]
    return (f"left out: {', '.join(counts)}",) if counts else ()


def _write(report: Report, options: AuditOptions, environ: Mapping[str, str], folder: str) -> None:
    color = cast("reporters.ColorFlag", options.color)
    to_tty = options.output is None and is_tty(sys.stdout)
    text = reporters.render(
        report,
        options.output_format,
        reporters.Options(
            verbose=options.verbose,
            quiet=options.quiet,
            color=reporters.use_color(color, environ, stream_is_tty=to_tty),
            terminal=reporters.is_terminal(environ, stream_is_tty=to_tty),
            width=shutil.get_terminal_size().columns,
            folder=folder,
            explain=explain_rule,
        ),
    )
    if options.output is not None:
        _write_file(options.output, text, "the report")
    else:
        write_stdout(text)


def _write_file(path: Path, text: str, what: str) -> None:
    try:
        path.write_text(text, encoding="utf-8", newline="\n")
    except OSError as error:
        raise UsageError(f"{what} cannot be written to {path}: {error.strerror}", "name another file") from None
