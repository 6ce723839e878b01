"""Networks that lie inside another one of their class, and what pins them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.compose.topology import read_class

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.formats.yaml_values import Value


class Pin(NamedTuple):
    """What something outside may count on: the words for it, and where it stands."""

    words: str
    value: Value


class Nested(NamedTuple):
    """A declared network, another of its class that all its services are on too, and those services."""

    inner: str
    outer: str
    services: tuple[str, ...]


def find_nested(project: ComposeProject) -> Iterator[Nested]:
    """Yield each network inside another; of two with the same services, the later name is the inner one."""
    networks = project.section("networks")
    found = {name: frozenset(members) for name, members in project.members.items() if len(members) > 1}
    for inner, services in sorted(found.items()):
        outers = [
            outer
            for outer, others in sorted(found.items())
            if outer != inner and services <= others and (services < others or inner > outer)
        ]
        outer = next(
            (name for name in outers if read_class(networks.get(name)) == read_class(networks.get(inner))), None
        )
        if outer is not None and inner in networks:
            yield Nested(inner, outer, tuple(sorted(services)))


def find_pins(project: ComposeProject, nested: Nested) -> Iterator[Pin]:
    """Yield the options of the inner network that the outer one does not have, and its subnet."""
    inner, outer = (project.section("networks").get(name) for name in (nested.inner, nested.outer))
    options = inner.get("driver_opts") if inner else None
    for key, value in options.mapping.items() if options else ():
        other = outer.get("driver_opts", key) if outer else None
        if other is None or other.text != value.text:
            yield Pin("bridge name" if key.endswith("bridge.name") else key, value)
    pools = inner.get("ipam", "config") if inner else None
    if pools:
        yield Pin("subnet", pools.items[0].get("subnet") or pools if pools.items else pools)
