"""Shell text cut into simple commands, in one pass and without reading their words."""

from __future__ import annotations

import re
from bisect import bisect_left
from dataclasses import dataclass, field
from enum import Enum
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

NOTHING = "\0"


class Syntax(Enum):
    """How much of the shell there is: `LINES` ends a quote with its line, `WORDS` has quotes but no operators."""

    SHELL = "shell"
    LINES = "lines"
    WORDS = "words"


@dataclass(frozen=True, slots=True)
class Script:
    """A stretch of a file that runs in one shell, and the directory it begins in (None: not known).

    `text` is as long as the stretch: what is no part of the script is blanked, and NOTHING stands for a character
    of the file that the shell never sees, such as an escape of the format around it.
    """

    text: str
    offset: int
    directory: str | None = "."
    syntax: Syntax = Syntax.LINES


class Piece(NamedTuple):
    """A simple command (`mark` is empty) or a parenthesis, as offsets in the text of the script."""

    mark: str
    start: int
    end: int


# Quotes that are not closed are plain characters; bounded or possessive repeats keep every alternative linear.
_PIECE = r"""
[^\\'"`\#$()<>&|;\r\n]*+
(?: (?P<newline> \r?\n | \r )
| (?P<separator> ;+ | &&?(?!>) | \|[|&]? )
| (?P<comment> (?<![^\s;&|()\0]) \# [^\r\n]*+ )
| (?P<quoted> \\ (?: \r\n | [\s\S] )? | '[^'{line}]*+' | "(?: [^"\\{line}] | \\ (?: \r\n | [\s\S] ) )*+"
  | `[^`{line}]*+`
  | \$\{{\{{ (?: [^{{}}\r\n] | \{{\d\}} ){{0,300}}+ \}}\}} | \$\{{ [^{{}}$\r\n]{{0,300}}+ \}} )
| (?P<substitution> [$<>]\( )
| (?P<heredoc> (?<!<) <<-? [ \t]* (?P<quote>['"]?) (?P<delimiter>\w{{1,80}}+) (?P=quote) )
| (?P<redirect> [<>]& | &> | >\| | <<< )
| (?P<parenthesis> [()] )
| (?P<other> [\s\S] )
| (?P<rest> \Z )
)"""
_SHELL = re.compile(_PIECE.format(line=""), re.VERBOSE)
_LINES = re.compile(_PIECE.format(line=r"\r\n"), re.VERBOSE)
_INSIDE = frozenset({"plain", "quoted", "redirect", "other"})
_NESTING = {"(": 1, ")": -1}
_LINE = re.compile(r"[^\r\n]*(?:\r\n|\r|\n|$)")


@dataclass(slots=True)
class _Heredocs:
    """Finds where here-documents end; the lines are listed once, when the first one is met."""

    text: str
    waiting: list[str] = field(default_factory=list)
    lines: dict[str, list[tuple[int, int]]] | None = None

    def skip_from(self, position: int) -> int:
        """Return the position after the bodies that begin here; a body without an end is taken for none."""
        if not self.waiting:
            return position
        for delimiter in self.waiting:
            places = self._list_lines().get(delimiter, [])
            following = bisect_left(places, (position, 0))
            position = places[following][1] if following < len(places) else position
        self.waiting.clear()
        return position

    def _list_lines(self) -> dict[str, list[tuple[int, int]]]:
        # An indented end counts: in a YAML block or a Dockerfile the margin is no part of the script.
        if self.lines is None:
            self.lines = {}
            for line in _LINE.finditer(self.text):
                self.lines.setdefault(line[0].strip(), []).append(line.span())
        return self.lines


def cut_commands(script: Script) -> Iterator[Piece]:
    """Yield the simple commands and the parentheses around them, in order.

    They cover no separator and no comment, and may be blank. A command substitution stays inside its command;
    here-documents are left out. Never raises; linear in the text.
    """
    text = script.text
    start = 0
    for kind, begin, end in _find_boundaries(script):
        if begin > start:
            yield Piece("", start, begin)
        if kind == "parenthesis":
            yield Piece(text[begin:end], begin, end)
        start = end
    if start < len(text):
        yield Piece("", start, len(text))


def _find_boundaries(script: Script) -> Iterator[tuple[str, int, int]]:
    """Yield what separates commands: its kind and its extent."""
    if script.syntax is Syntax.WORDS:
        return
    text, match = script.text, (_SHELL if script.syntax is Syntax.SHELL else _LINES).match
    heredocs = _Heredocs(text)
    position = depth = 0
    while (found := match(text, position)) and (kind := found.lastgroup or "rest") != "rest":
        position = found.end()
        if kind in _INSIDE:
            continue
        if kind == "newline":
            position = heredocs.skip_from(position)
        elif kind == "heredoc":
            heredocs.waiting.append(found["delimiter"])
            continue
        if depth or kind == "substitution":
            depth += _NESTING.get(text[found.end() - 1], 0)
        else:
            yield kind, found.start(kind), position
