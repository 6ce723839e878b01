"""What a YAML document says, without where it says it: changes are planned on it, and the edited text must equal it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.formats.yaml_changes import (
    AddKey,
    AppendItem,
    Change,
    Plain,
    RemoveEntry,
    RenameKey,
    ReplaceValue,
    YamlPath,
)
from rrr_optimize.formats.yaml_nodes import YamlAlias, YamlScalar, YamlSequence
from rrr_optimize.formats.yaml_values import type_scalar

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_nodes import YamlDocument, YamlNode


@dataclass(slots=True, eq=False)
class ModelScalar:
    """A scalar as it was read, or the value that a new one is to have."""

    read: YamlScalar | None
    data: str | int | float | bool | None = None


@dataclass(slots=True, eq=False)
class ModelList:
    """A list."""

    items: list[ModelNode] = field(default_factory=list)
    tag: str | None = None


@dataclass(slots=True, eq=False)
class ModelMapping:
    """A mapping, duplicates and `<<` as they stand."""

    entries: list[tuple[ModelNode, ModelNode]] = field(default_factory=list)
    tag: str | None = None


@dataclass(slots=True, eq=False)
class ModelAlias:
    """An alias; `target` is the very object that it stands for."""

    name: str
    target: ModelNode


ModelNode: TypeAlias = ModelScalar | ModelList | ModelMapping | ModelAlias


def make_model(document: YamlDocument) -> ModelNode:
    """Return the model of a document; it may be changed in place."""
    made: dict[int, ModelNode] = {}

    def make(node: YamlNode) -> ModelNode:
        if isinstance(node, YamlAlias):
            return ModelAlias(node.name, made[id(document.targets[node])])
        if isinstance(node, YamlScalar):
            made[id(node)] = scalar = ModelScalar(node)
            return scalar
        if isinstance(node, YamlSequence):
            made[id(node)] = sequence = ModelList(tag=node.tag)
            sequence.items += [make(item) for item in node.items]
            return sequence
        made[id(node)] = mapping = ModelMapping(tag=node.tag)
        mapping.entries += [(make(key), make(value)) for key, value in node.entries]
        return mapping

    return make(document.root)


def apply_change(root: ModelNode, change: Change) -> None:
    """Change a model in place. The path has to lead to what the change is about."""
    match change:
        case AddKey(path, key, value):
            holder = _follow(root, path)
            entry = (ModelScalar(None, key), from_plain(value))
            if isinstance(holder, ModelMapping):
                holder.entries.append(entry)
            else:
                _replace(root, path, ModelMapping([entry]))
        case AppendItem(path, value):
            holder = _follow(root, path)
            assert isinstance(holder, ModelList)  # noqa: S101 - for mypy; the path was looked up before
            holder.items.append(from_plain(value))
        case RemoveEntry(path):
            holder = _follow(root, path[:-1])
            children = holder.items if isinstance(holder, ModelList) else _entries(holder)
            del children[_index(holder, path[-1])]
        case RenameKey(path, name):
            holder = _follow(root, path[:-1])
            index = _index(holder, path[-1])
            _entries(holder)[index] = (ModelScalar(None, name), _entries(holder)[index][1])
        case ReplaceValue(path, value):
            _replace(root, path, from_plain(value))


def from_plain(data: Plain) -> ModelNode:
    """Return the model of plain data."""
    if isinstance(data, dict):
        return ModelMapping([(ModelScalar(None, key), from_plain(value)) for key, value in data.items()])
    if isinstance(data, list):
        return ModelList([from_plain(item) for item in data])
    return ModelScalar(None, data)


def is_same(planned: ModelNode, found: ModelNode) -> bool:
    """Return whether two models say the same, aliases of the same values included."""
    twins: dict[int, int] = {}

    def compare(one: ModelNode, other: ModelNode) -> bool:
        twins[id(one)] = id(other)
        match one, other:
            case ModelAlias(), ModelAlias():
                return one.name == other.name and twins.get(id(one.target)) == id(other.target)
            case ModelScalar(), ModelScalar():
                return _is_same_scalar(one, other)
            case ModelList(), ModelList():
                same_size = one.tag == other.tag and len(one.items) == len(other.items)
                return same_size and all(map(compare, one.items, other.items))
            case ModelMapping(), ModelMapping():
                if one.tag != other.tag or len(one.entries) != len(other.entries):
                    return False
                return all(compare(a, b) and compare(c, d) for (a, c), (b, d) in zip(one.entries, other.entries))  # noqa: B905 - of one length
            case _:
                return False

    return compare(planned, found)


def _is_same_scalar(planned: ModelScalar, found: ModelScalar) -> bool:
    one, other = planned.read, found.read
    assert other is not None  # noqa: S101 - for mypy; what is found was read
    if one is None:
        data = type_scalar(other)
        return type(data) is type(planned.data) and data == planned.data
    return (one.text, bool(one.style), one.tag) == (other.text, bool(other.style), other.tag)


def _follow(node: ModelNode, path: YamlPath) -> ModelNode:
    for step in path:
        index = _index(node, step)
        node = node.items[index] if isinstance(node, ModelList) else _entries(node)[index][1]
    return node


def _replace(root: ModelNode, path: YamlPath, made: ModelNode) -> None:
    holder = _follow(root, path[:-1])
    index = _index(holder, path[-1])
    if isinstance(holder, ModelList):
        holder.items[index] = made
    else:
        _entries(holder)[index] = (_entries(holder)[index][0], made)


def _index(node: ModelNode, step: str | int) -> int:
    if isinstance(step, int):
        return step
    keys = [_key(key) for key, _ in _entries(node)]
    return keys.index(step)


def _key(node: ModelNode) -> str | None:
    if not isinstance(node, ModelScalar):
        return None
    return node.read.text if node.read else str(node.data)


def _entries(node: ModelNode) -> list[tuple[ModelNode, ModelNode]]:
    assert isinstance(node, ModelMapping)  # noqa: S101 - for mypy; the path was looked up before
    return node.entries
