"""Limits that contradict each other: two forms with two values, or a reservation above the limit.

Compose refuses mem_limit beside another deploy limit, and a container that reserves more than it may use does not
start.

    mem_limit: 1g
    deploy: {resources: {limits: {memory: 2g}}}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.formats.measures import read_size
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP027")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each contradiction."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for service in project.services.values():
        for short, long, read in _FORMS:
            one, other = service.value.get(short), service.value.get("deploy", "resources", *long)
            if one and other and _differ(one, other, read):
                yield RULE.finding(
                    one.where,
                    f"{service.name} has {short} {one.text} here and {'.'.join(long)} {other.text} under deploy",
                    f"{service.name} {short}",
                    why="Compose refuses two values for one limit.",
                    hint="keep the form under deploy",
                    related=[Related(other.where, "the other one")],
                )
        for key, read, short, short_reserved in _RESERVATIONS:
            limit = service.value.get("deploy", "resources", "limits", key) or service.value.get(short)
            reserved = service.value.get("deploy", "resources", "reservations", key)
            reserved = reserved or (service.value.get(short_reserved) if short_reserved else None)
            if limit and reserved and (read(reserved.text) or 0) > (read(limit.text) or float("inf")):
                yield RULE.finding(
                    reserved.where,
                    f"{service.name} reserves {reserved.text} of {key} and may use {limit.text}",
                    f"{service.name} {key}",
                    why="A container cannot be sure of more than it may use.",
                    related=[Related(limit.where, "the limit")],
                )


def _read_number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _differ(one: Value, other: Value, read: Callable[[str], float | None]) -> bool:
    values = read(one.text), read(other.text)
    return None not in values and values[0] != values[1]


_RESERVATIONS: tuple[tuple[str, Callable[[str], float | None], str, str], ...] = (
    ("memory", read_size, "mem_limit", "mem_reservation"),
    ("cpus", _read_number, "cpus", ""),
)
_FORMS: tuple[tuple[str, tuple[str, str], Callable[[str], float | None]], ...] = (
    ("mem_limit", ("limits", "memory"), read_size),
    ("mem_reservation", ("reservations", "memory"), read_size),
    ("cpus", ("limits", "cpus"), _read_number),
)
