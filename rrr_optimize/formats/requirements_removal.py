"""What leaves a requirements file together with a line, so that it can move to another file with it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.comment_blocks import CommentBlocks, Role, find_comment_blocks
from rrr_optimize.formats.requirements_lines import LineKind

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.formats.requirement_line import RequirementLine
    from rrr_optimize.formats.requirements_lines import RequirementsFile
    from rrr_optimize.source import SourceText

_LINE_END = re.compile(r"\r\n|\r|\n")
_ROLES = {LineKind.BLANK: Role.BLANK, LineKind.COMMENT: Role.COMMENT}


class TakenLine(NamedTuple):
    """A line that goes, as lines without line ends: its comments and itself, with continuations and trailing comment.

    `heading` is a block over several lines that all go; the first of them has it.
    """

    line: int
    heading: tuple[str, ...]
    above: tuple[str, ...]
    text: tuple[str, ...]
    below: tuple[str, ...]

    @property
    def lines(self) -> tuple[str, ...]:
        """The line with the comments that belong to it alone."""
        return (*self.above, *self.text, *self.below)


def take_lines(source: SourceText, file: RequirementsFile, lines: Iterable[int]) -> tuple[TakenLine, ...]:
    """Return what `RemoveLine` for each of these lines, in one go, takes from the file, in its order."""
    chosen = set(lines)
    blocks = blocks_of(source, file)
    headings: dict[int, tuple[str, ...]] = {}
    above: dict[int, tuple[str, ...]] = {}
    for block in blocks.blocks:
        if chosen.issuperset(block.items):
            kept = above if len(block.items) == 1 else headings
            kept[block.items[0]] = _texts(source, file, block.comments)
    return tuple(
        TakenLine(
            number,
            headings.get(number, ()),
            above.get(number, ()),
            _texts(source, file, (number,)),
            _texts(source, file, blocks.notes.get(number, ())),
        )
        for number in sorted(chosen)
    )


def blocks_of(source: SourceText, file: RequirementsFile) -> CommentBlocks:
    """Return the comment blocks of a requirements file."""
    return find_comment_blocks([(_ROLES.get(line.kind, Role.ITEM), _indent(source, line)) for line in file.lines])


def _indent(source: SourceText, line: RequirementLine) -> int:
    text = source.slice(line.span)
    return len(text) - len(text.lstrip(" \t"))


def _texts(source: SourceText, file: RequirementsFile, numbers: Iterable[int]) -> tuple[str, ...]:
    found: list[str] = []
    for number in numbers:
        parts = _LINE_END.split(source.slice(file.lines[number].span))
        found += parts if parts[-1] else parts[:-1]
    return tuple(found)
