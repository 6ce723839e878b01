"""Services without a memory limit, in a project that limits others.

One service that leaks then takes the memory of all. Where no service at all has a limit, that is the project's way
and no finding; a limit of 0 is none. Information only.

    web:    {image: web, mem_limit: 512m}
    worker: {image: worker}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.limits import has_memory_limit
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP026")
_FEWEST = 2  # limits that show that the project sets them


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each project, with the services that have none."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    # Where `extends` is still there, it leads nowhere: the limit may be in what is missing.
    services = [
        service for service in project.services.values() if service.is_defined and service.value.get("extends") is None
    ]
    without = [service for service in services if not has_memory_limit(service)]
    limited = len(services) - len(without)
    if not without or limited < max(_FEWEST, len(without)):
        return
    yield RULE.finding(
        without[0].where,
        f"{list_names([service.name for service in without])} {'has' if len(without) == 1 else 'have'} no memory limit,"
        f" the other {limited} have",
        f"{project.files[0]} {' '.join(service.name for service in without)}",
        why="A service that leaks takes the memory of all others.",
        related=[Related(service.where, f"{service.name} has none either") for service in without[1:]],
    )
