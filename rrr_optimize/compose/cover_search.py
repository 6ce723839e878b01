"""Branch and bound over the groups that could hold the item that is hardest to place, within a number of steps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.bits import bits, lowest, size

if TYPE_CHECKING:
    from collections.abc import Sequence


class _OutOfStepsError(Exception):
    pass


class CoverSearch:
    """Finds the fewest groups that hold every item.

    `adjacent` says for each thing which others may be in a group with it, itself among them, and `items` are sets of
    things that have to be together somewhere, hardest to place first. Groups are the largest possible ones, or the
    `candidates` where they are given.
    """

    def __init__(
        self, adjacent: Sequence[int], items: Sequence[int], cap: int, candidates: Sequence[int] | None = None
    ) -> None:
        self.steps = 0
        self.is_capped = False
        self._adjacent = adjacent
        self._items = items
        self._cap = cap
        self._candidates = candidates
        self._around = [self._common(item) for item in items]
        self._apart = [self._not_together(index) for index in range(len(items))]
        self._held: dict[int, int] = {}
        self._groups: dict[int, list[int]] = {}
        self._seen: dict[int, int] = {}
        self._best: list[int] | None = None
        self._limit = 0
        self.witness: list[int] = self._find_apart((1 << len(items)) - 1)

    def run(self, at_most: int | None = None) -> list[int] | None:
        """Return the fewest groups; with `at_most`, only if they are fewer than that, else None.

        At the cap, which `is_capped` tells, they are the fewest so far.
        """
        everything = (1 << len(self._items)) - 1
        self._limit = at_most if at_most is not None else len(self._items) + 1
        if len(self.witness) >= self._limit:
            return None
        try:
            self._extend(everything, [])
        except _OutOfStepsError:
            self.is_capped = True
        return self._best

    def _common(self, item: int) -> int:
        common = -1
        for index in bits(item):
            common &= self._adjacent[index]
        return common

    def _not_together(self, index: int) -> int:
        """Return the items that no group holds together with this one."""
        around = self._around[index]
        found = 0
        for other, item in enumerate(self._items):
            if item & ~around:
                found |= 1 << other
        return found

    def _find_apart(self, items: int) -> list[int]:
        """Return items no two of which fit into one group, as many as come first: so many groups are needed."""
        found: list[int] = []
        while items:
            index = lowest(items)
            found.append(index)
            items &= self._apart[index]
        return found

    def _extend(self, uncovered: int, chosen: list[int]) -> None:
        self._count()
        if not uncovered:
            self._best, self._limit = list(chosen), len(chosen)
            return
        if len(chosen) + len(self._find_apart(uncovered)) >= self._limit:
            return
        if self._seen.get(uncovered, self._limit) <= len(chosen):
            return
        self._seen[uncovered] = len(chosen)
        for group in self._branches(uncovered):
            chosen.append(group)
            self._extend(uncovered & ~self._holds(group), chosen)
            chosen.pop()

    def _branches(self, uncovered: int) -> list[int]:
        """Return the groups that could hold the item for which there are fewest, those that hold most first."""
        options = min((self._groups_with(index) for index in self._find_apart(uncovered)), key=len)
        ranked = sorted(options, key=lambda group: -size(self._holds(group) & uncovered))
        kept: list[int] = []
        for group in ranked:
            fresh = self._holds(group) & uncovered
            if not any(fresh & ~self._holds(better) == 0 for better in kept):
                kept.append(group)
        return kept

    def _holds(self, group: int) -> int:
        """Return the items that lie in a group."""
        if group not in self._held:
            found = 0
            for index, item in enumerate(self._items):
                if not item & ~group:
                    found |= 1 << index
            self._held[group] = found
        return self._held[group]

    def _groups_with(self, index: int) -> list[int]:
        if index not in self._groups:
            item = self._items[index]
            if self._candidates is None:
                found: list[int] = []
                self._find_maximal(item, self._around[index] & ~item, 0, found)
            else:
                found = [group for group in dict.fromkeys(self._candidates) if not item & ~group]
            self._groups[index] = found
        return self._groups[index]

    def _find_maximal(self, group: int, more: int, done: int, found: list[int]) -> None:
        """Collect the largest groups around one, which is in all of them (Bron and Kerbosch, with a pivot)."""
        self._count()
        if not more and not done:
            found.append(group)
            return
        pivot = max(bits(more | done), key=lambda index: size(self._adjacent[index] & more))
        for index in bits(more & (~self._adjacent[pivot] | 1 << pivot)):
            around = self._adjacent[index] & ~(1 << index)
            self._find_maximal(group | 1 << index, more & around, done & around, found)
            more &= ~(1 << index)
            done |= 1 << index

    def _count(self) -> None:
        self.steps += 1
        if self.steps > self._cap:
            raise _OutOfStepsError
