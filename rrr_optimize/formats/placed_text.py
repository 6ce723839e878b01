"""A string that a file holds, with the place where it stands."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.model import Span

_LINE_END = re.compile(r"\r\n|\r|\n")


@dataclass(frozen=True, slots=True)
class PlacedText:
    """A string as its format means it, and its span in the text of the file.

    `exact` says that the characters of the span are the string itself, line ends apart, so a part of it can be
    replaced. Otherwise the span covers the whole expression, quotes and escapes included.
    """

    text: str
    span: Span
    exact: bool = True


def split_lines(text: str) -> Iterator[tuple[int, str]]:
    """Yield the offset and the text of each line; a line ends at LF, CRLF or CR, and nowhere else."""
    start = 0
    for match in _LINE_END.finditer(text):
        yield start, text[start : match.start()]
        start = match.end()
    yield start, text[start:]


def unify_line_ends(text: str) -> str:
    """Return `text` with CRLF and CR made LF, as Python and TOML read them inside strings."""
    return _LINE_END.sub("\n", text) if "\r" in text else text
