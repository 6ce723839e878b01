"""Take values of a configuration table for what they should be, and remember every mistake."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Values:
    """Each method returns what a value says or, after noting the mistake, something harmless of its type."""

    def __init__(self) -> None:
        self.mistakes: list[str] = []

    def unknown(self, key: str, known: Iterable[str], within: str = "") -> None:
        """Note a key that does not exist."""
        self.mistakes.append(f"unknown key {within}{key!r}{suggest(key.replace('_', '-'), known)}")

    def wrong(self, key: str, value: Any, wanted: str) -> None:
        """Note a value that is not what it should be."""
        self.mistakes.append(f"{key!r} must be {wanted}, not {describe(value)}")

    def string(self, key: str, value: Any) -> str:
        """Return a string that is not empty."""
        if isinstance(value, str) and value:
            return value
        self.wrong(key, value, "a string")
        return ""

    def boolean(self, key: str, value: Any) -> bool:
        """Return true or false."""
        if isinstance(value, bool):
            return value
        self.wrong(key, value, "true or false")
        return True

    def number(self, key: str, value: Any, least: int) -> int:
        """Return a whole number that is not below `least`."""
        if isinstance(value, int) and not isinstance(value, bool) and value >= least:
            return value
        self.wrong(key, value, f"a number from {least} on")
        return least

    def strings(self, key: str, value: Any) -> tuple[str, ...]:
        """Return a list of strings, none of them empty."""
        if isinstance(value, list) and all(isinstance(item, str) and item for item in value):
            return tuple(value)
        self.wrong(key, value, "a list of strings")
        return ()

    def table(self, key: str, value: Any, wanted: str = "a table") -> Mapping[str, Any]:
        """Return a table."""
        if isinstance(value, dict):
            return value
        self.wrong(key, value, wanted)
        return {}

    def entries(self, key: str, value: Any) -> list[Any]:
        """Return a list of whatever it holds."""
        if isinstance(value, list):
            return value
        self.wrong(key, value, "a list")
        return []

    def has_fields(self, where: str, table: Any, required: tuple[str, ...], optional: tuple[str, ...]) -> bool:
        """Return whether an entry of a list is a table with these keys and no others."""
        if not isinstance(table, dict):
            self.wrong(where, table, "a list of tables")
            return False
        before = len(self.mistakes)
        for key in table:
            if key not in required + optional:
                self.unknown(key, required + optional, f"{where}.")
        self.mistakes += [f"{where}: an entry lacks {key!r}" for key in required if key not in table]
        return len(self.mistakes) == before


def suggest(word: str, known: Iterable[str]) -> str:
    """Return `; did you mean 'select'?`, or nothing where no known word is near."""
    close = difflib.get_close_matches(word, known, 1)
    return f"; did you mean {close[0]!r}?" if close else ""


def describe(value: Any) -> str:
    """Return a value, or only its type where it is long."""
    return f"{value!r}" if isinstance(value, str | int | float | bool) else f"a {type(value).__name__}"
