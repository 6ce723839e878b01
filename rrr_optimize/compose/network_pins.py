"""Networks that have to stay as they are, each with the reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.network_names import find_named_networks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.topology import Topology
    from rrr_optimize.formats.yaml_values import Value

_OURS = frozenset({"bridge", "overlay"})


def find_pins(
    project: ComposeProject, topology: Topology, siblings: Sequence[ComposeProject], others: Sequence[ComposeProject]
) -> dict[str, str]:
    """Return the networks of a project that nobody may take away or fill otherwise, with the reason.

    `siblings` share a file with the project; `others` are the rest, which may use a network of it as an external one.
    """
    borrowed = {_full_name(each, name) for each in others for name in each.section("networks")}
    found: dict[str, str] = {}
    for name, shape in topology.networks.items():
        value = project.section("networks").get(name)
        reasons = [*_own_reasons(project, name, value)]
        is_unknown = shape.full_name == f"_{name}"  # the name of the repository's folder comes before it
        if shape.full_name in borrowed or (is_unknown and any(each.endswith(shape.full_name) for each in borrowed)):
            reasons.append("another project uses it")
        if shape.kind.keeps_apart:
            reasons.append("its services cannot talk to each other there")
        outside = [service for service in shape.members if project.services[service].items("external_links")]
        if outside:
            reasons.append(f"{outside[0]} links to a container outside of the project, which has to be on it too")
        special = [service for service, membership in shape.members.items() if membership.is_special]
        if special:
            reasons.append(f"{special[0]} has an address, a priority or an option of its own on it")
        if reasons:
            found[name] = reasons[0]
    for place in (place for each in (project, *siblings) for place in find_named_networks(each)):
        found.setdefault(place.network, f"its name stands in {place.key} in {place.where}")
    for sibling in siblings:
        for name, reason in _joined_elsewhere(topology, sibling):
            found.setdefault(name, reason)
    return {name: reason for name, reason in found.items() if name in topology.networks}


def _own_reasons(project: ComposeProject, name: str, value: Value | None) -> Iterator[str]:
    if value is None:
        return
    if value.text_of("external") not in {"", "false"} or value.get("external", "name"):
        yield "it is external"
    if value.text_of("driver") and value.text_of("driver") not in _OURS:
        yield f"its driver is {value.text_of('driver')}"
    own = project.model.text_of("name") if project.model else ""
    if value.text_of("name") != f"{own}_{name}" and value.text_of("external") in {"", "false"}:
        yield f"it is named {value.text_of('name')} for others to find"
    if any(item.unset for item in value.mapping.values()):
        yield "a variable decides on it"


def _full_name(project: ComposeProject, name: str) -> str:
    value = project.section("networks").get(name)
    external = value is not None and value.text_of("external") not in {"", "false"}
    return value.text_of("name") if value and external else ""


def _joined_elsewhere(topology: Topology, sibling: ComposeProject) -> Iterator[tuple[str, str]]:
    """Yield networks that a sibling puts services on that are not on them here."""
    for service in sibling.services.values():
        for name, membership in service.networks.items():
            shape = topology.networks.get(name)
            if shape and service.name not in shape.members:
                yield name, f"{membership.where.path} puts {service.name} on it too"
