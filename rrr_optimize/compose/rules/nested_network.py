"""Every service of one network is on another one too, so the inner network joins nobody who is not joined already.

It can go without changing who reaches whom. It may still be there for a reason that the file does not tell: a
bridge name or a subnet that something outside counts on (told where it is so), or a plan. A network that is
internal, external or of another driver than the outer one is another class and no finding.

    networks of grafana and monitoring: frontend, monitoring
    networks of prometheus: monitoring                         # frontend is inside monitoring
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.network_options import list_differences
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP010")
_CLASS = ("driver", "internal", "attachable", "external", "enable_ipv6")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each network inside another of its class."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    networks = project.section("networks")
    found = {name: frozenset(members) for name, members in project.members.items() if len(members) > 1}
    for inner, services in sorted(found.items()):
        outers = [
            outer
            for outer, others in sorted(found.items())
            if outer != inner and services <= others and (services < others or inner > outer)
        ]
        outer = next((name for name in outers if _class(networks.get(name)) == _class(networks.get(inner))), None)
        if outer is None or inner not in networks:
            continue
        differences = list_differences(networks[inner], networks.get(outer))
        note = f"; its {list_names(differences)} would go with it" if differences else ""
        yield RULE.finding(
            networks[inner].where,
            f"{inner} is inside {outer}: {list_names(sorted(services))} are on both",
            f"{inner} {outer} {project.files[0]}",
            why=f"Without {inner} the same services reach each other{note}.",
            hint=f"take {inner} out, or take the services off {outer} that should not be there",
        )


def _class(network: Value | None) -> tuple[str, ...]:
    """Return what makes networks incomparable."""
    return tuple((found.text if (found := network.get(key)) else "") for key in _CLASS) if network else ("",) * 5
