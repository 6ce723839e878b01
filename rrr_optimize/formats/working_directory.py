"""Where a shell stands while its commands run, as far as the text says."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.formats.shell_words import Word

_OPENING = frozenset({"if", "for", "while", "until", "case", "select", "{", "function"})
_CLOSING = frozenset({"fi", "done", "esac", "}"})
_MOVING = frozenset({"cd", "pushd", "popd", "Set-Location", "git"})
_COMPUTED = re.compile(r"[$`{}*?~%]")

_LEADING = frozenset({"then", "do", "else", "!", "{", "if", "while", "until"})  # a command follows
_MOST_FOLLOWED = 10_000
_LONGEST = 250  # a path that only grows would make a long script slow

NOTABLE = _OPENING | _CLOSING | _MOVING | _LEADING


def join_directory(directory: str | None, path: str) -> str | None:
    """Return where `cd path` leads from a directory; None where a variable, `~` or `-` decides it."""
    if not path or path == "-" or _COMPUTED.search(path):
        return None
    if directory is None and not path.startswith("/"):
        return None
    joined = posixpath.normpath(posixpath.join(directory or ".", path))
    return joined if len(joined) <= _LONGEST else None


class WorkingDirectory:
    """Follows `cd`, `pushd`, `popd`, subshells and compound commands through one script.

    What a loop, branch or function changes is forgotten after it: the directory is then unknown, unless it is the
    same as before. A folder that `git clone` made is unknown too, for it may be this repository itself.
    """

    def __init__(self, directory: str | None) -> None:
        self.current = directory
        self._pushed: list[str | None] = []
        self._outer: list[str | None] = []
        self._has_cloned = False
        self._followed = 0

    @property
    def is_followed(self) -> bool:
        """Whether it still matters what `follow` is told; after very many commands the directory is given up."""
        return self._followed < _MOST_FOLLOWED

    def enter(self) -> None:
        """Begin a subshell or a compound command."""
        self._outer.append(self.current)

    def leave(self, *, is_subshell: bool) -> None:
        """End what the last `enter` began; an end without a beginning, as in `case x in a)`, changes nothing."""
        if self._outer:
            before = self._outer.pop()
            self.current = before if is_subshell or before == self.current else None

    def follow(self, words: tuple[Word, ...]) -> None:
        """Take one command into account."""
        self._followed += 1
        if not self.is_followed:
            self.current = None
            return
        while words and words[0].text in _LEADING:
            if words[0].text in _OPENING:
                self.enter()
            words = words[1:]
        program = words[0].text if words else ""
        if program in _OPENING:
            self.enter()
        elif program in _CLOSING:
            self.leave(is_subshell=False)
        elif program == "popd":
            self.current = self._pushed.pop() if self._pushed else None
        elif program == "git":
            self._has_cloned = self._has_cloned or any(word.text == "clone" for word in words[1:3])
        elif program in _MOVING:
            self._move(program, [word for word in words[1:] if not word.text.startswith("-") or word.text == "-"])

    def _move(self, program: str, operands: list[Word]) -> None:
        if program == "pushd":
            self._pushed.append(self.current)
        is_known = len(operands) == 1 and not operands[0].is_computed and not self._has_cloned
        self.current = join_directory(self.current, operands[0].text) if is_known else None
