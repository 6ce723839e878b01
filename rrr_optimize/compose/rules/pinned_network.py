"""A network that could go into another one has a bridge name or a subnet that something outside may count on.

A firewall rule, a monitoring probe or a script on the host can name the bridge or the addresses, and no Compose file
tells. Look for the name on the host before the networks are merged; where nothing asks for it, take it out.
Information only.

    networks:
      frontend: {driver_opts: {com.docker.network.bridge.name: br-front}}     # frontend is inside monitoring
      monitoring:
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.nesting import find_nested, find_pins
from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP033")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pin of a network that lies inside another."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    for nested in find_nested(project):
        for words, value in find_pins(project, nested):
            said = f" {value.text}" if value.text else ""
            yield RULE.finding(
                value.where,
                f"the {words}{said} keeps {nested.inner} from going into {nested.outer} unnoticed",
                f"{nested.inner} {words} {project.files[0]}",
                why="Something outside may count on it: a firewall rule, a probe, a script on the host.",
                hint="take it out if nothing does",
            )
