"""Which text to take out for an entry of a mapping or an item of a list, and what belongs to its neighbours."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_changes import RefusalError
from rrr_optimize.formats.yaml_nodes import YamlMapping
from rrr_optimize.formats.yaml_surface import Splice

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_places import Spot
    from rrr_optimize.formats.yaml_surface import Surface

_BLANK_LINE_BEFORE = re.compile(r"(?:\A|[\r\n])[ \t]*(?:\r\n|\n|\r)\Z")


def remove_entry(surface: Surface, spot: Spot, holder: Spot) -> list[Splice]:
    """Return the cut that takes out one entry of several; comments above it stay."""
    start, end = _extent(surface, spot)
    if not surface.is_flow(holder.node):
        if surface.is_first_on_line(start):
            return [_cut_lines(surface, start, end)]
        return [_cut_first_of_compact(surface, spot, start, end)]
    is_alone = surface.is_first_on_line(start) and surface.next_line(end) < holder.node.span.end
    if is_alone and surface.rest_of_line_or_none(end):
        return [_cut_lines(surface, start, end)]
    return [_cut_from_row(surface, spot, start, end)]


def empty_collection(surface: Surface, spot: Spot, holder: Spot) -> list[Splice]:
    """Return the cuts that take out the only entry and leave `{}` or `[]`."""
    start, end = _extent(surface, spot)
    if surface.is_flow(holder.node):
        close = holder.node.span.end - 1
        if surface.text[end:close].strip() not in {"", ","}:
            raise RefusalError("a comment stands behind the only entry", end)
        if "#" in surface.text[surface.content_start(holder.node) + 1 : start]:
            raise RefusalError("a comment stands before the only entry", start)
        return [Splice(surface.content_start(holder.node) + 1, close, "")]
    brackets = "{}" if isinstance(holder.node, YamlMapping) else "[]"
    if holder.key is None or not surface.is_first_on_line(start):
        raise RefusalError("it is the only one", start)
    properties = surface.content_start(holder.node)
    anchor = surface.text[holder.node.span.start : properties].rstrip()
    at = holder.node.span.start + len(anchor) if anchor else surface.text.index(":", holder.key.span.end) + 1
    return [Splice(at, at, f" {brackets}"), _cut_lines(surface, start, end)]


def _extent(surface: Surface, spot: Spot) -> tuple[int, int]:
    """Return from where to where an entry goes, the dash of a list item included."""
    node = spot.node
    if spot.key is not None:
        return spot.key.span.start, max(node.span.end, spot.key.span.end)
    if spot.holder is None or surface.is_flow(spot.holder):
        return node.span.start, node.span.end
    before = surface.text[: node.span.start].rstrip(" \t\r\n")
    if not before.endswith("-"):
        raise RefusalError("a comment stands between the dash and its item", node.span.start)
    return len(before) - 1, max(node.span.end, len(before))


def _cut_lines(surface: Surface, start: int, end: int) -> Splice:
    """Take out whole lines, with one of two blank lines that would then meet, or with the line end before them."""
    surface.rest_of_line(end)
    text = surface.text
    first, after = surface.line_start(start), surface.next_line(end)
    if after == len(text) and surface.line_end(end) == after and first:
        # The last line has no line end, and the line that becomes the last one is to have none.
        return Splice(first - (2 if text[:first].endswith("\r\n") else 1), after, "")
    next_end = surface.line_end(after)
    if _BLANK_LINE_BEFORE.search(text, max(0, first - 200), first) and not text[after:next_end].strip():
        after = surface.next_line(after)
    return Splice(first, after, "")


def _cut_first_of_compact(surface: Surface, spot: Spot, start: int, end: int) -> Splice:
    """Take out the first key of a mapping that begins behind a dash; the second one moves up."""
    holder = spot.holder
    if not isinstance(holder, YamlMapping) or spot.index != 0:
        raise RefusalError("something else stands before it on its line", start)
    following = holder.entries[1][0].span.start
    if surface.rest_of_line(end)["comment"] or surface.text[end:following].strip():
        raise RefusalError("a comment stands between it and the next key", end)
    return Splice(start, following, "")


def _cut_from_row(surface: Surface, spot: Spot, start: int, end: int) -> Splice:
    """Take out an entry between brackets with the comma that belongs to it."""
    extents = _neighbours(spot)
    following = extents[spot.index + 1][0] if spot.index + 1 < len(extents) else None
    if spot.index and (following is None or surface.line_start(following) != surface.line_start(start)):
        start = extents[spot.index - 1][1]
    elif following is not None:
        end = following
    if "#" in surface.text[start : extents[spot.index][0]] + surface.text[extents[spot.index][1] : end]:
        raise RefusalError("a comment stands beside it", start)
    return Splice(start, end, "")


def _neighbours(spot: Spot) -> list[tuple[int, int]]:
    if isinstance(spot.holder, YamlMapping):
        return [(key.span.start, max(value.span.end, key.span.end)) for key, value in spot.holder.entries]
    return [(item.span.start, item.span.end) for item in spot.holder.items] if spot.holder else []
