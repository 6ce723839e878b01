"""Parts of the tree that the readers of imports share."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import child_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


def own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without those of the statements in its blocks."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(
            child for child in child_nodes(node) if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        )


def position(node: ast.stmt | ast.expr) -> tuple[int, int]:
    """Return line and column, both from 1; the column in UTF-8 bytes."""
    return node.lineno, node.col_offset + 1


def literal_texts(value: ast.expr) -> Iterable[str]:
    """Return the strings in a literal list or tuple."""
    elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
    return [node.value for node in elements if isinstance(node, ast.Constant) and isinstance(node.value, str)]
