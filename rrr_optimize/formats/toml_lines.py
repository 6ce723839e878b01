"""The lines of a TOML text with those of a multi-line value joined, and what goes when some of them go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.comment_blocks import Role, find_comment_blocks
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence, Set as AbstractSet

    from rrr_optimize.formats.toml_scanner import Node

_LINE = re.compile(r"[^\n]*\n|[^\n]+")


class TomlLine(NamedTuple):
    """A line with its line end, and those that a value on it goes on to."""

    span: Span
    role: Role
    indent: int


def cut_lines(text: str, within: Span, values: Iterable[Span]) -> list[TomlLine]:
    """Return the lines of a part of a text that begins and ends with a line; `values` are all that stand in it."""
    joined = sorted(span for span in values if "\n" in text[span.start : span.end])
    lines: list[TomlLine] = []
    position = 0
    start = within.start
    for match in _LINE.finditer(text, within.start, within.end):
        while position < len(joined) and joined[position].end <= match.start():
            position += 1
        # One value may end on the line on which the next begins.
        if any(span.start < match.end() < span.end for span in joined[position : position + 2]):
            continue
        lines.append(_line(text, start, match.end()))
        start = match.end()
    return lines


def spans_of_leaving(lines: Sequence[TomlLine], items: AbstractSet[int]) -> Iterator[Span]:
    """Yield what goes when these lines go, with the comments that belong to them; neighbours make one span."""
    blocks = find_comment_blocks([(line.role, line.indent) for line in lines])
    run: list[int] = []
    for number in [*sorted(blocks.leaving(items)), -1]:
        if run and number != run[-1] + 1:
            yield Span(lines[run[0]].span.start, lines[run[-1]].span.end)
            run = []
        run.append(number)


def outermost_values(node: Node) -> Iterator[Span]:
    """Yield the spans of the values in a table or array, not of those inside them."""
    waiting = list(node.children.values())
    while waiting:
        child = waiting.pop()
        if child.span:
            yield child.span
        else:
            waiting += child.children.values()


def _line(text: str, start: int, end: int) -> TomlLine:
    body = text[start:end]
    stripped = body.strip()
    role = Role.BLANK if not stripped else Role.COMMENT if stripped.startswith("#") else Role.ITEM
    return TomlLine(Span(start, end), role, len(body) - len(body.lstrip(" \t")))
