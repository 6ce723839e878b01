"""Turn one change of a YAML document into the spans of text that make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.yaml_changes import (
    AddKey,
    AppendItem,
    Change,
    RefusalError,
    RemoveEntry,
    RenameKey,
    ReplaceValue,
)
from rrr_optimize.formats.yaml_nodes import YamlAlias, YamlMapping, YamlScalar, YamlSequence
from rrr_optimize.formats.yaml_places import Spot, find_spot, positions
from rrr_optimize.formats.yaml_removal import empty_collection, remove_entry
from rrr_optimize.formats.yaml_surface import find_comments
from rrr_optimize.formats.yaml_writing import write_block, write_entry, write_flow, write_item, write_scalar
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_nodes import YamlNode
    from rrr_optimize.formats.yaml_surface import Surface


class Splice(NamedTuple):
    """Replace a stretch of text."""

    start: int
    end: int
    text: str


def splice_change(surface: Surface, change: Change) -> tuple[Spot, list[Splice]]:
    """Return where a change is made and the splices that make it.

    Raises RefusalError where it cannot be made without touching more than it should.
    """
    match change:
        case AddKey(path, key, _):
            spot = find_spot(surface.document, path)
            if isinstance(spot.node, YamlMapping) and positions(spot.node, key):
                raise RefusalError(f"{key} is there already", spot.node.span.start)
            return spot, _add_key(surface, spot, change)
        case AppendItem(path, _):
            spot = find_spot(surface.document, path)
            return spot, _append(surface, spot.node, change)
        case RemoveEntry(path):
            spot = find_spot(surface.document, path)
            if spot.holder is None:
                raise RefusalError("the whole document cannot be taken out", spot.node.span.start)
            cut = empty_collection if _size(spot) == 1 else remove_entry
            return spot, [Splice(*each) for each in cut(surface, spot, find_spot(surface.document, path[:-1]))]
        case RenameKey(path, name):
            spot = find_spot(surface.document, path)
            if spot.key is None or not isinstance(spot.key, YamlScalar):
                raise RefusalError("it has no key that is text", spot.node.span.start)
            if isinstance(spot.holder, YamlMapping) and positions(spot.holder, name):
                raise RefusalError(f"{name} is there already", spot.key.span.start)
            return spot, [_rewrite_scalar(surface, spot.key, name)]
        case ReplaceValue(path, value):
            spot = find_spot(surface.document, path)
            is_scalar = not isinstance(value, dict | list)
            if is_scalar and isinstance(spot.node, YamlScalar) and not surface.is_unwritten(spot.node):
                return spot, [_rewrite_scalar(surface, spot.node, value)]
            return spot, [_replace(surface, spot, change)]


def _size(spot: Spot) -> int:
    holder = spot.holder
    return len(holder.items if isinstance(holder, YamlSequence) else holder.entries if holder else ())


def _rewrite_scalar(surface: Surface, node: YamlScalar, value: str | float | bool | None) -> Splice:  # noqa: FBT001
    """Write a scalar anew in the quotes that it has."""
    if node.style in {"|", ">"}:
        raise RefusalError("it is a block scalar", node.span.start)
    start = surface.content_start(node)
    written = write_scalar(value, surface.style)
    if isinstance(value, str) and node.style and value.isprintable() and not set(value) & {"'", '"', "\\"}:
        written = f"{node.style}{value}{node.style}"
    return Splice(start, node.span.end, written)


def _replace(surface: Surface, spot: Spot, change: ReplaceValue) -> Splice:
    node, value = spot.node, change.value
    start, end = node.span.start, node.span.end
    if surface.content_start(node) != start:
        raise RefusalError("it has an anchor or a tag", start)
    if any(start <= comment.start < end for comment in find_comments(surface.text, [surface.document])):
        raise RefusalError("a comment stands inside of what would be replaced", start)
    key = spot.key
    is_block = key is not None and not surface.is_flow(spot.holder) if spot.holder else False
    if is_block and key and isinstance(value, dict | list) and value and not surface.is_flow(node):
        between = surface.text[key.span.end : start]
        if between.strip() != ":" and not surface.is_unwritten(node):
            raise RefusalError("a comment stands before what would be replaced", start)
        offset = surface.style.step if isinstance(value, dict) else surface.style.dash
        lines = write_block(value, surface.column(key.span.start) + offset, surface.style)
        begin = surface.text.index(":", key.span.end) + 1
        rest = surface.rest_of_line(end)
        lead = surface.style.line_end
        if rest["comment"] and begin <= start:
            raise RefusalError("a comment stands behind what would be replaced", end)
        return Splice(begin, end, lead + lead.join(lines))
    written = write_flow(value, surface.style)
    return Splice(start, end, f" {written}" if start == end and surface.text[start - 1 : start] == ":" else written)


def _add_key(surface: Surface, spot: Spot, change: AddKey) -> list[Splice]:
    node = spot.node
    pair = f"{write_scalar(change.key, surface.style)}: {'' if change.value is None else write_flow(change.value, surface.style)}".rstrip()
    if isinstance(node, YamlMapping) and surface.is_flow(node):
        last = node.entries[-1][1].span.end if node.entries else None
        return _insert_in_flow(surface, node, last, pair)
    if isinstance(node, YamlMapping):
        indent = surface.column(node.entries[0][0].span.start)
        return [_insert_lines(surface, node.span.end, write_entry(change.key, change.value, indent, surface.style))]
    is_null = isinstance(node, YamlScalar) and node.text in {"", "~", "null"} and not node.style and not node.tag
    if isinstance(node, YamlAlias):
        raise RefusalError(f"it is the alias *{node.name}", node.span.start)
    if not is_null or spot.key is None:
        raise RefusalError("it is no mapping", node.span.start)
    if node.span.start == node.span.end and spot.holder and not surface.is_flow(spot.holder):
        indent = surface.column(spot.key.span.start) + surface.style.step
        return [_insert_lines(surface, node.span.end, write_entry(change.key, change.value, indent, surface.style))]
    lead = " " if surface.text[node.span.start - 1] == ":" else ""
    return [Splice(node.span.start, node.span.end, f"{lead}{{{pair}}}")]


def _append(surface: Surface, node: YamlNode, change: AppendItem) -> list[Splice]:
    if isinstance(node, YamlAlias):
        raise RefusalError(f"it is the alias *{node.name}", node.span.start)
    if not isinstance(node, YamlSequence):
        raise RefusalError("it is no list", node.span.start)
    if surface.is_flow(node):
        last = node.items[-1].span.end if node.items else None
        return _insert_in_flow(surface, node, last, write_flow(change.value, surface.style))
    indent = surface.column(surface.content_start(node))
    return [_insert_lines(surface, node.span.end, write_item(change.value, indent, surface.style))]


def _insert_lines(surface: Surface, offset: int, lines: list[str]) -> Splice:
    """Put lines behind the line of an offset, in front of its line end."""
    surface.rest_of_line(offset)
    end = surface.line_end(offset)
    lead = surface.style.line_end
    return Splice(end, end, lead + lead.join(lines))


def _insert_in_flow(surface: Surface, node: YamlNode, last: int | None, written: str) -> list[Splice]:
    inside = Span(surface.content_start(node) + 1, node.span.end - 1)
    if last is None:
        if surface.text[inside.start : inside.end].strip():
            raise RefusalError("a comment stands in the empty brackets", inside.start)
        return [Splice(inside.start, inside.end, written)]
    line = surface.line_end(last)
    if line >= inside.end:
        rest = surface.text[last : inside.end]
        if rest.strip() == ",":
            at = last + rest.index(",") + 1
            return [Splice(at, at, f" {written},")]
        return [Splice(last, last, f", {written}")]
    comma = surface.rest_of_line(last)["comma"]
    first = surface.line_start(last)
    indent = surface.text[first : first + len(surface.text[first:last]) - len(surface.text[first:last].lstrip())]
    added = f"{surface.style.line_end}{indent}{written}{comma}"
    return [*([] if comma else [Splice(last, last, ",")]), Splice(line, line, added)]
