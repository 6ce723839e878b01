"""Compose files of a snapshot, each read once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from rrr_optimize.formats.yaml_nodes import YamlError
from rrr_optimize.formats.yaml_values import read_values
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_values import Duplicate, Value
    from rrr_optimize.model import NotAnalysed
    from rrr_optimize.source import SourceText


class Texts(Protocol):
    """What is asked of a snapshot."""

    @property
    def not_analysed(self) -> tuple[NotAnalysed, ...]:
        """What could not be read, and why."""
        ...

    def is_file(self, path: str) -> bool:
        """Return whether a file is there."""
        ...

    def text(self, path: str) -> SourceText | None:
        """Return its text, or None."""
        ...


@dataclass(frozen=True, slots=True)
class ComposeFile:
    """One file: its documents and the keys given twice, or why and where it cannot be read."""

    path: str
    documents: tuple[Value, ...] = ()
    duplicates: tuple[Duplicate, ...] = ()
    error: str = ""
    location: Location = field(default_factory=lambda: Location(""))


class ComposeFiles:
    """Reads YAML files as values; what cannot be read is remembered with its reason."""

    def __init__(self, texts: Texts) -> None:
        self._texts = texts
        self._known: dict[str, ComposeFile | None] = {}

    def is_file(self, path: str) -> bool:
        """Return whether a file is there."""
        return self._texts.is_file(path)

    def text(self, path: str) -> str | None:
        """Return the text of a file, None where there is none or it cannot be read."""
        source = self._texts.text(path) if self._texts.is_file(path) else None
        return source.text if source else None

    def get(self, path: str) -> ComposeFile | None:
        """Return a file by its path, or None where there is none."""
        if path not in self._known:
            self._known[path] = self._read(path) if self._texts.is_file(path) else None
        return self._known[path]

    def _read(self, path: str) -> ComposeFile:
        source = self._texts.text(path)
        if source is None:
            reasons = [item.reason for item in self._texts.not_analysed if item.path == path]
            return ComposeFile(path, error=" and ".join(reasons) or "it cannot be read", location=Location(path))
        try:
            documents, duplicates = read_values(source)
        except YamlError as error:
            place = Location(source.path, error.line, error.column, error.line, error.column)
            return ComposeFile(path, error=error.message, location=place)
        return ComposeFile(path, tuple(documents), tuple(duplicates))
