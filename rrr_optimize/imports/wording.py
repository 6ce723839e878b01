"""Name several things in a sentence."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

_SHOWN = 3


def list_words(words: Sequence[str]) -> str:
    """Return `a`, `a and b`, `a, b and c`, or `a, b, c and 4 more`."""
    if len(words) > _SHOWN + 1:
        return f"{', '.join(words[:_SHOWN])} and {len(words) - _SHOWN} more"
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} and {words[-1]}"
