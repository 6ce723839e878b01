"""The commands of tox.ini: words without a shell around them."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.shell_pieces import Script, Syntax
from rrr_optimize.formats.text_lines import split_lines
from rrr_optimize.formats.working_directory import join_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

_KEY = re.compile(r"(commands|commands_pre|commands_post|changedir|change_dir)[ \t]*=")
_PREFIX = re.compile(r"[ \t]*(?:[!\w.,{}\-]{1,80}:[ \t]+)?[ \t]*[-!]?[ \t]*")
_START_FOLDERS = re.compile(r"\{(?:toxinidir|tox_root)\}/?")


def find_tox_scripts(text: str) -> Iterator[Script]:
    """Yield each command, in the `changedir` of its section; follows tox's own splitting: quotes, no operators."""
    section: list[tuple[int, str]] = []
    directory: str | None = "."
    key = ""
    command = ""
    command_start = 0
    for line in split_lines(text):
        content = line.text
        if content.startswith("["):
            yield from (Script(body, start, directory, Syntax.WORDS) for start, body in section)
            section, directory, key, command = [], ".", "", ""
            continue
        if content[:1] not in {" ", "\t", "", "#", ";"}:
            match = _KEY.match(content)
            key, command = (match[1] if match else ""), ""
            content = " " * match.end() + content[match.end() :] if match else ""
        if content.lstrip().startswith("#"):
            content = " " * len(content)
        if key.startswith("change") and content.strip():
            directory = join_directory(".", _START_FOLDERS.sub("", content.strip()) or ".")
        elif key.startswith("commands"):
            command_start = command_start if command else line.start
            command += content + text[line.start + len(line.text) : line.next]
            if not content.endswith("\\"):
                section.append((command_start, _strip_prefix(command)))
                command = ""
    yield from (Script(body, start, directory, Syntax.WORDS) for start, body in section)


def _strip_prefix(command: str) -> str:
    match = _PREFIX.match(command)
    return " " * match.end() + command[match.end() :] if match else command
