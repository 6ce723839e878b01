"""YAML as values that remember where they stand: aliases followed, merge keys applied, scalars typed, all bounded."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.formats.yaml_nodes import (
    YamlAlias,
    YamlDocument,
    YamlError,
    YamlMapping,
    YamlNode,
    YamlScalar,
    YamlSequence,
    read_yaml,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.model import Location, Span
    from rrr_optimize.source import SourceText

VALUE_BUDGET = 100_000
_MAX_DEPTH = 100
_RESET_TAGS = frozenset({"!reset", "!override"})
_NULLS = frozenset({"", "~", "null", "Null", "NULL"})
_BOOLEANS = {"true": True, "True": True, "TRUE": True, "false": False, "False": False, "FALSE": False}
_INTEGER = re.compile(r"[-+]?(?:0b[01_]+|0o?[0-7_]+|0x[0-9a-fA-F_]+|[1-9][0-9_]*|0)")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_LONGEST_NUMBER = 40

Scalar: TypeAlias = str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class Place:
    """A stretch of one file."""

    source: SourceText
    span: Span

    @property
    def location(self) -> Location:
        """Where it stands, for a finding."""
        return self.source.locate(self.span)


@dataclass(frozen=True, slots=True, eq=False)
class Value:
    """A scalar, a list or a mapping; `key` is where the key of a mapping's entry stands.

    `tag` is `!reset` or `!override` where the file says so, else empty. `unset` names the variables that a scalar
    keeps as `${NAME}` because nothing says what they are. Anchored values are shared: never change one in place.
    """

    data: Data
    place: Place
    key: Place | None = None
    tag: str = ""
    unset: tuple[str, ...] = ()

    @property
    def where(self) -> Location:
        """Where the entry begins: its key, else the value itself."""
        return (self.key or self.place).location

    @property
    def mapping(self) -> Mapping[str, Value]:
        """The entries of a mapping, none for anything else."""
        return self.data if isinstance(self.data, dict) else {}

    @property
    def items(self) -> list[Value]:
        """The items of a list, none for anything else."""
        return self.data if isinstance(self.data, list) else []

    @property
    def text(self) -> str:
        """A scalar as text, empty for null and for collections."""
        return "" if isinstance(self.data, dict | list) else text_of(self.data)

    def get(self, *keys: str) -> Value | None:
        """Return what stands below these keys, or None."""
        found: Value | None = self
        for key in keys:
            found = found.mapping.get(key) if found else None
        return found

    def text_of(self, *keys: str) -> str:
        """Return a scalar below these keys as text, empty where there is none."""
        found = self.get(*keys)
        return found.text if found else ""

    def with_data(self, data: Data) -> Value:
        """Return the same place with other data."""
        return replace(self, data=data)


Data: TypeAlias = Scalar | dict[str, Value] | list[Value]


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A key that one mapping gives twice: here, and first there."""

    key: str
    place: Place
    first: Place


def read_values(source: SourceText) -> tuple[list[Value], list[Duplicate]]:
    """Return the documents of a file, and the keys given twice; the last of them counts.

    Scalars are typed by the core schema of YAML 1.2, so `yes` is text. Raises YamlError, also for an alias that lies
    in its own anchor and for values that aliases make more than VALUE_BUDGET of.
    """
    found: list[Value] = []
    duplicates: list[Duplicate] = []
    for document in read_yaml(source):
        builder = _Builder(source, document)
        found.append(builder.build(document.root, 0))
        duplicates += builder.duplicates
    return found, duplicates


def text_of(scalar: Scalar) -> str:
    """Return a scalar as the text that a string field takes it for: `1.0` is `1`, true is `true`."""
    if scalar is None:
        return ""
    if isinstance(scalar, bool):
        return "true" if scalar else "false"
    if isinstance(scalar, float):
        return str(int(scalar)) if scalar.is_integer() and abs(scalar) < 1e21 else repr(scalar)  # noqa: PLR2004 - as Go prints
    return str(scalar)


