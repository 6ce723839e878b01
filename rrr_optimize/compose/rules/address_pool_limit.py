"""The networks of a project need most of the address ranges that a Docker engine has, or more.

A network without a subnet of its own gets one from the engine's default pools. Unless `default-address-pools` in its
daemon.json says otherwise there are 31 of them: 172.17.0.0/16 to 172.31.0.0/16, and sixteen of 192.168.0.0/16. The
engine's own bridge takes one, and every other project on the host takes some, so the last networks of a large project
cannot be made. From 24 on this is a warning, above the 30 that are left it is an error.

    networks: {team-1: , team-2: , ..., team-28: }
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.model import Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP032")
_RANGES = 31
_LEFT = _RANGES - 1
_MANY = 24


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each project with so many networks."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    declared = project.section("networks")
    # Compose makes only the networks that a service is on.
    needed = [name for name, members in project.members.items() if members and _takes_a_range(declared.get(name))]
    if len(needed) < _MANY:
        return
    is_over = len(needed) > _LEFT
    first = next((declared[name].where for name in needed if name in declared), None)
    yield RULE.finding(
        first or next(iter(project.services.values())).where,
        f"{project.label} needs {len(needed)} address ranges, and Docker has {_LEFT} to give unless it is told of more",
        f"ranges {project.files[0]}",
        why="The last networks cannot be made." if is_over else "A few other projects on the host take the rest.",
        hint="merge networks, give them small subnets of their own, or set default-address-pools in daemon.json",
        severity=Severity.ERROR if is_over else None,
    )


def _takes_a_range(network: Value | None) -> bool:
    if network is None:
        return True
    driver = network.text_of("driver") or "default"
    pools = network.get("ipam", "config")
    has_subnet = any(pool.get("subnet") for pool in pools.items) if pools else False
    return driver in {"default", "bridge"} and network.get("external") is None and not has_subnet
