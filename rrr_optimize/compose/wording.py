"""Words that the rules of this domain share."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.phrases import listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.model import Finding


def list_names(names: Sequence[str], shown: int = 4) -> str:
    """Return `a`, `a and b`, `a, b and c`, or `a, b, c, d and 4 more`."""
    return listed(names, shown)


def tell_once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """Yield each finding once: a file that is part of several projects is wrong only once."""
    seen: set[tuple[str, int, int, str]] = set()
    for finding in findings:
        place = finding.location
        key = (place.path, place.line, place.column, finding.subject)
        if key not in seen:
            seen.add(key)
            yield finding
