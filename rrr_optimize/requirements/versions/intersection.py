"""What ranges have in common, written as one specifier."""

from __future__ import annotations

from functools import reduce
from typing import TYPE_CHECKING

from packaging.specifiers import SpecifierSet

from rrr_optimize.facts.declarations import specifier_set

if TYPE_CHECKING:
    from collections.abc import Iterable

    from packaging.specifiers import Specifier

_ORDER = (">=", ">", "~=", "==", "===", "<", "<=", "!=")


def intersect_ranges(specifiers: Iterable[str]) -> str | None:
    """Return a specifier that admits just the versions that all of them do, without clauses that add nothing.

    None where the specifiers cannot be compared (`===`), or admit nothing together. Lower bounds come first.
    """
    clauses = sorted({clause for text in specifiers for clause in specifier_set(text)}, key=_place)
    kept = list(dict.fromkeys(str(clause) for clause in clauses))
    whole = SpecifierSet(",".join(kept))
    try:
        if whole.is_unsatisfiable():
            return None
        return ",".join(reduce(lambda rest, clause: _without(rest, clause, whole), reversed(kept), kept))
    except ValueError:  # `===` is compared as text and has no order
        return None


def _without(clauses: list[str], clause: str, whole: SpecifierSet) -> list[str]:
    rest = [other for other in clauses if other != clause]
    return rest if rest and SpecifierSet(",".join(rest)).is_subset(whole) else clauses


def _place(clause: Specifier) -> tuple[int, str]:
    return _ORDER.index(clause.operator), clause.version
