"""Small pieces of sentences: counts, and lists that end in "and 3 more"."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T")

_NAMES_SHOWN = 3


def counted(number: int, noun: str) -> str:
    """Return "1 file" or "2 files"."""
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def listed(names: Sequence[str], limit: int = _NAMES_SHOWN) -> str:
    """Return "a, b, c and 18 more"; one name too many is named rather than counted."""
    shown, rest = cut(names, limit)
    last = f"{rest} more" if rest else shown[-1]
    before = shown if rest else shown[:-1]
    return f"{', '.join(before)} and {last}" if before else last


def cut(items: Sequence[T], limit: int | None) -> tuple[Sequence[T], int]:
    """Return the first `limit` items and how many that leaves out, which is never exactly one."""
    if limit is None or len(items) <= limit + 1:
        return items, 0
    return items[:limit], len(items) - limit
