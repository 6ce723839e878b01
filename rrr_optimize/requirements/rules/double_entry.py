"""One list names a package twice, in one environment.

Installers merge the two entries, so the looser one does nothing, and the reader who changes one of them changes
nothing or breaks the list.

    requests>=2.28
    requests==2.31.0

Entries that markers keep apart are fine, and so is the same version with another extra.
"""

from __future__ import annotations

from collections import defaultdict
from heapq import merge
from itertools import islice
from typing import TYPE_CHECKING

from rrr_optimize.requirements.satisfiability import is_unsatisfiable
from rrr_optimize.requirements.wording import describe, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding, Location

RULE = get_rule("REQ009")
# A list that needs more was made by a program, and has been found to contradict itself long before.
_MOST_PAIRS = 20_000


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
    """Return the first entry that repeats an earlier one, and that one; in a list that goes on and on, of its start."""
    pairs = islice(_comparable_pairs(entries), _MOST_PAIRS)
    return next((pair for pair in pairs if _do_overlap(*pair)), None)


def _comparable_pairs(entries: list[Declaration]) -> Iterator[tuple[Declaration, Declaration]]:
    """Yield each entry with the earlier ones that it may share a version with; two different pins never do."""
    earlier: list[Declaration] = []
    ranges: list[Declaration] = []
    pinned: defaultdict[str, list[Declaration]] = defaultdict(list)
    for again in entries:
        # `==2.1` also admits 2.1+cpu, so the public part decides.
        same_pin = pinned[again.pin.public] if again.pin else []
        for before in merge(ranges, same_pin, key=_place) if again.pin else earlier:
            yield before, again
        earlier.append(again)
        (same_pin if again.pin else ranges).append(again)


def _place(declaration: Declaration) -> Location:
    return declaration.location


def _do_overlap(before: Declaration, again: Declaration) -> bool:
    adds_extra = before.extras != again.extras and before.specifier_key == again.specifier_key
    overlaps = before.marker_rows & again.marker_rows and not adds_extra
    return bool(overlaps) and not is_unsatisfiable({before.specifier, again.specifier})
