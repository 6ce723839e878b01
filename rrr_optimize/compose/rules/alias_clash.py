"""Two services answer to one name on one network.

Whoever asks for that name gets now the one and now the other. A name is an alias or a container_name. An alias that
several services share on purpose, to spread load, is a clash only where it is another service's own name. Two services
that answer to each other's name are told of once; two containers of one name are told of as container-name-clash. A
service that its profile switches off (host-port-clash says when) answers to nobody.

    web:   {networks: {n: {aliases: [api]}}}
    api:   {networks: [n]}
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
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP015")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each alias or container name that is another service's name on a common network."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    told: set[tuple[str, str, str]] = set()
    for service in project.services.values():
        for network, name in _other_names(service):
            other = project.services.get(name.text)
            if other is None or other is service or (network, other.name, service.name) in told:
                continue
            if _is_same_container(name, service, other) or not other.runs_with(service):
                continue
            if network in other.networks:
                told.add((network, service.name, other.name))
                back = [each for where, each in _other_names(other) if (where, each.text) == (network, service.name)]
                yield RULE.finding(
                    name.where,
                    f"on {network}, {service.name} answers to {name.text}, the name of another service",
                    f"{name.text} {service.name} {network}",
                    why="Whoever asks for that name gets now the one and now the other.",
                    related=[
                        Related(other.where, f"{name.text} itself"),
                        *(Related(each.where, f"{other.name} answers to {service.name} in turn") for each in back),
                    ],
                )


def _is_same_container(name: Value, service: Service, other: Service) -> bool:
    """Return whether both call their container by that name, which is worse, and told as such."""
    return name is service.value.get("container_name") and other.text("container_name") == name.text


def _other_names(service: Service) -> Iterator[tuple[str, Value]]:
    container = service.value.get("container_name")
    for network, membership in service.networks.items():
        aliases = membership.get("aliases")
        for alias in (*(aliases.items if aliases else ()), *([container] if container else ())):
            if not alias.unset:
                yield network, alias
