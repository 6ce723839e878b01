"""The lines of a text with their offsets."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE = re.compile(r"([^\r\n]*)(\r\n|\r|\n|$)")


class Line(NamedTuple):
    """A line without its line end: the text, where it begins, and where the next one does."""

    text: str
    start: int
    next: int

    @property
    def indent(self) -> int:
        """The number of characters before the first that is neither space nor tab."""
        return len(self.text) - len(self.text.lstrip(" \t"))

    @property
    def is_blank(self) -> bool:
        """Whether nothing but spaces stands here."""
        return not self.text.strip()


def split_lines(text: str) -> Iterator[Line]:
    """Yield the lines; LF, CRLF and CR end one."""
    for match in _LINE.finditer(text):
        if match[0] or not match.start():
            yield Line(match[1], match.start(), match.end())
