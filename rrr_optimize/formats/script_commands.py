"""Walk over the commands of a script that may matter, each with the directory in which it runs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.shell_pieces import cut_commands
from rrr_optimize.formats.shell_words import read_words
from rrr_optimize.formats.working_directory import NOTABLE, WorkingDirectory

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.shell_pieces import Piece, Script
    from rrr_optimize.formats.shell_words import Words

_FIRST_WORD = re.compile(r"[\s\0]*([\w{}\-]{1,20}+)")


def walk_commands(script: Script, candidate: re.Pattern[str]) -> Iterator[tuple[Words, str | None]]:
    """Yield the words of the commands that hold a candidate or move, and the directory in which what they run runs.

    A command that moves comes with the directory to which it moves. Most commands do neither and are not looked into.
    """
    if not candidate.search(script.text):
        return
    place = WorkingDirectory(script.directory)
    for piece in cut_commands(script):
        if piece.mark == "(":
            place.enter()
        elif piece.mark == ")":
            place.leave(is_subshell=True)
        elif words := _read_notable_words(script, piece, candidate, follows=place.is_followed):
            place.follow(words.words)
            yield words, place.current


def _read_notable_words(script: Script, piece: Piece, candidate: re.Pattern[str], *, follows: bool) -> Words | None:
    first = _FIRST_WORD.match(script.text, piece.start, piece.end) if follows else None
    is_notable = first is not None and first[1] in NOTABLE
    if not is_notable and not candidate.search(script.text, piece.start, piece.end):
        return None
    words = read_words(script, piece)
    return words if words.words else None
