"""One package is asked for in different ways that still agree.

Some version meets them all, so nothing fails; but the versions live in several places and will drift further apart.

    # requirements.txt          # pyproject.toml
    numpy==1.26.3               numpy>=1.26.0

A bare name asks for nothing and does not count.
"""

from __future__ import annotations

from functools import reduce
from itertools import combinations
from operator import or_
from typing import TYPE_CHECKING

from rrr_optimize.phrases import listed
from rrr_optimize.requirements.disagreements import find_disagreements
from rrr_optimize.requirements.wording import first, group_by_specifier, places, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ005")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package with several specifiers that can be met together."""
    for package, declarations in find_disagreements(repository).agreeing:
        asking = [item for item in declarations if item.specifier and not item.url]
        groups = group_by_specifier(asking)
        if len(groups) > 1 and not _is_kept_apart(groups, repository):
            primary = first(asking)
            ways = listed([f"{specifier} ({places(items, 1)})" for specifier, items in groups.items()])
            yield RULE.finding(
                primary.location,
                f"{package} is asked for in {len(groups)} ways: {ways}",
                f"{package} {' | '.join(sorted(groups))}",
                why="They agree today; each is a place to forget when the version changes.",
                related=relate(asking, primary),
            )


def _is_kept_apart(groups: dict[str, list[Declaration]], repository: Repository) -> bool:
    """Tell whether markers or Pythons keep any two ways from being active together."""
    rows_of = repository.requirements.rows_of
    rows = [reduce(or_, map(rows_of, items)) for items in groups.values()]
    return all(not one & other for one, other in combinations(rows, 2))
