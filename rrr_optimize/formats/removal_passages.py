"""The passages of a Python file that lose something, with all that belongs to them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import blocks_of, first_line
from rrr_optimize.formats.text_lines import split_lines
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


def find_passages(tree: PythonTree, gone: Collection[int]) -> Iterator[Passage]:
    """Yield the passages of a file that hold the nodes with some ids; what is outside of them does not change."""
    statements = tree.module.body
    rows = list(split_lines(tree.source.text))
    touched = [next(find_gone(statement, gone), None) is not None for statement in statements]
    _spread(statements, touched)
    for first, after in _runs(touched):
        line = (statements[first - 1].end_lineno or 0) + 1 if first else 1
        start = rows[line - 1].start if first else 0
        end = rows[first_line(statements[after]) - 1].start if after < len(statements) else len(tree.source.text)
        yield Passage(Span(start, end), line, tuple(statements[first:after]))


def find_gone(statement: ast.stmt, gone: Collection[int]) -> Iterator[ast.stmt | ast.alias]:
    """Yield the nodes of a statement that go: itself, statements in it, names of imports."""
    pending = [statement]
    while pending:
        node = pending.pop()
        if id(node) in gone:
            yield node
        names: list[ast.alias | str] = getattr(node, "names", [])
        yield from (each for each in names if not isinstance(each, str) and id(each) in gone)
        pending.extend(each for _, block in blocks_of(node) for each in block)


def _spread(statements: list[ast.stmt], touched: list[bool]) -> None:
    """Touch the statements as well that share a line with a touched one."""
    for order in (range(1, len(statements)), range(len(statements) - 1, 0, -1)):
        for index in order:
            if (statements[index - 1].end_lineno or 0) >= first_line(statements[index]):
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
