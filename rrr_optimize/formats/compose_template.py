"""Compose's variables, `${NAME:-default}` and its like, put into a text as far as they are known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_OPERATOR = re.compile(r":?[-+?]")
_DEEPEST = 10
_LONGEST = 100_000


class TemplateError(ValueError):
    """The text has a `${` that begins no variable; the message says so in words for a person."""


class Filled(NamedTuple):
    """A text with what is known put in; `unset` names the variables that still stand in it as `${NAME}`."""

    text: str
    unset: tuple[str, ...] = ()


def fill_template(text: str, variables: Mapping[str, str], depth: int = 0) -> Filled:
    """Return the text with its variables replaced, as the Compose specification describes interpolation.

    A variable that is not set and has no default stays as `${NAME}`: the person who runs Compose may set it.
    `$$` is a dollar sign. Raises TemplateError.
    """
    if "$" not in text:
        return Filled(text)
    if depth > _DEEPEST or len(text) > _LONGEST:
        raise TemplateError("its variables are nested too deep to be read")
    parts: list[str] = []
    unset: list[str] = []
    position = 0
    while (dollar := text.find("$", position)) >= 0:
        parts.append(text[position:dollar])
        filled, position = _read_variable(text, dollar, variables, depth)
        parts.append(filled.text)
        unset += filled.unset
    return Filled("".join([*parts, text[position:]]), tuple(dict.fromkeys(unset)))


def _read_variable(text: str, dollar: int, variables: Mapping[str, str], depth: int) -> tuple[Filled, int]:
    if text.startswith("$$", dollar):
        return Filled("$"), dollar + 2
    if plain := _NAME.match(text, dollar + 1):
        return _look_up(plain[0], variables), plain.end()
    match = _NAME.match(text, dollar + 2)
    if text.startswith("{", dollar + 1) and match:
        end = _closing_brace(text, dollar + 1)
        if end is not None:
            return _substitute(match[0], text[match.end() : end], variables, depth), end + 1
    if not text.startswith("{", dollar + 1):
        return Filled("$"), dollar + 1
    raise TemplateError(_explain(match[0] if match else ""))


def _explain(name: str) -> str:
    # What follows the name may be a secret.
    return f"${{{name} begins no variable that can be read; a plain dollar sign is written $$"


def _look_up(name: str, variables: Mapping[str, str]) -> Filled:
    return Filled(variables[name]) if name in variables else Filled(f"${{{name}}}", (name,))


def _substitute(name: str, rest: str, variables: Mapping[str, str], depth: int) -> Filled:
    if not rest:
        return _look_up(name, variables)
    match = _OPERATOR.match(rest)
    if match is None:
        raise TemplateError(_explain(name))
    operator, alternative = match[0], rest[match.end() :]
    is_set = bool(variables.get(name)) if operator.startswith(":") else name in variables
    match operator[-1], is_set:
        case ("-", False) | ("+", True):
            return fill_template(alternative, variables, depth + 1)
        case ("+", False):
            return Filled(variables.get(name, ""))
        case _:
            return _look_up(name, variables)


def _closing_brace(text: str, opening: int) -> int | None:
    depth = 0
    for match in re.finditer(r"\$\{|[{}]", text[opening : opening + _LONGEST]):
        depth += -1 if match[0] == "}" else 1
        if depth == 0:
            return opening + match.start()
    return None
