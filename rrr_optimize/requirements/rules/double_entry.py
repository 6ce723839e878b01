"""One list names a package twice, in one environment.

Installers merge the two entries, so the looser one does nothing, and the reader who changes one of them changes
nothing or breaks the list.

    requests>=2.28
    requests==2.31.0

Entries that markers keep apart are fine, and so is the same version with another extra.
"""

from __future__ import annotations

from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING

from rrr_optimize.requirements.satisfiability import is_unsatisfiable
from rrr_optimize.requirements.wording import describe, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ009")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each second entry of a package in one list; contradictions are told by REQ001 and REQ002."""
    for source in repository.requirements.sources:
        lists: defaultdict[tuple[object, ...], list[Declaration]] = defaultdict(list)
        for item in source.declarations:
            lists[item.package, item.scope, item.part].append(item)
        for entries in lists.values():
            if pair := _overlapping_pair(entries):
                before, again = pair
                yield RULE.finding(
                    again.location,
                    _say(before, again),
                    f"{again.package} {before.specifier} {again.specifier}",
                    why="Installers merge the two, so one of them does nothing.",
                    hint=f"keep one entry for {again.package}",
                    related=relate([before], again),
                )


def _say(before: Declaration, again: Declaration) -> str:
    line = before.location.line
    if describe(before) == describe(again):
        return f"{describe(again)} is listed twice: on line {line} already"
    return f"{describe(again)} stands here, but {describe(before)} on line {line}"


def _overlapping_pair(entries: list[Declaration]) -> tuple[Declaration, Declaration] | None:
    for before, again in combinations(entries, 2):
        adds_extra = before.extras != again.extras and before.specifier_key == again.specifier_key
        overlaps = before.marker_rows & again.marker_rows and not adds_extra
        if overlaps and not is_unsatisfiable({before.specifier, again.specifier}):
            return before, again
    return None
