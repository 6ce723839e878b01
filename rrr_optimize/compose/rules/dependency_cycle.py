"""Services depend on each other in a circle, so none of them can start first.

Compose refuses the project.

    api:    {depends_on: [worker]}
    worker: {depends_on: [api]}
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP025")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each circle."""
    return tell_once(finding for project in repository.compose.projects for finding in _check(project))


def _check(project: ComposeProject) -> Iterator[Finding]:
    after = {name: list(service.entries("depends_on")) for name, service in project.services.items()}
    done: set[str] = set()
    for start in sorted(after):
        if start not in done and (circle := _find_circle(start, after, done)):
            names = " -> ".join([*circle, circle[0]])
            yield RULE.finding(
                (project.services[circle[0]].value.get("depends_on") or project.services[circle[0]].value).where,
                f"{names}: each waits for the next",
                " ".join(sorted(circle)),
                why="None of them can start first, and Compose refuses the project.",
            )


def _find_circle(start: str, after: dict[str, list[str]], done: set[str]) -> list[str]:
    """Return the first circle found from a service, without recursion; what is left behind is done."""
    way: list[str] = [start]
    waiting = [iter(after[start])]
    while waiting:
        name = next(waiting[-1], None)
        if name is None:
            done.add(way.pop())
            waiting.pop()
        elif name in way:
            done.update(way)
            return way[way.index(name) :]
        elif name in after and name not in done:
            way.append(name)
            waiting.append(iter(after[name]))
    return []
