"""Which networks to put together so that the fewest services meet that did not before."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.facts.compose.topology import Pair

MOST_PARTED = 7  # there are 877 ways to part seven networks


@dataclass(frozen=True, slots=True)
class Merge:
    """Networks that become one, that with the most services first, and the pairs that then meet for the first time."""

    networks: tuple[str, ...]
    extra: frozenset[Pair]


def list_merges(networks: Mapping[str, frozenset[str]], pairs: frozenset[Pair]) -> list[tuple[Merge, ...]]:
    """Return for each number of networks, from all to one, the merges that add the fewest pairs.

    With more than a few networks each number is made of the one before it by the best single merge.
    """
    names = sorted(networks, key=lambda name: (-len(networks[name]), name))
    partitions = _all_partitions(names) if len(names) <= MOST_PARTED else _joined_one_by_one(names, networks, pairs)
    best: dict[int, tuple[int, tuple[Merge, ...]]] = {}
    for partition in partitions:
        merges = tuple(_merge(part, networks, pairs) for part in partition if len(part) > 1)
        added = len({pair for merge in merges for pair in merge.extra})
        if len(partition) not in best or added < best[len(partition)][0]:
            best[len(partition)] = added, merges
    return [best[count][1] for count in sorted(best, reverse=True)]


def _merge(part: Sequence[str], networks: Mapping[str, frozenset[str]], pairs: frozenset[Pair]) -> Merge:
    members = sorted(frozenset().union(*(networks[name] for name in part)))
    met = {frozenset(pair) for pair in combinations(members, 2)}
    return Merge(tuple(part), frozenset(met - pairs))


def _all_partitions(names: Sequence[str]) -> Iterator[list[list[str]]]:
    if not names:
        yield []
        return
    for partition in _all_partitions(names[:-1]):
        for index in range(len(partition)):
            yield [*partition[:index], [*partition[index], names[-1]], *partition[index + 1 :]]
        yield [*partition, [names[-1]]]


def _joined_one_by_one(
    names: Sequence[str], networks: Mapping[str, frozenset[str]], pairs: frozenset[Pair]
) -> Iterator[list[list[str]]]:
    parts = [[name] for name in names]
    yield [list(part) for part in parts]
    while len(parts) > 1:
        one, other = min(
            combinations(range(len(parts)), 2),
            key=lambda each: len(_merge(parts[each[0]] + parts[each[1]], networks, pairs).extra),
        )
        parts = [*(part for i, part in enumerate(parts) if i not in {one, other}), parts[one] + parts[other]]
        yield [list(part) for part in parts]
