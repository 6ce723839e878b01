"""A file that should have been read cannot be.

It is a named pipe, too large, not text in its own encoding, not valid TOML, YAML, INI or Python, or may not be opened.
It was left out; everything else was audited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import ProblemKind
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("RRR001")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each file that was asked for and could not be read."""
    for problem in repository.requirements.problems:
        if problem.kind is ProblemKind.UNREADABLE:
            why = "Whatever it asks for is missing from every comparison."
            yield RULE.finding(problem.location, problem.message, problem.subject, why=why)
