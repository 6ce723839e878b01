"""The images that the FROM instructions of a Dockerfile name, with the defaults of ARG put in."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.dockerfile_scripts import Instruction, split_instructions
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST = 400  # no reference is longer
_CONTINUATION = re.compile(r"\\[ \t]*[\r\n]")
_FROM = re.compile(r"\s*(?:--\S+\s+)*(?P<reference>[^\s\\]+)")
_DEFINITION = re.compile(r"""(?<!\w)(\w++)=(?P<quote>["']?)(?P<value>[^\s"'\\]*)(?P=quote)""")
_VARIABLE = re.compile(r"\$(?:(?P<bare>\w+)|\{(?P<name>\w+)(?::?-(?P<default>[^{}$]*))?\})")


class BaseImage(NamedTuple):
    """A reference with its variables replaced, where each of its characters comes from, and where it stands."""

    reference: str
    origins: tuple[int, ...]
    span: Span


_Text = tuple[str, tuple[int, ...]]


def find_base_images(text: str) -> Iterator[BaseImage]:
    """Yield the image of each FROM whose variables all have a literal default; stages of the file are among them."""
    defaults: dict[str, _Text] = {}
    has_stage = False
    for instruction in split_instructions(text):
        if instruction.keyword == "ARG" and not has_stage:
            for definition in _DEFINITION.finditer(instruction.arguments):
                start = instruction.start + definition.start("value")
                if value := _expand(definition["value"], start, defaults):
                    defaults[definition[1]] = value
        elif instruction.keyword == "FROM" and (match := _FROM.match(_blank_continuations(instruction))):
            has_stage = True
            start = instruction.start + match.start("reference")
            if image := _expand(match["reference"], start, defaults):
                yield BaseImage(*image, Span(start, start + len(match["reference"])))


def _blank_continuations(instruction: Instruction) -> str:
    return _CONTINUATION.sub(lambda match: " " * len(match[0]), instruction.arguments)


def _expand(text: str, start: int, defaults: dict[str, _Text]) -> _Text | None:
    """Return a text with its variables replaced; None where one has no value or the result is too long."""
    expanded: list[str] = []
    origins: list[int] = []
    position = 0
    for match in [*_VARIABLE.finditer(text[:_LONGEST]), None]:
        end = match.start() if match else len(text)
        expanded.append(text[position:end])
        origins += range(start + position, start + end)
        if match is None or len(origins) > _LONGEST:
            break
        value = defaults.get(match["bare"] or match["name"])
        if value is None and match["default"] is not None:
            value = (match["default"], tuple(range(start + match.start("default"), start + match.end("default"))))
        if value is None:
            return None
        expanded.append(value[0])
        origins += value[1]
        position = match.end()
    return ("".join(expanded), tuple(origins)) if len(origins) <= _LONGEST else None
