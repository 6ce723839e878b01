"""A line that no installer can read.

pip and uv stop at the first such line, so nothing of the file is installed; a line that begins with a dash and is no
option pip passes over instead.

    google-api-core=2.5.0        # one = is not an operator
    tensorflow=>1.12.1           # neither is =>
    // moved to setup.py         # a comment starts with #
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

RULE = get_rule("REQ014")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each line or entry that is no requirement."""
    why = "An installer stops here or passes over it; in no case does it install what was meant."
    return report_problems(repository, ProblemKind.INVALID, RULE, why)
