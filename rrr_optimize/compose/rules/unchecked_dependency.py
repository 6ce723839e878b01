"""A service waits until another one is healthy, and that one has no health check to be seen.

Without a check Compose gives up: "has no healthcheck configured". Where the image may bring a check of its own,
because its Dockerfile is not in the repository, the finding is information.

    api: {depends_on: {worker: {condition: service_healthy}}}
    worker: {build: ./worker}       # and its Dockerfile has no HEALTHCHECK
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.model import Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding
    from rrr_optimize.workspace.snapshot import Snapshot

RULE = get_rule("CMP023")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each condition that can never be met."""
    return tell_once(
        finding for project in repository.compose.projects for finding in _check(project, repository.snapshot)
    )


def _check(project: ComposeProject, snapshot: Snapshot) -> Iterator[Finding]:
    for service in project.services.values():
        for name, dependency in service.entries("depends_on").items():
            target = project.services.get(name)
            if target is None or dependency.text_of("condition") != "service_healthy":
                continue
            check = target.value.get("healthcheck")
            is_off = check is not None and (check.text_of("disable") == "true" or _first(check) == "NONE")
            if check is not None and not is_off:
                continue
            dockerfile = _dockerfile(target)
            source = snapshot.text(dockerfile) if dockerfile and snapshot.is_file(dockerfile) else None
            if not is_off and source and "HEALTHCHECK" in source.text.upper():
                continue
            seen = "" if is_off else " to be seen"
            is_sure = is_off or source is not None
            yield RULE.finding(
                dependency.where,
                f"{service.name} waits until {name} is healthy, and {name} has no health check{seen}",
                f"{service.name} {name}",
                why="Compose cannot tell when it is healthy, and gives up."
                if is_sure
                else "Only its image could have one.",
                hint=f"give {name} a healthcheck, or wait with service_started",
                severity=None if is_sure else Severity.INFO,
            )


def _first(check: Value) -> str:
    test = check.get("test")
    return test.items[0].text if test and test.items else ""


def _dockerfile(service: Service) -> str:
    context, name = service.text("build", "context"), service.text("build", "dockerfile")
    return posixpath.normpath(posixpath.join(context, name)) if context and name else ""
