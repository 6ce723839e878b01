"""Which word of a command starts pip or uv, behind environment, sudo and other wrappers."""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.pip_options import split_option
from rrr_optimize.formats.shell_pieces import NOTHING, Script

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.formats.shell_words import Word

_LONGEST = 200  # no program name is longer
_MOST_OPTIONS = 40  # no command has more before its verb
# Bare, with a path or a version, or a variable named for it: .venv/bin/pip3, $(PIP), {envpython}, ${PYTHON}.
_FOLDER = r"(?:.*[/\\])?"
_PIP = re.compile(_FOLDER + r"pip(?:3(?:\.\d+)?)?(?:\.exe)?|.*[${(]\w*PIP3?[)}]?", re.IGNORECASE)
PYTHON = re.compile(
    _FOLDER + r"(?:(?:python|pypy)(?:3(?:\.\d+)?)?t?(?:\.exe)?|py(?:\.exe)?)|.*[${(][\w.\-]*PY(?:THON)?[\w.\-]*[)}]?",
    re.IGNORECASE,
)
_UV = re.compile(_FOLDER + r"uv(?:\.exe)?|\$[({]?UV[)}]?")
_PIP_SYNC = re.compile(_FOLDER + r"pip-sync(?:\.exe)?")
_ASSIGNMENT = re.compile(r"\w+=")
_KEYWORDS = frozenset({"then", "do", "else", "elif", "if", "while", "until", "!", "{", "time", "exec", "call", "&"})
_SHELLS = frozenset({"sh", "bash", "zsh", "dash", "ash", "ksh"})
WRAPPERS = frozenset(
    {
        *("sudo", "env", "command", "nohup", "nice", "retry", "travis_retry", "timeout"),
        *("xvfb-run", "arch", "winpty", "eval", "conda", "mamba", "micromamba", "poetry"),
        *("pipenv", "pdm", "hatch", "rye", "uv", "pixi", "nox", "cross-env"),
        *("docker", "docker-compose", "podman", "kubectl", "gosu", "su-exec", "runuser", "chroot"),
        *("setarch", "linux32"),
    }
)
_SCRIPT_OPTION = re.compile(r"-[a-z]{0,8}c[a-z]{0,8}")
_ESCAPE = re.compile(r"\\([\"\\$`])")
PYTHON_OPTIONS_WITH_VALUE = frozenset({"-W", "-X", "--check-hash-based-pycs"})


class Launcher(NamedTuple):
    """Where the program begins and where its arguments begin; a sync takes files as operands."""

    first: int
    arguments: int
    is_sync: bool


def find_launcher(words: Sequence[Word]) -> Launcher | None:
    """Return the first installer that a command runs; None for any other command, and for text about one."""
    first = skip_prefixes(words)
    if first >= len(words):
        return None
    if launcher := _match(words, first):
        return launcher
    if base_name(words[first]) in WRAPPERS:
        return next(filter(None, (_match(words, index) for index in range(first + 1, len(words)))), None)
    return None


def find_nested_script(script: Script, words: Sequence[Word]) -> Script | None:
    """Return the script of `bash -c "..."` at its own offsets, or None where the command runs none."""
    first = skip_prefixes(words)
    is_wrapped = first < len(words) and base_name(words[first]) in WRAPPERS
    for index in range(first, len(words) - 2 if is_wrapped else min(first + 1, len(words) - 2)):
        if base_name(words[index]) in _SHELLS:
            for option, body in pairwise(words[index + 1 : index + 5]):
                if _SCRIPT_OPTION.fullmatch(option.text):
                    return _open_quotes(script, body)
            return None
    return None


def _open_quotes(script: Script, body: Word) -> Script:
    start, end = body.span.start - script.offset, body.span.end - script.offset
    text = script.text[start:end]
    if text[:1] in {"'", '"'} and text[:1] == text[-1:] and len(text) > 1:
        text, start = text[1:-1], start + 1
        text = _ESCAPE.sub(rf"{NOTHING}\1", text)
    return Script(text, start + script.offset, None, script.syntax)


def base_name(word: Word) -> str:
    """Return the name of a program without the folders before it."""
    return word.text[-_LONGEST:].rpartition("/")[2]


def skip_prefixes(words: Sequence[Word]) -> int:
    """Return where a command begins behind keywords of the shell and assignments."""
    index = 0
    while index < len(words) and (words[index].text in _KEYWORDS or _ASSIGNMENT.match(words[index].text)):
        index += 1
    return index


def _match(words: Sequence[Word], first: int) -> Launcher | None:
    name = words[first].text
    if len(name) > _LONGEST:
        return None
    if _PIP_SYNC.fullmatch(name):
        return Launcher(first, first + 1, is_sync=True)
    if _PIP.fullmatch(name):
        return _match_verb(words, first, first + 1, ("install",))
    if _UV.fullmatch(name):
        return _match_uv(words, first, first + 1)
    if PYTHON.fullmatch(name):
        return _match_module(words, first)
    return None


def _match_module(words: Sequence[Word], first: int) -> Launcher | None:
    index = first + 1
    last = min(len(words), index + _MOST_OPTIONS)
    while index < last and words[index].text.startswith("-") and not words[index].text.startswith("-m"):
        index += 2 if words[index].text in PYTHON_OPTIONS_WITH_VALUE else 1
    if index >= len(words):
        return None
    module = words[index].text.removeprefix("-m")
    if not module and index + 1 < len(words):
        index += 1
        module = words[index].text
    match module:
        case "pip":
            return _match_verb(words, first, index + 1, ("install",))
        case "uv":
            return _match_uv(words, first, index + 1)
        case "piptools":
            return _match_verb(words, first, index + 1, ("sync",))
        case _:
            return None


def _match_uv(words: Sequence[Word], first: int, index: int) -> Launcher | None:
    command = _skip_options(words, index)
    if command < len(words) and words[command].text == "pip":
        return _match_verb(words, first, command + 1, ("install", "sync"))
    return None


def _match_verb(words: Sequence[Word], first: int, index: int, verbs: tuple[str, ...]) -> Launcher | None:
    index = _skip_options(words, index)
    if index < len(words) and words[index].text in verbs:
        return Launcher(first, index + 1, is_sync=words[index].text == "sync")
    return None


def _skip_options(words: Sequence[Word], index: int) -> int:
    last = min(len(words), index + _MOST_OPTIONS)
    while index < last and words[index].text.startswith("-"):
        option, value = split_option(words[index].text)
        index += 2 if option and value is None else 1
    return index
