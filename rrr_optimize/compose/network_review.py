"""Why a person should look at a change of networks before it is made, and what to tell them it does."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.network_options import list_differences, list_options
from rrr_optimize.compose.wording import list_names
from rrr_optimize.model import Table
from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

    from rrr_optimize.compose.network_rows import Row
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.topology import Pair, Topology


def find_heir(network: str, before: Topology, after: Topology) -> str:
    """Return the network that has most of the services of one that is gone; ties go to the first."""
    members = before.members(network)
    return max(after.networks, key=lambda name: len(members & after.members(name)), default="")


def explain(before: Topology, row: Row) -> str:
    """Return in one line what becomes of the networks that go."""
    parts = [f"{counted(len(before.networks), 'network')} become {row.networks}"]
    for name in (name for name in before.networks if name not in row.after.networks):
        heir = find_heir(name, before, row.after)
        if before.members(name) <= before.members(heir):
            parts.append(f"{name} is inside {heir}")
        elif any(name in merge.networks for merge in row.merges):
            parts.append(f"{name} goes into {heir}")
        else:
            shared = [one for one in row.after.networks if len(row.after.members(one) & before.members(name)) > 1]
            parts.append(f"the services of {name} meet on {list_names(shared) if shared else heir}")
    return f"{parts[0]}: {', '.join(parts[1:])}"


def find_reasons(project: ComposeProject, before: Topology, row: Row, allowed: Collection[Pair]) -> Iterator[str]:
    """Yield what a person has to agree to: options that are lost, subnets that fill, pairs that nobody allowed."""
    declared = project.section("networks")
    for name in (name for name in before.networks if name not in row.after.networks and name in declared):
        heir = declared.get(find_heir(name, before, row.after))
        if own := list_differences(declared[name], heir):
            yield f"the {list_names(own)} of {name} {'goes' if len(own) == 1 else 'go'} with it"
    for name, shape in row.after.networks.items():
        joining = shape.members.keys() - before.networks[name].members.keys()
        value = declared.get(name)
        if joining and value and (options := list_options(value)):
            comes = "comes" if len(joining) == 1 else "come"
            yield f"{list_names(sorted(joining))} {comes} under the {list_names(options)} of {name}"
        if joining and value and value.get("ipam", "config"):
            needed = "an address" if len(joining) == 1 else "addresses"
            yield f"{list_names(sorted(joining))} will need {needed} of {name}"
    unasked = [pair for pair in row.extra if pair not in allowed]
    if unasked:
        yield f"{counted(len(unasked), 'pair')} could talk that cannot today: {list_pairs(unasked)}"


def list_pairs(pairs: Collection[Pair]) -> str:
    """Return pairs in words, the first few of them."""
    return list_names([" with ".join(sorted(pair)) for pair in pairs])


def tabulate_rows(before: Topology, rows: Sequence[Row], title: str = "", chosen: Row | None = None) -> Table:
    """Return the table to choose from: how many networks, how many pairs they add, and in words which.

    The `chosen` row says so, unless it is what there is today.
    """
    picked = chosen if chosen and chosen.after is not before else None
    lines = [
        (str(row.networks), str(len(row.extra)), _describe(before, row) + (" (chosen)" if row is picked else ""))
        for row in rows
    ]
    return Table(title, ("networks", "extra pairs that could talk", "which"), tuple(lines))


def _describe(before: Topology, row: Row) -> str:
    if row.after is before:
        return "today; fewer would add pairs" if row.is_minimal else "today"
    if row.extra:
        return f"{list_pairs(row.extra)} could talk"
    return explain(before, row).partition(": ")[2] + ("" if row.is_minimal else "; not proved minimal")
