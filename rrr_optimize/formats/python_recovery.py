"""Read what can be read of a Python file that does not parse."""

from __future__ import annotations

import ast
import re
import textwrap
import warnings
from itertools import pairwise
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_rows import split_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_STRING_OR_COMMENT = re.compile(
    r"#[^\n]*|'{3}(?:\\.|[^\\])*?(?:'{3}|\Z)|\"{3}(?:\\.|[^\\])*?(?:\"{3}|\Z)"
    r"|'(?:\\.|[^'\\\n])*'?|\"(?:\\.|[^\"\\\n])*\"?",
    re.DOTALL,
)
_CONTINUES = re.compile(r"[ \t\f)\]}]|$|(?:elif|else|except|finally)\b")
_MOST_ROWS = 12


def recover_module(text: str, is_telling: Callable[[str], bool]) -> ast.Module:
    """Return a tree of the parts of a text that parse, each at its own lines.

    A top-level statement counts whole. In one that does not parse, the simple statements count that begin on a telling
    line: they then stand at the top level of the tree, with their column. Text in strings and comments is none.
    """
    rows = split_rows(text)
    masked = _STRING_OR_COMMENT.sub(_blank, "\n".join(rows)).split("\n")
    module = ast.Module(body=[], type_ignores=[])
    for first, last in _top_level(rows, masked):
        body = _parse("\n".join(rows[first:last]), first)
        if body is None:
            body = [each for at in range(first, last) if is_telling(masked[at]) for each in _one(rows, at, last)]
        module.body.extend(body)
    return module


def _top_level(rows: list[str], masked: list[str]) -> Iterator[tuple[int, int]]:
    """Yield the rows of each top-level statement, from the first to behind the last."""
    starts = [at for at, row in enumerate(masked) if rows[at] and not _CONTINUES.match(row) and row[0] != "\0"]
    starts = [at for at in starts if not (at and masked[at - 1].startswith("@"))]
    yield from pairwise([*starts, len(rows)])


def _one(rows: list[str], at: int, last: int) -> list[ast.stmt]:
    indent = len(rows[at]) - len(rows[at].lstrip())
    for end in range(at + 1, min(at + _MOST_ROWS, last) + 1):
        body = _parse(textwrap.dedent("\n".join(rows[at:end])), at)
        if body is not None:
            for node in (node for statement in body for node in ast.walk(statement)):
                if isinstance(node, ast.stmt | ast.expr):
                    node.col_offset += indent
                    node.end_col_offset = (node.end_col_offset or 0) + (indent if node.end_lineno == at + 1 else 0)
            return body
    return []


def _parse(text: str, rows_before: int) -> list[ast.stmt] | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            module = ast.parse(text)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return None
    for statement in module.body:
        ast.increment_lineno(statement, rows_before)
    return module.body


def _blank(match: re.Match[str]) -> str:
    """Put what is no code into a string that is none: as many rows, and a mark where rows of a string begin."""
    return match[0][0] + match[0].count("\n") * "\n\0"
