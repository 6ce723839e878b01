"""The passages of a Python file that lose something, with all that belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import first_line
from rrr_optimize.formats.removal_cuts import share_a_line
from rrr_optimize.model import Span

if TYPE_CHECKING:
    import ast
    from collections.abc import Collection, Iterator

    from rrr_optimize.formats.python_tree import PythonTree


@dataclass(frozen=True, slots=True)
class Passage:
    """Top-level statements that lose something, one next to the other, with the whole lines that hold them.

    Comments and blank lines above and below belong to it, up to the statements that stay as they are; `line` is that of
    its first row, from 1.
    """

    span: Span
    line: int
    statements: tuple[ast.stmt, ...]


def find_passages(tree: PythonTree, tops: Collection[int]) -> Iterator[Passage]:
    """Yield the passages of a file by the ids of the top-level statements that change; others share a line with one."""
    statements = tree.module.body
    rows = tree.lines
    touched = [id(statement) in tops for statement in statements]
    _spread(tree, touched)
    for first, after in _runs(touched):
        line = (statements[first - 1].end_lineno or 0) + 1 if first else 1
        start = rows[line - 1].start if first else 0
        end = rows[first_line(statements[after]) - 1].start if after < len(statements) else len(tree.source.text)
        yield Passage(Span(start, end), line, tuple(statements[first:after]))


def _spread(tree: PythonTree, touched: list[bool]) -> None:
    """Touch the statements as well that share a line with a touched one."""
    body = tree.module.body
    for order in (range(1, len(body)), range(len(body) - 1, 0, -1)):
        for index in order:
            if touched[index] != touched[index - 1] and share_a_line(tree, body[index - 1], body[index]):
                touched[index] = touched[index - 1] = touched[index] or touched[index - 1]


def _runs(touched: list[bool]) -> Iterator[tuple[int, int]]:
    """Yield where each run of touched statements begins and ends."""
    first = None
    for index, each in enumerate([*touched, False]):
        if each and first is None:
            first = index
        elif not each and first is not None:
            yield first, index
            first = None
