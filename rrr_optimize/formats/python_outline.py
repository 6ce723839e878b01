"""Cut a Python text down to what a look at some of its lines can depend on, so that little of it has to be parsed."""

from __future__ import annotations

import re
from bisect import bisect_left
from itertools import pairwise
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_rows import rows_with

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

    Such a definition keeps its name and its place, without decorators: what it binds stays bound, and every other row
    keeps its number. Where the text parses, the outline parses, and its tree says the same of all that is kept; a text
    that is laid out so oddly that the outline does not parse has to be parsed whole. `lines` count from 1 and are
    sorted.
    """
    result = list(rows)
    for start, end in _find_cuts(rows, lines):
        match = _DEFINITION.match(rows[start])
        if match:
            result[start] = f"{match[0]}{': pass' if match[1] else '(): pass'}"
            result[start + 1 : end] = [""] * (end - start - 1)
        else:
            result[start:end] = [""] * (end - start)
    return result


def _find_cuts(rows: Sequence[str], lines: Sequence[int]) -> Iterator[tuple[int, int]]:
    """Yield the definitions that hold none of the lines, outer ones only: the first row, and that behind the last.

    A decorator of such a definition is yielded as well, unless it binds a name or the lines or another one keep it.
    """
    in_strings = _rows_in_strings(rows)
    pending = [(0, len(rows), 0)]
    while pending:
        first, last, depth = pending.pop()
        starts = [*_outer_statements(rows, first, last, in_strings), last]
        is_cut = False
        # From the end, for whether a decorator is kept depends on what stands below it.
        for end, start in pairwise(reversed(starts)):
            is_definition = _DEFINITION.match(rows[start]) is not None
            is_decorator = is_cut and _is_decorator(rows, start, end)
            is_free = not _holds(lines, start, end)
            if is_definition and not is_free and depth < _MOST_NESTED:
                pending.append((start + 1, end, depth + 1))
            is_cut = is_free and (is_definition or is_decorator)
            if is_cut:
                yield start, end


def _is_decorator(rows: Sequence[str], start: int, end: int) -> bool:
    """Return whether rows above a definition are a decorator that binds no name, and not the rest of an expression."""
    if not rows[start].lstrip(" \t").startswith("@") or (start and rows[start - 1].endswith("\\")):
        return False
    return not any(":=" in row for row in rows[start:end])


def _holds(lines: Sequence[int], start: int, end: int) -> bool:
    """Return whether one of the lines, which count from 1, is among some rows, which count from 0."""
    after = bisect_left(lines, start + 1)
    return after < len(lines) and lines[after] <= end


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
    text = "\n".join(rows)
    for at in sorted({number - 1 for quotes in _ENDS for number in rows_with(text, quotes)}):
        begin = 0
        if quote:
            end = _ENDS[quote].match(rows[at])
            if not end:
                continue
            found.update(range(opened + 1, at + 1))
            begin = end.end()
        quote, opened = _left_open(rows[at], begin), at
    if quote:
        found.update(range(opened + 1, len(rows)))
    return found


def _left_open(row: str, begin: int) -> str:
    """Return the three quotes of the string that is still open at the end of a row, or nothing."""
    code = row[begin:].strip()
    quotes = code[:3]
    # Most rows are the first of a docstring or the only one, or nothing follows its end: that is seen at once.
    if not code or (quotes in _ENDS and len(code) > len(quotes) and code.find(quotes, 3) == len(code) - 3):
        return ""
    if quotes in _ENDS and quotes not in code[3:] and "\\" not in code:
        return quotes
    return next((match[1] for match in _TOKEN.finditer(row, begin) if match[1] and not match[2]), "")
