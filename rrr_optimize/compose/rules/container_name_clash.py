"""A container name that two containers would have.

The name of a container is unique on its host. So two services cannot share one, and a service with a name cannot
have replicas.

    worker: {container_name: worker, deploy: {replicas: 2}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP014")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each name that is given twice, or to a service with replicas."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    first: dict[str, Service] = {}
    for service in project.services.values():
        given = service.value.get("container_name")
        if given is None or not given.text or given.unset or service.is_off:
            continue
        other = first.setdefault(given.text, service)
        if other is not service and other.runs_with(service):
            yield RULE.finding(
                given.where,
                f"{service.name} and {other.name} both call their container {given.text}",
                f"{given.text} {other.name} {service.name}",
                why="A container's name is unique on its host: the second does not start.",
                related=[Related(other.where, f"{other.name} has it too")],
            )
        if service.replicas > 1:
            yield RULE.finding(
                given.where,
                f"{service.name} asks for {service.replicas} containers and gives them one name, {given.text}",
                f"{given.text} {service.name} replicas",
                why="Compose refuses it: a container's name is unique.",
                hint="leave container_name out",
            )
