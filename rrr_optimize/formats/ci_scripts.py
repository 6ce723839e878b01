"""The shell commands of CI files (GitHub, GitLab, Azure, CircleCI, Travis and their kin), found line by line.

Not by parsing: a file that YAML refuses, a template with `{{ }}` for instance, still says what it installs.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.shell_pieces import NOTHING, Script, Syntax
from rrr_optimize.formats.text_lines import Line, split_lines
from rrr_optimize.formats.working_directory import join_directory

if TYPE_CHECKING:
    from collections.abc import Iterator

_COMMAND_KEYS = frozenset(
    {
        *("run", "script", "before_script", "after_script", "command", "commands", "bash", "sh"),
        *("shell", "powershell", "pwsh", "cmd", "ps", "install", "before_install", "after_success"),
        *("inlineScript", "entry", "entrypoint", "args", "exec"),
    }
)
_DIRECTORY_KEYS = frozenset({"working-directory", "working_directory", "workingDirectory"})
_STRUCTURE = re.compile(r"""(?P<dashes>[ ]*+(?:-[ ]++)*+)(?:["']?(?P<key>[\w.\-]++)["']?[ ]*+:(?:[ ]++|$))?""")
_BLOCK = re.compile(r"(?:[!&]\S+[ ]+)*(?P<style>[|>])[+\-\d]*[ ]*(?:#.*)?")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_LINE_END = re.compile(r"\r\n|\r|\n")
_PARAGRAPH_LINE_END = re.compile(r"(?<=[^\s])[ \t]*(\r\n|\r|\n)(?=[ \t]*[^\s])")
_DOUBLE = re.compile(r'"((?:[^"\\]|\\[\s\S])*+)"')
_SINGLE = re.compile(r"'((?:[^']|'')*+)'")
_ESCAPE = re.compile(r"\\(.)")
_ITEM = re.compile(r'"(?:[^"\\]|\\[\s\S])*+"|' + r"'(?:[^']|'')*+'" + r"|[\[\],]")


@dataclass(slots=True)
class _Mapping:
    """The keys that stand in one column, one below the other; a directory of "" has not been given."""

    column: int
    parent: _Mapping | None
    key: str = ""
    directory: str | None = ""
    default_directory: str | None = ""


@dataclass(slots=True)
class _Found:
    """The text of a script and the mapping that decides its directory."""

    start: int
    parts: list[str]
    end: int
    mapping: _Mapping | None
    syntax: Syntax = Syntax.LINES


class _Value(NamedTuple):
    """A line of structure: its dashes, its key, and where the value begins and ends."""

    first_dash: int
    last_dash: int
    column: int
    key: str | None
    start: int
    end: int


def find_ci_scripts(text: str) -> Iterator[Script]:
    """Yield the values of `run:`, `script:` and the like, and plain items of lists; other values are no commands.

    Adjoining items of a list share a shell, as in GitLab. The directory comes from `working-directory` beside the
    command or in the `defaults` around it. Never raises; linear in the text.
    """
    mapping: _Mapping | None = None
    found: list[_Found] = []
    list_column = -1
    for value in _read_structure(text):
        if value.key is not None:
            mapping = _enter(mapping, value)
            _note_directory(mapping, text[value.start : value.end])
            list_column = -1
            if value.key in _COMMAND_KEYS:
                _add_script(found, text, value, mapping, is_new=True)
        else:
            _add_script(found, text, value, mapping, is_new=list_column != value.last_dash)
            list_column = value.last_dash
    for script in found:
        yield Script("".join(script.parts), script.start, _decide_directory(script.mapping), script.syntax)


def _read_structure(text: str) -> Iterator[_Value]:
    lines = list(split_lines(text))
    index = 0
    while index < len(lines):
        line = lines[index]
        match = _STRUCTURE.match(line.text)
        index += 1
        if match is None or line.is_blank or line.text.lstrip().startswith("#"):
            continue
        dashes = match["dashes"]
        if match["key"] is None and "-" not in dashes:
            continue
        margin = len(dashes) if match["key"] else max(dashes.rfind("-"), 0)
        end = line.start + len(line.text)
        if match.end() < len(line.text):
            # What is indented more than the key or the dash belongs to a value that has begun; so does a bracket.
            while index < len(lines) and _continues(lines[index], margin):
                end = lines[index].start + len(lines[index].text)
                index += 1
        start = line.start + match.end()
        yield _Value(dashes.find("-"), dashes.rfind("-"), len(dashes), match["key"], start, end)


def _continues(line: Line, margin: int) -> bool:
    return line.is_blank or line.indent > margin or line.text.lstrip()[:1] in {"]", "}"}


def _enter(innermost: _Mapping | None, value: _Value) -> _Mapping:
    """Return the mapping that a key belongs to; a dash before the key begins a new one."""
    margin = value.first_dash if value.first_dash >= 0 else value.column
    while innermost is not None and innermost.column > margin:
        innermost = innermost.parent
    if innermost is None or innermost.column < value.column:
        innermost = _Mapping(value.column, innermost)
    innermost.key = value.key or ""
    return innermost


def _note_directory(mapping: _Mapping, text: str) -> None:
    if mapping.key not in _DIRECTORY_KEYS:
        return
    mapping.directory = join_directory(".", _COMMENT.sub("", text).strip().strip("\"'"))
    run = mapping.parent
    if run is not None and run.key == "run" and run.parent is not None and run.parent.key == "defaults":
        run.parent.default_directory = mapping.directory


def _decide_directory(mapping: _Mapping | None) -> str | None:
    if mapping is not None and mapping.directory != "":
        return mapping.directory
    while mapping is not None and mapping.default_directory == "":
        mapping = mapping.parent
    return "." if mapping is None else mapping.default_directory


def _add_script(found: list[_Found], text: str, value: _Value, mapping: _Mapping | None, *, is_new: bool) -> None:
    start, body, syntax = _read_value(text, value)
    if is_new or not found:
        found.append(_Found(start, [body], start + len(body), mapping, syntax))
        return
    last = found[-1]
    last.parts += ["\n" * (start - last.end), body]
    last.end = start + len(body)


def _read_value(text: str, value: _Value) -> tuple[int, str, Syntax]:
    """Return a scalar as the shell gets it, at its own offset and of its own length."""
    raw = text[value.start : value.end]
    first_line = _LINE_END.split(raw, maxsplit=1)[0]
    if block := _BLOCK.fullmatch(first_line):
        body = raw[len(first_line) :]
        body = _PARAGRAPH_LINE_END.sub(_fold, body) if block["style"] == ">" else body
        return value.start + len(first_line), body, Syntax.SHELL
    if quoted := _DOUBLE.match(raw):
        return value.start + 1, _ESCAPE.sub(_unescape, _fold_all(quoted[1])), Syntax.LINES
    if quoted := _SINGLE.match(raw):
        return value.start + 1, _fold_all(quoted[1].replace("''", NOTHING + "'")), Syntax.LINES
    if raw.startswith("["):
        return value.start, _mask_flow(raw), Syntax.LINES
    comment = _COMMENT.search(raw)
    return value.start, _fold_all(raw[: comment.start()] if comment else raw), Syntax.LINES


def _fold(match: re.Match[str]) -> str:
    return " " * len(match[0])


def _fold_all(text: str) -> str:
    return _LINE_END.sub(_fold, text)


def _unescape(match: re.Match[str]) -> str:
    return NOTHING + {"n": "\n", "t": "\t"}.get(match[1], match[1])


def _mask_flow(raw: str) -> str:
    """Return `["sh", "-c", "x"]` as words, and `["pip install x", tox]` as commands of a line each."""
    raw = _fold_all(raw)
    unquoted = _ITEM.sub(lambda match: match[0] if match[0] in {"[", "]", ","} else "", raw)
    has_commands = any(" " in part.strip() for part in re.split(r"[\[\],]", unquoted)) or any(
        " " in match[0] for match in _ITEM.finditer(raw)
    )

    def mask(match: re.Match[str]) -> str:
        item = match[0]
        if len(item) == 1:
            return "\n" if has_commands else " "
        if not has_commands:
            return item
        inner = _ESCAPE.sub(_unescape, item[1:-1]) if item[0] == '"' else item[1:-1].replace("''", NOTHING + "'")
        return NOTHING + inner + NOTHING

    return _ITEM.sub(mask, raw)
