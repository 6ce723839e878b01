"""A service uses a network, a volume, a secret or a config that the project does not declare.

Compose refuses the project.

    services:
      web:
        networks: [backend]       # networks: has no backend
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.uses import find_uses
from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP008")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each use of something that is not declared."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    if not project.is_complete:
        return
    for kind, name, service, where in find_uses(project):
        if name not in project.section(kind):
            noun = kind.removesuffix("s")
            yield RULE.finding(
                where,
                f"{service.name} uses the {noun} {name}, which {project.label} does not declare",
                f"{name} {kind} {project.label}",
                why="Compose refuses the project.",
                hint=f"declare it under {kind}:, with external: true if something else makes it",
            )
