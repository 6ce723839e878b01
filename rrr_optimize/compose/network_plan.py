"""Plan the smallest set of networks for each Compose project: a table to choose from, a change with its proofs."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.compose.network_edits import CannotEditError, NetworkEdits, edit_networks
from rrr_optimize.compose.network_pins import find_pins
from rrr_optimize.compose.network_proofs import prove, prove_comments, prove_sibling
from rrr_optimize.compose.network_review import explain, find_reasons
from rrr_optimize.compose.network_rows import Row, make_rows
from rrr_optimize.compose.project_families import Family, find_families, what_is_stale
from rrr_optimize.compose.topology_difference import compare_topologies
from rrr_optimize.facts.compose.files import ComposeFiles
from rrr_optimize.facts.compose.overlay import overlay_edits
from rrr_optimize.facts.compose.topology import read_topology
from rrr_optimize.model import ChangeGroup, Lane, Plan, Proof

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.facts.compose.files import Texts
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.reading import ComposeFacts
    from rrr_optimize.facts.compose.topology import Pair, Topology


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    """Which row a person picks, by its number of networks, and the pairs that may talk although they cannot today."""

    networks: int | None = None
    allowed: frozenset[Pair] = frozenset()


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


def plan_networks(facts: ComposeFacts, texts: Texts, choice: NetworkChoice | None = None) -> Plan:
    """Return the plan for every project of a repository; nothing is read but the texts."""
    proposals = propose_networks(facts, texts, choice or NetworkChoice())
    return Plan(tuple(group for proposal in proposals for group in proposal.groups))


def propose_networks(facts: ComposeFacts, texts: Texts, choice: NetworkChoice) -> tuple[NetworkProposal, ...]:
    """Return a proposal for each family of projects that share files, made for its principal project.

    A file that would have to be edited too, and that cannot be laid over the others any more, is a group of its own,
    refused, which the change requires: it waits until that is dealt with.
    """
    families = find_families(facts.projects)
    return tuple(_Proposer(family, facts.projects, texts, choice).propose() for family in families)


class _Proposer:
    def __init__(self, family: Family, projects: Sequence[ComposeProject], texts: Texts, choice: NetworkChoice) -> None:
        self._project = family.principal
        self._stale = [each for each in family.siblings if what_is_stale(each)]
        self._siblings = [each for each in family.siblings if not what_is_stale(each)]
        self._texts = texts
        self._choice = choice
        self._before = read_topology(self._project)
        others = [each for each in projects if each not in (self._project, *family.siblings)]
        self._pinned = find_pins(self._project, self._before, family.siblings, others)
        self._id = f"networks:{self._project.files[0]}"

    def propose(self) -> NetworkProposal:
        while True:
            rows = self._rows()
            row = self._choose(rows)
            if row is None or row.after is self._before:
                return self._proposal(rows, row, [] if row else [self._refused(self._no_row(rows))])
            if problem := what_is_stale(self._project):
                return self._proposal(rows, row, [self._refused(problem)])
            try:
                edits = self._edit(row)
            except CannotEditError as error:
                return self._proposal(rows, row, [self._refused(str(error))])
            after = overlay_edits(self._texts, edits.edits)
            of_siblings = [prove_sibling(sibling, after, row) for sibling in self._siblings]
            if self._pin_what_fails(of_siblings, row):
                continue
            proofs = [*prove(self._project, after, self._before, row), *of_siblings, prove_comments(edits)]
            return self._proposal(rows, row, [*self._blockers(), self._group(row, edits, proofs)])

    def _proposal(self, rows: tuple[Row, ...], row: Row | None, groups: list[ChangeGroup]) -> NetworkProposal:
        return NetworkProposal(self._project, self._before, rows, dict(self._pinned), row, tuple(groups))

    def _choose(self, rows: tuple[Row, ...]) -> Row | None:
        wanted = self._choice.networks
        if wanted is None:
            return next(row for row in reversed(rows) if not row.extra)
        return next((row for row in rows if row.networks == wanted), None)

    def _no_row(self, rows: tuple[Row, ...]) -> str:
        numbers = ", ".join(str(row.networks) for row in rows)
        return f"{self._choice.networks} networks are not to be had: the choice is {numbers}"

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
        library = ComposeFiles(self._texts)
        projects = (self._project, *self._siblings)
        paths = dict.fromkeys(path for project in projects for path in project.loaded.files)
        files = [file for path in paths if (file := library.get(path))]
        return edit_networks(files, self._before, row.after)

    def _pin_what_fails(self, proofs: list[Proof], row: Row) -> bool:
        """Pin the networks that a sibling needs as they are; return whether there were any."""
        failing = [sibling for sibling, proof in zip(self._siblings, proofs, strict=True) if not proof.holds]
        changed = [
            name
            for name, shape in self._before.networks.items()
            if name not in row.after.networks or shape != row.after.networks[name]
        ]
        return self._pin({name: f"{each.label} needs it as it is" for each in failing for name in changed})

    def _blockers(self) -> list[ChangeGroup]:
        reasons: dict[str, str] = {}
        for each in sorted(self._stale, key=lambda project: -len(project.files)):
            reasons.setdefault(f"stale:{each.files[-1]}", f"{what_is_stale(each)}; the networks wait for it")
        return [ChangeGroup(name, Lane.REFUSED, why) for name, why in sorted(reasons.items())]

    def _group(self, row: Row, edits: NetworkEdits, proofs: list[Proof]) -> ChangeGroup:
        failed = [proof.claim for proof in proofs if not proof.holds]
        if failed:
            return ChangeGroup(self._id, Lane.REFUSED, f"not proved: {'; '.join(failed)}", proofs=tuple(proofs))
        reasons = [*find_reasons(self._project, self._before, row, self._choice.allowed)]
        lane = Lane.REVIEW if reasons else Lane.SAFE
        why = "; ".join([explain(self._before, row), *reasons])
        requires = frozenset(group.id for group in self._blockers())
        return ChangeGroup(self._id, lane, why, edits.edits, tuple(proofs), requires)

    def _refused(self, why: str) -> ChangeGroup:
        return ChangeGroup(self._id, Lane.REFUSED, why)
