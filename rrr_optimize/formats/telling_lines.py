"""Find the lines of a Python text that may change where Python looks for modules, before anything is parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_PLAIN = (
    "sys.path",
    "addsitedir",
    "PYTHONPATH",
    'sys, "path"',
    "sys, 'path'",
    "spec_from_file_location",
    "SourceFileLoader",
    "syspath_prepend",
)
NEEDLES = (*_PLAIN, "from sys import", "sys as ")
"""Fixed strings one of which every file with such a statement holds."""

_RENAMABLE = ("sys", "addsitedir", "spec_from_file_location", "SourceFileLoader")
_RENAMED = re.compile(
    rf"\b(?:{'|'.join(_RENAMABLE)})\s+as\s+(\w+)"
    r"|\bfrom\s+sys\s+import\b([^;#]*path[^;#]*)"
    r"|(?<![\w.])(\w+)\s*(?::[^=]*)?=\s*(?:\w+\.)*sys\.path\b"
)
_RENAMED_IN_BRACKETS = re.compile(r"\bfrom\s+sys\s+import\s*\(([^)]*)\)")
_WORD = re.compile(r"\w+")


def is_telling(row: str) -> bool:
    """Return whether a line spells, plainly, what changes the search path; it may be a string or a comment."""
    return any(word in row for word in _PLAIN)


def find_telling_lines(rows: Sequence[str]) -> list[int]:
    """Return the numbers, from 1, of the lines that spell something telling or a name that one is given, in order.

    Lines that are comments are none of them.
    """
    text = "\n".join(rows)
    found: set[int] = set()
    for word in _PLAIN:
        if word in text:
            found.update(number for number, row in enumerate(rows, start=1) if word in row)
    for name in _find_names(text, rows):
        pattern = re.compile(rf"\b{name}\b")
        found.update(number for number, row in enumerate(rows, start=1) if name in row and pattern.search(row))
    return [number for number in sorted(found) if not rows[number - 1].lstrip().startswith("#")]


def _find_names(text: str, rows: Sequence[str]) -> set[str]:
    """Return the names under which the text imports or keeps something telling."""
    matches: list[re.Match[str]] = []
    for word in _RENAMABLE:
        if word in text:
            matches += [match for row in rows if word in row for match in _RENAMED.finditer(row)]
    if "from sys import (" in text:
        matches += _RENAMED_IN_BRACKETS.finditer(text)
    return {word for match in matches for group in match.groups() if group for word in _WORD.findall(group)}
