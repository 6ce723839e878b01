"""Text of a repository as Markdown that cannot become markup (GitHub Flavored Markdown)."""

from __future__ import annotations

import re

# A plain word of letters, or a number too short to be read as a commit.
_PROSE = re.compile(
    r"[(]?(?:[^\W\d_]+(?:['\u2019-][^\W\d_]+)*|\d{1,6}(?:\.\d{1,6})*%?|[-\u2013\u2014\u2026])[),.;:!?]*"
)
_PUNCTUATED = re.compile(r"(?P<before>[(]?)(?P<core>.*?)(?P<after>[),.;:!?]*)")
_BACKTICKS = re.compile(r"`+")


def prose(text: str) -> str:
    """Return one line of text in which every word that is not plain prose is a code span."""
    return " ".join(_word(word) for word in text.split())


def _word(word: str) -> str:
    if _PROSE.fullmatch(word):
        return word
    parts = _PUNCTUATED.fullmatch(word)
    if parts is None or not parts["core"]:
        return code(word)
    return f"{parts['before']}{code(parts['core'])}{parts['after']}"


def code(text: str) -> str:
    """Return a code span (CommonMark 6.1); its fence is longer than any run of backticks inside."""
    if not text.strip():
        return ""
    fence = "`" * (max(map(len, _BACKTICKS.findall(text)), default=0) + 1)
    padding = " " if text.startswith("`") or text.endswith("`") else ""
    return f"{fence}{padding}{text}{padding}{fence}"


def cell(markup: str) -> str:
    r"""Return markup that cannot end a table cell; after a backslash readers differ on `\|`, so that one is spelled."""
    return markup.replace("\\|", "\\\\x7c").replace("|", "\\|")
