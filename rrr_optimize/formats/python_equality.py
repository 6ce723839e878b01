"""Whether two trees of Python files are the same but for positions."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

from rrr_optimize.formats.python_flow import first_line

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.formats.python_tree import PythonTree


def have_same_tree(found: ast.Module, rows: Sequence[str], expected: ast.Module, before: PythonTree | None) -> bool:
    """Tell whether a text parses to the tree that was expected; `rows` are its lines.

    What a top-level statement parses to depends on nothing but its own characters. So where the expected one is a
    statement of the file `before`, and consists of the same characters in both texts, nodes are not compared: that
    takes nine tenths of the time off where little changes.
    """
    if len(found.body) != len(expected.body) or len(found.type_ignores) != len(expected.type_ignores):
        return False
    kept = frozenset(map(id, before.module.body)) if before else frozenset()
    others = [line.text for line in before.lines] if before else []
    return all(
        (id(other) in kept and _have_same_text(one, rows, other, others)) or _have_same_nodes(one, other)
        for one, other in zip(found.body, expected.body, strict=True)
    )


def _have_same_nodes(one: ast.AST, other: ast.AST) -> bool:
    """Tell whether two nodes are the same but for positions, however deep they are nested."""
    pending: list[tuple[Any, Any]] = [(one, other)]
    while pending:
        first, second = pending.pop()
        if type(first) is not type(second):
            return False
        if isinstance(first, list):
            if len(first) != len(second):
                return False
            pending.extend(zip(first, second, strict=True))
        elif isinstance(first, ast.AST):
            pending.extend((getattr(first, name, None), getattr(second, name, None)) for name in first._fields)
        # Their spelling, since 0.0 equals -0.0.
        elif first is not second and repr(first) != repr(second):
            return False
    return True


def _have_same_text(one: ast.stmt, rows: Sequence[str], other: ast.stmt, others: Sequence[str]) -> bool:
    if (one.col_offset, one.end_col_offset) != (other.col_offset, other.end_col_offset):
        return False
    return rows[first_line(one) - 1 : one.end_lineno] == others[first_line(other) - 1 : other.end_lineno]
