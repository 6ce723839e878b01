"""Where the files of a project say which networks a service is on, and what to change there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeGuard

from rrr_optimize.formats.yaml_changes import AddKey, AppendItem, Change, RemoveEntry, ReplaceValue, YamlPath
from rrr_optimize.formats.yaml_nodes import YamlMapping, YamlScalar, YamlSequence, read_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.facts.compose.files import ComposeFile
    from rrr_optimize.formats.yaml_changes import Plain
    from rrr_optimize.formats.yaml_nodes import YamlDocument, YamlNode
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Span


@dataclass(frozen=True, slots=True, eq=False)
class Statement:
    """One `networks` of one service in one file: the networks that it names, each with its aliases.

    `path` leads to where it is written, which is below `own` unless an anchor or `<<` brings it there. `has_key` says
    whether the service itself has the key.
    """

    file: str
    document: int
    service: str
    own: YamlPath
    path: YamlPath
    is_list: bool
    has_key: bool
    networks: Mapping[str, frozenset[str]]

    @property
    def is_inherited(self) -> bool:
        """Whether it is written somewhere else than in the service."""
        return self.path[: len(self.own)] != self.own


@dataclass(frozen=True, slots=True)
class Wish:
    """What is to become of a statement: names to take out, names with aliases to put in, aliases to add."""

    remove: tuple[str, ...] = ()
    add: tuple[tuple[str, tuple[str, ...]], ...] = ()
    aliases: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def __bool__(self) -> bool:
        return bool(self.remove or self.add or self.aliases)


def find_statements(file: ComposeFile) -> Iterator[Statement]:
    """Yield every statement of a file in order."""
    if not file.documents:
        return
    source = file.documents[0].place.source
    trees = read_yaml(source)
    for number, document in enumerate(file.documents):
        services = document.get("services")
        paths = dict(_paths(trees[number].root, ()))
        for name, service in services.mapping.items() if services else ():
            value = service.get("networks")
            path = paths.get(value.place.span) if value else None
            if value is None or path is None or not isinstance(value.data, dict | list):
                continue
            own = ("services", name)
            has_key = _has_key(trees[number], name)
            yield Statement(file.path, number, name, own, path, isinstance(value.data, list), has_key, _stated(value))


def _has_key(tree: YamlDocument, service: str) -> bool:
    services = tree.find(tree.root, "services")
    node = next((v for k, v in services.entries if _text(k) == service), None) if _is_mapping(services) else None
    return isinstance(node, YamlMapping) and any(_text(key) == "networks" for key, _ in node.entries)


def _is_mapping(node: YamlNode | None) -> TypeGuard[YamlMapping]:
    return isinstance(node, YamlMapping)


def _text(node: YamlNode) -> str:
    return node.text if isinstance(node, YamlScalar) else ""


def _stated(value: Value) -> dict[str, frozenset[str]]:
    if isinstance(value.data, list):
        return {item.text: frozenset() for item in value.items}
    found: dict[str, frozenset[str]] = {}
    for name, membership in value.mapping.items():
        aliases = membership.get("aliases")
        found[name] = frozenset(item.text for item in aliases.items) if aliases else frozenset()
    return found


def _paths(node: YamlNode, path: YamlPath) -> Iterator[tuple[Span, YamlPath]]:
    if isinstance(node, YamlSequence | YamlMapping):
        yield node.span, path
    if isinstance(node, YamlSequence):
        for index, item in enumerate(node.items):
            yield from _paths(item, (*path, index))
    elif isinstance(node, YamlMapping):
        for key, value in node.entries:
            if isinstance(key, YamlScalar):
                yield from _paths(value, (*path, key.text))


def change_statement(statement: Statement, wish: Wish) -> Iterator[Change]:
    """Yield the changes that fulfil a wish where the statement is written."""
    if not wish:
        return
    left = [name for name in statement.networks if name not in wish.remove]
    needs_mapping = statement.is_list and (wish.aliases or any(aliases for _, aliases in wish.add))
    if not left and not wish.add:
        yield RemoveEntry(statement.path)
    elif needs_mapping:
        yield ReplaceValue(statement.path, write_networks(fulfil(statement, wish)))
    elif statement.is_list:
        yield from _change_list(statement, wish)
    else:
        yield from _change_mapping(statement, wish)


def _change_list(statement: Statement, wish: Wish) -> Iterator[Change]:
    # What is new comes first, so that the list is never empty.
    yield from (AppendItem(statement.path, name) for name, _ in wish.add)
    names = list(statement.networks)
    for name in sorted(wish.remove, key=names.index, reverse=True):
        yield RemoveEntry((*statement.path, names.index(name)))


def _change_mapping(statement: Statement, wish: Wish) -> Iterator[Change]:
    for name, aliases in wish.add:
        yield AddKey(statement.path, name, {"aliases": list(aliases)} if aliases else None)
    yield from (RemoveEntry((*statement.path, name)) for name in wish.remove)
    for name, aliases in wish.aliases:
        if statement.networks[name]:
            yield from (AppendItem((*statement.path, name, "aliases"), alias) for alias in aliases)
        else:
            yield AddKey((*statement.path, name), "aliases", list(aliases))


def fulfil(statement: Statement, wish: Wish) -> dict[str, frozenset[str]]:
    """Return the networks of a statement as they are to be."""
    found = {name: aliases for name, aliases in statement.networks.items() if name not in wish.remove}
    found |= {name: frozenset(aliases) for name, aliases in wish.add}
    return {name: aliases | frozenset(dict(wish.aliases).get(name, ())) for name, aliases in found.items()}


def write_networks(networks: Mapping[str, frozenset[str]]) -> Plain:
    """Return networks as a Compose file says them: a list, or a mapping where one has aliases."""
    if not any(networks.values()):
        return list(networks)
    return {name: {"aliases": _sorted(aliases)} if aliases else None for name, aliases in networks.items()}


def _sorted(names: frozenset[str]) -> list[Plain]:
    return [*sorted(names)]


def group_by_place(statements: Sequence[Statement]) -> dict[tuple[int, YamlPath], list[Statement]]:
    """Return the statements of a file by where they are written: several services may share one."""
    found: dict[tuple[int, YamlPath], list[Statement]] = {}
    for statement in statements:
        found.setdefault((statement.document, statement.path), []).append(statement)
    return found
