"""The settings of a run: `[tool.rrr-optimize]` in pyproject.toml, or rrr-optimize.toml; the command line on top."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from rrr_optimize.errors import ConfigurationError
from rrr_optimize.fix_imports_settings import FixImportsSettings
from rrr_optimize.model import Severity
from rrr_optimize.path_globs import match_glob
from rrr_optimize.toml_text import TomlTextError, load_toml
from rrr_optimize.unify_settings import UnifySettings

if TYPE_CHECKING:
    import datetime as dt


KNOWN_MINORS = range(8, 15)
"""The minor versions of Python 3 for which requirements are compared."""


@dataclass(frozen=True, slots=True)
class Ban:
    """A package that must not be required, or only not in these versions; `where` is a path glob."""

    package: str
    specifier: str
    where: str
    reason: str


@dataclass(frozen=True, slots=True)
class VersionException:
    """One requirement that may differ from the rest of the repository: what, where, why and until when."""

    package: str
    specifier: str
    where: str
    reason: str
    expires: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Settings:
    """What a run was told, checked. `origin` names the file the settings came from, or None."""

    select: tuple[str, ...] = ("ALL",)
    extend_select: tuple[str, ...] = ()
    ignore: tuple[str, ...] = ()
    per_file_ignores: tuple[tuple[str, tuple[str, ...]], ...] = ()
    severity: tuple[tuple[str, Severity], ...] = ()
    fail_on: Severity = Severity.WARNING
    baseline: str | None = None
    projects: tuple[str, ...] = ()
    worktrees: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    untracked: bool = True
    python_versions: tuple[str, ...] = ()
    banned: tuple[Ban, ...] = ()
    exceptions: tuple[VersionException, ...] = ()
    max_connections: int | None = None
    verify: tuple[tuple[str, tuple[str, ...]], ...] = ()
    default_pool: int | None = None
    unify: UnifySettings = field(default_factory=UnifySettings)
    fix_imports: FixImportsSettings = field(default_factory=FixImportsSettings)
    origin: str | None = field(default=None, compare=False)

    def excludes(self, path: str) -> bool:
        """Return whether the configuration leaves a file out."""
        return any(match_glob(glob, path) for glob in self.exclude)


# A key as TOML writes it: a quoted part may hold any sign.
_OVERRIDE = re.compile(r'((?:[^="\']|"[^"]*"|\'[^\']*\')*)(=)(.*)', re.DOTALL)


def find_table(pyproject: str | None, own: str | None) -> tuple[dict[str, Any], str | None]:
    """Return the configuration table of the root and the file it stands in.

    `pyproject` and `own` are the texts of pyproject.toml and rrr-optimize.toml, or None. Raises ConfigurationError
    when both configure the tool, or when the one that does is not TOML; a broken pyproject.toml that does not mention
    the tool is none of the configuration's business.
    """
    tables: dict[str, dict[str, Any]] = {}
    if own is not None:
        tables["rrr-optimize.toml"] = _load(own, "rrr-optimize.toml")
    if pyproject is not None and "rrr-optimize" in pyproject:
        try:
            data = load_toml(pyproject)
        except TomlTextError as error:
            if re.search(r"^\s*\[\[?\s*tool\s*\.\s*[\"']?rrr-optimize", pyproject, re.MULTILINE):
                raise _syntax_error("pyproject.toml", error) from None
            return tables.get("rrr-optimize.toml", {}), "rrr-optimize.toml" if tables else None
        table = _tool_table(data, "pyproject.toml")
        if table is not None:
            tables["pyproject.toml"] = table
    if len(tables) > 1:
        raise ConfigurationError(
            "both rrr-optimize.toml and [tool.rrr-optimize] in pyproject.toml configure this repository",
            "keep one of the two",
        )
    return next(((table, name) for name, table in tables.items()), ({}, None))


def parse_override(text: str) -> tuple[tuple[str, ...], Any]:
    """Return the key path and the value of `--config KEY=VALUE`; a value that is not TOML is taken as a string.

    Raises ConfigurationError when there is no `=`.
    """
    match = _OVERRIDE.match(text)
    key, equals, value = match.groups() if match else (text, "", "")
    if not equals or not key.strip():
        raise ConfigurationError(
            f"--config takes a file or KEY=VALUE, not {text!r}", "for example --config 'ignore=[\"REQ006\"]'"
        )
    try:
        parsed = load_toml(f"value = {value}")["value"]
    except TomlTextError:
        parsed = value.strip()
    return _key_path(key), parsed


def _key_path(key: str) -> tuple[str, ...]:
    """Return the parts of a TOML key; one that is none is cut at its dots, and the check of the keys will tell."""
    path: list[str] = []
    try:
        inner: Any = load_toml(f"{key} = 0")
    except TomlTextError:
        return tuple(part.strip() for part in key.split("."))
    while isinstance(inner, dict):
        name, inner = next(iter(inner.items()))
        path.append(name)
    return tuple(path)


def merge_override(table: dict[str, Any], path: tuple[str, ...], value: Any) -> dict[str, Any]:
    """Return a copy of `table` with the value at `path` replaced."""
    head, *rest = path
    inner = table.get(head)
    if rest:
        value = merge_override(inner if isinstance(inner, dict) else {}, tuple(rest), value)
    return {**table, head: value}


def tool_schema(tool_name: str = "rrr-optimize") -> dict[str, Any]:
    """Return the JSON schema of `[tool.rrr-optimize]` (the `validate_pyproject.tool_schema` entry point)."""
    from importlib.resources import files

    text = files("rrr_optimize.schemas").joinpath("config.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return {**schema, "$id": schema["$id"].replace("rrr-optimize", tool_name)}


def _load(text: str, name: str) -> dict[str, Any]:
    try:
        return load_toml(text)
    except TomlTextError as error:
        raise _syntax_error(name, error) from None


def load_file(text: str, name: str) -> dict[str, Any]:
    """Return the table of a file named by `--config`: the whole file, or its `[tool.rrr-optimize]` if it has one.

    Raises ConfigurationError when it is not TOML.
    """
    data = _load(text, name)
    table = _tool_table(data, name)
    if table is not None:
        return table
    return {} if name.endswith("pyproject.toml") else data


def _tool_table(data: dict[str, Any], name: str) -> dict[str, Any] | None:
    tool = data.get("tool")
    table = tool.get("rrr-optimize") if isinstance(tool, dict) else None
    if table is None or isinstance(table, dict):
        return table
    raise ConfigurationError(f"{name}: 'tool.rrr-optimize' must be a table", "write it as [tool.rrr-optimize]")


def _syntax_error(name: str, error: Exception) -> ConfigurationError:
    return ConfigurationError(f"{name} is not valid TOML: {error}", "mend the syntax; nothing was audited")
