"""The report as a Markdown document for a pull request comment or a docs page (GitHub Flavored Markdown)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.markdown_text import cell, code, prose
from rrr_optimize.model import Severity
from rrr_optimize.phrases import cut
from rrr_optimize.reporters.shown import shown
from rrr_optimize.reporters.wording import advice, closing, gaps_by_reason, note_groups, requirement_facts, tallies

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.model import Finding, Report

_RELATED_SHOWN = 6
_NOTES_SHOWN = 20


def render(report: Report, *, verbose: bool = False, quiet: bool = False) -> str:
    """Return the document: a summary, the errors and warnings by file, the notes by rule, what was not analysed.

    It depends on the report alone, no clock and no path of the machine. No string of the repository can become
    markup: a word that is not plain prose becomes a code span, in which GitHub sees no link, mention, emoji, formula
    or HTML. Long lists are cut unless `verbose`; `quiet` leaves out the notes and what was not analysed.
    """
    lines = _lines(shown(report), verbose=verbose, quiet=quiet)
    return "".join(f"{line}\n" for line in lines)


def _lines(report: Report, *, verbose: bool, quiet: bool) -> Iterator[str]:
    yield from ("# Audit", "", f"{closing(report)}.")
    yield from _summary(report)
    yield from _findings(report, verbose=verbose)
    if quiet:
        return
    yield from _notes(report, verbose=verbose)
    yield from _not_analysed(report, verbose=verbose)


def _summary(report: Report) -> Iterator[str]:
    rows = tallies(report)
    if rows:
        yield from ("", "| Domain | Errors | Warnings | Notes |", "| --- | ---: | ---: | ---: |")
        yield from (f"| {cell(row.domain)} | {row.errors} | {row.warnings} | {row.notes} |" for row in rows)
    if sentence := requirement_facts(report.facts):
        yield from ("", f"{sentence}.")


def _findings(report: Report, *, verbose: bool) -> Iterator[str]:
    by_file: dict[str, list[Finding]] = {}
    for finding in report.findings:
        if finding.severity > Severity.INFO:
            by_file.setdefault(finding.location.path, []).append(finding)
    if by_file:
        yield from ("", "## Findings")
    told: set[str] = set()
    for path, findings in by_file.items():
        yield from ("", f"### {code(path)}", "")
        for finding in findings:
            yield from _finding(finding, told, verbose=verbose)


def _finding(finding: Finding, told: set[str], *, verbose: bool) -> Iterator[str]:
    place = finding.location
    title = f"{code(finding.code)} {prose(finding.name)}"
    yield f"- {code(f'{place.line}:{place.column}')} **{finding.severity.label}** {title}: {prose(finding.message)}"
    shown_places, rest = cut(finding.related, None if verbose else _RELATED_SHOWN)
    for related in shown_places:
        yield f"  - also {code(str(related.location))} {code(related.message)}".rstrip()
    if rest:
        yield f"  - and {rest} more"
    yield from (f"  - {label}: {prose(words)}" for label, words in advice(finding, told))


def _notes(report: Report, *, verbose: bool) -> Iterator[str]:
    groups = note_groups(report.findings)
    if groups or report.notes:
        yield from ("", "## Notes")
    if report.notes:
        yield ""
    yield from (f"- Note: {prose(note)}" for note in report.notes)
    for group in groups:
        yield from ("", f"### {code(group.code)} {prose(group.name)}", "", "| Where | What |", "| --- | --- |")
        rows, rest = cut(group.findings, None if verbose else _NOTES_SHOWN)
        for finding in rows:
            yield f"| {cell(code(str(finding.location)))} | {cell(prose(finding.message))} |"
        if rest:
            yield from ("", f"And {rest} more.")


def _not_analysed(report: Report, *, verbose: bool) -> Iterator[str]:
    if not report.not_analysed:
        return
    yield from ("", "## Not analysed", "", "| Why | Where |", "| --- | --- |")
    for reason, paths in gaps_by_reason(report.not_analysed).items():
        names, rest = cut(paths, None if verbose else _RELATED_SHOWN)
        where = ", ".join(map(code, names)) + (f" and {rest} more" if rest else "")
        yield f"| {cell(prose(reason))} | {cell(where)} |"
