"""The instructions of a Dockerfile that run something, as scripts, each with the directory that WORKDIR set before."""

from __future__ import annotations

import re
from bisect import bisect_left
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.shell_pieces import NOTHING, Script, Syntax
from rrr_optimize.formats.text_lines import Line, split_lines
from rrr_optimize.formats.working_directory import join_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

_INSTRUCTION = re.compile(r"[ \t]*(?:ONBUILD[ \t]+)?([A-Za-z]+)(?=[ \t]|\\)", re.IGNORECASE)
_FLAGS = re.compile(r"(?:[ \t]*--[a-z]+(?:=[^\s\\]*)?(?=[\s\\])(?:[ \t]++|\\[ \t]*+\r?\n)*+)++")
_CONTINUED = re.compile(r"\\[ \t]*$")
CONTINUATION = re.compile(r"\\[ \t]*(\r\n|\r|\n)")
_COMMENT = re.compile(r"[ \t]*#")
_EXEC_FORM = re.compile(r'\s*\[(?:\s*+"(?:[^"\\]|\\.)*+"\s*+,?)*+\s*\]\s*')
_PUNCTUATION = re.compile(r'("(?:[^"\\]|\\.)*+")|[\[\],]')
_SHELL_HEREDOC = re.compile(r"""[ \t]*(?:(?:/bin/)?(?:ba|z|da)?sh[ \t]+)?(?:-\w+[ \t]+)*<<-?[ \t]*(['"]?)(\w+)\1\s*+""")
_ANY_HEREDOC = re.compile(r"""(?<!<)<<-?(['"]?)([A-Za-z_]\w*)\1""")
_HEALTH_COMMAND = re.compile(r"(?s).*?\bCMD(?=[ \t\[\\])")
_RUNNING = frozenset({"RUN", "CMD", "ENTRYPOINT", "HEALTHCHECK"})
STAGE = re.compile(r"\s*(?:--\S+\s+)*(\S+)(?:\s+AS\s+(\S+))?\s*", re.IGNORECASE)


class Instruction(NamedTuple):
    """A keyword in upper case, where its arguments begin, and their text with comment and blank lines blanked."""

    keyword: str
    start: int
    arguments: str
    heredoc: tuple[int, int] | None = None


def find_dockerfile_scripts(text: str) -> Iterator[Script]:
    """Yield what each RUN hands to a shell, or the words of its exec form.

    Follows the Dockerfile reference: continuations, comment and blank lines inside them, flags such as `--mount`,
    here-documents. The escape directive is not followed.
    """
    return (script for keyword, script in _find_scripts(text) if keyword == "RUN")


def find_container_scripts(text: str) -> Iterator[Script]:
    """Yield what the image runs when it is started: CMD, ENTRYPOINT, and the command of a HEALTHCHECK."""
    return (script for keyword, script in _find_scripts(text) if keyword != "RUN")


def find_environment(text: str, name: str) -> Iterator[tuple[int, str]]:
    """Yield the values that ENV gives to a variable, each with its offset; both ways to write it are read."""
    for instruction in split_instructions(text):
        if found := read_environment(instruction, name):
            yield found


def read_environment(instruction: Instruction, name: str) -> tuple[int, str] | None:
    """Return the value that an ENV gives to a variable, and its offset; None for what gives it none."""
    pattern = re.compile(rf"""(?:^|\s){name}(?:=|[ \t]+)(?:"([^"]*)"|'([^']*)'|(\S*))""")
    match = pattern.search(instruction.arguments) if instruction.keyword == "ENV" else None
    if match is None:
        return None
    group = match.lastindex or 0
    return instruction.start + match.start(group), match[group]


def _find_scripts(text: str) -> Iterator[tuple[str, Script]]:
    directory: str | None = "."
    stage = ""
    stages: dict[str, str | None] = {}
    for instruction in split_instructions(text):
        arguments = CONTINUATION.sub("", instruction.arguments)
        if instruction.keyword in _RUNNING:
            yield instruction.keyword, _read_run(text, skip_health_options(instruction), directory)
        elif instruction.keyword == "WORKDIR":
            directory = join_directory(directory, arguments.strip().strip("\"'"))
            stages[stage] = directory
        elif instruction.keyword == "FROM" and (match := STAGE.fullmatch(arguments)):
            directory = stages.get(match[1].lower(), ".")
            stage = (match[2] or "").lower()
            stages[stage] = directory


def split_instructions(text: str) -> Iterator[Instruction]:
    """Yield the instructions of a Dockerfile in order; lines that are none are left out."""
    lines = list(split_lines(text))
    places: dict[str, list[int]] = {}
    for number, line in enumerate(lines):
        places.setdefault(line.text.strip(), []).append(number)
    index = 0
    while index < len(lines):
        first = lines[index]
        match = _INSTRUCTION.match(first.text)
        end = _find_last_line(lines, index)
        if match is not None:
            start = first.start + match.end()
            parts = [text[start : first.next], *(_keep_line(text, line) for line in lines[index + 1 : end])]
            arguments = "".join(parts)
            after = _skip_heredocs(arguments, places, end)
            heredoc = (lines[end].start, lines[after - 1].start) if after > end else None
            yield Instruction(match[1].upper(), start, arguments, heredoc)
            end = after
        index = end


def _find_last_line(lines: list[Line], index: int) -> int:
    """Return the number of the line after the instruction that begins at a line."""
    is_open = _CONTINUED.search(lines[index].text) is not None and not _COMMENT.match(lines[index].text)
    index += 1
    while is_open and index < len(lines):
        is_open = _is_skipped(lines[index]) or _CONTINUED.search(lines[index].text) is not None
        index += 1
    return index


def _is_skipped(line: Line) -> bool:
    return line.is_blank or _COMMENT.match(line.text) is not None


def _keep_line(text: str, line: Line) -> str:
    return " " * (line.next - line.start) if _is_skipped(line) else text[line.start : line.next]


def _skip_heredocs(arguments: str, places: dict[str, list[int]], line: int) -> int:
    """Return the number of the line after the here-documents that an instruction opens; without an end, none."""
    for match in _ANY_HEREDOC.finditer(arguments):
        numbers = places.get(match[2], [])
        following = bisect_left(numbers, line)
        line = numbers[following] + 1 if following < len(numbers) else line
    return line


def skip_health_options(instruction: Instruction) -> Instruction:
    """Return a HEALTHCHECK without what stands before its command; any other instruction as it is."""
    match = _HEALTH_COMMAND.match(instruction.arguments) if instruction.keyword == "HEALTHCHECK" else None
    begin = match.end() if match else 0
    return instruction._replace(start=instruction.start + begin, arguments=instruction.arguments[begin:])


def _read_run(text: str, instruction: Instruction, directory: str | None) -> Script:
    arguments = instruction.arguments
    flags = _FLAGS.match(arguments)
    if flags:
        arguments = " " * flags.end() + arguments[flags.end() :]
    if instruction.heredoc and _SHELL_HEREDOC.fullmatch(arguments):
        start, end = instruction.heredoc
        return Script(text[start:end], start, directory, Syntax.SHELL)
    # The continuation goes, whatever blanks follow the backslash; so the shell sees one line.
    arguments = CONTINUATION.sub(lambda match: NOTHING * len(match[0]), arguments)
    if _EXEC_FORM.fullmatch(arguments.replace(NOTHING, " ")):
        arguments = _PUNCTUATION.sub(lambda match: match[1] or " ", arguments)
    return Script(arguments, instruction.start, directory)
