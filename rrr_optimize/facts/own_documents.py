"""The files of a target that we write for ourselves: run records, and documents, known by their first line."""

from __future__ import annotations

from difflib import SequenceMatcher

MARKER = "<!-- Made by rrr-optimize. Do not edit: the next run writes it anew. -->"
AUDIT = "docs/DEPENDENCY_AUDIT.md"
SUMMARY = "docs/OPTIMIZATION_SUMMARY.md"
DOCUMENTS = frozenset({AUDIT, SUMMARY})
RECORDS = ".rrr-optimize/runs"
_ALIKE = 0.9


def is_ours(text: str) -> bool:
    """Return whether a document was made by us, so that it may be written anew.

    A first line in which a few characters have changed still counts: such a document was edited, and that is to be
    noticed. Whoever wants to keep a document takes the whole line out.
    """
    first = text.partition("\n")[0].removesuffix("\r")
    return first == MARKER or SequenceMatcher(None, first, MARKER, autojunk=False).ratio() >= _ALIKE


def is_own_path(path: str) -> bool:
    """Return whether a file of this name is kept for a run as a whole, whatever part of a root the run is about."""
    return path in DOCUMENTS or path.startswith(f"{RECORDS}/")
