"""All services share one network, those that publish ports and those that keep data.

A front end that is broken into then reaches the database. With a handful of services that is a fair price for
simplicity; from eight on, one network for what is published and one for the rest is usually worth it. Information
only.

    services: {web, admin, api, worker, db, cache, ...}       # all on default
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.images import DATA_STORES, image_name
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP012")
_MANY = 8


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each project of some size with a single network."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    services = [service for service in project.services.values() if service.networks]
    networks = {name for service in services for name in service.networks}
    published = [service.name for service in services if service.items("ports")]
    stores = [service.name for service in services if image_name(service) in DATA_STORES]
    hidden = [name for name in stores if name not in published]
    if len(services) < _MANY or len(networks) != 1 or not published or not hidden:
        return
    name = networks.pop()
    yield RULE.finding(
        services[0].where,
        f"all {len(services)} services are on {name}, {list_names(hidden, 2)} and what is published among them",
        f"{name} {project.label}",
        why="Whoever gets into one of them reaches all others.",
        hint="a network for what is published and one for the rest keep the two apart",
    )
