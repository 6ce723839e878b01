"""The recipe lines of a Makefile as scripts: make starts a shell for each."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.command_words import may_hold_commands
from rrr_optimize.formats.shell_pieces import NOTHING, Script
from rrr_optimize.formats.text_lines import split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_PREFIX = re.compile(r"[ \t]*[@+\-][@+\- \t]*")


def find_makefile_scripts(text: str) -> Iterator[Script]:
    """Yield each recipe line with its continuations; a line that begins with a tab is one (GNU make, section 5.1)."""
    start = end = -1
    for line in split_lines(text):
        if start < 0:
            if not line.text.startswith("\t"):
                continue
            start = line.start
        end = line.next
        if not line.text.endswith("\\"):
            yield from _read_recipe(text, start, end)
            start = -1
    if start >= 0:
        yield from _read_recipe(text, start, end)


def _read_recipe(text: str, start: int, end: int) -> Iterator[Script]:
    recipe = text[start:end]
    if not may_hold_commands(recipe):
        return
    if prefix := _PREFIX.match(recipe):
        recipe = " " * prefix.end() + recipe[prefix.end() :]
    yield Script(recipe.replace("$$", NOTHING + "$"), start)
