"""The tokens of Python code, as the standard library tells them."""

from __future__ import annotations

import io
import tokenize
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.python_rows import split_rows

if TYPE_CHECKING:
    from collections.abc import Iterable

_BLANK = frozenset({tokenize.COMMENT, tokenize.NL})
_LINE_ENDS = frozenset({tokenize.NEWLINE, tokenize.NL})


class Token(NamedTuple):
    """A token: its type as `tokenize` numbers it, its characters (none of a line end), and its row, from 1."""

    kind: int
    string: str
    row: int


class UntoldError(Exception):
    """The tokens of some code cannot be told; the message says why."""


def read_tokens(text: str) -> list[Token]:
    """Return the tokens of some code, those of comments and blank lines among them. Raises UntoldError."""
    rows = io.StringIO("\n".join(split_rows(text)))
    try:
        return [
            Token(kind, "" if kind in _LINE_ENDS else string, row)
            for kind, string, (row, _), _, _ in tokenize.generate_tokens(rows.readline)
        ]
    except (tokenize.TokenError, SyntaxError) as error:
        raise UntoldError(f"the tokens of the code around it cannot be told: {error}") from None


def only_code(tokens: Iterable[Token]) -> list[tuple[int, str]]:
    """Return what tokens say without comments, blank lines and positions."""
    return [(token.kind, token.string) for token in tokens if token.kind not in _BLANK]


def only_comments(tokens: Iterable[Token]) -> list[Token]:
    """Return the comments among tokens."""
    return [token for token in tokens if token.kind == tokenize.COMMENT]
