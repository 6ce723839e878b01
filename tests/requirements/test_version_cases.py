"""Small repositories in fixtures/unify, and the versions that are planned for them."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.model import Lane
from rrr_optimize.requirements.versions.plan import plan_versions
from tests.case_books import Case, read_cases

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import ChangeGroup
    from rrr_optimize.requirements.versions.plan import VersionPlan
    from tests.conftest import Facts

FOLDER = Path(__file__).parents[2] / "fixtures" / "unify"
CASES = tuple(read_cases(FOLDER, "planned"))


def acceptable(plan: VersionPlan) -> list[ChangeGroup]:
    return [group for group in plan.plan.groups if group.lane is not Lane.REFUSED]


def show(plan: VersionPlan, repository: Repository) -> Iterator[str]:
    for group in plan.plan.groups:
        yield f"{group.lane.name} {group.location} {group.id}: {group.title}"
        yield f"  why: {group.why}"
        if group.hint:
            yield f"  hint: {group.hint}"
    for change in repository.overlay(acceptable(plan)).snapshot.changes:
        assert change.before is not None
        assert change.after is not None
        before, after = change.before.decode().split("\n"), change.after.decode().split("\n")
        for number, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            if old != new:
                yield f"{change.path}:{number}: {old.strip()} -> {new.strip()}"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.book.stem}: {case.name}")
def test_plans_what_is_expected(case: Case, facts: Facts, pytestconfig: pytest.Config) -> None:
    repository = facts(case.files, tomllib.loads(case.parts.get("config", "")))
    text = "".join(f"{line}\n" for line in show(plan_versions(repository), repository))
    if pytestconfig.getoption("--accept"):
        case.accept(text)
    else:
        assert text == case.expected


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.book.stem}: {case.name}")
def test_what_is_planned_is_proved_and_planned_once(case: Case, facts: Facts) -> None:
    repository = facts(case.files, tomllib.loads(case.parts.get("config", "")))
    plan = plan_versions(repository)
    for group in acceptable(plan):
        assert group.edits
        assert len(group.proofs) == 3
        assert all(proof.holds and proof.evidence for proof in group.proofs)
    assert not any(group.edits or group.creations for group in plan.plan.in_lane(Lane.REFUSED))
    assert {decision.group for decision in plan.decisions} == {group.id for group in plan.plan.groups}
    again = plan_versions(repository.overlay(acceptable(plan)))
    assert acceptable(again) == []
    refused = {group.title for group in plan.plan.in_lane(Lane.REFUSED)}
    assert {group.title for group in again.plan.groups} == refused


@pytest.mark.parametrize("book", sorted({case.book for case in CASES}), ids=lambda book: book.stem)
def test_cases_in_which_nothing_is_planned_come_first(book: Path) -> None:
    is_planned = [bool(case.expected) for case in CASES if case.book == book]
    assert is_planned == sorted(is_planned)
    assert len({case.name for case in CASES if case.book == book}) == len(is_planned)
