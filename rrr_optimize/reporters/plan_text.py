"""A plan as plain text: one change a line, what was held back with its reason, tables, the diff, a closing line."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Lane
from rrr_optimize.phrases import counted, cut
from rrr_optimize.reporters.diffs import show_changes
from rrr_optimize.reporters.text import not_analysed
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.model import ChangeGroup, PlanReport, Table

_MARKS = {Lane.SAFE: "held back: ", Lane.REVIEW: "review: ", Lane.REFUSED: "refused: "}
_COLORS = {Lane.SAFE: "\x1b[32m", Lane.REVIEW: "\x1b[33m", Lane.REFUSED: "\x1b[1;31m"}
_ROWS_SHOWN = 20
_RESET = "\x1b[0m"


def render(
    report: PlanReport, *, diff: bool = True, verbose: bool = False, quiet: bool = False, color: bool = False
) -> str:
    """Return the plan with one line for each group, `path:line:col ID text`, never wrapped.

    What is not applied says so, why, and what to do. `verbose` adds the reasons and proofs of all groups; `quiet`
    leaves the groups and nothing else. Long tables are cut and pictures left out unless `verbose`. `diff` adds what
    changes in the files.
    """
    lines = list(_groups(report, verbose=verbose and not quiet, color=color))
    if quiet:
        return "".join(f"{line}\n" for line in lines)
    for table in report.tables:
        lines += ["", *_table(table, None if verbose else _ROWS_SHOWN)]
    for picture in report.pictures if verbose else ():
        lines += ["", f"{show(picture.title)}:", *(f"  {line}" for line in picture.tree.splitlines())]
    text = "".join(f"{line}\n" for line in lines)
    if diff and report.changes:
        text += ("\n" if lines else "") + show_changes(report.changes, color=color) + "\n"
    elif report.tables:
        text += "\n"
    return text + "".join(f"{line}\n" for line in _trailer(report, verbose=verbose))


def _groups(report: PlanReport, *, verbose: bool, color: bool) -> Iterator[str]:
    for group in report.groups:
        is_accepted = group.id in report.accepted
        yield _line(group, is_accepted=is_accepted, color=color)
        if not is_accepted or verbose:
            yield f"    why: {show(group.why)}"
            yield from [f"    hint: {show(group.hint)}"] if group.hint else []
        if verbose or any(proof.failed for proof in group.proofs):
            for proof in group.proofs:
                if verbose or proof.failed:
                    yield f"    {proof.verdict}: {show(proof.claim)}"
                    yield from (f"        {show(line)}" for line in proof.evidence)


def _line(group: ChangeGroup, *, is_accepted: bool, color: bool) -> str:
    place = group.location
    where = f"{place.path}:{place.line}:{place.column}" if place else f"{group.paths[0]}:1:1" if group.paths else "."
    name = f"{_COLORS[group.lane]}{show(group.id)}{_RESET}" if color else show(group.id)
    return f"{show(where)} {name} {'' if is_accepted else _MARKS[group.lane]}{show(group.title)}"


def _table(table: Table, limit: int | None) -> Iterator[str]:
    shown_rows, rest = cut(table.rows, limit)
    rows = [tuple(map(show, row)) for row in (table.columns, *shown_rows)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    are_numbers = [all(map(str.isdecimal, column)) for column in zip(*rows[1:], strict=True)] or [False] * len(widths)
    yield f"{show(table.title)}:"
    for row in rows:
        cells = zip(row, widths, are_numbers, strict=True)
        padded = (cell.rjust(width) if is_number else cell.ljust(width) for cell, width, is_number in cells)
        yield "  ".join(["", *padded]).rstrip()
    if rest:
        yield f"  and {rest} more; -v lists them"


def _trailer(report: PlanReport, *, verbose: bool) -> Iterator[str]:
    yield from (f"note: {show(note)}" for note in report.notes)
    yield from map(show, not_analysed(report.not_analysed, verbose=verbose))
    yield closing(report)


def closing(report: PlanReport) -> str:
    """Return the last line: what changes or has changed, what was held back and what was refused."""
    review, refused = len(report.held_back(Lane.REVIEW)), len(report.held_back(Lane.REFUSED))
    waiting = len(report.held_back(Lane.SAFE))
    told = [
        *([f"{waiting} held back"] if waiting else []),
        *([f"{review} held back for a review (--unsafe applies what needs one)"] if review else []),
        *([f"{refused} refused"] if refused else []),
    ]
    if not report.changes:
        read = f"{counted(report.files_read, 'file')} of {counted(len(report.projects), 'project')} read"
        return "; ".join([f"Nothing to change: {read}", *told])
    created = sum(change.before is None for change in report.changes)
    edited = len(report.changes) - created
    parts = [f"{verb} {counted(number, 'file')}" for verb, number in (("edit", edited), ("create", created)) if number]
    changes = counted(len(report.accepted), "change")
    if report.transaction is None:
        return "; ".join([f"{changes} would {' and '.join(parts)}", *told])
    return "; ".join([f"{changes} written: {' and '.join(parts)}", "`rrr-optimize undo` takes them back", *told])
