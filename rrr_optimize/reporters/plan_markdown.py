"""A plan as a Markdown document for a pull request comment: changes, tables, charts, the diff."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.markdown_text import cell, code, prose
from rrr_optimize.model import Lane
from rrr_optimize.phrases import cut
from rrr_optimize.reporters.diffs import show_changes
from rrr_optimize.reporters.plan_text import closing
from rrr_optimize.reporters.text import not_analysed
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.model import ChangeGroup, PlanReport, Table

_ROWS_SHOWN = 20
_TITLES = {Lane.SAFE: "Held back", Lane.REVIEW: "For review", Lane.REFUSED: "Refused"}


def render(report: PlanReport, *, verbose: bool = False, quiet: bool = False) -> str:
    """Return the document: what changes, what was held back and why, tables, Mermaid charts, the diff.

    No string of the repository can become markup, as in the report of an audit. Long tables are cut unless `verbose`;
    `quiet` leaves the changes alone.
    """
    return "".join(f"{line}\n" for line in _lines(report, verbose=verbose, quiet=quiet))


def _lines(report: PlanReport, *, verbose: bool, quiet: bool) -> Iterator[str]:
    yield from (f"# Plan of {code(f'rrr-optimize {report.verb}')}", "", f"{prose(show(closing(report)))}.")
    yield from _groups("Changes", [group for group in report.groups if group.id in report.accepted])
    for lane, title in _TITLES.items():
        yield from _groups(title, report.held_back(lane))
    if quiet:
        return
    for table in report.tables:
        yield from _table(table, None if verbose else _ROWS_SHOWN)
    for picture in report.pictures:
        yield from ("", f"## {prose(show(picture.title))}", "", "```mermaid", *picture.chart.splitlines(), "```")
    yield from _diff(show_changes(report.changes))
    notes = [*(f"Note: {note}" for note in report.notes), *not_analysed(report.not_analysed, verbose=verbose)]
    if notes:
        yield from ("", "## Notes", "", *(f"- {prose(show(note))}" for note in notes))


def _groups(title: str, groups: Iterable[ChangeGroup]) -> Iterator[str]:
    groups = list(groups)
    if groups:
        yield from ("", f"## {title}", "")
    for group in groups:
        place = f"{code(show(str(group.location)))} " if group.location else ""
        yield f"- {place}{prose(show(group.title))}"
        yield f"  - why: {prose(show(group.why))}"
        yield from [f"  - hint: {prose(show(group.hint))}"] if group.hint else []
        for proof in group.proofs:
            evidence = f" ({prose(show('; '.join(proof.evidence)))})" if proof.evidence else ""
            yield f"  - {proof.verdict}: {prose(show(proof.claim))}{evidence}"


def _table(table: Table, limit: int | None) -> Iterator[str]:
    rows, rest = cut(table.rows, limit)
    yield from ("", f"## {prose(show(table.title))}", "")
    yield _row(table.columns)
    yield f"| {' | '.join('---' for _ in table.columns)} |"
    yield from map(_row, rows)
    if rest:
        yield from ("", f"And {rest} more.")


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cell(prose(show(text))) for text in cells)} |"


def _diff(diff: str) -> Iterator[str]:
    if diff:
        longest = max(map(len, re.findall(r"`+", diff)), default=0)
        fence = "`" * max(3, longest + 1)
        yield from ("", "## Diff", "", f"{fence}diff", *diff.splitlines(), fence)
