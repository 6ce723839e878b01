"""A topology as a Mermaid flow chart: networks in the middle, each service tied to those that it is on."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.reporters.topology_words import describe_network, list_ports
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.topology import Topology

_MARKUP = re.compile(r"[^\w .,:/()-]", re.ASCII)


def render(topology: Topology) -> str:
    """Return the text of the chart, without a fence. Names stand in labels only, so none of them is read as syntax.

    A service that publishes ports shows them; one that is on no network stands by itself.
    """
    return "".join(f"{line}\n" for line in _lines(topology))


def render_change(before: Topology, after: Topology) -> str:
    """Return two fenced charts under their headings, for a Markdown document."""
    parts = (("Before", before), ("After", after))
    return "\n".join(f"### {title}\n\n```mermaid\n{render(topology)}```\n" for title, topology in parts)


def _lines(topology: Topology) -> Iterator[str]:
    yield "flowchart LR"
    services = {name: f"s{index}" for index, name in enumerate(topology.services)}
    for name, identity in services.items():
        ports = list_ports(topology, name)
        yield f'    {identity}["{_label(name)}{_label(f" ({ports})") if ports else ""}"]'
    for index, name in enumerate(topology.networks):
        yield f'    n{index}(["{_label(name)}, {_label(describe_network(topology, name))}"])'
    for index, network in enumerate(topology.networks.values()):
        yield from (f"    {services[name]} --- n{index}" for name in network.members)
    for name, place in topology.services.items():
        if place.namespace != name and place.namespace in services:
            yield f"    {services[name]} -. in the namespace of .- {services[place.namespace]}"


def _label(text: str) -> str:
    """Return text for a quoted label, in which Mermaid reads `#35;` as the character of that code."""
    return _MARKUP.sub(lambda match: f"#{ord(match[0])};", show(text))
