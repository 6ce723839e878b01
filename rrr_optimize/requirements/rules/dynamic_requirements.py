"""Requirements that only running the code would tell.

A setup.py that computes its requirements is never run and never guessed at: what it asks for is missing from every
other finding. The same goes for a choice of ranges (`||`) and for fields that a tool fills in.

    install_requires=open("requirements.txt").read().splitlines()

Static metadata in pyproject.toml can be audited and needs no code to be run.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import ProblemKind
from rrr_optimize.requirements.problems import report_problems
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ019")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each value that is not a literal."""
    why = "Not statically known: it is missing from every comparison here."
    return report_problems(repository, ProblemKind.DYNAMIC, RULE, why)
