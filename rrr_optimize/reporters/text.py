"""The report as plain text, one finding a line, for pipes, logs and editors that jump to `path:line:col`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Severity
from rrr_optimize.phrases import listed
from rrr_optimize.reporters.shown import shown
from rrr_optimize.reporters.wording import advice, closing, gaps_by_reason, note_groups

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.model import Finding, NotAnalysed, Report

_COLORS = {Severity.ERROR: "\x1b[1;31m", Severity.WARNING: "\x1b[33m", Severity.INFO: "\x1b[36m"}
_RESET = "\x1b[0m"
# A warning is the usual case and goes unmarked.
_MARKS = {Severity.ERROR: "error: ", Severity.WARNING: "", Severity.INFO: "note: "}


def render(report: Report, *, verbose: bool = False, quiet: bool = False, color: bool = False) -> str:
    """Return the report with one line for each error and warning, `path:line:col CODE text`, in the order given.

    Lines are never wrapped. Notes take one line for each rule unless `verbose`, which also adds the related places
    and the reasons, indented; an explanation that several findings share is given once. `quiet` leaves nothing but
    errors and warnings; then a clean report is an empty string.
    """
    lines = _lines(shown(report), verbose=verbose and not quiet, quiet=quiet, color=color)
    return "".join(f"{line}\n" for line in lines)


def _lines(report: Report, *, verbose: bool, quiet: bool, color: bool) -> Iterator[str]:
    told: set[str] = set()
    for finding in report.findings:
        if verbose or finding.severity > Severity.INFO:
            yield _line(finding, color=color)
            if verbose:
                yield from _details(finding, told)
    if quiet:
        return
    if not verbose:
        yield from (f"note: {group}" for group in note_groups(report.findings))
    yield from (f"note: {note}" for note in report.notes)
    yield from not_analysed(report.not_analysed, verbose=verbose)
    yield closing(report)


def not_analysed(gaps: Sequence[NotAnalysed], *, verbose: bool) -> Iterator[str]:
    """Yield what was seen but not read: one line for each reason, or for each path if `verbose`."""
    if verbose:
        yield from (f"{gap.path}: not analysed: {gap.reason}" for gap in gaps)
        return
    for reason, paths in gaps_by_reason(gaps).items():
        names = listed(paths)
        more = "; -v lists them" if names.endswith(" more") else ""
        yield f"not analysed: {names}: {reason}{more}"


def _line(finding: Finding, *, color: bool) -> str:
    place = finding.location
    code = f"{_COLORS[finding.severity]}{finding.code}{_RESET}" if color else finding.code
    return f"{place.path}:{place.line}:{place.column} {code} {_MARKS[finding.severity]}{finding.message}"


def _details(finding: Finding, told: set[str]) -> Iterator[str]:
    yield from (f"    also {place.location} {place.message}".rstrip() for place in finding.related)
    yield from (f"    {label}: {words}" for label, words in advice(finding, told))
