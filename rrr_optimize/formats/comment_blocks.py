"""Which comments go when a line goes: one rule for requirements files, arrays and tables.

- A *block* is a run of comment lines with nothing between them. It stands over the items that follow it directly, up
  to the next blank line, the next comment or the end.
- A block that stands over one item belongs to that item. One that stands over several is their heading: it goes when
  all of them go, and stays while one of them stays.
- A comment that follows an item directly and is indented more than it is a note on that item (`# via x` of a compiled
  file) and belongs to it. It ends no block.
- A block with a blank line or the end below it belongs to nobody and stays.
- Where a whole paragraph goes, the blank lines after it go too; after the last paragraph that stays, those before it.
  Where none stays, all blank lines go.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence, Set as AbstractSet


class Role(Enum):
    """What a line is to the comments around it."""

    BLANK = "blank"
    COMMENT = "comment"
    ITEM = "item"


class Block(NamedTuple):
    """The comment lines of a block and the items that it stands over, by number."""

    comments: tuple[int, ...]
    items: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class CommentBlocks:
    """The lines of a text by role, the blocks over items, and the notes below items."""

    roles: tuple[Role, ...]
    blocks: tuple[Block, ...]
    notes: dict[int, tuple[int, ...]]

    def leaving(self, items: AbstractSet[int]) -> frozenset[int]:
        """Return the lines that go together with these items, the items included."""
        gone = set(items)
        for item in items:
            gone.update(self.notes.get(item, ()))
        for block in self.blocks:
            if gone >= set(block.items):
                gone.update(block.comments)
        return frozenset(gone | self._blanks_around(gone)) if items else frozenset()

    def _blanks_around(self, gone: AbstractSet[int]) -> set[int]:
        paragraphs = list(_paragraphs(self.roles))
        stays = [not gone >= set(range(*paragraph)) for paragraph in paragraphs]
        if True not in stays:
            return {number for number, role in enumerate(self.roles) if role is Role.BLANK}
        last = max(number for number, stay in enumerate(stays) if stay)
        starts = [start for start, _ in paragraphs]
        ends = [end for _, end in paragraphs]
        blanks: set[int] = set()
        for number, stay in enumerate(stays):
            if not stay and number < last:
                blanks.update(range(ends[number], starts[number + 1]))
            elif not stay and number:
                blanks.update(range(ends[number - 1], starts[number]))
        return blanks


def find_comment_blocks(lines: Sequence[tuple[Role, int]]) -> CommentBlocks:
    """Return the blocks of lines that are given by role and indentation."""
    roles = tuple(role for role, _ in lines)
    notes = _find_notes(lines)
    noted = {note for below in notes.values() for note in below}
    blocks: list[Block] = []
    comments: list[int] = []
    items: list[int] = []
    for number, role in enumerate([*roles, Role.BLANK]):
        if number in noted:
            continue
        if role is Role.ITEM:
            items.append(number)
            continue
        if comments and (items or role is Role.BLANK):
            blocks += [Block(tuple(comments), tuple(items))] if items else []
            comments = []
        items = []
        if role is Role.COMMENT:
            comments.append(number)
    return CommentBlocks(roles, tuple(blocks), notes)


def _find_notes(lines: Sequence[tuple[Role, int]]) -> dict[int, tuple[int, ...]]:
    notes: dict[int, tuple[int, ...]] = {}
    item: int | None = None
    for number, (role, indent) in enumerate(lines):
        if role is Role.ITEM:
            item = number
        elif role is Role.COMMENT and item is not None and indent > lines[item][1]:
            notes[item] = (*notes.get(item, ()), number)
        else:
            item = None
    return notes


def _paragraphs(roles: Sequence[Role]) -> Iterator[tuple[int, int]]:
    start = None
    for number, role in enumerate([*roles, Role.BLANK]):
        if role is Role.BLANK and start is not None:
            yield start, number
            start = None
        elif role is not Role.BLANK and start is None:
            start = number
