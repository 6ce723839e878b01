"""YAML as a tree of positions: what stands where, with no objects made and no aliases expanded."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, TypeAlias

from rrr_optimize.formats.placed_text import PlacedText
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.source import SourceText

NODE_BUDGET = 200_000
MAX_DEPTH = 100
# libyaml has a limit of its own from PyYAML 6.0.4 on, and reads ahead until it meets it.
_TOO_DEEP_FOR_LIBYAML = "exceeded maximum nesting depth"
_MAX_DIRECTIVES = 100  # libyaml compares each %TAG with all before it
_NOT_YAML = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_DIRECTIVE = re.compile(r"^%", re.MULTILINE)


class YamlError(UnreadableError):
    """The text is not YAML, or is more than a person wrote."""


@dataclass(frozen=True, slots=True)
class YamlScalar:
    """One value as text; `style` is the quote or block mark before it, empty for a plain one.

    The span holds the quotes, tag and anchor too. That of a block scalar ends with its last line that is not blank.
    """

    text: str
    span: Span
    style: str = ""
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class YamlSequence:
    """A list of nodes; the span of one in block style ends with its last item."""

    items: tuple[YamlNode, ...]
    span: Span
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class YamlMapping:
    """Keys and values in order, duplicates and `<<` as they stand; the span of a block ends with the last value."""

    entries: tuple[tuple[YamlNode, YamlNode], ...]
    span: Span
    tag: str | None = None


@dataclass(frozen=True, slots=True)
class YamlAlias:
    """`*name`, not replaced by what it stands for: `YamlDocument.resolve` does that."""

    name: str
    span: Span


YamlNode: TypeAlias = YamlScalar | YamlSequence | YamlMapping | YamlAlias


@dataclass(frozen=True, slots=True)
class YamlDocument:
    """One document: a finite tree, so a walk that does not resolve aliases always ends."""

    root: YamlNode
    targets: Mapping[YamlAlias, YamlNode] = field(default_factory=dict)

    def resolve(self, node: YamlNode | None) -> YamlNode | None:
        """Return the anchored node for an alias, any other node as it is.

        An anchored node may hold an alias to itself: whoever resolves on the way down has to count.
        """
        return self.targets[node] if isinstance(node, YamlAlias) else node

    def find(self, node: YamlNode | None, key: str) -> YamlNode | None:
        """Return the resolved value of a key of a mapping, the last one where it is given twice, else None."""
        resolved = self.resolve(node)
        if not isinstance(resolved, YamlMapping):
            return None
        values = [value for name, value in resolved.entries if isinstance(name, YamlScalar) and name.text == key]
        return self.resolve(values[-1]) if values else None

    def list_items(self, node: YamlNode | None) -> tuple[YamlNode, ...]:
        """Return the items of a sequence, aliases among them as they are, and nothing for any other node."""
        resolved = self.resolve(node)
        return resolved.items if isinstance(resolved, YamlSequence) else ()


def read_yaml(source: SourceText) -> tuple[YamlDocument, ...]:
    """Return the documents of a file; comments and empty files make none.

    Follows YAML 1.1 as PyYAML reads it. Only its events are used: nothing is constructed, nothing recurses, and
    reading stops at NODE_BUDGET nodes and documents or at MAX_DEPTH levels. Raises YamlError for those and for
    whatever is not YAML.
    """
    import yaml

    text = source.text.lstrip("\ufeff")
    skipped = len(source.text) - len(text)
    _refuse_foreign_text(source, skipped)
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)(text)
    try:
        return tuple(_Composer(source, skipped).compose(_events(loader)))
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or " ".join(str(error).split())
        if message == _TOO_DEEP_FOR_LIBYAML:
            message = f"nested more than {MAX_DEPTH} deep"
        offset = mark.index + skipped if mark else 0
        if source.text[offset : offset + 1] == "\t" and "cannot start" in message:
            message = "a tab cannot indent"
        raise _error(source, offset, message) from None
    finally:
        loader.dispose()


def place_scalar(source: SourceText, scalar: YamlScalar) -> PlacedText:
    """Return the text of a scalar with the narrowest span that says it."""
    raw = source.slice(scalar.span)
    if raw.endswith(scalar.style) and scalar.style in {"'", '"', ""}:
        end = scalar.span.end - len(scalar.style)
        start = end - len(scalar.text)
        if start >= scalar.span.start and source.text[start:end] == scalar.text:
            return PlacedText(scalar.text, Span(start, end))
    return PlacedText(scalar.text, scalar.span, exact=False)


def _refuse_foreign_text(source: SourceText, skipped: int) -> None:
    if found := _NOT_YAML.search(source.text, skipped):
        raise _error(source, found.start(), f"the character U+{ord(found[0]):04X} is not allowed in YAML")
    directives = list(_DIRECTIVE.finditer(source.text))
    if len(directives) > _MAX_DIRECTIVES:
        raise _error(source, directives[_MAX_DIRECTIVES].start(), f"more than {_MAX_DIRECTIVES} directives")


def _events(loader: Any) -> Iterator[Any]:
    while loader.check_event():
        yield loader.get_event()


def _error(source: SourceText, offset: int, message: str) -> YamlError:
    return YamlError(*source.position(min(offset, len(source.text))), message)


@dataclass(slots=True)
class _Open:
    """A collection whose end has not been read yet."""

    event: Any
    start: int
    children: list[YamlNode] = field(default_factory=list)


class _Composer:
    """Builds the trees from PyYAML's events with a stack of its own; PyYAML's compose recurses."""

    def __init__(self, source: SourceText, skipped: int) -> None:
        self._source = source
        self._skipped = skipped
        self._nodes = 0

    def compose(self, events: Iterator[Any]) -> Iterator[YamlDocument]:
        for event in events:
            if type(event).__name__ == "DocumentStartEvent":
                self._count(0, event.start_mark.index + self._skipped)
                yield self._compose_document(events)

    def _compose_document(self, events: Iterator[Any]) -> YamlDocument:
        stack = [_Open(None, 0)]
        anchors: dict[str, int] = {}
        aliases: dict[YamlAlias, int] = {}
        finished: dict[int, YamlNode] = {}
        for event in events:
            kind = type(event).__name__
            if kind == "DocumentEndEvent":
                break
            start, end = event.start_mark.index + self._skipped, event.end_mark.index + self._skipped
            if kind in {"SequenceEndEvent", "MappingEndEvent"}:
                closed = stack.pop()
                node: YamlNode = _close(closed, end)
                event, start = closed.event, closed.start  # noqa: PLW2901 - the anchor stands at the opening
            else:
                self._count(len(stack), start)
                if getattr(event, "anchor", None) and kind != "AliasEvent":
                    anchors[event.anchor] = start
                if kind in {"SequenceStartEvent", "MappingStartEvent"}:
                    stack.append(_Open(event, start))
                    continue
                node = self._leaf(event, Span(start, end))
            if isinstance(node, YamlAlias):
                aliases[node] = self._target(anchors, node)
            elif event.anchor:
                finished[start] = node
            stack[-1].children.append(node)
        return YamlDocument(stack[0].children[0], {alias: finished[start] for alias, start in aliases.items()})

    def _count(self, depth: int, offset: int) -> None:
        self._nodes += 1
        if self._nodes > NODE_BUDGET:
            raise _error(self._source, offset, f"more than {NODE_BUDGET} values")
        if depth > MAX_DEPTH:
            raise _error(self._source, offset, f"nested more than {MAX_DEPTH} deep")

    def _leaf(self, event: Any, span: Span) -> YamlNode:
        if type(event).__name__ == "AliasEvent":
            return YamlAlias(event.anchor, span)
        style = (event.style or "").strip()
        if style in {"|", ">"}:
            content = self._source.slice(span).rstrip()
            span = Span(span.start, span.start + len(content))
        return YamlScalar(event.value, span, style, event.tag)

    def _target(self, anchors: dict[str, int], alias: YamlAlias) -> int:
        if alias.name not in anchors:
            raise _error(self._source, alias.span.start, f"the alias *{alias.name} has no anchor before it")
        return anchors[alias.name]


def _close(closed: _Open, end: int) -> YamlSequence | YamlMapping:
    children = closed.children
    if not closed.event.flow_style and children:
        end = children[-1].span.end
    span = Span(closed.start, max(end, closed.start))
    if type(closed.event).__name__ == "SequenceStartEvent":
        return YamlSequence(tuple(children), span, closed.event.tag)
    return YamlMapping(tuple(zip(children[::2], children[1::2], strict=True)), span, closed.event.tag)
