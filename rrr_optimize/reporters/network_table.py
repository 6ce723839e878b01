"""Which service is on which network, as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.markdown_text import cell, code
from rrr_optimize.model import Table
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.compose.topology import Topology


def tabulate_memberships(title: str, before: Topology, after: Topology, *, whole: bool = True) -> Table:
    """Return a table with a row for each service and a column for each network.

    `x` is a service on a network, `-` one that leaves it and `+` one that joins it. Unless `whole`, services that stay
    where they are are left out.
    """
    networks = [*before.networks, *(name for name in after.networks if name not in before.networks)]
    rows = [(service, [_mark(service, name, before, after) for name in networks]) for service in before.services]
    if not whole:
        rows = [(service, marks) for service, marks in rows if {"-", "+"} & set(marks)]
    return Table(title, ("service", *networks), tuple((service, *marks) for service, marks in rows))


def render_memberships(before: Topology, after: Topology | None = None) -> str:
    """Return the table as Markdown; without `after` it shows who is where."""
    return "".join(f"{line}\n" for line in _memberships(tabulate_memberships("", before, after or before)))


def _memberships(table: Table) -> Iterator[str]:
    service, *networks = table.columns
    yield _row([service, *(code(show(name)) for name in networks)])
    yield _row(["---", *(":---:" for _ in networks)])
    for name, *marks in table.rows:
        yield _row([code(show(name)), *marks])


def _mark(service: str, network: str, before: Topology, after: Topology) -> str:
    was, becomes = (network in each.networks and service in each.members(network) for each in (before, after))
    return {(True, True): "x", (True, False): "-", (False, True): "+"}.get((was, becomes), "")


def _row(cells: Sequence[str]) -> str:
    return f"| {' | '.join(map(cell, cells))} |"
