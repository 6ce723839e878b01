"""Read setup.cfg and tox.ini as configparser does, keeping the place of every key and line.

What setuptools and tox do to the lines afterwards is theirs, and left to the caller:

- Nothing is interpolated: setuptools reads with RawConfigParser, tox with `interpolation=None` and its own `{...}`.
- setuptools keeps the case of keys, tox folds it: pass `fold_case=False` for a setup.cfg.
- `#` and `;` begin a comment only as the first character of a line. A comment after a value stays in the value here;
  setuptools then drops what follows ` #` in a requirement, tox what follows whitespace and `#` in any value.
- setuptools splits a requirement list that is written on one line at `;`, and reads `file:` and `attr:`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.formats.placed_text import PlacedText
from rrr_optimize.formats.text_lines import split_lines
from rrr_optimize.formats.unreadable import IniError
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.source import SourceText

DEFAULT_SECTION = "DEFAULT"

_HEADER = re.compile(r"\[(?P<name>.+)\]")
_DELIMITER = re.compile("[=:]")


@dataclass(frozen=True, slots=True)
class IniOption:
    """A key as it is written and the lines of its value, each stripped; `lines` may hold empty ones.

    The first line is what stands behind the delimiter, so a value that begins on the next line has an empty first
    line. Lines that hold only a comment are left out, and empty lines at the end.
    """

    key: PlacedText
    lines: tuple[PlacedText, ...]

    @property
    def text(self) -> str:
        """The value as configparser returns it."""
        return "\n".join(line.text for line in self.lines)


@dataclass(frozen=True, slots=True)
class IniSection:
    """A section, the name in its header, and its options by key, in order."""

    name: PlacedText
    options: Mapping[str, IniOption]


@dataclass(frozen=True, slots=True)
class IniFile:
    """The sections of a file by name, in order; `DEFAULT` is one of them where it is written."""

    source: SourceText
    sections: Mapping[str, IniSection]

    def option(self, section: str, key: str) -> IniOption | None:
        """Return an option of a section that exists, taken from `DEFAULT` where the section does not have it."""
        if section not in self.sections:
            return None
        default = self.sections.get(DEFAULT_SECTION)
        return self.sections[section].options.get(key) or (default.options.get(key) if default else None)


def read_ini(source: SourceText, *, fold_case: bool = True) -> IniFile:
    """Read the sections of an INI text as a strict configparser does, with its default delimiters and comments.

    With `fold_case` keys are looked up, and count as duplicates, in lower case. Raises IniError, and nothing else:
    for a line before the first header, for a section or key that comes twice, and for a line that is neither header,
    option nor continuation.
    """
    reader = _Reader(fold_case=fold_case)
    for number, line in enumerate(split_lines(source.text), start=1):
        reader.read_line(number, line.start, line.text)
    return IniFile(source, {name: section.finish() for name, section in reader.sections.items()})


@dataclass(slots=True)
class _OpenOption:
    key: PlacedText
    lines: list[PlacedText]

    def finish(self) -> IniOption:
        filled = [index for index, line in enumerate(self.lines, start=1) if line.text]
        return IniOption(self.key, tuple(self.lines[: max(filled, default=0)]))


@dataclass(slots=True)
class _OpenSection:
    name: PlacedText
    options: dict[str, _OpenOption] = field(default_factory=dict)

    def finish(self) -> IniSection:
        return IniSection(self.name, {key: option.finish() for key, option in self.options.items()})


class _Reader:
    """Where reading stands: the open section and option, and the indent beyond which a line continues the option."""

    def __init__(self, *, fold_case: bool) -> None:
        self.fold_case = fold_case
        self.sections: dict[str, _OpenSection] = {}
        self.section: _OpenSection | None = None
        self.option: _OpenOption | None = None
        self.indent = 0

    def read_line(self, number: int, offset: int, line: str) -> None:
        text = line.strip()
        if text.startswith(("#", ";")):
            return
        indent = len(line) - len(line.lstrip())
        placed = PlacedText(text, Span(offset + indent, offset + indent + len(text)))
        if not text:
            if self.option:
                self.option.lines.append(placed)
        elif self.option and indent > self.indent:
            self.option.lines.append(placed)
        else:
            self.indent = indent
            self.open_item(number, placed)

    def open_item(self, number: int, line: PlacedText) -> None:
        if header := _HEADER.match(line.text):
            self.open_section(number, _part(line, *header.span("name")))
        elif self.section is None:
            raise IniError(number, "a line stands before the first [section]")
        else:
            self.open_option(number, line, self.section)

    def open_section(self, number: int, name: PlacedText) -> None:
        # The defaults may be written in several places.
        if name.text in self.sections and name.text != DEFAULT_SECTION:
            raise IniError(number, f"section [{name.text}] comes twice")
        self.section = self.sections.setdefault(name.text, _OpenSection(name))
        self.option = None

    def open_option(self, number: int, line: PlacedText, section: _OpenSection) -> None:
        delimiter = _DELIMITER.search(line.text)
        if delimiter is None or delimiter.start() == 0:
            raise IniError(number, "a line is neither a [section] nor `key = value`")
        key = _part(line, 0, len(line.text[: delimiter.start()].rstrip()))
        name = key.text.lower() if self.fold_case else key.text
        if name in section.options:
            raise IniError(number, f"key {name} of section [{section.name.text}] comes twice")
        behind = line.text[delimiter.end() :].lstrip()
        value = _part(line, len(line.text) - len(behind), len(line.text))
        self.option = section.options[name] = _OpenOption(key, [value])


def _part(line: PlacedText, start: int, end: int) -> PlacedText:
    return PlacedText(line.text[start:end], Span(line.span.start + start, line.span.start + end))
