"""Decoded text that remembers its bytes, and turns offsets into lines and columns."""

from __future__ import annotations

import codecs
import re
from bisect import bisect_right
from dataclasses import dataclass, field
from functools import cached_property

from rrr_optimize.model import Location, Span

_LINE_END = re.compile(r"\r\n|\r|\n")
_BLANK = re.compile(rb"[ \t\f\r]*(?:#.*)?", re.DOTALL)
_COOKIE = re.compile(rb"^[ \t\f]*#.*?coding[:=][ \t]*([-\w.]+)")
# UTF-32 first: its little-endian mark begins with that of UTF-16.
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)


class UndecodableError(ValueError):
    """The bytes are not text in any encoding they claim; the message says why."""


@dataclass(frozen=True)
class SourceText:
    """The text of one file; `encode` gives back exactly the bytes it was decoded from.

    Offsets are counted in characters of `text`, from 0; line ends are kept as they are.
    """

    path: str
    text: str
    encoding: str = "utf-8"
    byte_order_mark: bytes = field(default=b"")

    @classmethod
    def decode(cls, path: str, data: bytes) -> SourceText:
        """Decode by byte order mark, then by coding cookie in the first two lines (PEP 263), then as UTF-8.

        Raises UndecodableError when the bytes are not in that encoding, or hold a NUL character.
        """
        mark, encoding = next(((m, e) for m, e in _BYTE_ORDER_MARKS if data.startswith(m)), (b"", ""))
        encoding = encoding or _cookie(data) or "utf-8"
        try:
            text = data[len(mark) :].decode(encoding)
            faithful = text.encode(encoding) == data[len(mark) :]
        except LookupError:
            raise UndecodableError(f"its coding cookie names an unknown encoding, {encoding}") from None
        except UnicodeError as error:
            raise UndecodableError(_reason(encoding, error)) from None
        if not faithful:
            raise UndecodableError(f"it does not survive being decoded and encoded again as {encoding}")
        if "\0" in text:
            raise UndecodableError("it holds a NUL character, so it is not a text file")
        return cls(path, text, encoding, mark)

    def encode(self) -> bytes:
        """Return the bytes of the file."""
        return self.byte_order_mark + self.text.encode(self.encoding)

    @cached_property
    def _line_starts(self) -> list[int]:
        return [0, *(match.end() for match in _LINE_END.finditer(self.text))]

    def position(self, offset: int) -> tuple[int, int]:
        """Return the line and the column (both from 1, in characters) of an offset.

        A line ends at LF, CRLF or CR, as editors count.
        """
        line = bisect_right(self._line_starts, offset)
        return line, offset - self._line_starts[line - 1] + 1

    def locate(self, span: Span) -> Location:
        """Return where a span stands, for a finding."""
        line, column = self.position(span.start)
        end_line, end_column = self.position(span.end)
        return Location(self.path, line, column, end_line, end_column)

    def span_of(self, location: Location) -> Span:
        """Return the span that `locate` turns into this location. Raises ValueError for a place that the text lacks."""
        starts = self._line_starts
        if not 0 < location.line <= location.end_line <= len(starts):
            raise ValueError(f"{self.path} has no line {location.end_line}")
        start = starts[location.line - 1] + location.column - 1
        end = starts[location.end_line - 1] + location.end_column - 1
        if end > len(self.text):
            raise ValueError(f"{self.path} ends before {location.end_line}:{location.end_column}")
        return Span(start, end)

    def slice(self, span: Span) -> str:
        """Return the text of a span."""
        return self.text[span.start : span.end]


def _cookie(data: bytes) -> str | None:
    for line in data.split(b"\n", 2)[:2]:
        if match := _COOKIE.match(line):
            return match[1].decode("ascii", "replace")
        # In the second line it counts only below a comment or an empty line.
        if not _BLANK.fullmatch(line):
            break
    return None


def _reason(encoding: str, error: UnicodeError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start} (0x{error.object[error.start]:02x}) is not {encoding}"
    return f"it is not {encoding}"
