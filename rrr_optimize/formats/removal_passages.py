"""The passages of a Python file that lose something, with all that belongs to them."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import first_line
from rrr_optimize.formats.removal_cuts import is_elif, share_a_line
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator

    from rrr_optimize.formats.python_spots import Spot
    from rrr_optimize.formats.python_tree import PythonTree

_HEAD = "if 1:\n{0}pass\n"
_BLANK = re.compile(r"[ \t\f]*(?:#.*)?")


@dataclass(frozen=True, slots=True)
class Passage:
    """Statements of one block that lose something, one next to the other, with the whole lines that hold them.

    Comments and blank lines above and below belong to it, up to the statements that stay as they are; `line` is that of
    its first row, from 1. With `head` in front it is code that can be read by itself.
    """

    span: Span
    line: int
    statements: tuple[ast.stmt, ...]
    head: str = ""

    @property
    def code(self) -> list[ast.stmt]:
        """The statements of the code: those of the passage, below its head if it has one."""
        inside = list(self.statements)
        return [ast.If(ast.Constant(1), [ast.Pass(), *inside], [])] if self.head else inside


def find_passages(tree: PythonTree, spots: Collection[Spot], gone: Collection[int]) -> list[Passage]:
    """Return the innermost passages around some spots where the nodes with the ids in `gone` go.

    The block of a passage keeps a statement, and begins on a line of its own. What is outside of all passages does not
    change.
    """
    return list(_passages(tree, [_widen(tree, spot, gone) for spot in spots]))


def find_top_passages(tree: PythonTree, spots: Collection[Spot]) -> list[Passage]:
    """Return the passages of the top level around some spots."""
    return list(_passages(tree, [spot.top for spot in spots]))


def _widen(tree: PythonTree, spot: Spot, gone: Collection[int]) -> Spot:
    while spot.outer is not None and (
        all(id(node) in gone for node in spot.body) or is_elif(tree, spot) or _stands_behind_its_head(tree, spot)
    ):
        spot = spot.outer
    return spot


def _stands_behind_its_head(tree: PythonTree, spot: Spot) -> bool:
    first = spot.body[0]
    row = tree.lines[first_line(first) - 1]
    return bool(row.text[: tree.span(first).start - row.start].strip()) and not getattr(first, "decorator_list", None)


def _passages(tree: PythonTree, spots: Iterable[Spot]) -> Iterator[Passage]:
    found = {id(spot.node): spot for spot in spots}
    blocks: dict[int, list[Spot]] = {}
    for spot in found.values():
        if not _is_inside(spot, found):
            blocks.setdefault(id(spot.body), []).append(spot)
    for group in blocks.values():
        body, is_top = group[0].body, group[0].outer is None
        touched = [id(node) in found for node in body]
        _spread(tree, body, touched)
        for first, after in _runs(touched):
            line, last = _first_row(tree, body, first, is_top=is_top), _last_row(tree, body, after, is_top=is_top)
            span = Span(tree.lines[line - 1].start, tree.lines[last - 1].next)
            margin = tree.lines[first_line(body[first]) - 1].text[: body[first].col_offset]
            yield Passage(span, line, tuple(body[first:after]), "" if is_top else _HEAD.format(margin))


def _is_inside(spot: Spot, found: Collection[int]) -> bool:
    outer = spot.outer
    while outer is not None:
        if id(outer.node) in found:
            return True
        outer = outer.outer
    return False


def _first_row(tree: PythonTree, body: list[ast.stmt], first: int, *, is_top: bool) -> int:
    """Return the row below the statement before, or below the head of the block."""
    if first:
        return (body[first - 1].end_lineno or 0) + 1
    row = 1 if is_top else first_line(body[0])
    while row > 1 and _BLANK.fullmatch(tree.lines[row - 2].text):
        row -= 1
    return row


def _last_row(tree: PythonTree, body: list[ast.stmt], after: int, *, is_top: bool) -> int:
    """Return the row above the statement behind, or the last one down to which only comments of the block stand."""
    if after < len(body):
        return first_line(body[after]) - 1
    if is_top:
        return len(tree.lines)
    row, margin = body[-1].end_lineno or 0, tree.lines[first_line(body[-1]) - 1].indent
    for line in tree.lines[row:]:
        is_inside = line.is_blank or line.indent >= margin
        if not (is_inside and _BLANK.fullmatch(line.text)):
            break
        row += 1
    return row


def _spread(tree: PythonTree, body: list[ast.stmt], touched: list[bool]) -> None:
    """Touch the statements as well that share a line with a touched one."""
    for order in (range(1, len(body)), range(len(body) - 1, 0, -1)):
        for index in order:
            if touched[index] != touched[index - 1] and share_a_line(tree, body[index - 1], body[index]):
                touched[index] = touched[index - 1] = True


def _runs(touched: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield where each run of touched statements begins and ends."""
    first = None
    for index, each in enumerate([*touched, False]):
        if each and first is None:
            first = index
        elif not each and first is not None:
            yield first, index
            first = None
