"""The words that the pictures of a topology share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.topology import Topology


def describe_network(topology: Topology, name: str) -> str:
    """Return what kind of network it is and how many services are on it: `bridge, internal, 3 services`."""
    kind = topology.networks[name].kind
    flags = (("internal", kind.internal), ("attachable", kind.attachable), ("external", kind.external))
    told = [word for word, value in flags if value]
    return ", ".join([kind.driver, *told, *kind.traits, counted(len(topology.members(name)), "service")])


def list_ports(topology: Topology, service: str) -> str:
    """Return the ports of the host on which a service can be reached, empty where there are none."""
    ports = sorted({port.split(":")[-2] for name, port in topology.published if name == service} - {""}, key=_number)
    return ", ".join(ports)


def _number(port: str) -> tuple[int, str]:
    first = port.partition("-")[0]
    return (int(first), port) if first.isdigit() else (0, port)
