"""The table that a person decides on: how many networks, and which services could then talk that cannot today."""

from __future__ import annotations

from dataclasses import dataclass, replace
from itertools import combinations, product
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.compose.edge_cover import STEP_CAP, Cover, find_cover
from rrr_optimize.compose.network_merges import MOST_PARTED, Merge, list_merges
from rrr_optimize.facts.compose.topology import Membership, NetworkShape, Pair, Topology

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence, Set as AbstractSet

    from rrr_optimize.facts.compose.topology import NetworkClass

Groups: TypeAlias = "dict[str, frozenset[str]]"


@dataclass(frozen=True, slots=True)
class Row:
    """One choice: the topology that it makes, the pairs that it adds, and how its networks came about.

    `is_minimal` says whether it is proved that no fewer networks add nothing or, of a row that adds pairs, that no
    other merge adds fewer. `witness` are pairs and services no two of which could be on one network, where they alone
    prove it.
    """

    after: Topology
    extra: tuple[Pair, ...]
    merges: tuple[Merge, ...] = ()
    is_minimal: bool = False
    witness: tuple[frozenset[str], ...] = ()

    @property
    def networks(self) -> int:
        """How many networks there are."""
        return len(self.after.networks)


def make_rows(topology: Topology, pinned: Collection[str], cap: int = STEP_CAP) -> tuple[Row, ...]:
    """Return today, the fewest networks that change nothing, and fewer ones with the pairs that each adds.

    Networks of one class only are put together, and `pinned` ones stay as they are. The rows that add pairs are the
    best merges of the networks of the row before them, not of all that could be thought of.
    """
    covers = [_cover_class(topology, kind, pinned, cap) for kind in _classes(topology, pinned)]
    least = _with_groups(topology, pinned, {name: group for groups, _ in covers for name, group in groups.items()})
    is_minimal = all(cover.is_minimal for _, cover in covers)
    alone = [cover.witness for _, cover in covers if len(cover.witness) == len(cover.groups)]
    witness = tuple(item for items in alone for item in items) if len(alone) == len(covers) else ()
    is_today = len(least.networks) == len(topology.networks)
    rows = [Row(topology, (), (), is_today and is_minimal, witness if is_today else ())]
    if not is_today:
        rows.append(Row(least, (), (), is_minimal, witness))
    return (*rows, *_merged_rows(topology, least, set(pinned)))


def _classes(topology: Topology, pinned: Collection[str]) -> list[NetworkClass]:
    return list(dict.fromkeys(shape.kind for name, shape in topology.networks.items() if name not in pinned))


def _cover_class(topology: Topology, kind: NetworkClass, pinned: Collection[str], cap: int) -> tuple[Groups, Cover]:
    """Return the fewest groups for the networks of a class, by the names that they can keep."""
    same = {name: frozenset(shape.members) for name, shape in topology.networks.items() if shape.kind == kind}
    free = {name: members for name, members in same.items() if name not in pinned}
    # On a network that keeps its services apart no pair meets; such a network is pinned.
    meeting = [members for name, members in same.items() if name in pinned and not kind.keeps_apart]
    held = {item for members in meeting for item in _items(members)}
    wanted = {item for members in free.values() for item in _items(members)} - held
    # Who meets on a network of another class may meet here too: that adds nothing to what can be reached.
    cover = find_cover(topology.pairs, wanted, list(free.values()), cap)
    return _name_groups(cover, free, wanted), cover


def _items(members: Collection[str]) -> Iterator[frozenset[str]]:
    yield from (frozenset((name,)) for name in members)
    yield from (frozenset(pair) for pair in combinations(sorted(members), 2))


def _name_groups(cover: Cover, free: Mapping[str, frozenset[str]], wanted: Collection[frozenset[str]]) -> Groups:
    """Give each group the name of the network that it resembles most, and take out who need not join."""
    left = dict(enumerate(cover.groups))
    named: Groups = {}
    order = list(free)
    closest = sorted(
        product(left, free), key=lambda each: (-_likeness(left[each[0]], free[each[1]]), order.index(each[1]))
    )
    for index, name in closest:
        if index in left and name not in named:
            named[name] = left.pop(index)
    for name in [name for name in order if name in named]:
        for newcomer in sorted(named[name] - free[name]):
            fewer = {**named, name: named[name] - {newcomer}}
            if all(any(item <= group for group in fewer.values()) for item in wanted if newcomer in item):
                named = fewer
    return {name: named[name] for name in order if name in named}


