"""A service asks for a service that the project does not have.

It may ask by depends_on, links, volumes_from or the namespace of another.

Compose refuses the project. A dependency with `required: false` may be missing.

    api: {depends_on: [database]}       # it is called db
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP022")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each service that is asked for and missing."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    if not project.is_complete:
        return
    for service in project.services.values():
        for name, dependency in service.entries("depends_on").items():
            is_required = dependency.text_of("required") != "false"
            if name and name not in project.services and is_required and "$" not in name:
                close = get_close_matches(name, sorted(project.services), 1)
                yield RULE.finding(
                    dependency.where,
                    f"{service.name} depends on {name}, and {project.label} has no such service",
                    f"{service.name} {name} {project.label}",
                    why="Compose refuses the project.",
                    hint=f"did you mean {close[0]}?" if close else "",
                )
