"""What can be changed in a YAML file without rewriting it, and what comes of asking for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeAlias

if TYPE_CHECKING:
    from rrr_optimize.model import Edit, Location

Plain: TypeAlias = "str | int | float | bool | list[Plain] | dict[str, Plain] | None"
YamlPath: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class AddKey:
    """Put a new key last in the mapping at `path`."""

    path: YamlPath
    key: str
    value: Plain = None


@dataclass(frozen=True, slots=True)
class AppendItem:
    """Put a new item last in the list at `path`."""

    path: YamlPath
    value: Plain


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Take out the key or the list item that `path` leads to, with its value."""

    path: YamlPath


@dataclass(frozen=True, slots=True)
class RenameKey:
    """Give the key that `path` leads to another name, at the same place."""

    path: YamlPath
    name: str


@dataclass(frozen=True, slots=True)
class ReplaceValue:
    """Put another value in the place of the one that `path` leads to."""

    path: YamlPath
    value: Plain


Change: TypeAlias = AddKey | AppendItem | RemoveEntry | RenameKey | ReplaceValue


@dataclass(frozen=True, slots=True)
class Edited:
    """Spans of the text as it is, and what a person should know of them.

    `removed_comments` stood inside of what is taken out. `left_comments` stand above it and stay. `users` are the
    aliases that see a change because it is made in what they stand for.
    """

    edits: tuple[Edit, ...]
    removed_comments: tuple[str, ...] = ()
    left_comments: tuple[Location, ...] = ()
    users: tuple[Location, ...] = ()


@dataclass(frozen=True, slots=True)
class RefusedEdit:
    """Why nothing was edited, and where the reason stands."""

    reason: str
    location: Location


class RefusalError(Exception):
    """Raised between the parts of the editor; `edit_yaml` turns it into a RefusedEdit."""

    def __init__(self, reason: str, offset: int = 0) -> None:
        super().__init__(reason)
        self.reason = reason
        self.offset = offset
