"""A shell takes the `>` or `<` of an unquoted version for a redirection.

`pip install requests>=2.31` installs any version of requests and writes the output to a file called `=2.31`. With
`requests<3` the shell wants to read a file called `3`, and where there is none the command fails. Quote the
requirement.

    RUN pip install requests>=2.31        # wrong
    RUN pip install "requests>=2.31"      # right
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

RULE = get_rule("REQ022")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each install command with an unquoted comparison."""
    why = "With > the shell writes a file and any version gets installed; with < it looks for a file to read and fails."
    return report_problems(repository, ProblemKind.UNQUOTED, RULE, why)
