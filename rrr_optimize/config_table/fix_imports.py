"""`[tool.rrr-optimize.fix-imports]`: where programs are started, and what names mean."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from rrr_optimize.fix_imports_settings import FixImportsSettings

if TYPE_CHECKING:
    from rrr_optimize.config_table.values import Values

_KEYS = ("cwd", "roots")


def read_fix_imports(values: Values, key: str, value: Any) -> FixImportsSettings:
    """Return what the table says; for a mistake, what holds without it."""
    table = values.table(key, value)
    for name in table:
        if name not in _KEYS:
            values.unknown(name, _KEYS, f"{key}.")
    folders = values.strings(f"{key}.cwd", table["cwd"]) if "cwd" in table else ()
    cwd = dict.fromkeys(_read_path(values, f"{key}.cwd", folder) for folder in folders)
    roots = values.table(f"{key}.roots", table.get("roots", {}), "a table of names and folders")
    return FixImportsSettings(tuple(cwd), tuple(_read_root(values, f"{key}.roots", *each) for each in roots.items()))


def _read_root(values: Values, key: str, name: str, path: Any) -> tuple[str, str]:
    if not name.isidentifier():
        values.mistakes.append(f"{key}: {name!r} is no name of a module or package that stands in no other")
    return name, _read_path(values, f"{key}.{name}", values.string(f"{key}.{name}", path))


def _read_path(values: Values, key: str, path: str) -> str:
    normal = posixpath.normpath(path.replace("\\", "/"))
    if normal.startswith(("/", "..")):
        values.mistakes.append(f"{key!r} must be a path from the root and below it, not {path!r}")
    return normal
