"""Decide whether requirements admit a common version, and give the smallest reason why not.

The decision is packaging's `SpecifierSet.is_unsatisfiable`, which is exact for PEP 440; this module adds the marker
rows and the minimal explanation.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache, reduce
from itertools import chain, combinations
from operator import or_
from typing import TYPE_CHECKING

from packaging.version import Version

from rrr_optimize.facts.marker_rows import iter_common_rows
from rrr_optimize.facts.specifiers import exact_pin, specifier_set

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


@dataclass(frozen=True, slots=True)
class Contradiction:
    """Specifiers that no version meets: a minimal set of them, and the rows in which they are active together."""

    core: tuple[str, ...]
    rows: int


def find_contradictions(asked: Iterable[tuple[str, int]], within: int) -> tuple[Contradiction, ...]:
    """Return why no version meets all specifiers that are active together in some row: nothing where one always does.

    Each entry is a specifier and the rows in which it is active; an empty specifier asks for nothing. Every row in
    which no version will do belongs to at least one of the contradictions; that of the most rows comes first.
    """
    entries = list(dict.fromkeys(entry for entry in asked if entry[0]))
    regions: list[tuple[tuple[str, ...], int]] = []
    for members, region in iter_common_rows((mask for _, mask in entries), within):
        specifiers = tuple(dict.fromkeys(entries[index][0] for index in members))
        if specifiers and _is_unsatisfiable(frozenset(specifiers)):
            regions.append((specifiers, region))
    found: list[Contradiction] = []
    while regions:
        largest, _ = max(regions, key=lambda entry: entry[1].bit_count())
        core = minimal_core(largest)
        covered = [entry for entry in regions if set(core) <= set(entry[0])]
        found.append(Contradiction(core, reduce(or_, (region for _, region in covered))))
        regions = [entry for entry in regions if entry not in covered]
    return tuple(found)


def is_unsatisfiable(specifiers: Iterable[str]) -> bool:
    """Return whether no version meets all of the specifiers."""
    return _is_unsatisfiable(frozenset(specifiers))


def minimal_core(specifiers: Sequence[str]) -> tuple[str, ...]:
    """Return specifiers that no version meets without those that are not needed for the contradiction.

    A pair is looked for first, two pins before all.
    """
    for single in specifiers:
        if _is_unsatisfiable(frozenset({single})):
            return (single,)
    pins = [specifier for specifier in specifiers if exact_pin(specifier)]
    for pair in chain(combinations(pins, 2), combinations(specifiers, 2)):
        if _is_unsatisfiable(frozenset(pair)):
            return pair
    core = list(specifiers)
    for specifier in specifiers:
        rest = [item for item in core if item != specifier]
        if _is_unsatisfiable(frozenset(rest)):
            core = rest
    return tuple(core)


@cache
def _is_unsatisfiable(specifiers: frozenset[str]) -> bool:
    # `==2.1` also admits 2.1+cpu, so pins that differ in their local part alone are left to the exact check.
    public = {Version(pin.public) for specifier in specifiers if (pin := exact_pin(specifier))}
    if len(public) > 1:
        return True
    return specifier_set(",".join(sorted(specifiers))).is_unsatisfiable()
