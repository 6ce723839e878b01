"""The fewest groups are the fewest: brute force and a SAT solver say so too."""

from __future__ import annotations

import random
import time
from itertools import combinations
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.compose.edge_cover import STEP_CAP, find_cover
from tests.compose.cover_oracle import is_cover, is_least, list_items

if TYPE_CHECKING:
    from collections.abc import Collection

    Item = frozenset[str]


def groups(*texts: str) -> list[frozenset[str]]:
    return [frozenset(text) for text in texts]


def brute_force(allowed: Collection[Item], wanted: Collection[Item]) -> int:
    names = sorted({name for item in wanted for name in item})
    cliques = [
        frozenset(group)
        for size in range(1, len(names) + 1)
        for group in combinations(names, size)
        if all(frozenset(pair) in allowed for pair in combinations(group, 2))
    ]
    largest = [group for group in cliques if not any(group < other for other in cliques)]
    numbers = range(len(wanted) + 1)
    return next(n for n in numbers if any(is_cover(choice, allowed, wanted) for choice in combinations(largest, n)))


def draw_networks(dice: random.Random, services: int, networks: int, smallest: int, largest: int) -> list[Item]:
    names = [f"s{index}" for index in range(services)]
    return [frozenset(dice.sample(names, dice.randint(smallest, largest))) for _ in range(networks)]


@pytest.mark.parametrize("seed", range(40))
def test_agrees_with_brute_force_on_ten_random_cases(seed: int) -> None:
    dice = random.Random(seed)  # noqa: S311 - cases, not secrets
    for _ in range(10):
        services = dice.randint(2, 7)
        networks = draw_networks(dice, services, dice.randint(1, 6), 1, services)
        allowed = list_items(networks)
        wanted = {item for item in allowed if dice.random() < dice.choice((0.5, 1.0))} or allowed
        cover = find_cover(allowed, wanted, networks)
        assert is_cover(cover.groups, allowed, wanted)
        assert cover.is_minimal
        assert len(cover.groups) == len(find_cover(allowed, wanted).groups) == brute_force(allowed, wanted)
        assert not any(one | other <= group for group in allowed for one, other in combinations(cover.witness, 2))


@pytest.mark.parametrize(
    ("services", "networks", "smallest", "largest"), [(14, 8, 2, 6), (20, 12, 2, 7), (25, 9, 4, 12)]
)
def test_agrees_with_a_sat_solver(services: int, networks: int, smallest: int, largest: int) -> None:
    for seed in range(8):
        drawn = draw_networks(random.Random(seed), services, networks, smallest, largest)  # noqa: S311 - cases
        allowed = list_items(drawn)
        cover = find_cover(allowed, allowed, drawn)
        assert is_cover(cover.groups, allowed, allowed)
        assert cover.is_minimal
        assert is_least(len(cover.groups), allowed, allowed)


def test_what_is_as_few_already_stays() -> None:
    known = groups("abc", "cd", "de", "ae")
    assert find_cover(list_items(known), list_items(known), known).groups == tuple(known)


def test_a_group_inside_another_goes() -> None:
    known = groups("ab", "abc", "cd", "c")
    cover = find_cover(list_items(known), list_items(known), known)
    assert cover.groups == (frozenset("abc"), frozenset("cd"))
    assert set(cover.witness) == {frozenset("ac"), frozenset("cd")}


def test_groups_that_nobody_thought_of_are_found() -> None:
    pairs = groups("ab", "bc", "ca", "cd")
    cover = find_cover(pairs, pairs, pairs)
    assert set(cover.groups) == {frozenset("abc"), frozenset("cd")}


def test_what_is_allowed_but_not_wanted_helps() -> None:
    allowed = groups("ab", "bc", "ac")
    assert find_cover(allowed, groups("ab", "bc")).groups == (frozenset("abc"),)


def test_who_is_alone_needs_a_group() -> None:
    assert set(find_cover(groups("ab"), groups("ab", "c", "d")).groups) == set(groups("ab", "c", "d"))
    assert find_cover((), ()).groups == ()


def test_twins_are_kept_together() -> None:
    known = groups("abcdef", "fg")
    assert find_cover(list_items(known), list_items(known)).groups in {tuple(known), tuple(reversed(known))}


def test_forty_services_on_twenty_networks_take_no_time(slowdown: float) -> None:
    drawn = draw_networks(random.Random(5), 40, 20, 2, 8)  # noqa: S311 - a case
    start = time.perf_counter()
    cover = find_cover(list_items(drawn), list_items(drawn), drawn)
    assert cover.is_minimal
    assert time.perf_counter() - start < 1.0 * slowdown  # 0.02 s on two cores


def test_a_dense_case_ends_at_its_cap_and_says_so(slowdown: float) -> None:
    dice = random.Random(3)  # noqa: S311 - a case
    names = [f"s{index}" for index in range(30)]
    pairs = [frozenset(pair) for pair in combinations(names, 2) if dice.random() < 0.85]
    start = time.perf_counter()
    cover = find_cover(pairs, pairs, pairs)
    assert time.perf_counter() - start < 10.0 * slowdown  # 0.5 s on two cores
    assert not cover.is_minimal
    assert cover.steps == STEP_CAP + 1
    assert is_cover(cover.groups, pairs, pairs)
    assert len(cover.groups) < 25


def test_without_a_step_to_spare_all_stays_as_it_is() -> None:
    known = groups("ab", "bc", "ca")
    assert find_cover(known, known, known, cap=0).groups == tuple(known)
    assert not find_cover(known, known, known, cap=0).is_minimal
    assert set(find_cover(known, known, cap=0).groups) == set(known)
