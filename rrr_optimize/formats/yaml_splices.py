"""Turn one change of a YAML document into the spans of text that make it."""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rrr_optimize.formats.yaml_changes import (
    AddKey,
    AppendItem,
    Change,
    Plain,
    RefusalError,
    RemoveEntry,
    RenameKey,
    ReplaceValue,
)
from rrr_optimize.formats.yaml_insertion import insert_item, insert_key
from rrr_optimize.formats.yaml_nodes import YamlMapping, YamlScalar, YamlSequence
from rrr_optimize.formats.yaml_places import Spot, find_spot, positions
from rrr_optimize.formats.yaml_removal import empty_collection, remove_entry
from rrr_optimize.formats.yaml_surface import Splice, find_comments
from rrr_optimize.formats.yaml_writing import write_block, write_flow, write_scalar

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_nodes import YamlNode
    from rrr_optimize.formats.yaml_surface import Surface


def splice_change(surface: Surface, change: Change) -> tuple[Spot, list[Splice]]:
    """Return where a change is made and the splices that make it.

    Raises RefusalError where it cannot be made without touching more than it should.
    """
    spot = find_spot(surface.document, change.path)
    match change:
        case AddKey():
            _refuse_second(spot.node, change.key)
            return spot, insert_key(surface, spot, change)
        case AppendItem():
            return spot, insert_item(surface, spot.node, change)
        case RemoveEntry(path):
            if spot.holder is None:
                raise RefusalError("the whole document cannot be taken out", spot.node.span.start)
            cut = empty_collection if _size(spot) == 1 else remove_entry
            return spot, cut(surface, spot, find_spot(surface.document, path[:-1]))
        case RenameKey():
            if not isinstance(spot.key, YamlScalar):
                raise RefusalError("it has no key that is text", spot.node.span.start)
            _refuse_second(spot.holder, change.name)
            return spot, [_rewrite_scalar(surface, spot.key, change.name)]
        case ReplaceValue(_, value):
            is_written = isinstance(spot.node, YamlScalar) and not surface.is_unwritten(spot.node)
            if not isinstance(value, dict | list) and isinstance(spot.node, YamlScalar) and is_written:
                return spot, [_rewrite_scalar(surface, spot.node, value)]
            return spot, [_replace(surface, spot, value)]
        case _:
            assert_never(change)


def _refuse_second(mapping: YamlNode | None, key: str) -> None:
    if isinstance(mapping, YamlMapping) and (there := positions(mapping, key)):
        raise RefusalError(f"{key} is there already", mapping.entries[there[0]][0].span.start)


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


def _replace(surface: Surface, spot: Spot, value: Plain) -> Splice:
    """Write another value in the place of one that has no comment, anchor or tag of its own."""
    start, end = spot.node.span.start, spot.node.span.end
    if surface.content_start(spot.node) != start:
        raise RefusalError("it has an anchor or a tag", start)
    if any(start <= comment.start < end for comment in find_comments(surface.text, [surface.document])):
        raise RefusalError("a comment stands inside of what would be replaced", start)
    is_entry_of_block = spot.key is not None and spot.holder is not None and not surface.is_flow(spot.holder)
    if is_entry_of_block and spot.key and isinstance(value, dict | list) and value and not surface.is_flow(spot.node):
        return _replace_by_block(surface, spot.key, spot.node, value)
    written = write_flow(value, surface.style)
    lead = " " if start == end and surface.text[start - 1 : start] == ":" else ""
    return Splice(start, end, f"{lead}{written}")


def _replace_by_block(surface: Surface, key: YamlNode, node: YamlNode, value: dict[str, Plain] | list[Plain]) -> Splice:
    start, end = node.span.start, node.span.end
    if surface.text[key.span.end : start].strip() != ":":
        raise RefusalError("a comment stands before what would be replaced", start)
    if surface.rest_of_line(end)["comment"]:
        raise RefusalError("a comment stands behind what would be replaced", end)
    offset = surface.style.step if isinstance(value, dict) else surface.style.dash
    lines = write_block(value, surface.column(key.span.start) + offset, surface.style)
    lead = surface.style.line_end
    return Splice(surface.text.index(":", key.span.end) + 1, end, lead + lead.join(lines))
