"""A service has a health check, and those that depend on it do not wait for it.

The list form of depends_on waits until the container has started, not until it answers. Information only.

    depends_on: [db]                # db has a healthcheck: condition: service_healthy would wait for it
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding, Location

RULE = get_rule("CMP024")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each service whose check nobody waits for."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    groups: dict[tuple[Location, tuple[str, ...]], list[str]] = {}
    for service in project.services.values():
        early = tuple(
            name
            for name, dependency in service.entries("depends_on").items()
            if dependency.text_of("condition") == "service_started"
            and name in project.services
            and project.services[name].value.get("healthcheck", "test") is not None
        )
        if early:
            given = service.value.get("depends_on") or service.value
            # What an anchor says for many services is told once.
            groups.setdefault((given.where, early), []).append(service.name)
    for (where, early), names in groups.items():
        verb = "has" if len(early) == 1 else "have"
        yield RULE.finding(
            where,
            f"{list_names(names)} start{'s' * (len(names) == 1)} as soon as {list_names(early)} {verb} started,"
            " healthy or not",
            f"{names[0]} {' '.join(early)}",
            why="There is a health check, and nothing waits for it.",
            hint="depends_on with condition: service_healthy waits for it",
        )
