"""Plan the smallest set of networks for one Compose project and those that share its files, with its proofs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rrr_optimize.compose.faults import name_fault
from rrr_optimize.compose.network_edits import CannotEditError, NetworkEdits, edit_networks
from rrr_optimize.compose.network_groups import group_change, group_refusal, group_stale, name_change
from rrr_optimize.compose.network_mentions import find_mentions
from rrr_optimize.compose.network_pins import find_pins
from rrr_optimize.compose.network_proofs import prove, prove_comments, prove_sibling
from rrr_optimize.compose.network_review import find_reasons
from rrr_optimize.compose.network_rows import Row, make_rows
from rrr_optimize.compose.project_families import Family, find_staleness
from rrr_optimize.compose.second_judge import judge
from rrr_optimize.compose.topology_difference import compare_topologies
from rrr_optimize.facts.compose.reading import reload_project
from rrr_optimize.facts.compose.topology import read_topology
from rrr_optimize.model import ChangeGroup, Lane

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

    from rrr_optimize.compose.network_mentions import Search
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.reading import ComposeFacts
    from rrr_optimize.facts.compose.topology import Pair, Topology
    from rrr_optimize.model import Proof
    from rrr_optimize.tools.docker_compose import ModelReader
    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """What a person picks: a row by its number of networks, and the pairs that may talk although they cannot today.

    With `places`, files and folders, only projects with a file there are planned.
    """

    networks: int | None = None
    allowed: frozenset[Pair] = frozenset()
    places: tuple[str, ...] = ()

    def holds(self, paths: Iterable[str]) -> bool:
        """Return whether one of these files is in one of the places."""
        return not self.places or any(f"{path}/".startswith(f"{place}/") for path in paths for place in self.places)


@dataclass(frozen=True, slots=True, eq=False)
class NetworkProposal:
    """What can be done for one project: the table, the networks that have to stay, the chosen row, the groups.

    There are no groups where nothing is to be done. `row` is None where the table has no such row.
    """

    project: ComposeProject
    before: Topology
    rows: tuple[Row, ...]
    pinned: dict[str, str]
    row: Row | None
    groups: tuple[ChangeGroup, ...] = field(default=())


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """The repository around a project, and who can be asked about it.

    `faults` are the files that Compose stops at. Without a `reader` Docker Compose is not asked, without `search`
    (needles, endings) no file is looked through for the names of networks that go.
    """

    facts: ComposeFacts
    snapshot: Snapshot
    faults: Collection[str] = ()
    reader: ModelReader | None = None
    search: Search | None = None


class Proposer:
    """Makes the proposal for one family."""

    def __init__(self, family: Family, around: Surroundings, choice: NetworkChoice) -> None:
        self._project = family.principal
        files = {path for each in family.siblings for path in each.loaded.files}
        self._broken = files & set(around.faults)
        siblings = [each for each in family.siblings if not self._broken & set(each.loaded.files)]
        self._siblings = [each for each in siblings if find_staleness(each) is None]
        # A set of files that all fit into others is checked there, whatever becomes of it by itself.
        checked = {path for each in (self._project, *self._siblings) for path in each.loaded.files}
        rest = [each for each in siblings if not checked.issuperset(each.loaded.files)]
        self._stale = [found for each in rest if (found := find_staleness(each))]
        self._files = {file.path: file for file in around.facts.files}
        self._around = around
        self._snapshot = around.snapshot
        self._choice = choice
        self._before = read_topology(self._project)
        others = [each for each in around.facts.projects if each not in (self._project, *family.siblings)]
        self._pinned = find_pins(self._project, self._before, family.siblings, others)

    def propose(self) -> NetworkProposal:
        """Return it; where a sibling needs a network as it is, that one is pinned and the rest planned anew."""
        while True:
            rows = self._rows()
            row = self._choose(rows)
            if row is None:
                numbers = ", ".join(str(each.networks) for each in rows)
                why = f"{self._choice.networks} networks are not to be had: the choice is {numbers}"
                return self._proposal(rows, row, [group_refusal(self._project, why)])
            if row.after is self._before:
                return self._proposal(rows, row, [])
            if own := find_staleness(self._project):
                return self._proposal(rows, row, [group_refusal(self._project, own.title, own.hint, own.location)])
            try:
                edits = self._edit(row)
            except CannotEditError as error:
                return self._proposal(rows, row, [group_refusal(self._project, str(error))])
            if groups := self._group(row, edits):
                return self._proposal(rows, row, groups)

    def _proposal(self, rows: tuple[Row, ...], row: Row | None, groups: Sequence[ChangeGroup]) -> NetworkProposal:
        return NetworkProposal(self._project, self._before, rows, dict(self._pinned), row, tuple(groups))

    def _choose(self, rows: tuple[Row, ...]) -> Row | None:
        wanted = self._choice.networks
        if wanted is None:
            return next(row for row in reversed(rows) if not row.extra)
        return next((row for row in rows if row.networks == wanted), None)

    def _rows(self) -> tuple[Row, ...]:
        """Return the table without rows in which a name would mean somebody else than today.

        Where the smallest set that adds nothing does so, the networks whose aliases would clash are pinned.
        """
        while True:
            rows = make_rows(self._before, self._pinned)
            clashes = {id(row): self._clashes(row) for row in rows}
            if not any(self._pin(clashes[id(row)]) for row in rows if not row.extra):
                return tuple(row for row in rows if not clashes[id(row)])

    def _clashes(self, row: Row) -> dict[str, str]:
        """Return the networks on which somebody else would answer to a name: those with the alias, else all with it."""
        names = {name for _, name in compare_topologies(self._before, row.after).other_answers}
        found: dict[str, str] = {}
        by_itself: dict[str, str] = {}
        for network, shape in self._before.networks.items() if names else ():
            for service, membership in shape.members.items():
                for name in sorted(names & membership.aliases):
                    found.setdefault(network, f"the alias {name} would mean two services")
                for name in sorted(names & self._before.services[service].names):
                    by_itself.setdefault(network, f"the name {name} would mean two services")
        return found or by_itself

    def _pin(self, reasons: dict[str, str]) -> bool:
        fresh = {name: reason for name, reason in reasons.items() if name not in self._pinned}
        self._pinned |= fresh
        return bool(fresh)

    def _edit(self, row: Row) -> NetworkEdits:
        projects = (self._project, *self._siblings)
        paths = dict.fromkeys(path for project in projects for path in project.loaded.files)
        return edit_networks([self._files[path] for path in paths if path in self._files], self._before, row.after)

    def _group(self, row: Row, edits: NetworkEdits) -> list[ChangeGroup]:
        """Return the change with what it waits for, or nothing where a sibling needs a network as it is."""
        draft = ChangeGroup(name_change(self._project), Lane.SAFE, "", "", edits=edits.edits)
        after = self._snapshot.overlay([draft])
        of_siblings = [prove_sibling(sibling, after, row) for sibling in self._siblings]
        if self._pin_what_fails(of_siblings, row):
            return []
        proofs = [*prove(self._project, after, self._before, row), *of_siblings, prove_comments(edits)]
        if self._around.reader and not any(proof.failed for proof in proofs):
            proofs += [*self._ask_compose(after, self._around.reader)]
        blockers = group_stale(self._stale, self._project)
        waits_for = frozenset({*(group.id for group in blockers), *map(name_fault, self._broken)})
        reasons = [*find_reasons(self._project, self._before, row, self._choice.allowed), *self._mentions(row)]
        change = group_change(self._project, self._before, row, proofs, reasons)
        return [
            *blockers,
            replace(change, edits=edits.edits if change.lane is not Lane.REFUSED else (), requires=waits_for),
        ]

    def _mentions(self, row: Row) -> Iterator[str]:
        gone = {
            name: shape.full_name for name, shape in self._before.networks.items() if name not in row.after.networks
        }
        search = self._around.search
        for name, place in find_mentions(self._snapshot, search, gone, self._files) if search else ():
            yield f"{place} names the network {name}"

    def _ask_compose(self, after: Snapshot, reader: ModelReader) -> Iterator[Proof]:
        for project in (self._project, *self._siblings):
            planned = read_topology(reload_project(project, after))
            yield judge(project, planned, self._snapshot, after, reader)

    def _pin_what_fails(self, proofs: list[Proof], row: Row) -> bool:
        """Pin the networks that a sibling needs as they are; return whether there were any."""
        failing = [sibling for sibling, proof in zip(self._siblings, proofs, strict=True) if not proof.holds]
        changed = [
            name
            for name, shape in self._before.networks.items()
            if name not in row.after.networks or shape != row.after.networks[name]
        ]
        return self._pin({name: f"{each.label} needs it as it is" for each in failing for name in changed})
