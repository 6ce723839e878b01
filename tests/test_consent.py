from __future__ import annotations

import pytest

from rrr_optimize.consent import accept_groups
from rrr_optimize.model import ChangeGroup, Edit, Lane, Plan, Span

_EDITS = (Edit("a.txt", Span(0, 0), "x"),)


def _group(name: str, lane: Lane = Lane.SAFE, *requires: str, edits: tuple[Edit, ...] = _EDITS) -> ChangeGroup:
    return ChangeGroup(name, lane, "title", "why", edits=edits, requires=frozenset(requires))


def _accepted(*groups: ChangeGroup, earlier: tuple[str, ...] = (), no: tuple[str, ...] = ()) -> list[str]:
    accepted = accept_groups(Plan(groups), lambda group: group.id not in no, frozenset(earlier))
    return [group.id for group in accepted]


@pytest.mark.parametrize(
    "group",
    [_group("a", Lane.REFUSED), _group("a", edits=()), _group("a", Lane.SAFE, "b"), _group("a", Lane.SAFE, "a2")],
)
def test_leaves_out_what_must_not_or_cannot_be_applied(group: ChangeGroup) -> None:
    assert _accepted(group, _group("b", Lane.REFUSED)) == []


def test_nobody_is_asked_about_a_refused_group() -> None:
    asked: list[ChangeGroup] = []

    def admit(group: ChangeGroup) -> bool:
        asked.append(group)
        return True

    accept_groups(Plan((_group("a", Lane.REFUSED), _group("b", Lane.REVIEW))), admit)
    assert [group.id for group in asked] == ["b"]


def test_a_rejected_group_takes_with_it_what_requires_it_and_nothing_else() -> None:
    chain = (_group("a"), _group("b", Lane.SAFE, "a"), _group("c", Lane.REVIEW, "b"), _group("d"))
    assert _accepted(*chain) == ["a", "b", "c", "d"]
    assert _accepted(*chain, no=("a",)) == ["d"]
    assert _accepted(*chain, no=("c",)) == ["a", "b", "d"]


def test_groups_that_require_each_other_go_together() -> None:
    pair = (_group("a", Lane.SAFE, "b"), _group("b", Lane.SAFE, "a"))
    assert _accepted(*pair) == ["a", "b"]
    assert _accepted(*pair, no=("b",)) == []


def test_what_an_earlier_stage_accepted_may_be_required() -> None:
    assert _accepted(_group("b", Lane.SAFE, "a"), earlier=("a",)) == ["b"]
