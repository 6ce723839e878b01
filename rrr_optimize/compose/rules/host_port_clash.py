"""Two services that run together publish the same port of the host, or one publishes it twice.

The second one to start fails. Where they are meant as alternatives, of which somebody starts one by its name, a profile
for each says so and keeps `docker compose up` from failing. Services of different profiles are not compared, nor are
different addresses of the host, nor a port that a variable decides. A service is switched off, and compared with none,
where nothing in the repository starts its profile and the name of that says so (`disabled`, `never`, `do-not-run`) or
only an override gives it.

    web:   {ports: ["8080:80"]}
    admin: {ports: ["8080:9000"]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import list_names, tell_once
from rrr_optimize.formats.compose_short_forms import overlap
from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Finding

RULE = get_rule("CMP013")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each port that two services publish."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    published = [
        (service, port)
        for service in project.services.values()
        if not service.is_off
        for port in service.items("ports")
        if (found := port.get("published")) and found.text and not port.unset and not found.unset
    ]
    for at, (other, second) in enumerate(published):
        others = {
            one.name: first
            for one, first in published[:at]
            if one is not other and one.runs_with(other) and _clash(first, second)
        }
        twice = next((first for one, first in published[:at] if one is other and _clash(first, second)), None)
        if twice:
            yield _tell_twice(other.name, twice, second)
        if others:
            number = second.mapping["published"].text
            verb = "does" if len(others) == 1 else "do"
            yield RULE.finding(
                second.where,
                f"{other.name} publishes port {number}, and so {verb} {list_names(list(others))}",
                f"{number} {' '.join([*others, other.name])}",
                why="Whichever starts second fails: the port is taken.",
                hint="services of which only one is started at a time belong into profiles of their own",
                related=[Related(first.where, f"{name} publishes it too") for name, first in others.items()],
            )


def _tell_twice(name: str, first: Value, second: Value) -> Finding:
    number = second.mapping["published"].text
    return RULE.finding(
        second.where,
        f"{name} publishes port {number} twice",
        f"{number} {name}",
        why="Ports of an override come on top of those below; the second one is taken when it is to be opened.",
        hint="write !override before the ports of the override",
        related=[Related(first.where, "for the first time")],
    )


def _clash(first: Value, second: Value) -> bool:
    protocols = {_field(port, "protocol") or "tcp" for port in (first, second)}
    hosts = {_field(port, "host_ip") or "0.0.0.0" for port in (first, second)}  # noqa: S104 - compared, never bound
    is_same_host = len(hosts) == 1 or "0.0.0.0" in hosts  # noqa: S104 - as above
    return len(protocols) == 1 and is_same_host and overlap(_field(first, "published"), _field(second, "published"))


def _field(port: Value, name: str) -> str:
    found = port.get(name)
    return found.text if found else ""
