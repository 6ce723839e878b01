"""A comment or a document gives a number of services or networks that is not the true one.

A comment counts where it stands at the margin of a Compose file; of several numbers in a line the last is taken, as
in "from 11 services to 9 services". It is true if it is the number of services of a project with this file, with or
without those of profiles; of networks, with or without `default`. A line of a document counts where it speaks of Docker
or Compose, and is information: it may tell of another time. It is judged by the Compose file that it names, if any.

    # all 9 services on 3 networks          # there are 10
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.compose.claims import Claim, find_claims
from rrr_optimize.facts.compose.discovery import STANDARD
from rrr_optimize.facts.own_documents import is_ours
from rrr_optimize.model import Severity
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("CMP030")
_COMMENT = re.compile(r"#.*")
_DOCUMENT = re.compile(r".*\b(?:docker|compose)\b.*", re.IGNORECASE)


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each untrue number in the comments of Compose files and in documents."""
    for file in repository.compose.files:
        source = repository.snapshot.text(file.path)
        projects = repository.compose.projects_with(file.path)
        own = [project for project in projects if file.path == project.files[0]]
        for claim in find_claims(source, _COMMENT) if source and own else ():
            yield from _judge(claim, projects, None)
    bases = [project for project in repository.compose.projects if project.directory == "."]
    for path in repository.find_documents("services") if bases else ():
        source = repository.snapshot.text(path)
        # Our own documents tell of before and after, and both were true.
        for claim in find_claims(source, _DOCUMENT) if source and not is_ours(source.text) else ():
            yield from _judge(claim, _meant(claim, bases), Severity.INFO)


def _meant(claim: Claim, projects: Sequence[ComposeProject]) -> Sequence[ComposeProject]:
    """Return the projects whose file the line names; all, the one with a standard name first, where it names none."""
    named = [each for each in projects if re.search(rf"(?<![\w.-]){re.escape(each.files[0])}(?!\w)", claim.line)]
    return named or sorted(projects, key=lambda each: each.files[0] not in STANDARD)


def _judge(claim: Claim, projects: Sequence[ComposeProject], severity: Severity | None) -> Iterator[Finding]:
    true = {number for project in projects for number in _numbers(project, claim.noun)}
    if claim.number in true or not true:
        return
    actual = max(_numbers(projects[0], claim.noun))
    yield RULE.finding(
        claim.location,
        f"it says {claim.number} {claim.noun}s, and {projects[0].label} has {actual}",
        f"{claim.number} {claim.noun} {claim.location.path}",
        why="Whoever reads it counts on it.",
        severity=severity,
    )


def _numbers(project: ComposeProject, noun: str) -> list[int]:
    if noun == "network":
        used = [name for name, members in project.members.items() if members]
        # Nobody counts the network that a service without any gets.
        named = [name for name in project.section("networks") if name != "default"]
        return [len(project.section("networks")), len(used), len(named)]
    services = list(project.services.values())
    return [len(services), sum(not service.profiles for service in services)]
