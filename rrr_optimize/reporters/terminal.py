"""The report for a person at a terminal: a summary first, findings by file with their reasons, then the notes."""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rich.cells import cell_len
from rich.console import Console
from rich.text import Text

from rrr_optimize.model import Severity
from rrr_optimize.phrases import cut
from rrr_optimize.reporters.shown import shown
from rrr_optimize.reporters.text import not_analysed
from rrr_optimize.reporters.wording import advice, closing, note_groups, requirement_facts, tallies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.model import Finding, Report

_STYLES = {Severity.ERROR: "bold red", Severity.WARNING: "yellow", Severity.INFO: "cyan"}
_LABELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_RELATED_SHOWN = 6
_NARROWEST = 20
_WORD = re.compile(r"\S+")


@dataclass(frozen=True, slots=True)
class _Row:
    """A line of the page before it is wrapped; what does not fit goes on `hang` columns further right."""

    text: Text
    indent: int = 0
    hang: int = 0


def render(report: Report, *, verbose: bool = False, quiet: bool = False, color: bool = False, width: int = 80) -> str:
    """Return the page, wrapped between words at `width` columns; no word is broken and nothing is cut off.

    Notes take one line for each rule unless `verbose`, long lists of related places are cut at six unless `verbose`,
    and an explanation that several findings share is given once. `quiet` leaves only the errors and warnings.
    Without `color` the page holds no escape sequence; it is the same page otherwise.
    """
    stream = io.StringIO()
    # Whatever rich would ask the environment for is given.
    console = Console(
        file=stream,
        width=width,
        force_jupyter=False,
        color_system="standard" if color else None,
        no_color=not color,
        legacy_windows=False,
    )
    rows = _rows(shown(report), verbose=verbose and not quiet, quiet=quiet)
    lines = [line for row in rows for line in _wrap(row, width)]
    console.print(Text("\n").join([*lines, Text()]), soft_wrap=True, end="")
    return stream.getvalue()


def _rows(report: Report, *, verbose: bool, quiet: bool) -> Iterator[_Row]:
    if not quiet:
        yield from _summary(report)
    least = Severity.INFO if verbose else Severity.WARNING
    yield from _by_file([finding for finding in report.findings if finding.severity >= least], verbose=verbose)
    if not quiet:
        yield from _trailer(report, verbose=verbose)


def _summary(report: Report) -> Iterator[_Row]:
    for tally in tallies(report):
        yield _Row(Text.assemble((tally.domain, "bold"), f": {tally}"), hang=2)
        if tally.domain == "Requirements" and (sentence := requirement_facts(report.facts)):
            yield _Row(Text(sentence, "dim"), indent=2)
        yield _Row(Text())


def _by_file(findings: Iterable[Finding], *, verbose: bool) -> Iterator[_Row]:
    by_file: dict[str, list[Finding]] = {}
    for finding in findings:
        by_file.setdefault(finding.location.path, []).append(finding)
    told: set[str] = set()
    for path, of_file in by_file.items():
        yield _Row(Text(path, "bold"))
        for finding in of_file:
            yield from _finding(finding, told, verbose=verbose)
        yield _Row(Text())


def _finding(finding: Finding, told: set[str], *, verbose: bool) -> Iterator[_Row]:
    place, severity = finding.location, finding.severity
    heading = (f"{place.line}:{place.column}  ", (_LABELS[severity], _STYLES[severity]), f"  {finding.code}  ")
    yield _Row(Text.assemble(*heading, (finding.message, "bold")), indent=2, hang=4)
    shown_places, rest = cut(finding.related, None if verbose else _RELATED_SHOWN)
    for related in shown_places:
        yield _Row(Text(f"also {related.location} {related.message}"), indent=6, hang=5)
    if rest:
        yield _Row(Text(f"and {rest} more (-v lists them)"), indent=6)
    for label, words in advice(finding, told):
        yield _Row(Text(f"{label}: {words}", "dim" if label == "why" else ""), indent=6, hang=len(label) + 2)


def _trailer(report: Report, *, verbose: bool) -> Iterator[_Row]:
    notes = [] if verbose else [str(group) for group in note_groups(report.findings)]
    for note in (*notes, *report.notes):
        yield _Row(Text.assemble(("note", _STYLES[Severity.INFO]), f": {note}"), hang=6)
    gaps = list(not_analysed(report.not_analysed, verbose=verbose))
    yield from (_Row(Text(line), hang=6) for line in gaps)
    if notes or report.notes or gaps:
        yield _Row(Text())
    yield _Row(Text(closing(report), "bold"))


def _wrap(row: _Row, width: int) -> Iterator[Text]:
    """Break between words only: a path that is broken over two lines can neither be clicked nor copied."""
    room = max(width - row.indent - row.hang, _NARROWEST)
    fits = cell_len(row.text.plain) <= room
    for index, line in enumerate([row.text] if fits else row.text.divide(_breaks(row.text.plain, room))):
        line.rstrip()
        yield Text(" " * (row.indent + row.hang * bool(index))).append_text(line) if line else line


def _breaks(plain: str, room: int) -> list[int]:
    breaks, start = [], 0
    for word in _WORD.finditer(plain):
        if word.start() > start and cell_len(plain[start : word.end()]) > room:
            breaks.append(word.start())
            start = word.start()
    return breaks
