"""Find the node that a path leads to, and refuse a way that leads through an alias, a merge key or a double key."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_changes import AddKey, AppendItem, Change, RefusalError, ReplaceValue, YamlPath
from rrr_optimize.formats.yaml_nodes import YamlAlias, YamlMapping, YamlNode, YamlScalar, YamlSequence

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_nodes import YamlDocument


@dataclass(frozen=True, slots=True)
class Spot:
    """A node, the collection that holds it, and its place in there; `above` are all nodes on the way, itself last."""

    node: YamlNode
    holder: YamlMapping | YamlSequence | None
    index: int
    above: tuple[YamlNode, ...]

    @property
    def key(self) -> YamlNode | None:
        """The key of an entry of a mapping."""
        return self.holder.entries[self.index][0] if isinstance(self.holder, YamlMapping) else None


def find_spot(document: YamlDocument, path: YamlPath) -> Spot:
    """Return where a path leads.

    Raises RefusalError where it leads nowhere, or where what it leads to stands somewhere else.
    """
    spot = Spot(document.root, None, 0, (document.root,))
    for step in path:
        spot = _step(document, spot, step)
    return spot


def _step(document: YamlDocument, spot: Spot, step: str | int) -> Spot:
    node = spot.node
    if isinstance(node, YamlAlias):
        raise RefusalError(f"{step} is reached through the alias *{node.name}", node.span.start)
    if isinstance(node, YamlSequence) and isinstance(step, int) and 0 <= step < len(node.items):
        return Spot(node.items[step], node, step, (*spot.above, node.items[step]))
    if isinstance(node, YamlMapping) and isinstance(step, str):
        index = _index(document, node, step)
        value = node.entries[index][1]
        return Spot(value, node, index, (*spot.above, value))
    raise RefusalError(f"there is no {step} here", node.span.start)


def _index(document: YamlDocument, mapping: YamlMapping, name: str) -> int:
    found = positions(mapping, name)
    if len(found) > 1:
        raise RefusalError(f"{name} is given twice", mapping.entries[found[1]][0].span.start)
    if not found:
        merges = [value for key, value in mapping.entries if isinstance(key, YamlScalar) and key.text == "<<"]
        if any(document.find(source, name) is not None for value in merges for source in _sources(document, value)):
            raise RefusalError(f"{name} is inherited through <<", merges[0].span.start)
        raise RefusalError(f"there is no {name} here", mapping.span.start)
    return found[0]


def _sources(document: YamlDocument, value: YamlNode) -> tuple[YamlNode, ...]:
    return document.list_items(value) or (value,)


def positions(mapping: YamlMapping, name: str) -> list[int]:
    """Return at which places of a mapping a key stands."""
    return [i for i, (key, _) in enumerate(mapping.entries) if isinstance(key, YamlScalar) and key.text == name]


def find_users(document: YamlDocument, change: Change, spot: Spot) -> list[YamlAlias]:
    """Return the aliases of what a change is made in: of the node itself, if it stays, and of all around it."""
    changed = spot.above if isinstance(change, AddKey | AppendItem | ReplaceValue) else spot.above[:-1]
    around = {id(node) for node in changed}
    return [alias for alias, target in document.targets.items() if id(target) in around]
