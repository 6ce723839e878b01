"""Make edits of changes, apply them, and make sure that the bytes of the result say what its text says."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.errors import EditConflictError
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.model import Edit, Span
from rrr_optimize.source import SourceText, UndecodableError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence


def edit_text(source: SourceText, edits: Sequence[Edit]) -> SourceText | Refusal:
    """Return the text after the edits; a Refusal where they overlap, or where the bytes would not be read as that text.

    So a coding cookie (PEP 263) neither comes nor goes, and no character is written that the encoding does not have.
    """
    if not edits:
        return source
    try:
        after = replace(source, text=apply_edits(source.text, edits))
    except EditConflictError:
        return Refusal("two changes meet at one place")
    try:
        again = SourceText.decode(source.path, after.encode())
    except UnicodeEncodeError as error:
        return Refusal(f"{source.encoding} has no {error.object[error.start : error.end]!r}")
    except UndecodableError as error:
        return Refusal(f"the result would not be text: {error}")
    if again.text != after.text or again.encoding != source.encoding:
        return Refusal("the result would be read in another encoding")
    return after


def make_edits(source: SourceText, changes: Iterable[tuple[Span, str]]) -> tuple[Edit, ...]:
    """Return the edits that replace spans by texts, sorted; insertions at one place become one, in the order given."""
    inserted: dict[int, str] = {}
    edits: list[Edit] = []
    for span, text in changes:
        if span.start == span.end:
            inserted[span.start] = inserted.get(span.start, "") + text
        else:
            edits.append(Edit(source.path, span, text))
    edits += [Edit(source.path, Span(offset, offset), text) for offset, text in inserted.items()]
    return tuple(sorted(edits, key=lambda edit: edit.span))


def own_line_end(text: str, offset: int) -> str:
    """Return the line end to write at an offset: that of the line before it, else the first of the text, else LF."""
    before = text[:offset]
    newline = max(before.rfind("\n"), before.rfind("\r"))
    if newline < 0:
        found = [place for mark in "\r\n" if (place := text.find(mark)) >= 0]
        if not found:
            return "\n"
        newline = min(found)
        newline += text[newline : newline + 2] == "\r\n"
    start = newline - 1 if text[newline - 1 : newline + 1] == "\r\n" else newline
    return text[start : newline + 1]
