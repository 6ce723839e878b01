"""The blank lines around whole lines that are taken out: as many stay as stood there before, and no more."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.text_lines import line_end, line_start, previous_line
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

# A line with a form feed parts pages: it is no blank line.
_BLANK = re.compile(r"[ \t]*(?:\r\n|\r|\n)")
_BLANK_TEXT = re.compile(r"[ \t\r\n]*")


def close_gaps(text: str, edits: Iterable[Edit]) -> tuple[Edit, ...]:
    """Return edits in order, those joined that touch or that only blank lines part, with the blank lines that go.

    Of the blank lines above and below, the larger number stays. None stay where a file begins, and where a block begins
    or ends, or the file ends, only those on the outer side: what is left there looks as it did.
    """
    return tuple(_close(text, edit) for edit in _join(text, edits))


def _join(text: str, edits: Iterable[Edit]) -> Iterator[Edit]:
    waiting: Edit | None = None
    for edit in sorted(edits, key=lambda edit: edit.span):
        if waiting is not None and _are_one(text, waiting, edit):
            waiting = Edit(edit.path, Span(waiting.span.start, max(waiting.span.end, edit.span.end)), "")
            continue
        if waiting is not None:
            yield waiting
        waiting = edit
    if waiting is not None:
        yield waiting


def _are_one(text: str, first: Edit, second: Edit) -> bool:
    if first.replacement or second.replacement:
        return False
    if second.span.start <= first.span.end:
        return True
    has_lines = _has_lines(text, first) and _has_lines(text, second)
    return has_lines and _BLANK_TEXT.fullmatch(text, first.span.end, second.span.start) is not None


def _has_lines(text: str, edit: Edit) -> bool:
    """Tell whether an edit takes whole lines out."""
    start, end = edit.span.start, edit.span.end
    at_end = end == len(text) or line_start(text, end) == end
    return not edit.replacement and start < end and line_start(text, start) == start and at_end


def _close(text: str, edit: Edit) -> Edit:
    if not _has_lines(text, edit):
        return edit
    start, end = edit.span.start, edit.span.end
    above, top = 0, start
    while top > 0 and _BLANK.fullmatch(text, before := previous_line(text, top), top):
        above, top = above + 1, before
    below, bottom = 0, end
    while match := _BLANK.match(text, bottom):
        below, bottom = below + 1, match.end()
    indent = _indent(text, start)
    begins = top == 0 or _indent(text, previous_line(text, top)) < indent
    ends = bottom == len(text) or _indent(text, bottom) < indent
    if top == 0:
        return Edit(edit.path, Span(top, bottom), "")
    keeps_below = ends or (below > above and not begins)
    return Edit(edit.path, Span(top, end) if keeps_below else Span(start, bottom), "")


def _indent(text: str, start: int) -> int:
    row = text[start : line_end(text, start)]
    return len(row) - len(row.lstrip(" \t"))
