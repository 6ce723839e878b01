"""An override that does not fit what it is laid over.

An override may say only what changes. Where it names a service that the base no longer has, nothing says what that
service runs, and Compose refuses the whole set; the same goes for a list over a mapping. Networks that only the
override still declares are told with it: they are what is left of another time.

    # docker-compose.yml            # docker-compose.prod.yml
    services:                       services:
      api: {build: ./api}             worker: {environment: [MODE=prod]}     # there is no worker
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.project_families import left_networks
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP007")
_FEW = 3  # of a set that nobody wrote down, most services have to fit
_WHY = "Compose refuses the set: a service needs an image or a build, and kinds of values cannot be mixed."


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each override that cannot be merged, with every service that it alone names."""
    projects = repository.compose.projects
    defined = {name for each in projects for name, service in each.services.items() if service.is_defined}
    return tell_once(finding for project in projects for finding in _check(project, defined))


def _check(project: ComposeProject, defined: set[str]) -> Iterator[Finding]:
    for problem in project.loaded.problems:
        if problem.kind == "merge":
            yield RULE.finding(problem.location, problem.message, problem.subject, why=_WHY)
    if len(project.files) == 1 or not project.loaded.is_whole:
        return
    undefined = [service for service in project.services.values() if not service.is_defined]
    for path in project.files[1:]:
        stale = [service for service in undefined if service.where.path == path]
        own = [service for service in project.services.values() if service.where.path == path]
        # Nobody wrote the set down: a third file may give what is missing, or the base may be another one.
        is_elsewhere = any(service.name in defined for service in stale)
        is_doubtful = project.is_guess and (is_elsewhere or len(stale) * _FEW > len(own))
        if not stale or is_doubtful or any(service.where.path != path for service in undefined):
            continue
        base = project.files[0]
        names = list_names([service.name for service in stale])
        yield RULE.finding(
            stale[0].where,
            f"{base} has no {names}{left_networks(project, path)}: the two cannot be merged",
            f"{stale[0].name} {path} {base}",
            why=_WHY,
            hint=f"take {names} out of this file, or say what {'it runs' if len(stale) == 1 else 'they run'}",
            related=[Related(service.where, f"{service.name} is only here") for service in stale[1:]],
        )
