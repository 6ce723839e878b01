"""Keys of a TOML table come and go."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, TypeAlias

from rrr_optimize.formats.comment_blocks import Role
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.text_edits import own_line_end
from rrr_optimize.formats.toml_arrays import INDENT
from rrr_optimize.formats.toml_lines import cut_lines, outermost_values, spans_of_leaving
from rrr_optimize.formats.toml_strings import write_key, write_string
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rrr_optimize.formats.toml_spans import TomlFile

Value: TypeAlias = str | tuple[str, ...]
_INDENT = re.compile(r"\[[ \t]*\r?\n(?P<indent>[ \t]+)[\"']")
_BEFORE_KEY = re.compile(r"""[ \t]*(?:(?:[\w\-]+|"[^"\n]*"|'[^'\n]*')[ \t]*\.[ \t]*)*""", re.ASCII)
_BEHIND_VALUE = re.compile(r"[ \t]*(?:#[^\n]*)?\r?\n?")


def add_keys(toml: TomlFile, path: tuple[str, ...], values: Mapping[str, Value]) -> tuple[Span, str] | Refusal:
    """Return what adds keys to a table: below its last key, or as a new table at the end of the file.

    Refused where the table has such a key already, and where it is written inline or as dotted keys.
    """
    text = toml.source.text
    node, data = toml.find(*path), toml.value(*path) if path else toml.data
    if isinstance(data, dict) and (known := values.keys() & data.keys()):
        return Refusal(f"the table has the key {min(known)} already", toml.key_span(*path, min(known)))
    if any(not isinstance(toml.value(*path[:end]) or {}, dict) for end in range(1, len(path))):
        return Refusal(f"{'.'.join(path)} lies below something that is no table")
    if node is not None and (node.span or node.tables):
        return Refusal("the table is written inline or comes several times", node.span or node.key_span)
    lines = [line for key, value in values.items() for line in _write_pair(key, value, _own_indent(text))]
    if node is not None and node.body is not None:
        end = _line_after(text, node.body.end)
        margin = _margin(text, node.body.end)
        return _insert(text, end, [f"{margin}{line}" for line in lines])
    if not path:
        return _insert(text, 0, [*lines, ""] if text else lines)
    header = f"[{'.'.join(write_key(key) for key in path)}]"
    is_apart = not text.strip() or text.endswith(("\n\n", "\n\r\n"))
    return _insert(text, len(text), [*([] if is_apart else [""]), header, *lines])


def remove_keys(toml: TomlFile, paths: Collection[tuple[str | int, ...]]) -> Iterator[Span] | Refusal:
    """Return what goes when these keys go; refused for tables, inline ones, and keys that are not there."""
    text = toml.source.text
    lines = cut_lines(text, Span(0, len(text)), outermost_values(toml.tree))
    items: set[int] = set()
    for path in paths:
        key, value = toml.key_span(*path), toml.span(*path)
        if key is None or value is None:
            return Refusal(f"{'.'.join(map(str, path))} is not written as a key with a value", key)
        number = next(number for number, line in enumerate(lines) if line.span.end >= value.end)
        line = lines[number]
        is_alone = _BEFORE_KEY.fullmatch(text, line.span.start, key.start) and _BEHIND_VALUE.fullmatch(
            text, value.end, line.span.end
        )
        if line.role is not Role.ITEM or line.span.start > key.start or not is_alone:
            return Refusal("the key shares its line with others", key)
        items.add(number)
    return spans_of_leaving(lines, items)


def _write_pair(key: str, value: Value, indent: str) -> list[str]:
    name = write_key(key)
    if isinstance(value, str):
        return [f"{name} = {write_string(value)}"]
    if not value:
        return [f"{name} = []"]
    return [f"{name} = [", *(f"{indent}{write_string(item)}," for item in value), "]"]


def _own_indent(text: str) -> str:
    match = _INDENT.search(text)
    return match["indent"] if match else INDENT


def _margin(text: str, offset: int) -> str:
    line = text[text.rfind("\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(" \t"))]


def _line_after(text: str, offset: int) -> int:
    newline = text.find("\n", offset)
    return newline + 1 if newline >= 0 else len(text)


def _insert(text: str, offset: int, lines: list[str]) -> tuple[Span, str]:
    """Return the insertion of lines at the beginning of one; a text without a final line end stays so."""
    line_end = own_line_end(text, offset)
    if offset and text[offset - 1] != "\n":
        return Span(offset, offset), "".join(f"{line_end}{line}" for line in lines)
    return Span(offset, offset), "".join(f"{line}{line_end}" for line in lines)
