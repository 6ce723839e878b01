"""An included requirements or constraints file does not exist.

`-r` and `-c` are resolved against the folder of the file they stand in, not against the working directory.

    # services/api/requirements.txt
    -r requirements/base.txt     # services/api/requirements/base.txt is not there
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

RULE = get_rule("REQ016")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each include whose target is missing."""
    why = "Installers stop at a file they cannot open."
    return report_problems(repository, ProblemKind.MISSING_INCLUDE, RULE, why)
