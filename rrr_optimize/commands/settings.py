"""The settings of a run: the repository's configuration, with `--config` and the other options on top."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from rrr_optimize.config import find_table, load_file, merge_override, parse_override
from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import ConfigurationError
from rrr_optimize.source import SourceText, UndecodableError

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.config import Settings
    from rrr_optimize.workspace.reader import Reader

_OWN = "rrr-optimize.toml"
_FILES = ("pyproject.toml", _OWN)


def load_settings(reader: Reader, config: tuple[str, ...], options: dict[str, Any], cwd: Path) -> Settings:
    """Return the settings of a root: its own configuration file, then each `--config`, then `options`.

    `options` are keys of the configuration with what the command line says for them. Raises ConfigurationError.
    """
    pyproject, own = (_read_root_file(reader, name) for name in _FILES)
    overrides = []
    table, origin = find_table(pyproject, own)
    for word in config:
        if (cwd / word).is_file():
            table, origin = load_file(_read_named_file(cwd / word), word), word
        elif "=" in word:
            overrides.append(parse_override(word))
        else:
            raise ConfigurationError(f"--config {word}: there is no such file", "it takes a file or KEY=VALUE")
    # What was said here is judged apart, so that a mistake is blamed on the right place.
    settings = read_settings(table, origin)
    said: dict[str, Any] = {}
    for path, value in overrides:
        said = merge_override(said, path, value)
    said |= options
    if not said:
        return settings
    read_settings(said, "the command line")
    for path, value in [*overrides, *(((key,), value) for key, value in options.items())]:
        table = merge_override(table, path, value)
    return replace(read_settings(table, origin), origin=origin)


def _read_root_file(reader: Reader, name: str) -> str | None:
    source = reader.text(name) if reader.is_there(name) else None
    if source is None and name == _OWN and reader.is_there(name):
        # Without it the run would judge by other settings than it was told; a pyproject.toml may hold none.
        reason = next(each.reason for each in reader.refused if each.path == name)
        raise ConfigurationError(f"{name} cannot be read: {reason}", "mend it or take it away; nothing was audited")
    return source.text if source else None


def _read_named_file(path: Path) -> str:
    try:
        return SourceText.decode(str(path), path.read_bytes()).text
    except (OSError, UndecodableError) as error:
        raise ConfigurationError(f"--config {path} cannot be read: {error}") from None
