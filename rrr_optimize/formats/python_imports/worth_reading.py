"""Which lines of a Python text can hold more about imports than the import statements themselves say."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import blocks_of, first_line
from rrr_optimize.formats.python_imports.words import ALL_WORDS

if TYPE_CHECKING:
    import ast
    from collections.abc import Iterator, Sequence

# A word that the reader looks for, or a literal (a part of one) that may be a dotted name.
_TELLING = re.compile(rf"""\b(?:{"|".join(sorted(ALL_WORDS))})\b|["'][\w.:]*[.:][\w.:]*["']""")


def rows_worth_reading(text: str) -> list[int]:
    """Return the numbers, from 1, of the lines that may say more, in order; dotted names written with escapes apart."""
    return list(dict.fromkeys(_find(text.replace("\r\n", "\n").replace("\r", "\n"))))


def _find(text: str) -> Iterator[int]:
    row, seen = 1, 0
    for match in _TELLING.finditer(text):
        row += text.count("\n", seen, match.start())
        seen = match.start()
        yield row


def is_worth_reading(statement: ast.stmt, rows: Sequence[int]) -> bool:
    """Tell whether one of the rows is of a statement itself, without the statements in its blocks."""
    first = first_line(statement)
    last = min((body[0].lineno for _, body in blocks_of(statement)), default=statement.end_lineno or first)
    number = bisect_left(rows, first)
    return number < len(rows) and rows[number] <= last
