"""Write new YAML in the way in which a file writes its own: indentation, dashes, quotes, line ends."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.yaml_nodes import YamlMapping, YamlScalar, YamlSequence

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.yaml_changes import Plain
    from rrr_optimize.formats.yaml_nodes import YamlNode

# Far fewer than YAML takes for text, so that no reader of any version takes one for something else.
_PLAIN = re.compile(r"[A-Za-z_/.][\w./-]*", re.ASCII)
_NOT_TEXT = re.compile(r"(?:y|n|yes|no|on|off|true|false|null|\.inf|\.nan|\.\d.*|[0-9a-f]+e[0-9]+|\.*)", re.IGNORECASE)
_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class YamlStyle:
    """How a file writes: the spaces of a level, how far dashes stand right of their key, quotes, line ends."""

    step: int = 2
    dash: int = 2
    quote: str = '"'
    line_end: str = "\n"


def find_style(text: str, root: YamlNode) -> YamlStyle:
    """Return the style of the first places that tell it."""
    step: int | None = None
    dash: int | None = None
    quotes = {"'": 0, '"': 0}
    for node in walk(root):
        if isinstance(node, YamlScalar) and node.style in quotes:
            quotes[node.style] += 1
        for key, value in node.entries if isinstance(node, YamlMapping) else ():
            offset = _block_column(text, value) - _column(text, key.span.start)
            if isinstance(value, YamlMapping) and step is None and offset > 0:
                step = offset
            if isinstance(value, YamlSequence) and dash is None and offset >= 0:
                dash = offset
    found = _LINE_END.search(text)
    step = step or 2
    return YamlStyle(
        step,
        step if dash is None else dash,
        "'" if quotes["'"] > quotes['"'] else '"',
        found[0] if found else "\n",
    )


def walk(node: YamlNode) -> Iterator[YamlNode]:
    """Yield a node and all below it in the order of the text; aliases are not followed."""
    yield node
    if isinstance(node, YamlSequence):
        for item in node.items:
            yield from walk(item)
    if isinstance(node, YamlMapping):
        for key, value in node.entries:
            yield from walk(key)
            yield from walk(value)


def _column(text: str, offset: int) -> int:
    return offset - max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) - 1


def _block_column(text: str, node: YamlNode) -> int:
    """Return the column of a block collection that begins on a line of its own; -1 for anything else."""
    column = _column(text, node.span.start)
    is_block = text[node.span.start] not in "[{&!*" if node.span.start < len(text) else False
    is_first = not text[node.span.start - column : node.span.start].strip()
    return column if is_block and is_first else -1


def write_scalar(value: str | float | bool | None, style: YamlStyle) -> str:  # noqa: FBT001 - a value as YAML has it
    """Return a scalar on one line that every reader takes for this value."""
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if not isinstance(value, str):
        return str(value)
    if _PLAIN.fullmatch(value) and not _NOT_TEXT.fullmatch(value):
        return value
    if value.isprintable() and style.quote == "'":
        return "'" + value.replace("'", "''") + "'"
    if value.isprintable() and "\\" not in value and '"' not in value:
        return f'"{value}"'
    return json.dumps(value, ensure_ascii=not value.isprintable())


def write_flow(value: Plain, style: YamlStyle) -> str:
    """Return a value on one line."""
    if isinstance(value, dict):
        return "{" + ", ".join(write_pair(key, item, style) for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(write_flow(item, style) for item in value) + "]"
    return write_scalar(value, style)


def write_pair(key: str, value: Plain, style: YamlStyle) -> str:
    """Return a key with its value on one line."""
    return f"{write_scalar(key, style)}: {write_flow(value, style)}"


def write_entry(key: str, value: Plain, indent: int, style: YamlStyle) -> list[str]:
    """Return the lines of a key with its value in block style."""
    head = f"{' ' * indent}{write_scalar(key, style)}:"
    if isinstance(value, dict | list) and value:
        offset = style.step if isinstance(value, dict) else style.dash
        return [head, *write_block(value, indent + offset, style)]
    return [head if value is None else f"{head} {write_flow(value, style)}"]


def write_block(value: dict[str, Plain] | list[Plain], indent: int, style: YamlStyle) -> list[str]:
    """Return the lines of a collection in block style."""
    if isinstance(value, dict):
        return [line for key, item in value.items() for line in write_entry(key, item, indent, style)]
    return [line for item in value for line in write_item(item, indent, style)]


def write_item(value: Plain, indent: int, style: YamlStyle) -> list[str]:
    """Return the lines of a list item in block style."""
    lead = " " * indent
    if isinstance(value, dict) and value:
        lines = write_block(value, indent + 2, style)
        return [f"{lead}- {lines[0].lstrip()}", *lines[1:]]
    return [f"{lead}- {write_flow(value, style)}"]
