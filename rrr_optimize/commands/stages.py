"""Plan in stages: each stage plans on the tree as the accepted groups of the stages before would leave it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rrr_optimize.consent import accept_groups

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import ChangeGroup, Picture, Plan, Table


@dataclass(frozen=True, slots=True)
class Staged:
    """What one stage proposes, and what it has to say beside; `asked` are groups that the user asked for by name."""

    plan: Plan
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    pictures: tuple[Picture, ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Course:
    """How far the planning has come: the tree as it is, as it would be, and what was proposed and accepted."""

    before: Repository
    now: Repository
    groups: tuple[ChangeGroup, ...] = ()
    accepted: frozenset[str] = frozenset()
    tables: tuple[Table, ...] = ()
    notes: tuple[str, ...] = ()
    asked: frozenset[str] = frozenset()
    pictures: tuple[Picture, ...] = ()

    @property
    def unmet(self) -> frozenset[str]:
        """What was asked for by name and is not done."""
        return self.asked - self.accepted


if TYPE_CHECKING:
    Stage = Callable[[Course], Staged]


def run_stages(repository: Repository, stages: Iterable[Stage], admits: Callable[[ChangeGroup], bool]) -> Course:
    """Return the course after all stages; `admits` says of each group that could be applied whether it is.

    Raises EditConflictError where a plan contradicts itself, which is a bug of ours.
    """
    course = Course(repository, repository)
    for stage in stages:
        staged = stage(course)
        accepted = accept_groups(staged.plan, admits, course.accepted)
        course = replace(
            course,
            now=course.now.overlay(accepted) if accepted else course.now,
            groups=(*course.groups, *staged.plan.groups),
            accepted=course.accepted | {group.id for group in accepted},
            tables=(*course.tables, *staged.tables),
            notes=(*course.notes, *staged.notes),
            asked=course.asked | staged.asked,
            pictures=(*course.pictures, *staged.pictures),
        )
    return course
