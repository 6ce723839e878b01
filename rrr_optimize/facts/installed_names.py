"""The names under which the distributions of an environment are imported, as their metadata says."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rrr_optimize.workspace.site_packages import SitePackages

_SEPARATORS = re.compile(r"[-_.]+")
_MODULES = (".py", ".so", ".pyd")
# What is installed beside the package by mistake, as often as not; nobody imports it from there.
_STRAY = frozenset({"benchmarks", "build", "docs", "examples", "scripts", "src", "test", "tests", "tools"})


def read_installed_names(site: SitePackages) -> Mapping[str, tuple[str, ...]]:
    """Return the import names of each distribution, by canonical name, dotted where the first part is a namespace.

    By RECORD (the specification of installed projects), else by `top_level.txt`. One of which neither says anything,
    as where it is edited in place, is left out.
    """
    found: dict[str, tuple[str, ...]] = {}
    for entry in site.distributions:
        stem, _, kind = entry.rpartition(".")
        names = set(_recorded(site.text(f"{entry}/RECORD"))) if kind == "dist-info" else set()
        names = names or set(_top_level(site, entry, stem, kind))
        public = {name for name in names if not name.startswith("_")} or names
        if kept := public - _STRAY or public:
            found[_SEPARATORS.sub("-", stem.partition("-")[0]).lower()] = tuple(sorted(kept))
    return found


def _top_level(site: SitePackages, entry: str, stem: str, kind: str) -> Iterable[str]:
    where = entry
    if kind == "egg-link":
        folder = site.text(entry).partition("\n")[0].strip()
        where = posixpath.join(folder, f"{stem.replace('-', '_')}.egg-info")
    return [name for name in site.text(f"{where}/top_level.txt").split() if name.isidentifier()]


def _recorded(record: str) -> Iterator[str]:
    """Yield the first module or regular package on the way to each file of a RECORD."""
    paths = [line.rpartition(",")[0].rpartition(",")[0].strip('"') for line in record.splitlines()]
    modules = [path for path in paths if path.endswith(_MODULES) and not path.startswith(("..", "/"))]
    packages = {posixpath.dirname(path) for path in modules if posixpath.basename(path).startswith("__init__.")}
    for path in modules:
        *folders, name = path.split("/")
        ends = range(1, len(folders) + 1)
        first = next((end for end in ends if "/".join(folders[:end]) in packages), None)
        parts = folders[:first] if first else [*folders, name.partition(".")[0]]
        if all(part.isidentifier() for part in parts) and not parts[-1].startswith(("__editable__", "_editable_impl_")):
            yield ".".join(parts)
