"""A connection pool whose least size is above its largest.

What a library does then differs: some refuse the pool, some take one of the two. Compared are the variables of one
service whose names begin alike, so that the pool of a replica has bounds of its own.

environment: [DATABASE_POOL_MIN=20, DATABASE_POOL_MAX=10]
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.pools import find_bounds
from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP029")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pool whose bounds contradict each other."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for service in project.services.values():
        for bounds in find_bounds(service):
            if bounds.least > bounds.most:
                yield RULE.finding(
                    bounds.where,
                    f"the pool of {service.name} has at least {bounds.least} connections and at most {bounds.most}",
                    f"{service.name} {bounds.stem}".strip(),
                    why="Such a pool may be refused.",
                )
