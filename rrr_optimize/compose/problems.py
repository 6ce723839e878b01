"""Turn what kept a project from being read into findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import tell_once

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding
    from rrr_optimize.rules import Rule


def report_problems(repository: WithCompose, rule: Rule, kinds: frozenset[str], why: str) -> Iterator[Finding]:
    """Yield a finding for each problem of these kinds, once however many projects have it."""
    return tell_once(
        rule.finding(problem.location, problem.message, problem.subject, why=why, hint=problem.hint)
        for project in repository.compose.projects
        for problem in project.loaded.problems
        if problem.kind in kinds
    )
