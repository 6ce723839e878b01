"""Find where each key and value of a TOML text stands.

The scanner looks for the ends of tokens and leaves all judgement of what is right to tomllib: it takes whatever
tomllib takes, and more. It follows TOML 1.0, and the newlines in inline tables of TOML 1.1.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.source import SourceText

MAX_DEPTH = 100
"""How deep tables and arrays may nest, so that whoever walks the data may recurse."""

_TRIVIA = re.compile(r"(?:[ \t\r\n]++|#[^\n]*+)*+")
_SEPARATOR = re.compile(rf"{_TRIVIA.pattern},?{_TRIVIA.pattern}")
_BLANKS = re.compile(r"[ \t]*+")
_EQUALS = re.compile(r"=[ \t]*+")
_HEADER_END = re.compile(r"\]\]?")
# Three quotes never begin a one-line string; were they taken for an empty one, a text could be searched again and again
# for the end of a multi-line string that it does not have.
_BASIC = r'"(?!"")(?:[^"\\\n]++|\\.)*+"'
_LITERAL = r"'(?!'')[^'\n]*+'"
_KEY = re.compile(rf"[A-Za-z0-9_\-]++|{_BASIC}|{_LITERAL}")
# Up to two quotes may stand before the three that close a multi-line string.
_SCALAR = re.compile(
    r'"""(?:[^"\\]++|\\.|"(?!""))*+"""(?:"{0,2})'
    r"|'''.*?'''(?:'{0,2})"
    rf"|{_BASIC}|{_LITERAL}"
    r"|\d{4}-\d{2}-\d{2}[Tt ]\d{2}:[0-9:.+\-Zz]++"
    r"""|[^\s,\]}#"']++""",
    re.DOTALL,
)


class NestingError(TomlError):
    """The text is TOML so far, but goes deeper than we follow."""


@dataclass(slots=True, eq=False)
class Node:
    """A table, an array or a value: where it is written and what is inside; `tables` counts `[[headers]]`.

    `body` goes from the `[header]` of a table, in the root from the first pair, to the end of the last pair below it.
    """

    depth: int = 0
    span: Span | None = None
    key_span: Span | None = None
    body: Span | None = None
    tables: int = 0
    children: dict[str | int, Node] = field(default_factory=dict, repr=False)


def scan_toml(source: SourceText) -> Node:
    """Return the tree of positions of a text, in time linear in its length.

    Raises NestingError where tables, arrays or dotted keys go deeper than MAX_DEPTH, and TomlError at a place where
    no TOML can stand. tomllib fails there too, or before; where it accepts a text neither is raised but for the depth.
    """
    return _Scanner(source).read_document()


class _Scanner:
    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.text = source.text
        self.offset = 0

    def read_document(self) -> Node:
        root = table = Node()
        self.take(_TRIVIA)
        while self.offset < len(self.text):
            if self.sees("["):
                table = self.read_header(root)
            else:
                start = self.offset
                self.read_pair(table)
                table.body = Span(table.body.start if table.body else start, self.offset)
            self.take(_TRIVIA)
        return root

    def read_header(self, root: Node) -> Node:
        start, is_item = self.offset, self.sees("[[")
        self.offset += 2 if is_item else 1
        table, key_span = self.read_key(root)
        self.take(_HEADER_END)
        if not is_item:
            table.key_span = key_span
            table.body = Span(start, self.offset)
            return table
        table.key_span = table.key_span or key_span
        item = self.enter(table, table.tables)
        table.tables += 1
        item.key_span = key_span
        item.body = Span(start, self.offset)
        return item

    def read_pair(self, table: Node) -> None:
        node, key_span = self.read_key(table)
        node.key_span = key_span
        self.take(_EQUALS)
        self.read_value(node)

    def read_key(self, node: Node) -> tuple[Node, Span]:
        """Follow a dotted key down from `node`; the parts before the last may stand for tables never written."""
        while True:
            self.take(_BLANKS)
            span = self.take(_KEY)
            if node.tables:
                node = node.children[node.tables - 1]
            node = self.enter(node, self.plain_key(span))
            self.take(_BLANKS)
            if not self.sees("."):
                return node, span
            node.key_span = node.key_span or span
            self.offset += 1

    def read_value(self, node: Node) -> None:
        start = self.offset
        if self.sees("["):
            self.offset += 1
            self.take(_TRIVIA)
            while not self.sees("]"):
                self.read_value(self.enter(node, len(node.children)))
                self.take(_SEPARATOR)
            self.offset += 1
        elif self.sees("{"):
            self.offset += 1
            self.take(_TRIVIA)
            while not self.sees("}"):
                self.read_pair(node)
                self.take(_SEPARATOR)
            self.offset += 1
        else:
            self.take(_SCALAR)
        node.span = Span(start, self.offset)

    def enter(self, node: Node, key: str | int) -> Node:
        child = node.children.get(key)
        if child is None:
            if node.depth == MAX_DEPTH:
                raise NestingError(*self.source.position(self.offset), f"nested deeper than {MAX_DEPTH} levels")
            child = node.children[key] = Node(node.depth + 1)
        return child

    def sees(self, token: str) -> bool:
        return self.text.startswith(token, self.offset)

    def take(self, pattern: re.Pattern[str]) -> Span:
        match = pattern.match(self.text, self.offset)
        if match is None:
            raise TomlError(*self.source.position(self.offset), "no TOML can stand here")
        self.offset = match.end()
        return Span(match.start(), match.end())

    def plain_key(self, span: Span) -> str:
        token = self.source.slice(span)
        if token[0] not in "\"'":
            return token
        if token[0] == "'" or "\\" not in token:
            return token[1:-1]
        try:
            return str(tomllib.loads(f"key = {token}")["key"])
        except tomllib.TOMLDecodeError:
            raise TomlError(*self.source.position(span.start), "no TOML key has such an escape") from None
