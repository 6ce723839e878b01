"""A plan as JSON data, and back."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Location, Plan, Proof, Span

if TYPE_CHECKING:
    from collections.abc import Mapping


def write_plan(plan: Plan) -> list[dict[str, Any]]:
    """Return the groups of a plan as JSON data."""
    return [asdict(group) | {"lane": group.lane.value, "requires": sorted(group.requires)} for group in plan.groups]


def read_plan(groups: list[Mapping[str, Any]]) -> Plan:
    """Return the plan that `write_plan` wrote. Raises KeyError, TypeError or ValueError for other data."""
    return Plan(tuple(map(_read_group, groups)))


def _read_group(table: Mapping[str, Any]) -> ChangeGroup:
    location = table["location"]
    return ChangeGroup(
        id=table["id"],
        lane=Lane(table["lane"]),
        title=table["title"],
        why=table["why"],
        hint=table["hint"],
        location=None if location is None else Location(**location),
        edits=tuple(Edit(each["path"], Span(**each["span"]), each["replacement"]) for each in table["edits"]),
        creations=tuple(Creation(**each) for each in table["creations"]),
        proofs=tuple(_read_proof(each) for each in table["proofs"]),
        requires=frozenset(table["requires"]),
    )


def _read_proof(table: Mapping[str, Any]) -> Proof:
    return Proof(table["claim"], table["holds"], tuple(table["evidence"]), table["was_run"])
