"""How a document of ours is known: by its first line."""

from __future__ import annotations

MARKER = "<!-- Made by rrr-optimize. Do not edit: the next run writes it anew. -->"


def is_ours(text: str) -> bool:
    """Return whether a document was made by us, so that it may be written anew."""
    return text.startswith(MARKER)
