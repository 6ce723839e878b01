"""The commands that a Markdown document shows: fenced and indented blocks, and code spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.command_words import may_hold_commands
from rrr_optimize.formats.shell_pieces import Script
from rrr_optimize.formats.text_lines import Line, split_lines

if TYPE_CHECKING:
    from collections.abc import Iterator

_FENCE = re.compile(r"[ \t>]*(?:(?:[-*+]|\d+[.)])[ \t]+)?(?P<fence>`{3,}|~{3,})[ \t]*\{?\.?(?P<language>[\w+\-]*)")
_SHELLS = frozenset(
    {
        *(
            "",
            "bash",
            "sh",
            "shell",
            "zsh",
            "fish",
            "console",
            "shell-session",
            "shellsession",
            "sh-session",
            "terminal",
        ),
        *("commandline", "cmd", "bat", "batch", "powershell", "ps", "ps1", "pwsh", "text", "txt", "none", "plaintext"),
    }
)
# A prompt is no part of the command: "$ ", "(venv) $ ", "user@host:~$ ", "PS C:\> ", "> ", "In [1]: ".
_PROMPT = re.compile(
    r"[ \t>]*(?:\([\w.\-]{1,60}\)[ \t]*)?(?:[\w.\-]{1,60}@[\w.\-:~/]{1,120})?(?:[$%][ \t]+|PS(?: [^>\n]{0,120})?> ?)"
)
_NOTEBOOK = re.compile(r"[ \t>]*(?:In \[\d*\]:[ \t]*)?[!%](?=\S)")
_INDENTED = re.compile(r"(?: {4}|\t)[ \t]*(?=(?:[$%!] ?)?(?:pip|python|pytest|uv|cd|sudo|docker)\S*\s)")
_CODE_SPAN = re.compile(r"(?<!`)`([^`\n]+)`(?!`)")


def find_markdown_scripts(text: str) -> Iterator[Script]:
    """Yield the commands of each block and code span; prose and blocks in other languages have none.

    Where a block has prompts, the lines without one are output. Of a Python block only `!pip` and `%pip` lines count.
    Code after a `cd` in an earlier block may run there, so its directory is unknown.
    """
    block: list[Line] = []
    fence = language = ""
    directory: str | None = "."
    for line in split_lines(text):
        match = _FENCE.match(line.text)
        if fence:
            if match and match["fence"].startswith(fence) and not match["language"]:
                yield from _read_block(text, block, language, directory)
                directory = None if any(_moves(line) for line in block) else directory
                block, fence = [], ""
            else:
                block.append(line)
        elif match and "`" not in line.text[match.end() :]:
            fence, language = match["fence"], match["language"].lower()
        elif may_hold_commands(line.text):
            yield from _read_prose(text, line, directory)
    yield from _read_block(text, block, language, directory)


def _moves(line: Line) -> bool:
    return " cd " in f" {line.text}"


def _read_block(text: str, lines: list[Line], language: str, directory: str | None) -> Iterator[Script]:
    if not any(may_hold_commands(line.text) for line in lines):
        return
    prompt = _PROMPT if language in _SHELLS else _NOTEBOOK
    has_prompts = language not in _SHELLS or any(_PROMPT.match(line.text) for line in lines)
    parts: list[str] = []
    is_continued = False
    for line in lines:
        content = text[line.start : line.next]
        match = prompt.match(content) or (_NOTEBOOK.match(content) if language in _SHELLS else None)
        if match:
            parts.append(" " * match.end() + content[match.end() :])
        elif is_continued or not has_prompts:
            parts.append(content)
        else:
            parts.append("\n" * len(content))
        is_continued = line.text.endswith("\\") and (match is not None or is_continued or not has_prompts)
    yield Script("".join(parts), lines[0].start, directory)


def _read_prose(text: str, line: Line, directory: str | None) -> Iterator[Script]:
    if indented := _INDENTED.match(line.text):
        match = _PROMPT.match(line.text) or _NOTEBOOK.match(line.text) or indented
        yield Script(text[line.start + match.end() : line.next], line.start + match.end(), directory)
        return
    for span in _CODE_SPAN.finditer(line.text):
        start, end = span.span(1)
        prompt = _PROMPT.match(span[1]) or _NOTEBOOK.match(span[1])
        start += prompt.end() if prompt else 0
        yield Script(line.text[start:end], line.start + start, directory)
