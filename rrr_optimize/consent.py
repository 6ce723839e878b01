"""Which groups of a plan are applied: those that somebody said yes to, with all that they require."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Lane

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrr_optimize.model import ChangeGroup, Plan


def accept_groups(
    plan: Plan, admits: Callable[[ChangeGroup], bool], earlier: frozenset[str] = frozenset()
) -> tuple[ChangeGroup, ...]:
    """Return the groups to apply, in order: admitted, with something to change, and with everything they require.

    A REFUSED group is never applied and `admits` is not asked about it; neither is it about a group that only tells
    something. `earlier` are the ids of groups that were accepted at an earlier stage and may be required too. What a
    rejected group alone required may stay.
    """
    asked = [group for group in plan.groups if group.lane is not Lane.REFUSED and group.paths]
    accepted = {group.id: group for group in asked if admits(group)}
    while missing := [group.id for group in accepted.values() if not group.requires <= accepted.keys() | earlier]:
        for name in missing:
            del accepted[name]
    return tuple(accepted.values())
