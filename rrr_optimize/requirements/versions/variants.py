"""Files that hold other versions on purpose, as their names tell: the oldest, the latest, one for each of several."""

from __future__ import annotations

import posixpath
import re
from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.requirements.versions.decision import Decision

_END_OF_RANGE = re.compile(r"(?:\A|[-_.])(?:oldest|lowest|minimum|min|latest|newest|highest|maximum|max)[-_.]")
_NUMBER = re.compile(r"\d+")


def find_variants(decision: Decision) -> tuple[Declaration, ...]:
    """Return the requirements that change though the names of their files say that they should differ.

    `requirements.oldest.txt` is such a file by itself; `test-requirements-0.txt` and `test-requirements-1.txt` beside
    each other are, where they name different versions.
    """
    said: defaultdict[str, set[tuple[str, str]]] = defaultdict(set)
    for item in decision.declarations:
        said[_stem(item)].add((item.location.path, item.specifier_key))
    return tuple(
        item
        for item in (change.declaration for change in decision.changes)
        if _END_OF_RANGE.search(posixpath.basename(item.location.path).lower()) or _differs(item, said[_stem(item)])
    )


def variants_glob(item: Declaration) -> str:
    """Return a glob for a file and those beside it that differ in the number only, wherever they are."""
    return _NUMBER.sub("*", posixpath.basename(item.location.path))


def _differs(item: Declaration, said: set[tuple[str, str]]) -> bool:
    """Tell whether a file beside it, with another number in its name, asks for other versions."""
    return any(path != item.location.path and key not in {"", item.specifier_key} for path, key in said)


def _stem(item: Declaration) -> str:
    folder, name = posixpath.split(item.location.path)
    return f"{folder}/{_NUMBER.sub('#', name)}"
