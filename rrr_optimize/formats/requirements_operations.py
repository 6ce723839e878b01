"""What can be done to a requirements file; lines are counted as the reader has them, from 0, continuations joined."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TypeAlias


class Place(Enum):
    """Where lines are inserted.

    TOP is below the comment that opens the file and the blank lines after it, if a blank line or the end parts it from
    the rest or it says the encoding; else it is the very beginning. END is below the last line that is not blank.
    """

    TOP = "top"
    END = "end"


@dataclass(frozen=True, slots=True)
class SetSpecifier:
    """Give the requirement of a line another specifier; an empty one admits every version."""

    line: int
    specifier: str


@dataclass(frozen=True, slots=True)
class DropHashes:
    """Take all hashes of a line away, with the continuations that lead to them."""

    line: int


@dataclass(frozen=True, slots=True)
class RemoveLine:
    """Remove a line and the comments that belong to it (`comment_blocks` has the rule)."""

    line: int


@dataclass(frozen=True, slots=True)
class InsertLines:
    """Insert lines, given without line ends; several insertions at one place stand in the order given.

    `place` may be the number of the line in front of which they shall stand, or that of all lines for the very end.
    """

    place: Place | int
    lines: tuple[str, ...]


Operation: TypeAlias = SetSpecifier | DropHashes | RemoveLine | InsertLines
