"""A SAT solver as the oracle: is there a cover with so many groups?"""

from __future__ import annotations

from itertools import combinations, product
from typing import TYPE_CHECKING

from pysat.solvers import Solver  # type: ignore[import-untyped]  # it has no annotations

if TYPE_CHECKING:
    from collections.abc import Collection

    Item = frozenset[str]


def list_items(groups: Collection[Item]) -> set[Item]:
    """Return every pair and every single of some groups."""
    pairs = {frozenset(pair) for group in groups for pair in combinations(group, 2)}
    return pairs | {frozenset((name,)) for group in groups for name in group}


def is_cover(groups: Collection[Item], allowed: Collection[Item], wanted: Collection[Item]) -> bool:
    """Return whether groups hold all that is wanted, and only what is allowed."""
    return list_items(groups) <= set(allowed) | {frozenset((n,)) for item in wanted for n in item} and all(
        any(item <= group for group in groups) for item in wanted
    )


def can_cover(allowed: Collection[Item], wanted: Collection[Item], number: int) -> bool:
    """Return whether that many groups can hold every wanted item: one variable for each name in each group."""
    names = sorted({name for item in wanted for name in item})
    inside = {key: index + 1 for index, key in enumerate(product(names, range(number)))}
    fresh = len(inside)
    with Solver("cadical153") as solver:
        for pair in combinations(names, 2):
            if frozenset(pair) not in allowed:
                for group in range(number):
                    solver.add_clause([-inside[name, group] for name in pair])
        for place, item in enumerate(_apart_first(wanted, allowed)):
            held = range(fresh + 1, fresh + number + 1)
            fresh += number
            # Groups are alike: let each be numbered after the first item that it holds.
            solver.add_clause(list(held[: place + 1]))
            for group, variable in enumerate(held):
                for name in item:
                    solver.add_clause([-variable, inside[name, group]])
        return bool(solver.solve())


def _apart_first(wanted: Collection[Item], allowed: Collection[Item]) -> list[Item]:
    """Return what is wanted, first items no two of which fit into one group."""
    apart: list[Item] = []
    for item in sorted(wanted, key=sorted):
        if all(not list_items([item | other]) <= set(allowed) | list_items([item, other]) for other in apart):
            apart.append(item)
    return [*apart, *(item for item in sorted(wanted, key=sorted) if item not in apart)]


def is_least(number: int, allowed: Collection[Item], wanted: Collection[Item]) -> bool:
    """Return whether that many groups do and one fewer does not."""
    return can_cover(allowed, wanted, number) and not (number and can_cover(allowed, wanted, number - 1))
