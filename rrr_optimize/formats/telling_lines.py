"""Find the lines of a Python text that may change where Python looks for modules, before anything is parsed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_rows import rows_with

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
# One of these stands in all that is looked for, so the text is searched for few words, and their rows for the rest.
_STEMS = (*_RENAMABLE, "PYTHONPATH")
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
    stems = {number for word in _STEMS for number in rows_with(text, word)}
    found = {number for number in stems if is_telling(rows[number - 1])}
    for name in _find_names(text, [rows[number - 1] for number in stems]):
        pattern = re.compile(rf"\b{name}\b")
        found.update(number for number in rows_with(text, name) if pattern.search(rows[number - 1]))
    return [number for number in sorted(found) if not rows[number - 1].lstrip().startswith("#")]


def _find_names(text: str, rows: Sequence[str]) -> set[str]:
    """Return the names under which the text imports or keeps something telling; one of the stems is in the rows."""
    matches = [match for row in rows if _may_rename(row) for match in _RENAMED.finditer(row)]
    if any("from sys import (" in row for row in rows):
        matches += _RENAMED_IN_BRACKETS.finditer(text)
    return {word for match in matches for group in match.groups() if group for word in _WORD.findall(group)}


def _may_rename(row: str) -> bool:
    """Return whether a line can match the pattern of names; most only use such a name, and that is seen at once."""
    return " as" in row or "\tas" in row or "import" in row or ("=" in row and "sys.path" in row)
