"""Which of several files stands nearest to another one."""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def nearest(path: str, others: Iterable[str]) -> str:
    """Return the path that shares the most folders with a file; the first of several by name."""
    return min(others, key=lambda other: (-shared_folders(path, other), other.count("/"), other))


def shared_folders(one: str, other: str) -> int:
    """Return with how many folders two paths begin alike."""
    pairs = zip(one.split("/")[:-1], other.split("/")[:-1], strict=False)
    return sum(1 for _ in itertools.takewhile(lambda pair: pair[0] == pair[1], pairs))
