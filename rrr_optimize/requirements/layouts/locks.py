"""Which locks are compiled from which requirements files."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.specifiers import specifier_set
from rrr_optimize.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.requirements.layouts.flattening import Flattener


def find_locks(sources: Iterable[Source], flattener: Flattener) -> dict[str, str]:
    """Return a lock for each file that one is compiled from, be it through an include; of several the first by path.

    A compiled file that does not name its inputs counts for the file of the same name that ends in `.in`.
    """
    found: dict[str, str] = {}
    for source in sources:
        if source.compiled_by is None:
            continue
        inputs = [next((path for path in paths if path in flattener.by_path), "") for paths in source.compiled_from]
        if not source.compiled_from and source.path.endswith(".txt"):
            inputs = [f"{source.path.removesuffix('.txt')}.in"]
        for path in inputs:
            for name, _ in flattener.chain(path):
                found.setdefault(name, source.path)
    return found


def warn_of_stale(lock: str | None, flattener: Flattener, specifiers: Iterable[tuple[str, str]]) -> str:
    """Return what to do about a lock that would no longer meet these specifiers, by package; nothing where it does."""
    if lock is None:
        return ""
    pinned = {item.package: item.pin for item in flattener.by_path[lock].declarations}
    odd = sorted(
        {
            package
            for package, specifier in specifiers
            if (pin := pinned.get(package)) and not specifier_set(specifier).contains(pin, prereleases=True)
        }
    )
    return f"make {lock} anew: it holds other versions of {listed(odd)}" if odd else ""
