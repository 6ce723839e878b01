"""A port, a volume or a variable that Compose cannot read.

ports: ["80:eighty"]
image: app:${TAG          # a brace that is not closed
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.problems import report_problems
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP004")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each short form and each variable that cannot be read."""
    kinds = frozenset({"short-form", "template"})
    return report_problems(repository, RULE, kinds, "Compose refuses the project.")
