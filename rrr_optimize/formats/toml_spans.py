"""Read TOML with the place of every key and value: the data are tomllib's, the positions are ours."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rrr_optimize.formats.placed_text import PlacedText, unify_line_ends
from rrr_optimize.formats.toml_scanner import NestingError, Node, scan_toml
from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.source import SourceText

# Python 3.14 gives the position as attributes too; the words are the same in every version.
_MESSAGE = re.compile(r"(?P<what>.*) \(at (?:line (?P<line>\d+), column (?P<column>\d+)|end of document)\)", re.DOTALL)


@dataclass(frozen=True, slots=True)
class TomlFile:
    """The data of a TOML file, and where each part of them is written.

    A path is a run of keys and, for arrays and arrays of tables, of indexes from 0.
    """

    source: SourceText
    data: dict[str, Any]
    tree: Node = field(repr=False, compare=False)

    def span(self, *path: str | int) -> Span | None:
        """Return the span of the value at a path, quotes and brackets included.

        None where nothing stands, and for a table that is written as a header or by dotted keys, since such a table
        has no span of its own.
        """
        node = self.find(*path)
        return node.span if node else None

    def key_span(self, *path: str | int) -> Span | None:
        """Return the span of the last key of a path as it is written, quotes included.

        For a table this is its own header, else the first dotted key or header that implies it; for an item of an
        array of tables it is the name in its `[[header]]`. None for an item of an array, and where nothing stands.
        """
        node = self.find(*path)
        return node.key_span if node else None

    def content_span(self, *path: str | int) -> Span | None:
        """Return the span between the quotes of the string at a path, when those characters are the string.

        None for a string with escapes and for whatever is not a string. Line ends count as equal.
        """
        span, value = self.span(*path), self.value(*path)
        if span is None or not isinstance(value, str):
            return None
        token = self.source.slice(span)
        width = 3 if token.startswith(('"""', "'''")) else 1
        content = token[width:-width]
        # A line end right after the three quotes is not part of the string.
        trimmed = len(content) - len(re.sub(r"\A\r?\n", "", content)) if width > 1 else 0
        if unify_line_ends(content[trimmed:]) != value:
            return None
        return Span(span.start + width + trimmed, span.end - width)

    def value(self, *path: str | int) -> Any:
        """Return the value at a path, or None where nothing stands."""
        value: Any = self.data
        for part in path:
            if isinstance(part, str):
                value = value.get(part) if isinstance(value, dict) else None
            else:
                value = value[part] if isinstance(value, list) and 0 <= part < len(value) else None
        return value

    def text(self, *path: str | int) -> PlacedText | None:
        """Return the string at a path with its content span, or with its whole span where it has escapes.

        None where no string stands.
        """
        value, span = self.value(*path), self.span(*path)
        if span is None or not isinstance(value, str):
            return None
        content = self.content_span(*path)
        return PlacedText(value, content or span, exact=content is not None)

    def find(self, *path: str | int) -> Node | None:
        """Return the node at a path, for what spans alone do not tell; None where nothing stands."""
        node: Node | None = self.tree
        for part in path:
            node = node.children.get(part) if node else None
        return node


def read_toml(source: SourceText) -> TomlFile:
    """Read a TOML text (version 1.0, as the running Python's tomllib has it) with its positions.

    Raises TomlError, and nothing else, where the text is not TOML or nests deeper than 100 levels.
    """
    try:
        return _read(source)
    except RecursionError:  # only where we are called from deep inside
        raise TomlError(1, 1, "nested too deeply") from None


def _read(source: SourceText) -> TomlFile:
    # The scanner goes first: tomllib recurses into arrays, and takes memory square in the length of a dotted key.
    try:
        tree = scan_toml(source)
    except NestingError:
        raise
    except TomlError:
        _load(source)  # it fails too, and has the better words for it
        raise  # pragma: no cover - only a tomllib for a later TOML than ours comes here
    return TomlFile(source, _load(source), tree)


def _load(source: SourceText) -> dict[str, Any]:
    try:
        return tomllib.loads(source.text)
    except ValueError as error:  # a TOMLDecodeError, or an integer with more digits than Python converts
        raise _locate(source, str(error)) from None


def _locate(source: SourceText, message: str) -> TomlError:
    match = _MESSAGE.fullmatch(message)
    if match is None:
        return TomlError(1, 1, message)
    if match["line"] is None:
        return TomlError(*source.position(len(source.text.rstrip("\r\n"))), match["what"])
    # tomllib counts lines by LF alone; we say the line that an editor shows.
    start = 0
    for _ in range(int(match["line"]) - 1):
        start = source.text.index("\n", start) + 1
    offset = min(start + int(match["column"]) - 1, len(source.text))
    return TomlError(*source.position(offset), match["what"])
