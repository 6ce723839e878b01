"""An `include` or `extends` that leads nowhere, or back to itself.

What is fetched from elsewhere (a git repository, a registry) is not followed, and no finding.

    include: [monitoring/compose.yaml]       # is not there
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.problems import report_problems
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP005")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each reference that cannot be followed."""
    kinds = frozenset({"missing-file", "missing-service", "cycle"})
    return report_problems(repository, RULE, kinds, "Compose refuses the project.")
