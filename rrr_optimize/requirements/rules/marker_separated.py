"""Requirements that exclude each other are kept apart by their markers.

No environment ever sees two of them, so there is no conflict; they are listed because a unified file has to keep the
markers.

    numpy==1.24.4; python_version < "3.9"
    numpy==1.26.4; python_version >= "3.9"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.phrases import listed
from rrr_optimize.requirements.disagreements import find_disagreements
from rrr_optimize.requirements.satisfiability import is_unsatisfiable
from rrr_optimize.requirements.wording import describe, first, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ007")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package whose requirements would contradict each other without their markers."""
    for package, declarations in find_disagreements(repository).agreeing:
        asking = [item for item in declarations if item.specifier and not item.url]
        if any(item.marker for item in asking) and is_unsatisfiable(item.specifier for item in asking):
            primary = first(item for item in asking if item.marker)
            ways = list(dict.fromkeys(describe(item) for item in asking))
            yield RULE.finding(
                primary.location,
                f"{package} has requirements that only markers keep apart: {listed(ways)}",
                f"{package} {' | '.join(sorted(ways))}",
                why="No environment sees two of them, so this is no conflict; whoever unifies them keeps the markers.",
                related=relate(asking, primary),
            )
