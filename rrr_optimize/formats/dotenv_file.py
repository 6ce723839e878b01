"""The variables of a .env file, as Compose reads one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from rrr_optimize.formats.compose_template import TemplateError, fill_template

if TYPE_CHECKING:
    from collections.abc import Mapping

_ASSIGNMENT = re.compile(r"[ \t]*(?:export[ \t]+)?(?P<name>[A-Za-z_][\w.\-\[\]]*)[ \t]*[=:][ \t]*", re.ASCII)
_DOUBLE = re.compile(r'"(?:[^"\\]|\\[\s\S])*"')
_SINGLE = re.compile(r"'[^']*'")
_COMMENT = re.compile(r"(?:^|[ \t])#.*")
_LINE = re.compile(r"[^\r\n]*")
_ESCAPE = re.compile(r"\\([nrt\"\\$])")
_LETTERS = {"n": "\n", "r": "\r", "t": "\t"}


def read_dotenv(text: str, outer: Mapping[str, str] | None = None) -> dict[str, str]:
    """Return the variables in order of their lines; a later one may use one of `outer` or an earlier one.

    A line that is no assignment is left out. A value with a variable that nothing sets is left out too, so that it
    stays unknown. Never raises; linear in the text.
    """
    found: dict[str, str] = {}
    position = 0
    while position < len(text):
        match = _ASSIGNMENT.match(text, position)
        if match is None:
            position = _next_line(text, position)
            continue
        raw, is_literal, position = _read_value(text, match.end())
        value = raw if is_literal else _fill(raw, {**found, **(outer or {})})
        if value is None:
            found.pop(match["name"], None)
        else:
            found[match["name"]] = value
    return found


def _read_value(text: str, start: int) -> tuple[str, bool, int]:
    """Return a value, whether its variables are left alone, and where the next line begins."""
    if quoted := _DOUBLE.match(text, start):
        inner = _ESCAPE.sub(
            lambda match: _LETTERS.get(match[1], "$$" if match[1] == "$" else match[1]), quoted[0][1:-1]
        )
        return inner, False, _next_line(text, quoted.end())
    if quoted := _SINGLE.match(text, start):
        return quoted[0][1:-1], True, _next_line(text, quoted.end())
    line = _LINE.match(text, start)
    raw = line[0] if line else ""
    return _COMMENT.sub("", raw).strip(), False, _next_line(text, start)


def _next_line(text: str, position: int) -> int:
    end = text.find("\n", position)
    return len(text) if end < 0 else end + 1


def _fill(raw: str, variables: Mapping[str, str]) -> str | None:
    try:
        filled = fill_template(raw, variables)
    except TemplateError:
        return raw
    return None if filled.unset else filled.text
