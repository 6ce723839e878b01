"""A string that a file holds, with the place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.model import Span

_LINE_END = re.compile(r"\r\n|\r")


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A string as its format means it, quotes and escapes undone, and its span in the text of the file.

    `exact` says that the characters of the span are the string itself, line ends apart, so a part of it can be
    replaced. Otherwise the span covers the whole expression, quotes and escapes included.
    """

    text: str
    span: Span
    exact: bool = True


def unify_line_ends(text: str) -> str:
    """Return `text` with CRLF and CR made LF, as Python and TOML read them inside strings."""
    return _LINE_END.sub("\n", text) if "\r" in text else text
