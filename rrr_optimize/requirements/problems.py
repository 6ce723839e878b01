"""Turn what the readers could not read, or read with a doubt, into findings."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import ProblemKind
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding
    from rrr_optimize.rules import Rule


def report_problems(repository: Repository, kind: ProblemKind, rule: Rule, why: str) -> Iterator[Finding]:
    """Yield a finding for each problem of one kind, in path order."""
    for problem in repository.requirements.problems:
        if problem.kind is kind:
            yield rule.finding(problem.location, problem.message, problem.subject, why=why, hint=problem.hint)
