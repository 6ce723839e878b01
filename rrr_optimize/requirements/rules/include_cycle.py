"""Requirements files include each other in a circle.

    # base.txt        # dev.txt
    -r dev.txt        -r base.txt

pip refuses such files; the circle is reported once, at the include that closes it.
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

RULE = get_rule("REQ017")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each include that closes a circle."""
    why = "pip refuses files that include each other."
    return report_problems(repository, ProblemKind.INCLUDE_CYCLE, RULE, why)
