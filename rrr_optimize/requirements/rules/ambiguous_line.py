"""A line that pip and uv read differently.

Both are right by their own rules, and the environment depends on which of them was used: a form feed or a Unicode line
separator ends a line for one and not for the other, a backslash at the end of the file continues a line that is not
there, `-rother.txt` without a blank names a file for one only.

    requests==2.31.0 <U+2028>flask==3.0.0
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

RULE = get_rule("REQ015")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each place whose reading depends on the installer."""
    why = "What gets installed depends on which installer reads the file."
    return report_problems(repository, ProblemKind.AMBIGUOUS, RULE, why)
