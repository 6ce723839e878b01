"""What a run of `compose` did, counted, as the plain data that its run record keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.compose.topology import (
    Membership,
    NetworkClass,
    NetworkShape,
    ServicePlace,
    Topology,
    read_topology,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.compose.reading import ComposeFacts


def describe_networks(before: ComposeFacts, after: ComposeFacts) -> dict[str, Any]:
    """Return what a record of `compose` tells beyond what every record does: counts, and the networks that changed."""
    return {
        "before": count_networks(before),
        "after": count_networks(after),
        "topologies": list(_changed(before, after)),
    }


def count_networks(facts: ComposeFacts) -> dict[str, int]:
    """Return how many projects there are, and their services, the networks that these are on, and pairs that can talk.

    Files that no command names are left out: they may be a part of something else.
    """
    topologies = [read_topology(project) for project in facts.projects if not project.is_guess]
    return {
        "projects": len(topologies),
        "services": sum(len(topology.services) for topology in topologies),
        "networks": sum(len(topology.networks) for topology in topologies),
        "pairs": sum(len(topology.pairs) for topology in topologies),
    }


def _changed(before: ComposeFacts, after: ComposeFacts) -> Iterator[dict[str, Any]]:
    then = {project.files: describe_topology(read_topology(project)) for project in after.projects}
    for project in before.projects:
        now = describe_topology(read_topology(project))
        if project.files in then and then[project.files]["networks"] != now["networks"]:
            yield {"files": list(project.files), "before": now, "after": then[project.files]}


def describe_topology(topology: Topology) -> dict[str, Any]:
    """Return services and networks as plain data, as much as a picture needs."""
    return {
        "services": [
            {"name": name, "namespace": place.namespace, "ports": list(place.published)}
            for name, place in topology.services.items()
        ],
        "networks": [
            {
                "name": name,
                "driver": shape.kind.driver,
                "internal": shape.kind.internal,
                "attachable": shape.kind.attachable,
                "external": shape.kind.external,
                "members": list(shape.members),
            }
            for name, shape in topology.networks.items()
        ],
        "pairs": len(topology.pairs),
    }


def restore_topology(data: Mapping[str, Any]) -> Topology:
    """Return a topology from `describe_topology`, good for a picture; names and aliases are not in the data."""
    services = {
        each["name"]: ServicePlace(each["namespace"], frozenset(), frozenset(), tuple(each["ports"]), is_on_host=False)
        for each in data["services"]
    }
    networks = {
        each["name"]: NetworkShape(
            NetworkClass(each["driver"], each["internal"], each["attachable"], each["external"], ""),
            each["name"],
            {member: Membership() for member in each["members"] if member in services},
        )
        for each in data["networks"]
    }
    return Topology(services, networks)
