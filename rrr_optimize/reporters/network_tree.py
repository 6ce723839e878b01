"""A topology as a tree for a terminal: each network with the services on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.reporters.topology_words import describe_network, list_ports
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.topology import Topology

_BOLD, _DIM, _RESET = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def render(topology: Topology, *, color: bool = False) -> str:
    """Return the tree; a service shows its further names on that network and the ports that it publishes.

    Services that are on no network come last. Without `color` there is no escape sequence in it.
    """
    return "".join(f"{line}\n" for line in _lines(topology, color=color))


def _lines(topology: Topology, *, color: bool) -> Iterator[str]:
    joined: set[str] = set()
    for name in topology.networks:
        members = [service for service in topology.services if service in topology.members(name)]
        joined.update(members)
        title = f"{_BOLD}{show(name)}{_RESET}" if color else show(name)
        yield f"{title}  {_dim(describe_network(topology, name), color=color)}"
        leaves = [_describe(topology, name, service, color=color) for service in members]
        yield from _branches(leaves)
    alone = [service for service in topology.services if service not in joined]
    if alone:
        yield "on no network"
        yield from _branches([show(service) for service in alone])


def _branches(leaves: list[str]) -> Iterator[str]:
    for index, leaf in enumerate(leaves, start=1):
        yield f"{'└──' if index == len(leaves) else '├──'} {leaf}"


def _describe(topology: Topology, network: str, service: str, *, color: bool) -> str:
    membership = topology.networks[network].members.get(service)
    aliases = sorted(membership.aliases) if membership else []
    place = topology.services[service].namespace
    words = [
        f"in {place}" if place != service else "",
        f"also {', '.join(aliases)}" if aliases else "",
        f"publishes {ports}" if (ports := list_ports(topology, service)) else "",
    ]
    told = "; ".join(word for word in words if word)
    return f"{show(service)}  {_dim(show(told), color=color)}" if told else show(service)


def _dim(text: str, *, color: bool) -> str:
    return f"{_DIM}{text}{_RESET}" if color else text
