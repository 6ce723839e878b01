"""Edit a requirements file losslessly: many operations at once, by the lines of the reader.

The result is read again and compared with what the operations mean to say; where that differs nothing is edited.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias, assert_never

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirement_line import LineKind, RequirementLine
from rrr_optimize.formats.requirements_lines import read_requirements
from rrr_optimize.formats.requirements_meaning import HASH, LineMeaning, meaning_of, read_meanings
from rrr_optimize.formats.requirements_operations import (
    DropHashes,
    InsertLines,
    Operation,
    Place,
    RemoveLine,
    SetSpecifier,
)
from rrr_optimize.formats.requirements_removal import blocks_of
from rrr_optimize.formats.specifier_text import find_specifier_problem, rewrite_at
from rrr_optimize.formats.text_survival import edit_text, own_line_end
from rrr_optimize.model import Edit, Span
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_Change: TypeAlias = tuple[Span, str]
_COOKIE = re.compile(r"^[ \t\f]*#.*?coding[:=]")
_CHANGED = (LineKind.BLANK, LineKind.COMMENT)
MISREAD = "the result does not read as it should; this is a bug in rrr-optimize"


def edit_requirements(source: SourceText, operations: Sequence[Operation]) -> tuple[Edit, ...] | Refusal:
    """Return the edits that carry out the operations, in order and without overlap, or why one of them is refused.

    Lines keep what the operations do not speak of: names as spelled, extras, markers, options, comments, spacing, line
    ends. New lines end as the line before them does, and a file without a final line end stays one. A specifier that a
    line has already makes no edit. Refused: a specifier for a URL, for a line that is invalid, split by a continuation,
    or hashed unless its hashes are dropped in the same go; two operations that contradict each other; and whatever does
    not read as meant afterwards. Raises IndexError for a line that the file does not have.
    """
    editor = _Editor(source)
    for operation in operations:
        if refusal := editor.take(operation):
            return refusal
    if refusal := editor.find_contradiction():
        return refusal
    edits = tuple(Edit(source.path, span, text) for span, text in sorted(editor.changes()))
    after = edit_text(source, edits)
    if isinstance(after, Refusal):
        return after
    return edits if read_meanings(after) == editor.expected() else Refusal(MISREAD)


class _Editor:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.file = read_requirements(source)
        self.specifiers: dict[int, str] = {}
        self.unhashed: set[int] = set()
        self.removed: set[int] = set()
        self.inner: list[_Change] = []
        self.inserted: dict[int, list[str]] = {}

    def take(self, operation: Operation) -> Refusal | None:
        match operation:
            case SetSpecifier(number, specifier):
                return self.set_specifier(number, specifier)
            case DropHashes(number):
                self.drop_hashes(number)
            case RemoveLine(number):
                self.removed.add(self.number_of(number))
            case InsertLines(place, lines):
                if any("\n" in line or "\r" in line for line in lines):
                    return Refusal("a line to insert has a line end in it")
                self.inserted.setdefault(self.gap(place), []).extend(lines)
            case _:
                assert_never(operation)
        return None

    def find_contradiction(self) -> Refusal | None:
        for number in sorted({*self.specifiers, *self.unhashed}):
            line = self.file.lines[number]
            if number in self.removed:
                return Refusal("the line is to be removed and to be changed", line.content)
            if number not in self.unhashed and _hashes(line):
                return Refusal("its hashes belong to the version that it names now", line.content)
        return None

    def number_of(self, number: int) -> int:
        if not 0 <= number < len(self.file.lines):
            raise IndexError(f"{self.source.path} has no line {number}")
        return number

    def set_specifier(self, number: int, specifier: str) -> Refusal | None:
        line = self.file.lines[self.number_of(number)]
        place = _specifier_place(line)
        if isinstance(place, Refusal):
            return place
        if problem := find_specifier_problem(specifier):
            return Refusal(problem, line.content)
        found = rewrite_at(self.text, place.start, place.end, specifier)
        if number in self.specifiers and self.specifiers[number] != specifier:
            return Refusal("the line is to have two specifiers", line.content)
        if found and number not in self.specifiers:
            self.specifiers[number] = specifier
            self.inner.append((Span(found.start, found.end), found.replacement))
        return None

    def drop_hashes(self, number: int) -> None:
        line = self.file.lines[self.number_of(number)]
        if number not in self.unhashed and _hashes(line):
            self.unhashed.add(number)
            self.inner += [(Span(self.before(span.start), span.end), "") for span in _hashes(line)]

    def before(self, offset: int) -> int:
        """Return where the blanks and continuations in front of an offset begin."""
        while True:
            start = len(self.text[max(offset - 2, 0) : offset].rstrip("\r\n")) + max(offset - 2, 0)
            if start < offset and self.text[start - 1] == "\\":
                offset = start - 1
            elif self.text[offset - 1] in " \t":
                offset -= 1
            else:
                return offset

    def gap(self, place: Place) -> int:
        """Return the number of the line before which a place is."""
        lines = self.file.lines
        if place is Place.END:
            filled = [number for number, line in enumerate(lines, start=1) if line.kind is not LineKind.BLANK]
            return max(filled, default=0)
        start = next((number for number, line in enumerate(lines) if line.kind is not LineKind.BLANK), 0)
        end = next((n for n in range(start, len(lines)) if lines[n].kind is not LineKind.COMMENT), len(lines))
        says_encoding = any(_COOKIE.match(self.source.slice(line.span)) for line in lines[:2])
        if end == start or (end < len(lines) and lines[end].kind is not LineKind.BLANK and not says_encoding):
            return 0
        return next((n for n in range(end, len(lines)) if lines[n].kind is not LineKind.BLANK), len(lines))

    def changes(self) -> Iterator[_Change]:
        yield from self.inner
        leaving = self.leaving()
        number = 0
        while number <= len(self.file.lines):
            lines = list(self.inserted.get(number, ()))
            end = number
            while end in leaving:
                end += 1
                lines += self.inserted.get(end, ())
            if lines or end > number:
                yield self.region(self.offset(number), self.offset(end), lines)
            number = end + 1

    def region(self, start: int, end: int, lines: list[str]) -> _Change:
        """Return the replacement of whole lines by others; the end of the text keeps or lacks its line end."""
        line_end = own_line_end(self.text, start)
        if end < len(self.text) or self.text.splitlines(keepends=True)[-1:] != [self.text_of_last_line()]:
            return Span(start, end), "".join(f"{line}{line_end}" for line in lines)
        if start == end:
            return Span(start, end), "".join(f"{line_end}{line}" for line in lines)
        if not lines and start:
            start -= 2 if self.text[start - 2 : start] == "\r\n" else 1
        return Span(start, end), line_end.join(lines)
