"""Plan the smallest set of networks for each Compose project: a table to choose from, a change with its proofs."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rrr_optimize.compose.faults import find_faults, group_faults, name_fault
from rrr_optimize.compose.network_edits import CannotEditError, NetworkEdits, edit_networks
from rrr_optimize.compose.network_groups import group_change, group_refusal, group_stale, name_change
from rrr_optimize.compose.network_pins import find_pins
from rrr_optimize.compose.network_proofs import prove, prove_comments, prove_sibling
from rrr_optimize.compose.network_review import find_reasons
from rrr_optimize.compose.network_rows import Row, make_rows
from rrr_optimize.compose.project_families import Family, find_families, find_staleness
from rrr_optimize.compose.second_judge import judge
from rrr_optimize.compose.topology_difference import compare_topologies
from rrr_optimize.facts.compose.reading import reload_project
from rrr_optimize.facts.compose.topology import read_topology
from rrr_optimize.model import ChangeGroup, Lane, Plan

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

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


def plan_networks(facts: ComposeFacts, snapshot: Snapshot, choice: NetworkChoice | None = None) -> Plan:
    """Return the plan for every project of a repository; nothing is read that is not read already."""
    choice = choice or NetworkChoice()
    proposals = propose_networks(facts, snapshot, choice)
    broken = group_faults({path: each for path, each in find_faults(facts).items() if choice.holds([path])})
    return Plan((*broken, *(group for proposal in proposals for group in proposal.groups)))


def propose_networks(
    facts: ComposeFacts, snapshot: Snapshot, choice: NetworkChoice, reader: ModelReader | None = None
) -> tuple[NetworkProposal, ...]:
    """Return a proposal for each family of projects that share files, made for its principal project.

    A file that would have to be edited too, and that cannot be laid over the others any more, is a group of its own,
    refused, which the change requires: it waits until that is dealt with. A project with a file that Compose stops at
    has no proposal. With a `reader` Docker Compose is asked about each change, too.
    """
    faults = find_faults(facts)
    return tuple(
        _Proposer(family, facts, snapshot, choice, reader, faults).propose()
        for family in find_families(facts.projects)
        if choice.holds(family.files) and not faults.keys() & set(family.principal.loaded.files)
    )


class _Proposer:
    def __init__(
        self,
        family: Family,
        facts: ComposeFacts,
        snapshot: Snapshot,
        choice: NetworkChoice,
        reader: ModelReader | None,
        faults: Collection[str],
    ) -> None:
        self._project = family.principal
        self._broken = frozenset(path for each in family.siblings for path in each.loaded.files if path in faults)
        siblings = [each for each in family.siblings if not self._broken & set(each.loaded.files)]
        self._stale = [found for each in siblings if (found := find_staleness(each))]
        self._siblings = [each for each in siblings if find_staleness(each) is None]
        self._files = {file.path: file for file in facts.files}
        self._snapshot = snapshot
        self._choice = choice
        self._reader = reader
        self._before = read_topology(self._project)
        others = [each for each in facts.projects if each not in (self._project, *family.siblings)]
        self._pinned = find_pins(self._project, self._before, family.siblings, others)

    def propose(self) -> NetworkProposal:
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
        if self._reader and not any(proof.failed for proof in proofs):
            proofs += [*self._ask_compose(after, self._reader)]
        blockers = group_stale(self._stale, self._project)
        waits_for = frozenset({*(group.id for group in blockers), *map(name_fault, self._broken)})
        reasons = [*find_reasons(self._project, self._before, row, self._choice.allowed)]
        change = group_change(self._project, self._before, row, proofs, reasons)
        return [
            *blockers,
            replace(change, edits=edits.edits if change.lane is not Lane.REFUSED else (), requires=waits_for),
        ]

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
