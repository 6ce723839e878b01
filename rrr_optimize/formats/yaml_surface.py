"""The text around the nodes of a YAML document: lines, columns, brackets, comments."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.yaml_changes import RefusalError
from rrr_optimize.formats.yaml_nodes import YamlAlias, YamlMapping, YamlNode, YamlScalar, YamlSequence
from rrr_optimize.formats.yaml_writing import YamlStyle, find_style, walk
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.formats.yaml_nodes import YamlDocument

_LINE_END = re.compile(r"\r\n|\n|\r|\Z")
_PROPERTIES = re.compile(r"(?:[&!][^\s,\[\]{}]*[ \t]*(?:[\r\n]+[ \t]*)?)*")
_COMMENT = re.compile(r"(?:(?<=[\s])|\A)#[^\r\n]*")
_REST_OF_LINE = re.compile(r"[ \t]*(?P<comma>,?)[ \t]*(?P<comment>(?<=[\s,])#[^\r\n]*)?(?=\r|\n|\Z)")


class Splice(NamedTuple):
    """Replace a stretch of text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, eq=False)
class Surface:
    """A text with one of its documents."""

    text: str
    document: YamlDocument

    @cached_property
    def style(self) -> YamlStyle:
        """How the document is written."""
        return find_style(self.text, self.document.root)

    def line_start(self, offset: int) -> int:
        """Return where the line of an offset begins."""
        return max(self.text.rfind("\n", 0, offset), self.text.rfind("\r", 0, offset)) + 1

    def line_end(self, offset: int) -> int:
        """Return where the line of an offset ends, before its line end."""
        found = _LINE_END.search(self.text, offset)
        return found.start() if found else len(self.text)

    def next_line(self, offset: int) -> int:
        """Return where the next line begins, or the end of the text."""
        found = _LINE_END.search(self.text, offset)
        return found.end() if found else len(self.text)

    def column(self, offset: int) -> int:
        """Return how far an offset is from the beginning of its line."""
        return offset - self.line_start(offset)

    def is_first_on_line(self, offset: int) -> bool:
        """Return whether only spaces stand before an offset."""
        return not self.text[self.line_start(offset) : offset].strip()

    def content_start(self, node: YamlNode) -> int:
        """Return where a node begins behind its anchor and its tag."""
        found = _PROPERTIES.match(self.text, node.span.start, max(node.span.end, node.span.start))
        return found.end() if found and not isinstance(node, YamlAlias) else node.span.start

    def is_flow(self, node: YamlNode) -> bool:
        """Return whether a collection stands in brackets."""
        start = self.content_start(node)
        if isinstance(node, YamlSequence):
            return self.text[start : start + 1] == "["
        return isinstance(node, YamlMapping) and self.text[start : start + 1] == "{"

    def is_unwritten(self, node: YamlNode) -> bool:
        """Return whether a null is there only because nothing is written."""
        return isinstance(node, YamlScalar) and node.span.start == node.span.end and not node.style

    def rest_of_line(self, offset: int) -> re.Match[str]:
        """Return the comma and the comment that end a line.

        Raises RefusalError where something else follows.
        """
        found = self.rest_of_line_or_none(offset)
        if found is None:
            raise RefusalError("something else follows on the same line", offset)
        return found

    def rest_of_line_or_none(self, offset: int) -> re.Match[str] | None:
        """Return the comma and the comment that end a line, or None where something else follows."""
        return _REST_OF_LINE.match(self.text, offset)


def find_comments(text: str, documents: Sequence[YamlDocument]) -> list[Span]:
    """Return every comment of a file in order, that in the head of a block scalar included."""
    leaves = [node for each in documents for node in walk(each.root) if isinstance(node, YamlScalar | YamlAlias)]
    found: list[Span] = []
    end = 0
    for leaf in leaves:
        found += [Span(*match.span()) for match in _COMMENT.finditer(text, end, leaf.span.start)]
        if isinstance(leaf, YamlScalar) and leaf.style in {"|", ">"}:
            head = _LINE_END.search(text, leaf.span.start)
            stop = head.start() if head else len(text)
            found += [Span(*match.span()) for match in _COMMENT.finditer(text, leaf.span.start, stop)]
        end = max(end, leaf.span.end)
    return found + [Span(*match.span()) for match in _COMMENT.finditer(text, end)]
