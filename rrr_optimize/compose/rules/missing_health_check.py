"""Other services depend on a service of which nobody can tell whether it is healthy.

`depends_on` then waits only until the container has started, and a database needs longer than that to answer. The
check of an image whose Dockerfile is not in the repository cannot be seen. Information only.

    api: {depends_on: [db]}
    db:  {image: postgres}       # no healthcheck
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.images import DATA_STORES, image_name
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP020")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each project, with the services that others wait for."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    waiting: dict[str, list[str]] = {}
    for service in project.services.values():
        for name in service.entries("depends_on"):
            waiting.setdefault(name, []).append(service.name)
    missing = [
        service
        for name, service in project.services.items()
        if name in waiting and image_name(service) in DATA_STORES and service.value.get("healthcheck") is None
    ]
    for service in missing:
        yield RULE.finding(
            service.where,
            f"{_depend(waiting[service.name])} on {service.name}, which has no health check",
            f"{service.name} {project.files[0]}",
            why="A data store takes a while from its start to its first answer.",
            hint="give it a healthcheck, and wait with condition: service_healthy",
        )


def _depend(names: list[str]) -> str:
    return f"{list_names(names)} {'depends' if len(names) == 1 else 'depend'}"
