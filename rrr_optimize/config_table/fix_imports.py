"""`[tool.rrr-optimize.fix-imports]`: where programs are started, what names mean, and what is installed."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING, Any

from rrr_optimize.fix_imports_settings import FixImportsSettings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.config_table.values import Values

_KEYS = ("cwd", "roots", "import-names", "site-packages")
_DISTRIBUTION = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?")


def read_fix_imports(values: Values, key: str, value: Any) -> FixImportsSettings:
    """Return what the table says; for a mistake, what holds without it."""
    table = values.table(key, value)
    for name in table:
        if name not in _KEYS:
            values.unknown(name, _KEYS, f"{key}.")
    folders = values.strings(f"{key}.cwd", table["cwd"]) if "cwd" in table else ()
    cwd = dict.fromkeys(_read_path(values, f"{key}.cwd", folder) for folder in folders)
    roots = values.table(f"{key}.roots", table.get("roots", {}), "a table of names and folders")
    told = values.table(f"{key}.import-names", table.get("import-names", {}), "a table of distributions and names")
    return FixImportsSettings(
        tuple(cwd),
        tuple(_read_root(values, f"{key}.roots", *each) for each in roots.items()),
        tuple(_read_import_names(values, f"{key}.import-names", told)),
        values.string(f"{key}.site-packages", table["site-packages"]) if "site-packages" in table else "",
    )


def _read_import_names(values: Values, key: str, told: Mapping[str, Any]) -> Iterator[tuple[str, tuple[str, ...]]]:
    from packaging.utils import canonicalize_name

    seen: dict[str, str] = {}
    for distribution, given in told.items():
        where = f"{key}.{distribution}"
        if not _DISTRIBUTION.fullmatch(distribution):
            values.mistakes.append(f"{key}: {distribution!r} is no name of a distribution")
        canonical = canonicalize_name(distribution)
        if canonical in seen:
            values.mistakes.append(f"{where!r} is the same distribution as {seen[canonical]!r}")
        seen[canonical] = distribution
        names = values.strings(where, given)
        for name in names:
            if not all(part.isidentifier() for part in name.split(".")):
                values.mistakes.append(f"{where!r}: {name!r} is nothing that can be imported")
        yield canonical, tuple(dict.fromkeys(names))


def _read_root(values: Values, key: str, name: str, path: Any) -> tuple[str, str]:
    if not name.isidentifier():
        values.mistakes.append(f"{key}: {name!r} is no name of a module or package that stands in no other")
    return name, _read_path(values, f"{key}.{name}", values.string(f"{key}.{name}", path))


def _read_path(values: Values, key: str, path: str) -> str:
    normal = posixpath.normpath(path.replace("\\", "/"))
    if normal.startswith(("/", "..")):
        values.mistakes.append(f"{key!r} must be a path from the root and below it, not {path!r}")
    return normal
