"""`rrr-optimize audit`: read the repository, run the rules, report."""

from __future__ import annotations

import shutil
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, cast

from rrr_optimize import reporters
from rrr_optimize.baseline import write_baseline
from rrr_optimize.commands.known_findings import find_baseline
from rrr_optimize.commands.opening import Target, open_repository
from rrr_optimize.commands.output import write_file, write_output
from rrr_optimize.commands.progress import Progress
from rrr_optimize.commands.streams import is_tty
from rrr_optimize.compose.summary import summarize_compose
from rrr_optimize.engine import explain_rule, find_needs, run_rules
from rrr_optimize.errors import UsageError
from rrr_optimize.facts.declarations import ProblemKind
from rrr_optimize.imports.summary import summarize_imports
from rrr_optimize.imports.told_verdicts import judgements_of
from rrr_optimize.model import NotAnalysed, Report
from rrr_optimize.phrases import counted
from rrr_optimize.requirements.summary import summarize_requirements
from rrr_optimize.rules import JUDGED, PARSED

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.commands.known_findings import BaselineFile
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding


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
    with Progress(environ) as progress:
        target = Target(options.path, options.projects, options.since, options.config)
        opened = open_repository(target, _said(options), cwd, environ, progress)
        repository, settings, root = opened.repository, opened.repository.settings, opened.root
        baseline = find_baseline(options.baseline, settings.baseline, root.path, cwd)
        if options.write_baseline and baseline is None:
            raise UsageError("--write-baseline needs to know the file", "add --baseline FILE")
        outcome = run_rules(repository)
        facts = _summarize(repository)
        repository.memory.save()
    projects = repository.projects
    told = [finding for finding in outcome.findings if opened.scope.covers(finding, projects)]
    told, held_back, notes = _apply_baseline(told, options, baseline)
    report = Report(
        root=str(root.path),
        projects=tuple(projects),
        findings=tuple(told),
        facts=facts,
        not_analysed=_not_analysed(repository),
        notes=(*opened.notes, *notes),
        files_read=len(repository.snapshot.digests),
        held_back=held_back,
        suppressed=outcome.suppressed,
    )
    _write(report, options, environ, root.folder)
    fails = any(finding.severity >= settings.fail_on for finding in told)
    return 1 if fails and not options.write_baseline else 0


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
        write_file(baseline.path, write_baseline(told), "the baseline")
        return told, 0, (f"{counted(len(told), 'finding')} written to the baseline {baseline.name}",)
    is_whole = not (options.projects or options.since or options.select or options.ignore)
    return baseline.hold_back(told, is_whole=is_whole)


def _summarize(repository: Repository) -> dict[str, Any]:
    """Return the facts of the requirements, and of the other domains that a selected rule looks at."""
    needs = find_needs(repository.settings)
    facts = {"requirements": summarize_requirements(repository.requirements)}
    if "imports" in needs:
        facts["imports"] = summarize_imports(
            repository.imports,
            repository.unparsable if PARSED in needs else None,
            judgements_of(repository.codebase) if JUDGED in needs and repository.imports.statements else None,
        )
    if "compose" in needs:
        facts["compose"] = summarize_compose(repository.compose)
    return facts


def _not_analysed(repository: Repository) -> tuple[NotAnalysed, ...]:
    needs = find_needs(repository.settings)
    facts = repository.requirements
    gaps = [item for item in facts.problems if item.kind is ProblemKind.NOT_ANALYSED]
    told = [*facts.unread, *(NotAnalysed(gap.subject, gap.message) for gap in gaps)]
    if "compose" in needs:
        told += repository.compose.unread
    seen = {item.path: item for item in (*told, *repository.snapshot.not_analysed)}
    return tuple(sorted(seen.values(), key=lambda item: item.path))


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
    write_output(text, options.output)
