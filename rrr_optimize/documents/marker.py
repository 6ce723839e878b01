"""How a document of ours is known: by its first line."""

from __future__ import annotations

from difflib import SequenceMatcher

MARKER = "<!-- Made by rrr-optimize. Do not edit: the next run writes it anew. -->"
_ALIKE = 0.9


def is_ours(text: str) -> bool:
    """Return whether a document was made by us, so that it may be written anew.

    A first line in which a few characters have changed still counts: such a document was edited, and that is to be
    noticed. Whoever wants to keep a document takes the whole line out.
    """
    first = text.partition("\n")[0].removesuffix("\r")
    return first == MARKER or SequenceMatcher(None, first, MARKER, autojunk=False).ratio() >= _ALIKE
