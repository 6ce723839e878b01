"""One mapping of a Compose file gives the same key twice.

Compose refuses the file. Other readers of YAML keep the last one in silence, so what stands first was lost long
ago.

    environment:
      LOG_LEVEL: info
      LOG_LEVEL: debug
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Related
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.reading import WithCompose
    from rrr_optimize.model import Finding

RULE = get_rule("CMP002")


def check(repository: WithCompose) -> Iterator[Finding]:
    """Yield a finding for each key that is given again."""
    for file in repository.compose.files:
        for duplicate in file.duplicates:
            first = duplicate.first.location
            yield RULE.finding(
                duplicate.place.location,
                f"{duplicate.key} is given a second time, first in line {first.line}",
                f"{duplicate.key} {file.path}",
                why="Compose refuses a mapping with one key twice.",
                hint="keep one of the two",
                related=[Related(first, f"{duplicate.key} for the first time")],
            )
