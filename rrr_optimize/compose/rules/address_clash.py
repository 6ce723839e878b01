"""A static address that another service or the gateway has, or that lies outside the subnet of its network.

Where a network of the bridge driver names no gateway, the first address of its subnet is the gateway's.

networks: {n: {ipam: {config: [{subnet: 10.5.0.0/24}]}}}
web: {networks: {n: {ipv4_address: 10.6.0.2}}}
"""

from __future__ import annotations

from ipaddress import ip_address, ip_network
from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP016")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each address that cannot be given."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    taken: dict[tuple[str, str], Service] = {}
    for service in project.services.values():
        if service.is_off:
            continue
        for name, membership in service.networks.items():
            for key in ("ipv4_address", "ipv6_address"):
                given = membership.get(key)
                if given is None or given.unset or not given.text:
                    continue
                other = taken.setdefault((name, given.text), service)
                if other is not service and other.runs_with(service):
                    yield RULE.finding(
                        given.where,
                        f"{service.name} asks for {given.text} on {name}, which {other.name} has",
                        f"{given.text} {name}",
                        why="The second container does not start.",
                        related=[Related(other.where, f"{other.name} has it")],
                    )
                if given.text in _gateways(project, name):
                    yield RULE.finding(
                        given.where,
                        f"{service.name} asks for {given.text} on {name}, which is the gateway's",
                        f"{given.text} {name} gateway",
                        why="The container does not start: the address is in use.",
                    )
                subnets = _subnets(project, name)
                if subnets and not any(_lies_in(given.text, subnet) for subnet in subnets):
                    yield RULE.finding(
                        given.where,
                        f"{given.text} is outside {list_names(subnets)}, the subnet of {name}",
                        f"{given.text} {name} subnet",
                        why="The container does not start.",
                    )


def _subnets(project: ComposeProject, network: str) -> list[str]:
    declared = project.section("networks").get(network)
    pools = declared.get("ipam", "config") if declared else None
    subnets = [pool.get("subnet") for pool in pools.items] if pools else []
    return [subnet.text for subnet in subnets if subnet] if all(s and not s.unset for s in subnets) else []


def _gateways(project: ComposeProject, network: str) -> set[str]:
    declared = project.section("networks").get(network)
    pools = declared.get("ipam", "config") if declared else None
    found: set[str] = set()
    for pool in pools.items if pools else ():
        gateway, subnet = pool.get("gateway"), pool.get("subnet")
        if gateway and not gateway.unset:
            found.add(gateway.text)
        elif (
            not gateway
            and declared
            and subnet
            and not subnet.unset
            and declared.text_of("driver") in {"", "default", "bridge"}
        ):
            found |= _first_address(subnet.text)
    return found


def _first_address(subnet: str) -> set[str]:
    try:
        return {str(ip_network(subnet, strict=False)[1])}
    except (ValueError, IndexError):
        return set()


def _lies_in(address: str, subnet: str) -> bool:
    try:
        return ip_address(address) in ip_network(subnet, strict=False)
    except ValueError:
        return False
