"""An included requirements file lies outside the root.

It is not opened: what stands there is not part of this repository, and another checkout has something else there.

    -r ../../../shared/requirements.txt
    -r /etc/requirements.txt
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

RULE = get_rule("REQ018")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each target outside the root, once."""
    why = "The file is not part of what is checked out here, so it was not opened."
    return report_problems(repository, ProblemKind.OUTSIDE_ROOT, RULE, why)
