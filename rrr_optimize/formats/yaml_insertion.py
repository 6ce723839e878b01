"""Put a new key or item behind the last one, in block style and in brackets."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_changes import RefusalError
from rrr_optimize.formats.yaml_nodes import YamlAlias, YamlMapping, YamlScalar, YamlSequence
from rrr_optimize.formats.yaml_surface import Splice
from rrr_optimize.formats.yaml_writing import write_entry, write_flow, write_item, write_pair
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_changes import AddKey, AppendItem
    from rrr_optimize.formats.yaml_nodes import YamlNode
    from rrr_optimize.formats.yaml_places import Spot
    from rrr_optimize.formats.yaml_surface import Surface


def insert_key(surface: Surface, spot: Spot, change: AddKey) -> list[Splice]:
    """Return the splices that put a key behind the last one of a mapping, or into what is null."""
    node = spot.node
    pair = write_pair(change.key, change.value, surface.style)
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


def insert_item(surface: Surface, node: YamlNode, change: AppendItem) -> list[Splice]:
    """Return the splices that put an item behind the last one of a list."""
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
