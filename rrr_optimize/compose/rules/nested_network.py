"""Every service of one network is on another one too, so the inner network joins nobody who is not joined already.

It can go without changing who reaches whom. It may still be there for a reason that the file does not tell: a
bridge name or a subnet that something outside counts on (told where it is so), or a plan. A network that is
internal, external or of another driver than the outer one is another class and no finding.

    networks of grafana and monitoring: frontend, monitoring
    networks of prometheus: monitoring                         # frontend is inside monitoring
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.nesting import find_nested, find_pins
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP010")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each network inside another of its class."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for nested in find_nested(project):
        inner, outer, services = nested
        pins = [pin.words for pin in find_pins(project, nested)]
        note = f"; its {list_names(pins)} would go with it" if pins else ""
        yield RULE.finding(
            project.section("networks")[inner].where,
            f"{inner} is inside {outer}: {list_names(services)} are on both",
            f"{inner} {outer} {project.files[0]}",
            why=f"Without {inner} the same services reach each other{note}.",
            hint=f"take {inner} out, or take the services off {outer} that should not be there",
        )
