"""Whole lines of a requirements file that go and come: where new lines stand, and what is replaced by what."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.requirements_lines import LineKind
from rrr_optimize.formats.requirements_operations import Place
from rrr_optimize.formats.text_edits import own_line_end
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence, Set as AbstractSet

    from rrr_optimize.formats.requirements_lines import RequirementsFile
    from rrr_optimize.source import SourceText

_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=]")


def find_gap(source: SourceText, file: RequirementsFile, place: Place | int) -> int:
    """Return the number of the line in front of which a place is."""
    lines = file.lines
    if isinstance(place, int):
        return place
    filled = [number for number, line in enumerate(lines) if line.kind is not LineKind.BLANK]
    if not filled:
        return 0
    if place is Place.END:
        return filled[-1] + 1
    said = [number for number in filled if lines[number].kind is not LineKind.COMMENT]
    end = filled[0]
    while end < len(lines) and lines[end].kind is LineKind.COMMENT:
        end += 1
    says_encoding = any(_COOKIE.match(source.slice(line.span)) for line in lines[:2])
    is_header = end > filled[0] and (end not in said or says_encoding)
    return next((number for number in filled if number >= end), len(lines)) if is_header else 0


def find_regions(
    source: SourceText, file: RequirementsFile, leaving: AbstractSet[int], inserted: Mapping[int, Sequence[str]]
) -> Iterator[tuple[Span, str]]:
    """Yield what is replaced by what, when the `leaving` lines go and others are inserted in front of numbered ones.

    New lines end as the line before them does. A text with a final line end keeps one, and a text without has none.
    """
    starts = [*(line.span.start for line in file.lines), len(source.text)]
    number = 0
    while number < len(starts):
        lines = list(inserted.get(number, ()))
        end = number
        while end in leaving:
            end += 1
            lines += inserted.get(end, ())
        if lines or end > number:
            yield _replace(source.text, starts[number], starts[end], lines)
        number = end + 1


def _replace(text: str, start: int, end: int, lines: list[str]) -> tuple[Span, str]:
    line_end = own_line_end(text, start)
    if end < len(text) or not text or text[-1].splitlines() == [""]:
        return Span(start, end), "".join(f"{line}{line_end}" for line in lines)
    if start == end:
        return Span(start, end), "".join(f"{line_end}{line}" for line in lines)
    if not lines and start:
        start -= 2 if text[start - 2 : start] == "\r\n" else 1
    return Span(start, end), line_end.join(lines)
