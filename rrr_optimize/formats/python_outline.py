"""Cut a Python text down to what a look at some of its lines can depend on, so that little of it has to be parsed."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

# The strings and comments of a row; of a string in three quotes, how it begins and, if it ends on the row, how it ends.
# Nothing in it can fail once a quote was met, so it takes linear time whatever the text is.
_TOKEN = re.compile(r'("""|\'{3})(?:[^"\'\\]+|\\.?|(?!\1).)*(\1)?|#.*|"(?:[^"\\]+|\\.?)*"?|' r"'(?:[^'\\]+|\\.?)*'?")
_ENDS = {quote: re.compile(rf"(?:[^\\]|\\.)*?{quote}") for quote in ('"""', "'''")}
_DEFINITION = re.compile(r"[ \t]*(?:async[ \t]+def|def|(class))[ \t]+\w+")
# A row that begins with one of these begins no statement of a module, and an empty one begins none either.
_NO_START = frozenset(["", *" \t\f#)]}"])
# Python itself follows no deeper.
_MOST_NESTED = 100


def outline(rows: Sequence[str], lines: Sequence[int]) -> list[str]:
    """Return the rows of a text without the insides of functions and classes that hold none of the lines.

    Such a definition keeps its name and its place: what it binds stays bound, and every other row keeps its number.
    Where the text parses, the outline parses, and its tree says the same of all that is kept; a text that is laid out
    so oddly that the outline does not parse has to be parsed whole. `lines` count from 1 and are sorted.
    """
    result = list(rows)
    for start, end in _find_cuts(rows, lines):
        match = _DEFINITION.match(rows[start])
        if match:
            result[start] = f"{match[0]}{': pass' if match[1] else '(): pass'}"
            result[start + 1 : end] = [""] * (end - start - 1)
    return result


def _find_cuts(rows: Sequence[str], lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the definitions that hold none of the lines, outer ones only: the first row, and that behind the last."""
    in_strings = _rows_in_strings(rows)
    pending = [(0, len(rows), 0)]
    while pending:
        first, last, depth = pending.pop()
        for start, end in pairwise([*_outer_statements(rows, first, last, in_strings), last]):
            if not _DEFINITION.match(rows[start]):
                continue
            after = bisect_left(lines, start + 1)
            if after == len(lines) or lines[after] > end:
                yield start, end
            elif depth < _MOST_NESTED:
                pending.append((start + 1, end, depth + 1))


def _outer_statements(rows: Sequence[str], first: int, last: int, in_strings: set[int]) -> list[int]:
    """Return the rows of a block that begin a statement of it."""
    if not first:
        return [at for at, row in enumerate(rows) if row[:1] not in _NO_START and at not in in_strings]
    indents = [
        (len(row) - len(code), at)
        for at, row in enumerate(rows[first:last], start=first)
        if (code := row.lstrip(" \t")) and code[0] not in _NO_START and at not in in_strings
    ]
    least = min(indents, default=(0, 0))[0]
    return [at for indent, at in indents if indent == least]


def _rows_in_strings(rows: Sequence[str]) -> set[int]:
    """Return the rows, from 0, that begin inside a string of three quotes."""
    found: set[int] = set()
    quote, opened = "", 0
    for at in [at for at, row in enumerate(rows) if '"""' in row or "'''" in row]:
        end = _ENDS[quote].match(rows[at]) if quote else None
        if quote and not end:
            continue
        if quote:
            found.update(range(opened + 1, at + 1))
        quote = ""
        for match in _TOKEN.finditer(rows[at], end.end() if end else 0):
            if match[1] and not match[2]:
                quote, opened = match[1], at
    if quote:
        found.update(range(opened + 1, len(rows)))
    return found