class _Builder:
    """Makes each anchored node once, and counts what its aliases would make of it."""

    def __init__(self, source: SourceText, document: YamlDocument) -> None:
        self.duplicates: list[Duplicate] = []
        self._source = source
        self._document = document
        self._anchored = {id(node) for node in document.targets.values()}
        self._made: dict[int, tuple[Value, int]] = {}
        self._open: set[int] = set()
        self._count = 0

    def build(self, node: YamlNode, depth: int) -> Value:
        target = self._document.targets[node] if isinstance(node, YamlAlias) else node
        known = self._made.get(id(target))
        if known:
            self._add(known[1], node)
            return known[0]
        if id(target) in self._open:
            raise self._error(node, "the alias lies inside its own anchor")
        if depth > _MAX_DEPTH:
            raise self._error(node, f"nested more than {_MAX_DEPTH} deep")
        if id(target) not in self._anchored:
            return self._make(target, depth)
        self._open.add(id(target))
        before = self._count
        made = self._make(target, depth)
        self._made[id(target)] = made, self._count - before
        self._open.discard(id(target))
        return made

    def _make(self, node: YamlNode, depth: int) -> Value:
        self._add(1, node)
        place = Place(self._source, node.span)
        if isinstance(node, YamlMapping):
            return Value(self._entries(node, depth), place, tag=_tag(node.tag))
        if isinstance(node, YamlSequence):
            return Value([self.build(item, depth + 1) for item in node.items], place, tag=_tag(node.tag))
        if isinstance(node, YamlScalar):
            return Value(type_scalar(node), place, tag=_tag(node.tag))
        raise self._error(node, "an alias of an alias")

    def _entries(self, node: YamlMapping, depth: int) -> dict[str, Value]:
        own: dict[str, Value] = {}
        merged: dict[str, Value] = {}
        for key, value in node.entries:
            if not isinstance(self._document.resolve(key), YamlScalar):
                raise self._error(key, "a key has to be text")
            name = self._document.resolve(key)
            assert isinstance(name, YamlScalar)  # noqa: S101 - for mypy; the line above has seen to it
            place = Place(self._source, key.span)
            built = self.build(value, depth + 1)
            if name.text == "<<" and not name.style:
                merged = {**dict(self._merge_key(value, built)), **merged}
                continue
            if (first := own.get(name.text)) and first.key:
                self.duplicates.append(Duplicate(name.text, place, first.key))
            own[name.text] = replace(built, key=place)
        return {**merged, **own}

    def _merge_key(self, node: YamlNode, value: Value) -> Iterator[tuple[str, Value]]:
        sources = value.items if isinstance(value.data, list) else [value]
        for source in reversed(sources):
            if not isinstance(source.data, dict):
                raise self._error(node, "<< takes a mapping or a list of mappings")
            yield from source.data.items()

    def _add(self, number: int, node: YamlNode) -> None:
        self._count += number
        if self._count > VALUE_BUDGET:
            raise self._error(node, f"its aliases make more than {VALUE_BUDGET} values")

    def _error(self, node: YamlNode, message: str) -> YamlError:
        return YamlError(*self._source.position(node.span.start), message)


def _tag(tag: str | None) -> str:
    return tag if tag in _RESET_TAGS and tag else ""


def type_scalar(node: YamlScalar) -> Scalar:
    """Return what a scalar means by the core schema of YAML 1.2; a quoted one is text."""
    if node.style or (node.tag or "").endswith(":str"):
        return node.text
    return _type_plain(node.text)


def _type_plain(text: str) -> Scalar:
    if text in _NULLS:
        return None
    if text in _BOOLEANS:
        return _BOOLEANS[text]
    if text[0] in "+-.0123456789" and len(text) < _LONGEST_NUMBER:
        if _INTEGER.fullmatch(text):
            return _read_integer(text)
        if _FLOAT.fullmatch(text):
            return float(text)
    return text


def _read_integer(text: str) -> Scalar:
    digits = text.replace("_", "")
    try:
        # YAML 1.1, which Compose still reads, writes octals with a bare 0.
        return int(digits, 8) if re.match(r"[-+]?0[0-7]", digits) else int(digits, 0)
    except ValueError:
        return text
