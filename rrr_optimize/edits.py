"""Splice edits into a text, refusing overlaps, and show the difference."""

from __future__ import annotations

import difflib
from itertools import pairwise
from typing import TYPE_CHECKING

from rrr_optimize.errors import EditConflictError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.model import Edit


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with every edit applied; characters outside the edited spans stay as they are.

    Edits may come in any order. Two edits may touch but not overlap, and two insertions at one offset are refused
    because their order would be a guess. Raises EditConflictError for those and for a span beyond the text.
    """
    ordered = sorted(edits, key=lambda edit: edit.span)
    for before, after in pairwise(ordered):
        same_insertion = before.span == after.span and before.span.start == before.span.end
        if after.span.start < before.span.end or same_insertion:
            raise EditConflictError(
                f"{after.path}: edits at {before.span.start}-{before.span.end} "
                f"and {after.span.start}-{after.span.end} overlap"
            )
    if ordered and ordered[-1].span.end > len(text):
        raise EditConflictError(f"{ordered[-1].path}: an edit ends after the end of the file")
    for edit in reversed(ordered):
        text = text[: edit.span.start] + edit.replacement + text[edit.span.end :]
    return text


def unified_diff(path: str, before: str, after: str) -> str:
    """Return the unified diff of one file, or an empty string; line ends are shown as they are.

    A last line without a line end is marked as `git diff` marks it.
    """
    lines = difflib.unified_diff(_lines(before), _lines(after), f"a/{path}", f"b/{path}")
    marked = (line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)
    return "".join(marked)


def _lines(text: str) -> list[str]:
    """Split after LF only: str.splitlines would also split at form feeds and at U+2028."""
    lines = text.split("\n")
    return [f"{line}\n" for line in lines[:-1]] + ([lines[-1]] if lines[-1] else [])
