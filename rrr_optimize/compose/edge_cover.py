"""The fewest groups in which all may meet, such that every wanted pair does: minimum edge clique cover, exact."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.compose.bits import bits, size
from rrr_optimize.compose.cover_search import CoverSearch

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Sequence

STEP_CAP = 20_000


@dataclass(frozen=True, slots=True)
class Cover:
    """Groups that cover all that was wanted, and whether no fewer can.

    `witness` are wanted things no two of which fit into one group; where there are as many as groups, they alone
    prove it. Otherwise `steps` of the search did, or ran out.
    """

    groups: tuple[frozenset[str], ...]
    is_minimal: bool
    witness: tuple[frozenset[str], ...]
    steps: int = 0


def find_cover(
    allowed: Collection[frozenset[str]],
    wanted: Collection[frozenset[str]],
    known: Sequence[frozenset[str]] = (),
    cap: int = STEP_CAP,
) -> Cover:
    """Return the fewest groups, all of whose pairs are `allowed`, that hold every `wanted` pair and single.

    Wanted pairs have to be allowed. `known` are groups that cover it all already: where some of them are as few as
    any others could be, they are the answer. After `cap` steps the best cover so far is returned as not minimal.
    """
    if not wanted:
        return Cover((), is_minimal=True, witness=())
    full = _Graph(allowed, wanted)
    candidates = [full.mask(group & frozenset(full.names)) for group in known]
    chosen = _choose_known(full, candidates, cap)
    reduced = full.without_twins()
    search = CoverSearch(reduced.adjacent, reduced.items, cap)
    found = search.run(at_most=len(chosen) if chosen else None)
    witness = tuple(reduced.group(reduced.items[index]) for index in search.witness)
    if found is not None:
        groups = [reduced.spread(mask) for mask in found]
    else:
        # With next to no steps to do not even the first way through is found: then it stays as it is.
        groups = [known[index] for index in chosen] or list(known) or list(wanted)
    return Cover(tuple(groups), not search.is_capped, witness, search.steps)


def _choose_known(graph: _Graph, candidates: list[int], cap: int) -> list[int]:
    """Return the fewest of the known groups that cover everything, by their index; nothing where they do not."""
    if not candidates:
        return []
    search = CoverSearch(graph.adjacent, graph.items, cap, candidates)
    found = search.run()
    return sorted(candidates.index(mask) for mask in found) if found else []


class _Graph:
    """Names as bits: `adjacent` holds for each which others it may meet, itself among them."""

    def __init__(self, allowed: Collection[frozenset[str]], wanted: Iterable[frozenset[str]]) -> None:
        self._allowed = allowed
        self.wanted = frozenset(wanted)
        self.names = sorted({name for item in self.wanted for name in item})
        self._bit = {name: 1 << index for index, name in enumerate(self.names)}
        self.twins: dict[str, list[str]] = {}
        self.adjacent = list(self._bit.values())
        for pair in allowed:
            if len(pair) > 1 and pair <= self._bit.keys():
                one, other = pair
                self.adjacent[self.names.index(one)] |= self._bit[other]
                self.adjacent[self.names.index(other)] |= self._bit[one]

    @cached_property
    def items(self) -> list[int]:
        """What is wanted, without singles that a pair brings along, the hardest to place first."""
        pairs = [self.mask(item) for item in self.wanted if len(item) > 1]
        held = 0
        for pair in pairs:
            held |= pair
        singles = [mask for item in self.wanted if len(item) == 1 and not (mask := self.mask(item)) & held]
        return sorted({*pairs, *singles}, key=lambda item: (size(self._around(item)), item))

    def _around(self, item: int) -> int:
        around = -1
        for index in bits(item):
            around &= self.adjacent[index]
        return around

    def mask(self, names: Iterable[str]) -> int:
        """Return names as bits."""
        found = 0
        for name in names:
            found |= self._bit[name]
        return found

    def group(self, mask: int) -> frozenset[str]:
        """Return bits as names."""
        return frozenset(self.names[index] for index in bits(mask))

    def spread(self, mask: int) -> frozenset[str]:
        """Return bits as names, each with its twins."""
        return frozenset(twin for name in self.group(mask) for twin in (name, *self.twins.get(name, ())))

    def without_twins(self) -> _Graph:
        """Return the graph with one name for all that may meet the same others, each other among them.

        Where one of them is in a group the rest can be too, so the fewest groups are as many as before.
        """
        kinds: dict[int, list[str]] = {}
        for index, name in enumerate(self.names):
            kinds.setdefault(self.adjacent[index], []).append(name)
        first = {name: group[0] for group in kinds.values() for name in group}
        reduced = _Graph(
            {frozenset(map(first.__getitem__, pair)) for pair in self._allowed if pair <= first.keys()},
            {frozenset(map(first.__getitem__, item)) for item in self.wanted},
        )
        reduced.twins = {group[0]: group[1:] for group in kinds.values() if len(group) > 1}
        return reduced
