"""Entries of a TOML array come and go, in the layout that the array has: on lines of their own, or side by side."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.formats.comment_blocks import Role
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.text_edits import own_line_end
from rrr_optimize.formats.toml_lines import cut_lines, spans_of_leaving
from rrr_optimize.formats.toml_strings import write_string
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set as AbstractSet

    from rrr_optimize.formats.toml_lines import TomlLine
    from rrr_optimize.formats.toml_spans import TomlFile

Changes: TypeAlias = list[tuple[Span, str]]
_BEHIND = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?:#[^\n]*)?\r?\n?")
_COMMA = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+,")
INDENT = "    "


@dataclass(frozen=True, slots=True)
class _Array:
    """An array, the entries in it, and which of them stay."""

    text: str
    span: Span
    entries: Sequence[Span]
    removed: AbstractSet[int]
    added: Sequence[str]

    @property
    def kept(self) -> list[int]:
        return [number for number in range(len(self.entries)) if number not in self.removed]

    @property
    def has_last_comma(self) -> bool:
        return bool(self.entries) and _COMMA.match(self.text, self.entries[-1].end) is not None

    @property
    def separator(self) -> str:
        """What stands between the last two entries, if that is but a comma and blanks."""
        between = self.text[self.entries[-2].end : self.entries[-1].start] if len(self.entries) > 1 else ""
        return between if between[:1] == "," and not between[1:].strip() else ", "

    @property
    def written(self) -> list[str]:
        """The new entries, quoted as the last string is."""
        strings = [self.text[span.start] for span in self.entries if self.text[span.start] in "\"'"]
        return [write_string(entry, strings[-1] if strings else '"') for entry in self.added]


def edit_array(
    toml: TomlFile, path: tuple[str | int, ...], removed: AbstractSet[int], added: Sequence[str]
) -> Changes | Refusal:
    """Return what removes entries by index and adds strings at the end; a last comma is there after as it was before.

    An entry on a line of its own goes with its comments. Refused where no array is, where a comment stands between
    entries that share a line, and for an index that is not there.
    """
    node = toml.find(*path)
    if node is None or node.span is None or not isinstance(toml.value(*path), list):
        return Refusal(f"there is no array at {'.'.join(map(str, path))}")
    entries = [child.span for child in node.children.values() if child.span]
    if not removed <= set(range(len(entries))):
        return Refusal("the array has no such entry", node.span)
    array = _Array(toml.source.text, node.span, entries, removed, added)
    if not removed and not added:
        return []
    lines = _own_lines(array)
    if lines is not None:
        return list(_edit_lines(array, lines))
    changes = list(_edit_side_by_side(array))
    if any("#" in gap for span, _ in changes for gap in _gaps(array, span)):
        return Refusal("a comment stands between entries that share a line", node.span)
    return changes


def _own_lines(array: _Array) -> list[TomlLine] | None:
    """Return the lines between the brackets if each entry has its own; None for any other layout."""
    text = array.text
    start = text.find("\n", array.span.start, array.entries[0].start if array.entries else array.span.end) + 1
    end = text.rfind("\n", array.span.start, array.span.end) + 1
    if not start or (array.entries and array.entries[-1].end > end):
        return None
    lines = cut_lines(text, Span(start, end), array.entries)
    items = [line.span for line in lines if line.role is Role.ITEM]
    if len(items) != len(array.entries):
        return None
    for line, entry in zip(items, array.entries, strict=True):
        if text[line.start : entry.start].strip(" \t") or not _BEHIND.fullmatch(text, entry.end, line.end):
            return None
    return lines


def _edit_lines(array: _Array, lines: list[TomlLine]) -> Iterator[tuple[Span, str]]:
    numbers = [number for number, line in enumerate(lines) if line.role is Role.ITEM]
    leaving = {numbers[entry] for entry in array.removed}
    for span in spans_of_leaving(lines, leaving):
        yield span, ""
    kept, last = array.kept, len(array.entries) - 1
    if kept and array.added and kept[-1] == last and not array.has_last_comma:
        yield Span(array.entries[last].end, array.entries[last].end), ","
    elif kept and not array.added and kept[-1] != last and not array.has_last_comma:
        comma = array.text.index(",", array.entries[kept[-1]].end)
        yield Span(comma, comma + 1), ""
    if array.added:
        end = lines[numbers[-1]].span.end if numbers else array.text.rfind("\n", 0, array.span.end) + 1
        yield Span(end, end), _write_lines(array, lines[numbers[-1]] if numbers else None, end)


def _write_lines(array: _Array, like: TomlLine | None, offset: int) -> str:
    text, line_end = array.text, own_line_end(array.text, offset)
    if like is None:
        # What stands in front of the closing bracket is its indentation, or nothing.
        indent = text[offset : array.span.end - 1] + INDENT
    else:
        indent = text[like.span.start : like.span.start + like.indent]
    comma = "," if array.has_last_comma or not array.entries else ""
    *others, last = array.written
    return "".join(f"{indent}{entry},{line_end}" for entry in others) + f"{indent}{last}{comma}{line_end}"


def _edit_side_by_side(array: _Array) -> Iterator[tuple[Span, str]]:
    entries, kept = array.entries, array.kept
    last = len(entries) - 1
    written = array.separator.join(array.written)
    number = 0
    while number <= last:
        end = number
        while end in array.removed:
            end += 1
        if end > last >= number and end > number:
            comma = _COMMA.match(array.text, entries[last].end) if number == 0 and not written else None
            start = entries[number - 1].end if number else entries[0].start
            yield Span(start, comma.end() if comma else entries[last].end), "" if number else written
        elif end > number:
            yield Span(entries[number].start, entries[end].start), ""
        number = end + 1
    if written and kept:
        yield Span(entries[kept[-1]].end, entries[kept[-1]].end), f"{array.separator}{written}"
    elif written and not entries:
        yield Span(array.span.start + 1, array.span.start + 1), written


def _gaps(array: _Array, span: Span) -> Iterator[str]:
    """Yield the parts of a span that lie between entries."""
    position = span.start
    for entry in array.entries:
        if span.start <= entry.end <= span.end:
            yield array.text[position : max(entry.start, position)]
            position = entry.end
    yield array.text[position : span.end]
