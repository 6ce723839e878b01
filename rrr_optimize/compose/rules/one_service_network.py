"""A network with one service on it.

Often deliberate: a way out to the internet, or a place for what is still to come. Information only.

    networks: {metrics: }       # only prometheus is on it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP011")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each declared network of this project alone that has one member."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    if len(project.services) == 1:
        return
    for name, network in project.section("networks").items():
        members = project.members.get(name, ())
        if len(members) == 1 and name != "default" and network.get("external") is None:
            yield RULE.finding(
                network.where,
                f"only {members[0]} is on the network {name}",
                f"{name} {project.files[0]}",
                why="It joins nobody; what it gives its only service is a way out, if it is not internal.",
            )
