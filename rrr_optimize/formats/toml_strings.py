"""Write strings and keys as TOML."""

from __future__ import annotations

import re

_BARE_KEY = re.compile(r"[A-Za-z0-9_\-]+")
_ESCAPED = re.compile(r'[\x00-\x1f\x7f"\\]')
_CONTROLS = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def write_string(text: str, quote: str = '"') -> str:
    """Return a one-line string, in the quotes asked for where it fits into them without an escape, else in others."""
    for mark in (quote, '"', "'"):
        if mark not in text and not _CONTROLS.search(text) and (mark == "'" or "\\" not in text):
            return f"{mark}{text}{mark}"
    return f'"{_ESCAPED.sub(lambda match: _escape(match[0]), text)}"'


def write_key(key: str) -> str:
    """Return a key, quoted where it has to be."""
    return key if _BARE_KEY.fullmatch(key) else write_string(key)


def fits(text: str, quote: str) -> bool:
    """Return whether a text can stand between the quotes of a string, given as it begins, and mean itself."""
    if _CONTROLS.search(text) or quote[0] in text:
        return False
    return quote[0] == "'" or "\\" not in text


def _escape(character: str) -> str:
    return f"\\{character}" if character in '"\\' else f"\\u{ord(character):04x}"
