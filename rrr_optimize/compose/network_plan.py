"""Plan the smallest set of networks for each Compose project of a repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.faults import find_faults, group_faults
from rrr_optimize.compose.network_proposer import NetworkChoice, NetworkProposal, Proposer, Surroundings
from rrr_optimize.compose.project_families import find_families
from rrr_optimize.model import Plan

if TYPE_CHECKING:
    from rrr_optimize.compose.network_mentions import Search
    from rrr_optimize.facts.compose.reading import ComposeFacts
    from rrr_optimize.tools.docker_compose import ModelReader
    from rrr_optimize.workspace.snapshot import Snapshot

__all__ = ["NetworkChoice", "NetworkProposal", "plan_networks", "propose_networks"]


def plan_networks(facts: ComposeFacts, snapshot: Snapshot, choice: NetworkChoice | None = None) -> Plan:
    """Return the plan for every project of a repository; nothing is read that is not read already."""
    choice = choice or NetworkChoice()
    proposals = propose_networks(facts, snapshot, choice)
    broken = group_faults({path: each for path, each in find_faults(facts).items() if choice.holds([path])})
    return Plan((*broken, *(group for proposal in proposals for group in proposal.groups)))


def propose_networks(
    facts: ComposeFacts,
    snapshot: Snapshot,
    choice: NetworkChoice,
    reader: ModelReader | None = None,
    search: Search | None = None,
) -> tuple[NetworkProposal, ...]:
    """Return a proposal for each family of projects that share files, made for its principal project.

    A file that would have to be edited too, and that cannot be laid over the others any more, is a group of its own,
    refused, which the change requires: it waits until that is dealt with. A project with a file that Compose stops at
    has no proposal. `reader` and `search` are those of the surroundings.
    """
    faults = find_faults(facts)
    around = Surroundings(facts, snapshot, faults, reader, search)
    return tuple(
        Proposer(family, around, choice).propose()
        for family in find_families(facts.projects)
        if choice.holds(family.files) and not faults.keys() & set(family.principal.loaded.files)
    )
