"""A connection pool whose least size is above its largest.

environment: [DATABASE_POOL_MIN=20, DATABASE_POOL_MAX=10]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.pools import group_by_database
from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP029")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pool that cannot be made."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for users in group_by_database(project):
        for user in users:
            if user.least is not None and user.most is not None and user.least > user.most:
                yield RULE.finding(
                    user.where,
                    f"the pool of {user.service.name} has at least {user.least} connections and at most {user.most}",
                    user.service.name,
                    why="The pool cannot be made.",
                )
