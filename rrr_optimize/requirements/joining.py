"""Join version specifiers into one that says what they say together (PEP 440)."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from packaging.version import Version

from rrr_optimize.facts.specifiers import exact_pin, specifier_key, specifier_set
from rrr_optimize.requirements.satisfiability import is_unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable

_BELOW = {"<": 0, "<=": 1}
_ABOVE = {">": 1, ">=": 0}


def join_specifiers(specifiers: Iterable[str]) -> str | None:
    """Return one specifier for all: the pin that they share, if any is a pin, else the ranges as one.

    None where no version meets all, or two pins are spelled for different versions.
    """
    return _join(frozenset(specifiers))


@cache
def _join(specifiers: frozenset[str]) -> str | None:
    if is_unsatisfiable(specifiers):
        return None
    pins = sorted(specifier for specifier in specifiers if exact_pin(specifier))
    if pins:
        return pins[0] if len({specifier_key(pin) for pin in pins}) == 1 else None
    clauses = dict.fromkeys(clause for text in sorted(specifiers) for clause in text.split(",") if clause)
    return ",".join(sorted(_without_looser(list(clauses)), key=_order))


def _without_looser(clauses: list[str]) -> list[str]:
    """Leave out every bound that another one makes needless; what names a pre-release is kept, for that admits them."""
    parsed = {text: next(iter(specifier_set(text))) for text in clauses}
    if any(clause.prereleases for clause in parsed.values()):
        return clauses
    bounds: dict[str, tuple[Version, int]] = {}
    kept = []
    for text, clause in parsed.items():
        if clause.operator in _BELOW or clause.operator in _ABOVE:
            rank = (_BELOW | _ABOVE)[clause.operator]
            bounds[text] = (Version(clause.version), rank)
        else:
            kept.append(text)
    upper = [text for text in bounds if parsed[text].operator in _BELOW]
    lower = [text for text in bounds if parsed[text].operator in _ABOVE]
    kept += [min(upper, key=lambda text: bounds[text])] if upper else []
    kept += [max(lower, key=lambda text: bounds[text])] if lower else []
    return kept


def _order(clause: str) -> tuple[int, str]:
    """Sort as people write: the lower bound, the upper bound, what is left out."""
    starts = ("~", "=", ">", "<", "!")
    return next((rank for rank, start in enumerate(starts) if clause.startswith(start)), len(starts)), clause
