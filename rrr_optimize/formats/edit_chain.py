"""Several edits, each of the text that the one before it left, as edits of the text at the beginning."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterator


class _Piece(NamedTuple):
    """A stretch of the first text that is kept, or new text at a place of it."""

    start: int
    end: int
    new: str | None = None

    @property
    def length(self) -> int:
        return self.end - self.start if self.new is None else len(self.new)


class EditChain:
    """Keeps which characters of a text are still there."""

    def __init__(self, length: int) -> None:
        self._pieces = [_Piece(0, length)]

    def splice(self, start: int, end: int, text: str) -> None:
        """Replace a stretch of the text as it is now."""
        before = self._split(start)
        after = self._split(end)
        at = self._pieces[before - 1].end if before else 0
        self._pieces[before:after] = [_Piece(at, at, text)] if text else []

    def _split(self, offset: int) -> int:
        """Return the index of the piece that begins at an offset, which is made to be one."""
        at = 0
        for index, piece in enumerate(self._pieces):
            if offset <= at:
                return index
            if offset < at + piece.length:
                cut = offset - at
                if piece.new is None:
                    halves = [_Piece(piece.start, piece.start + cut), _Piece(piece.start + cut, piece.end)]
                else:
                    halves = [piece._replace(new=piece.new[:cut]), piece._replace(new=piece.new[cut:])]
                self._pieces[index : index + 1] = halves
                return index + 1
            at += piece.length
        return len(self._pieces)

    def edits(self, path: str, length: int) -> Iterator[Edit]:
        """Yield edits of the first text, of this length, that make the text as it is now."""
        at, added = 0, ""
        for piece in (*self._pieces, _Piece(length, length)):
            if piece.new is not None:
                added += piece.new
                continue
            if piece.start == piece.end and piece.start < length:
                continue
            if added or piece.start > at:
                yield Edit(path, Span(at, piece.start), added)
            at, added = piece.end, ""
