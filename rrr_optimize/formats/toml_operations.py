"""What can be done to a TOML file; paths are those of `TomlFile`: keys, and indexes from 0 for arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

Path: TypeAlias = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class SetText:
    """Replace the string at a path, between its quotes; for constraints of Poetry and Pipenv, for instance."""

    path: Path
    text: str


@dataclass(frozen=True, slots=True)
class SetRequirement:
    """Give the PEP 508 requirement at a path another specifier; an empty one admits every version."""

    path: Path
    specifier: str


@dataclass(frozen=True, slots=True)
class AddEntries:
    """Add strings to the end of the array at a path, as its other entries are written."""

    path: Path
    entries: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveEntry:
    """Remove an entry of an array, with its comments (`comment_blocks` has the rule)."""

    path: Path


@dataclass(frozen=True, slots=True)
class AddKey:
    """Add a key with a string or an array of strings to the end of a table, which is made where there is none."""

    path: tuple[str, ...]
    value: str | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RemoveKey:
    """Remove a key with its value and its comments; the header of a table stays."""

    path: Path


Operation: TypeAlias = SetText | SetRequirement | AddEntries | RemoveEntry | AddKey | RemoveKey
