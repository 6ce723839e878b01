"""Read a project again as the edits make it, and say what that proves."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.compose.plain_models import drop_networks, to_plain
from rrr_optimize.compose.topology_difference import Difference, compare_topologies
from rrr_optimize.compose.wording import list_names
from rrr_optimize.facts.compose.reading import reload_project
from rrr_optimize.facts.compose.topology import read_topology
from rrr_optimize.model import Proof
from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rrr_optimize.compose.network_edits import NetworkEdits
    from rrr_optimize.compose.network_rows import Row
    from rrr_optimize.facts.compose.files import Texts
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.topology import Pair, Topology


def prove(project: ComposeProject, texts: Texts, before: Topology, row: Row) -> Iterator[Proof]:
    """Yield what was checked on the edited files: the model that they make, and who reaches whom in it."""
    after = reload_project(project, texts)
    yield _prove_model(project, after, row.after)
    found = read_topology(after)
    difference = compare_topologies(before, found)
    yield _prove_pairs(before, found, difference, row.extra)
    others = difference.egress or difference.published
    ports = f"{counted(len(before.egress), 'service')} with egress, {counted(len(before.published), 'published port')}"
    yield Proof("the same services reach the world, and the same ports are published", not others, (ports,))
    new = [f"{asker} can ask for {name} too" for asker, name in sorted(difference.new_answers)]
    yield Proof("every name means the same service as before", not difference.other_answers, tuple(new))
    yield from _prove_minimum(row)


def _prove_model(before: ComposeProject, after: ComposeProject, planned: Topology) -> Proof:
    claim = "the model of the edited files is the planned one"
    found = read_topology(after)
    same_rest = _without_networks(before, planned) == _without_networks(after, planned)
    holds = same_rest and _shape(found) == _shape(planned) and after.loaded.problems == before.loaded.problems
    return Proof(claim, holds, (f"{counted(len(after.services), 'service')} of {before.label} compared",))


def _shape(topology: Topology) -> Any:
    return {
        name: (shape.kind, {service: (each.aliases, each.is_special) for service, each in shape.members.items()})
        for name, shape in topology.networks.items()
    }


def _without_networks(project: ComposeProject, planned: Topology) -> Any:
    """Return the model as plain data, but for who is on which network and for networks that the plan does without."""
    told = to_plain(project.model) if project.model else {}
    networks = told.get("networks") or {}
    told["networks"] = {name: value for name, value in networks.items() if name in planned.networks}
    for service in (told.get("services") or {}).values():
        if isinstance(service, dict):
            service.pop("networks", None)
    # An anchor of what services have in common may stand in an extension.
    return {key: drop_networks(item) if key.startswith("x-") else item for key, item in told.items()}


def _prove_pairs(before: Topology, after: Topology, difference: Difference, extra: Collection[Pair]) -> Proof:
    if not extra:
        claim = "exactly the same services reach each other"
        holds = not difference.lost_pairs and not difference.new_pairs
        return Proof(claim, holds, (f"{counted(len(before.pairs), 'pair')} before, {len(after.pairs)} after",))
    holds = not difference.lost_pairs and difference.new_pairs == frozenset(extra)
    met = tuple(f"{list_names(sorted(pair))} can talk then" for pair in extra)
    return Proof(f"no pair is lost, and {counted(len(extra), 'pair')} can talk that could not", holds, met)


def _prove_minimum(row: Row) -> Iterator[Proof]:
    """Yield the proof that there is no better row, where there is one: what is not proved is said in the title."""
    if not row.is_minimal:
        return
    if row.extra:
        told = "every way to put the networks of the smallest set together was tried"
        yield Proof(f"no merge to {counted(row.networks, 'network')} adds fewer pairs", holds=True, evidence=(told,))
        return
    apart = [list_names(sorted(item)) for item in row.witness]
    told = f"no two of these fit on one network: {'; '.join(apart)}" if apart else "every other way was tried"
    yield Proof(f"fewer than {counted(row.networks, 'network')} would not do", holds=True, evidence=(told,))


def prove_sibling(sibling: ComposeProject, texts: Texts, row: Row) -> Proof:
    """Return whether a project that shares files is what it was, but for the pairs that were chosen."""
    after = reload_project(sibling, texts)
    difference = compare_topologies(read_topology(sibling), read_topology(after))
    same = _without_networks(sibling, row.after) == _without_networks(after, row.after)
    others = difference.lost_pairs or difference.egress or difference.published or difference.other_answers
    holds = same and not others and difference.new_pairs <= frozenset(row.extra) and after.loaded.is_whole
    lost = [f"{list_names(sorted(pair))} would lose each other" for pair in sorted(difference.lost_pairs, key=sorted)]
    return Proof(f"{sibling.label} reaches what it reached", holds, tuple(lost))


def prove_comments(edits: NetworkEdits) -> Proof:
    """Return what becomes of comments; the editor has counted them."""
    gone = [f"goes with what it is about: {comment}" for comment in edits.removed_comments]
    stays = [f"stays above what is taken out: {place}" for place in edits.left_comments]
    return Proof("every other comment is where it was", holds=True, evidence=(*gone, *stays))
