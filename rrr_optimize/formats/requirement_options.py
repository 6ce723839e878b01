"""The options on a line of a requirements file, split and read as pip does, each with its place.

pip splits them as a POSIX shell would (`shlex.split`) and hands them to `optparse`, which takes a unique beginning of a
long name for that name, a value glued to a short name, and passes over words that belong to no option.
"""

from __future__ import annotations

import re
import shlex
from collections import deque
from dataclasses import dataclass

# The options of pip 26 that may stand in a file, and whether a value follows.
_LONG_NAMES = {
    "--index-url": True,
    "--pypi-url": True,
    "--extra-index-url": True,
    "--no-index": False,
    "--constraint": True,
    "--requirement": True,
    "--editable": True,
    "--find-links": True,
    "--no-binary": True,
    "--only-binary": True,
    "--prefer-binary": False,
    "--require-hashes": False,
    "--no-require-hashes": False,
    "--pre": False,
    "--all-releases": True,
    "--only-final": True,
    "--trusted-host": True,
    "--use-feature": True,
    "--hash": True,
    "--config-settings": True,
}
_SHORT_NAMES = {
    "-i": "--index-url",
    "-c": "--constraint",
    "-r": "--requirement",
    "-e": "--editable",
    "-f": "--find-links",
    "-C": "--config-settings",
}
STRONG_HASHES = ("sha256", "sha384", "sha512")
_LISTS_OF_PACKAGES = ("--no-binary", "--only-binary", "--all-releases", "--only-final")
_WORD = re.compile(r"""(?:[^ \t\r\n'"\\]+|\\.|'[^']*'|"(?:[^"\\]|\\.)*")+""", re.DOTALL)
_BLANKS = re.compile(r"[ \t\r\n]*")


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a shell line: its value without quotes and where it stands, quotes included."""

    value: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Option:
    """One option: its long name, the value as pip gets it (empty where none), and where both stand.

    `spelled` is the name as written; `value_start` and `value_end` bound the value, quotes included; `glued` says that
    the value follows a short name without a blank.
    """

    name: str
    value: str
    start: int
    end: int
    spelled: str
    value_start: int
    value_end: int
    glued: bool = False


class OptionsError(Exception):
    """The options cannot be read; `start` and `end` bound what is wrong."""

    def __init__(self, message: str, start: int, end: int) -> None:
        super().__init__(message)
        self.start = start
        self.end = end


def split_words(text: str, start: int = 0) -> list[Word]:
    """Return the words of `text` from `start` on, as `shlex.split` makes them.

    Raises OptionsError where a quote is not closed or a backslash ends the text.
    """
    words: list[Word] = []
    position = _skip_blanks(text, start)
    while position < len(text):
        match = _WORD.match(text, position)
        end = match.end() if match else position
        if end < len(text) and text[end] not in " \t\r\n":
            wrong = "nothing follows the backslash" if text[end] == "\\" else f"the quote {text[end]} is not closed"
            raise OptionsError(wrong, end, len(text))
        raw = text[position:end]
        words.append(Word(_unquote(raw), position, end))
        position = _skip_blanks(text, end)
    return words


def read_options(text: str, start: int) -> tuple[list[Option], list[Word]]:
    """Return the options from `start` on, and the words among them that pip passes over.

    Raises OptionsError for an option that pip does not know in a file, or whose value it refuses. The features of
    `--use-feature` change from one pip to the next and are not checked.
    """
    options: list[Option] = []
    strays: list[Word] = []
    words = deque(split_words(text, start))
    while words:
        word = words.popleft()
        if word.value == "--":
            return options, [*strays, word, *words]
        if word.value == "-" or not word.value.startswith("-"):
            strays.append(word)
            continue
        option = _read_long(word, words) if word.value.startswith("--") else _read_short(word, words)
        _check_value(option)
        options.append(option)
    return options, strays


def _read_long(word: Word, following: deque[Word]) -> Option:
    spelled, equals, value = word.value.partition("=")
    name = _complete(spelled, word)
    if not _LONG_NAMES[name]:
        if equals:
            raise OptionsError(f"{name} takes no value", word.start, word.end)
        return Option(name, "", word.start, word.end, spelled, word.end, word.end)
    if equals:
        return Option(name, value, word.start, word.end, spelled, word.start + len(spelled) + 1, word.end)
    return _with_next_word(name, word, following)


def _complete(spelled: str, word: Word) -> str:
    if spelled in _LONG_NAMES:
        return spelled
    names = [name for name in _LONG_NAMES if name.startswith(spelled)]
    if not names:
        raise OptionsError(f"pip knows no option {spelled} in a requirements file", word.start, word.end)
    if len(names) > 1:
        raise OptionsError(f"{spelled} may mean {' or '.join(names)}", word.start, word.end)
    return names[0]


def _read_short(word: Word, following: deque[Word]) -> Option:
    spelled = word.value[:2]
    if spelled not in _SHORT_NAMES:
        raise OptionsError(f"pip knows no option {spelled} in a requirements file", word.start, word.end)
    name = _SHORT_NAMES[spelled]
    if len(word.value) > len(spelled):
        return Option(name, word.value[2:], word.start, word.end, spelled, word.start + 2, word.end, glued=True)
    return _with_next_word(name, word, following)


def _with_next_word(name: str, word: Word, following: deque[Word]) -> Option:
    if not following:
        raise OptionsError(f"{word.value} needs a value", word.start, word.end)
    value = following.popleft()
    return Option(name, value.value, word.start, value.end, word.value, value.start, value.end)


def _check_value(option: Option) -> None:
    wrong = ""
    if option.name == "--hash":
        algorithm, colon, _ = option.value.partition(":")
        if not colon:
            wrong = "a hash is written algorithm:digest"
        elif algorithm not in STRONG_HASHES:
            wrong = f"pip takes hashes of {', '.join(STRONG_HASHES)} only"
    elif option.name == "--config-settings" and "=" not in option.value:
        wrong = "a setting is written KEY=VALUE"
    elif option.name in _LISTS_OF_PACKAGES and option.value.startswith("-"):
        wrong = f"{option.name} needs the names of packages"
    if wrong:
        raise OptionsError(wrong, option.value_start, option.value_end)


def _skip_blanks(text: str, position: int) -> int:
    match = _BLANKS.match(text, position)
    return match.end() if match else position


def _unquote(raw: str) -> str:
    return raw if raw.isalnum() or not any(mark in raw for mark in "'\"\\") else shlex.split(raw)[0]
