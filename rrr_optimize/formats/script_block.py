"""Read the `script` block of a Python file (PEP 723, inline script metadata) with the places of its strings."""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate
from typing import TYPE_CHECKING, Any

from rrr_optimize.formats.placed_text import PlacedText
from rrr_optimize.formats.text_lines import Line, split_lines
from rrr_optimize.formats.toml_spans import TomlFile, read_toml
from rrr_optimize.formats.unreadable import ScriptBlockError, TomlError
from rrr_optimize.model import Span
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_OPENING = re.compile(r"# /// (?P<type>[a-zA-Z0-9-]+)")
_CLOSING = "# ///"


@dataclass(frozen=True, slots=True)
class CommentMap:
    """Where the lines of a text stand in the file that carries it in comments: offsets inside and outside."""

    starts: tuple[tuple[int, int], ...]

    @classmethod
    def of_lines(cls, lines: Sequence[tuple[int, str]]) -> CommentMap:
        """Map the text that the lines make when each ends with LF; each comes with its offset outside."""
        inside = accumulate((len(line) + 1 for _, line in lines), initial=0)
        return cls(tuple(zip(inside, (offset for offset, _ in lines), strict=False)))

    def outer(self, span: Span) -> Span:
        """Turn a span inside into the span outside; where it goes over several lines, their `# ` is in it."""
        return Span(self.outer_offset(span.start), self.outer_offset(span.end))

    def outer_offset(self, offset: int) -> int:
        """Turn an offset inside into the offset outside."""
        inside, outside = self.starts[bisect_right(self.starts, offset, key=lambda start: start[0]) - 1]
        return outside + offset - inside

    def outer_text(self, placed: PlacedText) -> PlacedText:
        """Turn the place of a string; it is not exact where it goes over several lines."""
        span = self.outer(placed.span)
        is_one_line = span.end - span.start == placed.span.end - placed.span.start
        return PlacedText(placed.text, span, exact=placed.exact and is_one_line)


@dataclass(frozen=True, slots=True)
class ScriptBlock:
    """What a `script` block declares, with spans in the Python file.

    `toml` is the text inside its comments, for the tables of tools: `comment` turns its spans into those of the file.
    """

    span: Span
    requires_python: PlacedText | None
    dependencies: tuple[PlacedText, ...]
    toml: TomlFile
    comment: CommentMap


def read_script_block(source: SourceText) -> ScriptBlock | None:
    """Return the `script` block of a Python file, or None; blocks of other types are passed over.

    Raises ScriptBlockError, and nothing else: for a second `script` block, for text in it that is not TOML, and where
    `dependencies` is not an array of strings or `requires-python` not a string. The position is that in the file.
    """
    lines = list(split_lines(source.text))
    blocks = [(first, last) for kind, first, last in _blocks([line.text for line in lines]) if kind == "script"]
    if not blocks:
        return None
    if len(blocks) > 1:
        raise ScriptBlockError(blocks[1][0] + 1, 1, "a file can have one script block only")
    first, last = blocks[0]
    span = Span(lines[first].start, lines[last].start + len(lines[last].text))
    return _read_block(source, span, [_uncomment(line) for line in lines[first + 1 : last]])


def _blocks(lines: Sequence[str]) -> Iterator[tuple[str, int, int]]:
    """Yield the type of each block and the indexes of its first and last line, as the expression in PEP 723 finds them.

    A block goes on to the last closing line before the comment ends, so it may hold lines that look like a closing
    line or like another opening.
    """
    index = end = 0
    closing = -1
    while index < len(lines):
        opening = _OPENING.fullmatch(lines[index])
        if opening and index >= end:
            end, closing = _comment_end(lines, index + 1)
        if opening and closing > index + 1:
            yield opening["type"], index, closing
            index = closing
        index += 1


def _comment_end(lines: Sequence[str], index: int) -> tuple[int, int]:
    """Return the index behind the comment that goes on at `index`, and that of its last closing line or -1."""
    closing = -1
    while index < len(lines) and (lines[index] == "#" or lines[index].startswith("# ")):
        if lines[index] == _CLOSING:
            closing = index
        index += 1
    return index, closing


def _uncomment(line: Line) -> tuple[int, str]:
    width = 2 if line.text.startswith("# ") else 1
    return line.start + width, line.text[width:]


def _read_block(source: SourceText, span: Span, lines: list[tuple[int, str]]) -> ScriptBlock:
    comment = CommentMap.of_lines(lines)
    try:
        # A line end is LF here whatever it is in the file: so PEP 723 reads it, and a lone CR would be no TOML.
        toml = read_toml(SourceText(source.path, "".join(f"{line}\n" for _, line in lines)))
    except TomlError as error:
        offset = lines[error.line - 1][0] + error.column - 1
        raise ScriptBlockError(*source.position(offset), error.message) from None
    for key, is_right, expected in (
        ("requires-python", _is_string, "a string"),
        ("dependencies", _is_array_of_strings, "an array of strings"),
    ):
        if key in toml.data and not is_right(toml.data[key]):
            key_span = toml.key_span(key) or Span(0, 0)
            offset = comment.outer_offset(key_span.start)
            raise ScriptBlockError(*source.position(offset), f"{key} must be {expected}")
    version = toml.text("requires-python")
    items = [toml.text("dependencies", index) for index in range(len(toml.data.get("dependencies", ())))]
    return ScriptBlock(
        span=span,
        requires_python=comment.outer_text(version) if version else None,
        dependencies=tuple(comment.outer_text(item) for item in items if item),
        toml=toml,
        comment=comment,
    )


def _is_string(value: Any) -> bool:
    return isinstance(value, str)


def _is_array_of_strings(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(item, str) for item in value)
