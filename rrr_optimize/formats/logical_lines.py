"""The lines of a requirements file as pip joins them, with the place in the file of every character.

pip cuts the text wherever `str.splitlines` does, joins a line that ends in a backslash with the next one unless it is a
comment, and lets a comment begin at a `#` that opens the line or follows a blank ("Requirements File Format", pip 26).
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TYPE_CHECKING

from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LINE_ENDS = frozenset("\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029")


@dataclass(frozen=True, slots=True)
class LogicalLine:
    """One line as pip sees it.

    `span` is everything from the first character to the last line end. `text` is what is left to be read: joined,
    without comment, without blanks around it; `content` is where it stands. `comment` runs from its `#` to the end of
    the text; `swallowed` is the last line, where a backslash at the end of a comment draws it into that comment.
    `backslash` is one after which nothing follows. `starts` and `origins` map the pieces of a joined line.
    """

    span: Span
    text: str
    content: Span
    comment: Span | None = None
    swallowed: Span | None = None
    backslash: Span | None = None
    starts: tuple[int, ...] = ()
    origins: tuple[int, ...] = ()

    def offset(self, index: int) -> int:
        """Return where in the file `text[index]` stands."""
        if not self.starts:
            return self.content.start + index
        piece = max(bisect_right(self.starts, index) - 1, 0)
        return self.origins[piece] + index - self.starts[piece]

    def locate(self, start: int, end: int) -> Span:
        """Return the part of the file from `text[start]` to before `text[end]`, continuations in between included."""
        if start < end:
            return Span(self.offset(start), self.offset(end - 1) + 1)
        place = self.offset(start - 1) + 1 if start else self.content.start
        return Span(place, place)

    def locate_whole(self, start: int, end: int) -> Span | None:
        """Return what `locate` returns, or None where a continuation runs through it."""
        span = self.locate(start, end)
        return span if span.end - span.start == end - start else None


def read_logical_lines(text: str) -> Iterator[LogicalLine]:
    """Yield the lines of a requirements file; their spans follow each other and cover the whole text."""
    waiting: list[tuple[int, str]] = []
    backslash = None
    start = offset = 0
    for raw in text.splitlines(keepends=True):
        body = _without_line_end(raw)
        is_comment = "#" in body and body.lstrip().startswith("#")
        end = offset + len(raw)
        if body.endswith("\\") and not is_comment:
            # pip takes the backslashes off both ends, so `\foo\\` continues as `foo`.
            stripped = body.lstrip("\\")
            waiting.append((offset + len(body) - len(stripped), stripped.rstrip("\\")))
            backslash = Span(offset + len(body) - 1, offset + len(body))
        elif waiting:
            pieces = [*waiting, (offset, body)]
            yield _joined(Span(start, end), pieces, None if body.strip() else backslash, is_comment=is_comment)
            waiting, start = [], end
        else:
            yield _single(Span(start, end), body)
            start = end
        offset = end
    if waiting:
        yield _joined(Span(start, offset), waiting, backslash, is_comment=False)


def find_comment(line: str) -> int:
    """Return where the comment of a line begins, or -1."""
    mark = line.find("#")
    while mark > 0 and not line[mark - 1].isspace():
        mark = line.find("#", mark + 1)
    return mark


def _without_line_end(raw: str) -> str:
    if raw.endswith("\r\n"):
        return raw[:-2]
    return raw[:-1] if raw[-1] in _LINE_ENDS else raw


def _single(span: Span, body: str) -> LogicalLine:
    mark = find_comment(body) if "#" in body else -1
    kept = body if mark < 0 else body[:mark]
    text = kept.strip()
    start = span.start + (len(kept) - len(kept.lstrip()) if text else 0)
    comment = None if mark < 0 else Span(span.start + mark, span.start + len(body))
    return LogicalLine(span, text, Span(start, start + len(text)), comment)


def _joined(span: Span, pieces: list[tuple[int, str]], backslash: Span | None, *, is_comment: bool) -> LogicalLine:
    starts = (0, *accumulate(len(piece) for _, piece in pieces[:-1]))
    joined = "".join(piece for _, piece in pieces)
    mark = find_comment(joined)
    if is_comment:
        # A comment line begins a comment even where nothing parts it from the line before.
        own = starts[-1] + pieces[-1][1].index("#")
        mark = own if mark < 0 else min(mark, own)
    kept = joined if mark < 0 else joined[:mark]
    text = kept.strip()
    indentation = len(kept) - len(kept.lstrip()) if text else 0
    origins = tuple(origin for origin, _ in pieces)
    line = LogicalLine(
        span,
        text,
        Span(span.start, span.start),
        None,
        None,
        backslash,
        tuple(start - indentation for start in starts),
        origins,
    )
    content = line.locate(0, len(text)) if text else line.content
    if mark < 0:
        return replace(line, content=content)
    comment = Span(line.offset(mark - indentation), origins[-1] + len(pieces[-1][1]))
    swallowed = Span(origins[-1], comment.end) if mark < starts[-1] and not is_comment else None
    return replace(line, content=content, comment=comment, swallowed=swallowed)
