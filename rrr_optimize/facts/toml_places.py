"""Find the place of a value of a TOML file."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Location

if TYPE_CHECKING:
    from rrr_optimize.formats.toml_spans import TomlFile
    from rrr_optimize.source import SourceText


def locate(text: SourceText, toml: TomlFile, path: tuple[str | int, ...]) -> Location:
    """Return where the value at a key path stands, inside its quotes, or the key of a table that has a header.

    The file's start where nothing stands.
    """
    span = toml.content_span(*path) or toml.span(*path) or toml.key_span(*path)
    return text.locate(span) if span else Location(text.path)
