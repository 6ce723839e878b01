"""The rows of a Python text: its lines as the parser counts them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


def split_rows(text: str) -> list[str]:
    """Return the lines of a text as the parser counts them: they end at LF, CRLF or CR, and nowhere else."""
    if "\r" in text:
        text = text.replace("\r\n", "\n").replace("\r", "\n")
    return text.split("\n")


def rows_with(text: str, word: str) -> Iterator[int]:
    """Yield the number, from 1, of each row that holds a word; the rows of the text end at LF."""
    row, start = 1, 0
    at = text.find(word)
    while at >= 0:
        row += text.count("\n", start, at)
        yield row
        start = text.find("\n", at) + 1
        row += 1
        at = text.find(word, start) if start else -1
