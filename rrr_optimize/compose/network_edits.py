"""The edits, in every file of a project, that put its services on the networks of a plan."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.compose.network_statements import (
    Statement,
    Wish,
    change_statement,
    find_statements,
    fulfil,
    group_by_place,
    write_networks,
)
from rrr_optimize.formats.yaml_changes import AddKey, Change, Edited, RefusedEdit, RemoveEntry, ReplaceValue
from rrr_optimize.formats.yaml_edits import edit_yaml

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.compose.files import ComposeFile
    from rrr_optimize.facts.compose.topology import Topology
    from rrr_optimize.model import Edit, Location

Memberships = dict[str, dict[str, frozenset[str]]]


class CannotEditError(Exception):
    """A file cannot be edited as planned; the message says which one and why."""


@dataclass(frozen=True, slots=True)
class NetworkEdits:
    """Edits, the comments that go with what they take out, and those that stay above it."""

    edits: tuple[Edit, ...]
    removed_comments: tuple[str, ...] = ()
    left_comments: tuple[Location, ...] = field(default=())


def memberships(topology: Topology) -> Memberships:
    """Return for each service its networks with its aliases on them."""
    found: Memberships = {name: {} for name in topology.services}
    for network, shape in topology.networks.items():
        for service, membership in shape.members.items():
            found[service][network] = membership.aliases
    return found


def edit_networks(files: Sequence[ComposeFile], before: Topology, after: Topology) -> NetworkEdits:
    """Return the edits that turn one topology of a project into another.

    `files` are all files in question, those of the project first in their order, then those of its siblings. Raises
    CannotEditError where one of them says it in a way that cannot be changed by itself.
    """
    planner = _Planner(before, after)
    found: list[Edited] = []
    statements = [statement for file in files for statement in find_statements(file)]
    planner.choose_places(files, statements)
    for file in files:
        found += planner.edit(file, [each for each in statements if each.file == file.path])
    return NetworkEdits(
        tuple(edit for each in found for edit in each.edits),
        tuple(comment for each in found for comment in each.removed_comments),
        tuple(dict.fromkeys(place for each in found for place in each.left_comments)),
    )


class _Planner:
    def __init__(self, before: Topology, after: Topology) -> None:
        self._before = memberships(before)
        self._after = memberships(after)
        self._dropped = before.networks.keys() - after.networks.keys()
        self._speakers: dict[str, Statement] = {}
        self._namers: dict[tuple[str, str], Statement] = {}
        self._unstated: dict[str, str] = {}
        self._heirs: dict[str, set[str]] = {}

    def choose_places(self, files: Sequence[ComposeFile], statements: Sequence[Statement]) -> None:
        """Decide in which statement each service says that it joins a network, and for whom else it speaks."""
        services = [
            (file.path, name, service)
            for file in files
            for document in file.documents
            for name, service in (document.get("services") or document).mapping.items()
            if document.get("services")
        ]
        for _, name, service in services:
            if base := service.text_of("extends") or service.text_of("extends", "service"):
                # By its name alone, whatever file it is in: one service too many only makes us more careful.
                self._heirs.setdefault(base, set()).add(name)
        for statement in statements:
            if any("$" in name for name in statement.networks):
                raise CannotEditError(f"a variable names a network of {statement.service} in {statement.file}")
            self._claim(statement, statement.service)
        for statement in statements:
            for heir in sorted(self._heirs.get(statement.service, ())):
                self._claim(statement, heir)
        for path, name, _ in services:
            if name not in self._speakers:
                self._unstated.setdefault(name, path)

    def _claim(self, statement: Statement, service: str) -> None:
        if statement.networks:
            self._speakers.setdefault(service, statement)
        for network in statement.networks:
            self._namers.setdefault((service, network), statement)

    def edit(self, file: ComposeFile, statements: Sequence[Statement]) -> Iterator[Edited]:
        """Yield what is to be edited in a file, one value for each document."""
        for number, document in enumerate(file.documents):
            changes = [*self._changes(file, number, [each for each in statements if each.document == number])]
            if not changes:
                continue
            edited = edit_yaml(document.place.source, changes, document=number, shared=True)
            if isinstance(edited, RefusedEdit):
                raise CannotEditError(f"{edited.location}: {edited.reason}")
            yield edited

    def _changes(self, file: ComposeFile, number: int, statements: Sequence[Statement]) -> Iterator[Change]:
        for group in group_by_place(statements).values():
            yield from self._change_group(group)
        services = file.documents[number].get("services")
        for name in services.mapping if services else ():
            is_here = self._unstated.get(name) == file.path and name in self._after
            if is_here and self._after[name] != self._before[name]:
                yield AddKey(("services", name), "networks", write_networks(self._after[name]))
        declared = file.documents[number].get("networks")
        gone = [name for name in declared.mapping if name in self._dropped] if declared else []
        if declared and gone and len(gone) == len(declared.mapping):
            yield RemoveEntry(("networks",))
        else:
            yield from (RemoveEntry(("networks", name)) for name in gone)

    def _change_group(self, group: Sequence[Statement]) -> Iterator[Change]:
        """Yield the changes of what one or more services say in one place."""
        wishes = {statement.service: self._wish(statement) for statement in group}
        if len(set(wishes.values())) == 1:
            yield from change_statement(group[0], wishes[group[0].service])
            return
        for statement in group:
            wish = wishes[statement.service]
            if wish and statement.is_inherited:
                value = write_networks(fulfil(statement, wish))
                own = (*statement.own, "networks")
                yield ReplaceValue(own, value) if statement.has_key else AddKey(statement.own, "networks", value)
            else:
                yield from change_statement(statement, wish)

    def _wish(self, statement: Statement) -> Wish:
        names = {statement.service} | self._heirs.get(statement.service, set())
        wishes = {self._wish_of(name, statement) for name in sorted(names) if name in self._after}
        if len(wishes) > 1:
            extended = f"{statement.service} is extended by a service that needs other networks"
            raise CannotEditError(f"{statement.file}: {extended}")
        return wishes.pop() if wishes else Wish(tuple(name for name in statement.networks if name in self._dropped))

    def _wish_of(self, service: str, statement: Statement) -> Wish:
        before, after = self._before[service], self._after[service]
        left = {name for name in before if name not in after}
        joined = [name for name in after if name not in before] if self._speakers.get(service) is statement else []
        more = {
            name: after[name] - before[name]
            for name in statement.networks
            if name in before and name in after and self._namers.get((service, name)) is statement
        }
        return Wish(
            remove=tuple(name for name in statement.networks if name in left),
            add=tuple((name, tuple(sorted(after[name]))) for name in joined),
            aliases=tuple((name, tuple(sorted(aliases))) for name, aliases in more.items() if aliases),
        )
