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


def line_start(text: str, offset: int) -> int:
    """Return where the line of an offset begins."""
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def line_end(text: str, offset: int) -> int:
    """Return where the line of an offset ends, its line end not counted."""
    ends = [found for mark in "\r\n" if (found := text.find(mark, offset)) >= 0]
    return min(ends, default=len(text))


def next_line(text: str, offset: int) -> int:
    """Return where the line after that of an offset begins, or where the text ends."""
    end = line_end(text, offset)
    return end + (2 if text[end : end + 2] == "\r\n" else 1 if end < len(text) else 0)


def previous_line(text: str, start: int) -> int:
    """Return where the line before the one that begins at an offset begins."""
    end = start - 1
    if text[end : end + 1] == "\n" and text[end - 1 : end] == "\r":
        end -= 1
    return line_start(text, end)
