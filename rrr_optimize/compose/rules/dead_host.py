"""A host name that no service of the project answers to: in the environment, or among the targets of Prometheus.

Only what is certainly meant as a host is taken: the host of a URL, `name:port` in a variable called after a host or
address, a static target of a scrape configuration. Names with a dot, `localhost` and variables are left alone.
Where a service is on an external network the name may be somebody else's; what an extended or included file sets may
be meant for other projects; where no service mounts the scrape configuration nobody may read it: all this is told as
information.

    environment: [API_URL=http://api:8000]       # there is no api any more
"""

from __future__ import annotations

from difflib import get_close_matches
from typing import TYPE_CHECKING

from rrr_optimize.compose.hosts import find_hosts, is_service_name
from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.model import Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.scrape_targets import ScrapeTarget
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP017")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each host in the environment and each scrape target that names no service."""
    projects = repository.compose.projects
    yield from tell_once(finding for project in projects for finding in _check_environment(project, projects))
    for target in repository.compose.targets:
        finding = _check_target(target, projects)
        if finding:
            yield finding


def _check_environment(project: ComposeProject, projects: Sequence[ComposeProject]) -> Iterator[Finding]:
    if not project.is_complete:
        return
    external = {name for name, network in project.section("networks").items() if network.text_of("external") == "true"}
    for service in project.services.values():
        is_open = bool(external & set(service.networks)) or bool(service.text("network_mode"))
        for name, value in service.entries("environment").items():
            for host in find_hosts(name, value.text):
                if host in project.host_names:
                    continue
                # What others share by include or extends may be meant for them.
                is_shared = value.where.path not in project.files
                yield RULE.finding(
                    value.where,
                    f"{service.name} is told of {host} by {name}, and no service of {project.label} answers to it",
                    f"{host} {service.name} {name}",
                    why=_explain(is_open=is_open, is_shared=is_shared),
                    hint=_suggest(host, project, projects),
                    severity=Severity.INFO if is_open or is_shared else None,
                )


def _explain(*, is_open: bool, is_shared: bool) -> str:
    if is_open:
        return "It may be on the network outside."
    return "The name does not resolve: the call fails" + (", if there is one in this project." if is_shared else ".")


def _check_target(target: ScrapeTarget, projects: Sequence[ComposeProject]) -> Finding | None:
    if not is_service_name(target.host):
        return None
    if not target.mounted_by:
        known = [project for project in projects if target.host in project.host_names]
        if known or not projects:
            return None
        return RULE.finding(
            target.location,
            f"Prometheus is to scrape {target.text}, and no Compose service is called {target.host}",
            f"{target.host} {target.location.path}",
            why="The target is down for ever, if this file is read at all: no Compose file mounts it.",
            hint="take the job out, or name the service that took its place",
            severity=Severity.INFO,
        )
    lacking = [project for project in target.mounted_by if target.host not in project.host_names]
    if not lacking:
        return None
    files = list(dict.fromkeys(file for project in lacking for file in project.files[:1]))
    verb = "has" if len(files) == 1 else "have"
    return RULE.finding(
        target.location,
        f"Prometheus scrapes {target.text}, and {list_names(files)} {verb} no such service",
        f"{target.host} {target.location.path}",
        why=f"The target of the job {target.job} is down for ever.",
        hint=_suggest(target.host, lacking[0], projects) or "take the job out, or name the service that took its place",
    )


def _suggest(host: str, project: ComposeProject, projects: Sequence[ComposeProject]) -> str:
    close = get_close_matches(host, sorted(project.host_names), 1, 0.8)
    if close:
        return f"did you mean {close[0]}?"
    others = [other.label for other in projects if host in other.services and other is not project]
    return f"{host} is a service of {list_names(others, 2)}" if others else ""
