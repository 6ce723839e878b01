"""Which service uses which network, volume, secret and config."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location


class Use(NamedTuple):
    """One use: the section that should declare it, its name, the service and the place."""

    kind: str
    name: str
    service: Service
    where: Location


def find_uses(project: ComposeProject) -> Iterator[Use]:
    """Yield every use with a name that is known."""
    for service in project.services.values():
        for name, membership in service.networks.items():
            yield Use("networks", name, service, membership.where)
        for mount in service.items("volumes"):
            if (mount.get("type") or mount).text == "volume":
                yield from _named("volumes", mount, service)
        for kind in ("secrets", "configs"):
            for item in service.items(kind):
                yield from _named(kind, item, service)
        for item in service.items("build", "secrets"):
            yield from _named("secrets", item, service)


def _named(kind: str, value: Value, service: Service) -> Iterator[Use]:
    source = value.get("source")
    if source and source.text and not source.unset:
        yield Use(kind, source.text, service, value.where)
