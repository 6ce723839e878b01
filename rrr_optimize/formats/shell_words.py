"""The words of one simple command: quotes undone, redirections set apart, what the shell would compute marked."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.shell_pieces import NOTHING, Syntax
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.formats.shell_pieces import Piece, Script

# A star in a version is written without quotes by many, and no file is called "django==4.*".
_VERSION_STAR = re.compile(r"[\w.\-\[\]]+[!=]=[\w.]*\.\*")
_ESCAPE = re.compile(r'\\(["\\$`])|\\\r?\n|\0')
_VARIABLE = re.compile(r"(?<!\\)(?:\$[\w({@*#?!-]|`)")
LONGEST_COMMAND = 60_000
_PARENTHESIS = re.compile(r"[()]")
_LOST_SPECIFIER = re.compile(r"=|\d")

_PART = re.compile(
    r"""
  (?P<nothing> \0++ | \\\r?\n | \\\Z )
| (?P<blank> \s++ )
| (?P<plain> [^\s\0\\'"`$<>&*?{}]++ )
| (?P<escaped> \\. )
| (?P<single> '[^']*+' )
| (?P<double> "(?: [^"\\] | \\[\s\S] )*+" )
| (?P<computed> `[^`]*+` | \$\{\{ (?: [^{}\r\n] | \{\d\} ){0,300}+ \}\}
  | \$\{ [^{}$\r\n]{0,300}+ \} | \$[\w@*\#?!-]\w*+ )
| (?P<substitution> [$<>]\( )
| (?P<redirect> &>>? | <<<? -? | [<>]& | >> | >\| | [<>] )
| (?P<special> [*?{}] )
| (?P<other> [\s\S] )
""",
    re.VERBOSE,
)


class Word(NamedTuple):
    """One word as the program gets it; `is_computed` where the shell puts in something that the file does not say.

    The span leaves out quotes that merely surround the word.
    """

    text: str
    span: Span
    is_computed: bool


class Words(NamedTuple):
    """The words of a command, and the redirections that look like a version specifier without its quotes.

    `is_cut` where the command is longer than any that a person writes, and the rest of it has not been read.
    """

    words: tuple[Word, ...]
    lost_specifiers: tuple[Span, ...]
    is_cut: bool = False


class _Token(NamedTuple):
    text: str
    start: int
    end: int
    is_redirect: bool = False
    is_computed: bool = False


@dataclass(slots=True)
class _Open:
    """The word that is being read."""

    text: list[str] = field(default_factory=list)
    start: int = -1
    end: int = -1
    is_computed: bool = False
    is_special: bool = False

    def add(self, text: str, start: int, end: int) -> None:
        if self.start < 0:
            self.start = start
        self.text.append(text)
        self.end = end

    def close(self) -> list[_Token]:
        if self.start < 0:
            return []
        text = "".join(self.text)
        is_computed = self.is_computed or (self.is_special and not _VERSION_STAR.fullmatch(text))
        return [_Token(text, self.start, self.end, is_computed=is_computed)]


def read_words(script: Script, piece: Piece) -> Words:
    """Return the words of a simple command; the files that it reads or writes by redirection are none of them.

    Follows POSIX shell quoting. `pip install x>=1.0` writes a file named `=1.0`: the word is `x`, and the span of
    `>=1.0` is among the lost specifiers. Never raises; linear in the piece.
    """
    words: list[Word] = []
    lost: list[tuple[int, int]] = []
    operator: _Token | None = None
    before = _Token("", -1, -1)
    is_glued = False
    is_cut = piece.end - piece.start > LONGEST_COMMAND
    if is_cut:
        piece = piece._replace(end=piece.start + LONGEST_COMMAND)
    for token in _read_tokens(script, piece):
        if token.is_redirect:
            is_glued = before.end == token.start and not before.text.isdigit()
            operator = token
        elif operator is None:
            words.append(Word(token.text, _narrow(script, token), token.is_computed))
        else:
            if is_glued and operator.end == token.start and _LOST_SPECIFIER.match(token.text):
                start = lost.pop()[0] if lost and lost[-1][1] == operator.start else operator.start
                lost.append((start, token.end))
            operator = None
        before = token
    spans = tuple(Span(start + script.offset, end + script.offset) for start, end in lost)
    return Words(tuple(words), spans, is_cut)


def _read_tokens(script: Script, piece: Piece) -> list[_Token]:
    tokens: list[_Token] = []
    word = _Open()
    position = piece.start
    while position < piece.end and (part := _PART.match(script.text, position, piece.end)):
        kind, start, position = part.lastgroup, position, part.end()
        has_operators = script.syntax is not Syntax.WORDS
        if kind == "blank":
            tokens += word.close()
            word = _Open()
        elif kind == "redirect" and has_operators:
            # The number of a file descriptor belongs to the operator: 2>&1.
            descriptor = word.end == start and "".join(word.text).isdigit()
            tokens += [] if descriptor else word.close()
            word = _Open()
            tokens.append(_Token(part[0], start, position, is_redirect=True))
        elif kind == "substitution" and has_operators:
            position = _skip_substitution(script.text, position, piece.end)
            word.add(script.text[start:position], start, position)
            word.is_computed = True
        elif kind != "nothing":
            _add_part(word, part)
    return tokens + word.close()


def _add_part(word: _Open, part: re.Match[str]) -> None:
    text = part[0]
    match part.lastgroup:
        case "escaped":
            # A backslash before a letter is a folder of Windows; no one escapes a letter.
            text = text if text[1].isalnum() else text[1:]
        case "single":
            text = text[1:-1].replace("\0", "")
        case "double":
            word.is_computed = word.is_computed or _VARIABLE.search(text) is not None
            text = _ESCAPE.sub(r"\1", text[1:-1])
        case "computed":
            word.is_computed = True
        case "special":
            word.is_special = True
        case _:
            pass
    word.add(text, part.start(), part.end())


def _skip_substitution(text: str, position: int, end: int) -> int:
    depth = 1
    while depth and (found := _PARENTHESIS.search(text, position, end)):
        depth += 1 if found[0] == "(" else -1
        position = found.end()
    return end if depth else position


def _narrow(script: Script, token: _Token) -> Span:
    start, end, whole = token.start, token.end, script.text
    if whole[start] in "'\"" and whole[end - 1] == whole[start]:
        inner = whole[start + 1 : end - 1]
        if inner.strip(NOTHING) == token.text:
            start += 1 + len(inner) - len(inner.lstrip(NOTHING))
            end = start + len(token.text)
    return Span(start + script.offset, end + script.offset)
