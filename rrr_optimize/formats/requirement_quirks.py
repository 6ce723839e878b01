"""Where pip and uv read the same requirements file differently, and separators that a reader does not see.

Every message tells what pip 26.3 and uv 0.13.9 were seen to do. Seen to be read alike by both, and so no quirk: CRLF,
a UTF-8 byte order mark, a blank missing before `#` (both refuse it), a continuation in front of a hash.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.logical_lines import LogicalLine
    from rrr_optimize.source import SourceText

PIP, UV = "pip 26.3", "uv 0.13.9"
_UNUSUAL = re.compile(r"[\v\f\x1c-\x1f\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]|\r(?!\n)")
_LINE_ENDS = frozenset("\v\f\x1c\x1d\x1e\x85\u2028\u2029")


class QuirkKind(Enum):
    """What is unusual about a place in a requirements file."""

    LINE_END = "line-end"
    BLANK = "blank"
    ENCODING = "encoding"
    CONTINUATION = "continuation"
    TRAILING_BACKSLASH = "trailing-backslash"
    SWALLOWED_LINE = "swallowed-line"
    TAB_BEFORE_OPTION = "tab-before-option"
    GLUED_VALUE = "glued-value"
    QUOTED_VALUE = "quoted-value"
    SHORTENED_OPTION = "shortened-option"
    PIP_OPTION = "pip-option"
    IGNORED_OPTION = "ignored-option"
    IGNORED_TEXT = "ignored-text"
    WEAK_HASH = "weak-hash"
    EMPTY_MARKER = "empty-marker"
    MARKER_SEPARATOR = "marker-separator"
    EDITABLE_URL = "editable-url"
    EGG_EXTRAS = "egg-extras"


@dataclass(frozen=True, slots=True)
class Quirk:
    """One such place, with one line on what pip does there and what uv does."""

    kind: QuirkKind
    span: Span
    message: str


def has_unusual_separators(text: str) -> bool:
    """Return whether any line end or blank in the text is one that editors do not show as such."""
    return _UNUSUAL.search(text) is not None


def find_encoding_quirk(source: SourceText) -> Quirk | None:
    """Return what is to be said about the encoding of the file, or None for UTF-8."""
    encoding = source.encoding.lower()
    if encoding.startswith("utf-16"):
        message = f"the file is {encoding}: {PIP} and {UV} both read it by its byte order mark"
    elif encoding.startswith("utf-32"):
        message = f"the file is {encoding}: {PIP} reads it, {UV} refuses it"
    elif encoding.replace("_", "-") not in ("utf-8", "utf8") and not source.text.isascii():
        message = f"the file is {encoding}: {PIP} reads it by its coding comment, {UV} refuses what is not UTF-8"
    else:
        return None
    return Quirk(QuirkKind.ENCODING, Span(0, 0), message)


def find_separator_quirks(text: str, line: LogicalLine) -> Iterator[Quirk]:
    """Yield a quirk for each line end and blank of a line that does not look like one."""
    for match in _UNUSUAL.finditer(text, line.span.start, line.span.end):
        span = Span(*match.span())
        name = "a lone CR" if match[0] == "\r" else f"U+{ord(match[0]):04X}"
        in_comment = line.comment is not None and line.comment.start <= span.start < line.comment.end
        if match[0] == "\r":
            yield Quirk(QuirkKind.LINE_END, span, f"{name} ends the line for {PIP} and {UV}; not every editor shows it")
        elif match[0] in _LINE_ENDS:
            yield Quirk(QuirkKind.LINE_END, span, f"{name}: {_after_line_end(line)}")
        elif not in_comment:
            yield Quirk(QuirkKind.BLANK, span, f"{name}: {_of_blank(line, span)}")


def _after_line_end(line: LogicalLine) -> str:
    if line.comment is not None:
        return f"{PIP} ends the comment here and reads on, for {UV} the rest is still comment"
    return f"{PIP} ends the line here, {UV} does not and refuses what follows"


def _of_blank(line: LogicalLine, span: Span) -> str:
    if line.comment is not None and span.end == line.comment.start:
        return f"{PIP} begins a comment after it, {UV} refuses the line"
    if span.start < line.content.start or not line.text:
        return f"{PIP} skips it, {UV} refuses the line"
    return f"a blank for {UV}, but for {PIP} not everywhere"
