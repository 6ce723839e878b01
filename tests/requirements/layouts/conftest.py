"""Lay out files and look at what becomes of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import pytest

from rrr_optimize.model import Lane
from rrr_optimize.requirements.layouts import Layout, LayoutOptions, plan_layout

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import ChangeGroup
    from rrr_optimize.requirements.layouts import LayoutPlan
    from tests.conftest import Facts


@dataclass(frozen=True)
class LaidOut:
    """A plan, and the repository before and after all of it that is not refused."""

    plan: LayoutPlan
    before: Repository
    after: Repository

    @property
    def changed(self) -> dict[str, str]:
        """The texts of the files that differ, as they would be."""
        return {each.path: (each.after or b"").decode("utf-8") for each in self.after.snapshot.changes}

    @property
    def refused(self) -> dict[str, str]:
        """The reason of each refusal, by what it says of which file."""
        return {group.title: group.why for group in self.plan.plan.in_lane(Lane.REFUSED)}

    @property
    def lanes(self) -> dict[str, str]:
        """The lane of each change, by the path after the prefix of its id."""
        groups = self.plan.plan.groups
        return {_path_of(group): group.lane.value for group in groups if group.lane is not Lane.REFUSED}

    def added(self, path: str) -> tuple[str, ...]:
        """What a file's install set gets."""
        return next(cost.added for cost in self.plan.costs if cost.path == path)


class LayOut(Protocol):
    """Plan a layout of these files, check its proofs and that a second plan is empty, and return what came out."""

    def __call__(
        self,
        files: Mapping[str, str | bytes],
        options: LayoutOptions | None = None,
        config: Mapping[str, Any] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> LaidOut: ...


@pytest.fixture
def lay_out(facts: Facts) -> LayOut:
    def run(
        files: Mapping[str, str | bytes],
        options: LayoutOptions | None = None,
        config: Mapping[str, Any] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> LaidOut:
        return apply(facts(files, config, links), options or LayoutOptions())

    return run


def apply(repository: Repository, options: LayoutOptions) -> LaidOut:
    """Plan, and check what holds for every plan."""
    plan = plan_layout(repository, options)
    accepted = [group for group in plan.plan.groups if group.lane is not Lane.REFUSED]
    assert all(proof.holds for group in accepted for proof in group.proofs)
    assert all(group.proofs for group in accepted)
    ids = [group.id for group in plan.plan.groups]
    assert len(ids) == len(set(ids))
    assert all(group.requires <= {each.id for each in accepted} for group in accepted)
    after = repository.overlay(accepted)
    again = plan_layout(after, options)
    assert [group.title for group in again.plan.groups if group.lane is not Lane.REFUSED] == []
    return LaidOut(plan, repository, after)


def _path_of(group: ChangeGroup) -> str:
    return group.id.removeprefix("unify/layout/")


CONSTRAINED = LayoutOptions(Layout.CONSTRAINTS)