def _likeness(group: frozenset[str], members: frozenset[str]) -> float:
    return len(group & members) / len(group | members)


def _with_groups(topology: Topology, pinned: Collection[str], groups: Groups) -> Topology:
    """Return a topology whose free networks hold these groups, with every alias where it is asked for."""
    shapes = {
        name: shape if name in pinned else replace(shape, members=_memberships(shape, groups[name]))
        for name, shape in topology.networks.items()
        if name in pinned or name in groups
    }
    return _carry_aliases(topology, Topology(topology.services, shapes))


def _memberships(shape: NetworkShape, group: frozenset[str]) -> dict[str, Membership]:
    kept = {name: membership for name, membership in shape.members.items() if name in group}
    return kept | {name: Membership() for name in sorted(group - kept.keys())}


def _carry_aliases(before: Topology, after: Topology) -> Topology:
    """Return a topology in which whoever could ask for an alias still can."""
    shapes = dict(after.networks)
    for shape in before.networks.values():
        for service, membership in shape.members.items():
            for alias in sorted(membership.aliases):
                askers = set(shape.members) - {service}
                for network in _networks_for(shapes, service, alias, askers, shape.kind):
                    members = dict(shapes[network].members)
                    members[service] = replace(members[service], aliases=members[service].aliases | {alias})
                    shapes[network] = replace(shapes[network], members=members)
    return Topology(after.services, shapes)


def _networks_for(
    shapes: Mapping[str, NetworkShape], service: str, alias: str, askers: set[str], kind: NetworkClass
) -> Iterator[str]:
    """Yield networks on which a service needs an alias for these services to find it, the most useful first."""
    own = {
        name: set(shape.members) for name, shape in shapes.items() if service in shape.members and shape.kind == kind
    }
    known = {name for name in own if alias in shapes[name].members[service].aliases}
    if not known and not askers and own:
        yield next(iter(own))
    left = askers - {asker for name in known for asker in own[name]}
    while left:
        best = max(own, key=lambda name: len(own[name] & left), default=None)
        if best is None or not own[best] & left:
            return
        yield best
        left -= own[best]


def _merged_rows(topology: Topology, least: Topology, pinned: AbstractSet[str]) -> Iterator[Row]:
    """Yield a row for each smaller number of networks."""
    options: list[Sequence[tuple[Merge, ...]]] = []
    for kind in _classes(least, pinned):
        free = {
            name: least.members(name)
            for name, shape in least.networks.items()
            if shape.kind == kind and name not in pinned
        }
        options.append(list_merges(free, topology.pairs))
    by_count: dict[int, tuple[Merge, ...]] = {}
    for choice in product(*options):
        merges = tuple(merge for part in choice for merge in part)
        count = sum(len(merge.networks) - 1 for merge in merges)
        if count and (count not in by_count or _added(merges) < _added(by_count[count])):
            by_count[count] = merges
    # With several classes a pair may be added in each of them, and the best of each need not be the best of all.
    is_exact = len(options) == 1 and len(least.networks) - len(pinned & least.networks.keys()) <= MOST_PARTED
    for count in sorted(by_count):
        after = _with_merges(topology, least, by_count[count])
        extra = sorted(after.pairs - topology.pairs, key=sorted)
        yield Row(after, tuple(extra), by_count[count], is_exact and bool(extra))


def _added(merges: Sequence[Merge]) -> int:
    return len({pair for merge in merges for pair in merge.extra})


def _with_merges(before: Topology, least: Topology, merges: Sequence[Merge]) -> Topology:
    shapes = dict(least.networks)
    for merge in merges:
        members = {name: m for network in merge.networks for name, m in least.networks[network].members.items()}
        kept = merge.networks[0]
        own = least.networks[kept].members
        joined = {name: own.get(name, Membership()) for name in sorted(members)}
        shapes = {name: shape for name, shape in shapes.items() if name not in merge.networks[1:]}
        shapes[kept] = replace(shapes[kept], members=joined)
    return _carry_aliases(before, Topology(before.services, shapes))
