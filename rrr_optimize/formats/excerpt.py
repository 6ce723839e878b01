"""A piece of a file: what it says, and where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from rrr_optimize.model import Span


class Excerpt(NamedTuple):
    """A text after its quotes and escapes are undone, and the characters of the file that say it.

    Where the quotes merely surround the text, the span lies inside them, so that it can be replaced as it is.
    """

    text: str
    span: Span
