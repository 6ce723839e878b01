"""Look into the folders of an environment from which Python imports; nothing of them is run or imported."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize.errors import ConfigurationError
from rrr_optimize.workspace.reading import UnreadableError, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Iterator

_MODULES = (".py", ".pyc", ".so", ".pyd")
_TOLD = "--site-packages and fix-imports.site-packages name a site-packages folder or an environment's"
_RECORD_LIMIT = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ImportFolder:
    """A folder outside of the repository: what can be imported from it by one name.

    `regular` are modules and packages, `open` folders without `__init__.py`, which others of the name may join.
    """

    path: str
    regular: frozenset[str] = frozenset()
    open: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class SitePackages:
    """The site-packages folder of an environment. `files` are the names of its `.pth` files in the order of `site`.

    `is_alone` tells that no other such folder follows. A virtual environment that sees the packages of the interpreter
    below it has another one, and so has an interpreter with dist-packages, as Debian's.
    """

    folder: ImportFolder
    files: tuple[str, ...] = ()
    distributions: tuple[str, ...] = ()
    is_alone: bool = True
    _texts: dict[str, str] = field(default_factory=dict, compare=False, repr=False)

    def text(self, name: str) -> str:
        """Return the text of a file by its path from the folder, or nothing where there is none to read."""
        if name not in self._texts:
            self._texts[name] = _read(os.path.join(self.folder.path, name))
        return self._texts[name]

    def find_folder(self, path: str) -> str | None:
        """Return the real path of a folder that a file names, from the site-packages folder; None where it is none."""
        real = os.path.realpath(os.path.join(self.folder.path, path))
        return real if os.path.isdir(real) else None


def find_site_packages(told: str, root: Path) -> Path:
    """Return the site-packages folder that a path from the root means: itself, or the one of that environment.

    Raises ConfigurationError where there is none, or more than one.
    """
    path = root / told
    found = list(_site_packages_of(path))
    if len(found) > 1:
        names = ", ".join(os.path.relpath(each, path) for each in found)
        raise ConfigurationError(f"{told} has several: {names}", f"{_TOLD}; name one of them")
    if found:
        return found[0]
    if not path.is_dir():
        raise ConfigurationError(f"{told} is no folder", _TOLD)
    if path.name.endswith("-packages") or any(
        name.endswith((".dist-info", ".egg-info", ".pth")) for name in _list(path)
    ):
        return path
    raise ConfigurationError(f"nothing is installed in {told}", _TOLD)


def open_site_packages(path: Path) -> SitePackages:
    """Return what a site-packages folder holds: the names of its entries now, files when they are asked for."""
    names = _list(path)
    return SitePackages(
        list_folder(str(path)),
        # The site module skips hidden ones.
        tuple(sorted(name for name in names if name.endswith(".pth") and not name.startswith("."))),
        tuple(sorted(name for name in names if name.endswith((".dist-info", ".egg-info", ".egg-link")))),
        is_alone=path.name != "dist-packages" and not any(_sees_system(above) for above in path.parents[:3]),
    )


def path_inside(path: str, root: Path) -> str | None:
    """Return the path from a root to what an absolute path leads to, which need not exist; None for one outside."""
    top, real = os.path.realpath(root), os.path.realpath(path)
    if real == top:
        return "."
    return real.removeprefix(top + os.sep).replace(os.sep, "/") if real.startswith(top + os.sep) else None


def list_folder(path: str) -> ImportFolder:
    """Return what can be imported from a folder; nothing where it cannot be read."""
    regular: set[str] = set()
    portions: set[str] = set()
    for name in _list(Path(path)):
        stem = name.partition(".")[0]
        if not stem.isidentifier():
            continue
        inside = os.path.join(path, name)
        if name.endswith(_MODULES):
            regular.add(stem)
        elif name == stem and name != "__pycache__" and os.path.isdir(inside):
            is_package = any(each.startswith("__init__.") and each.endswith(_MODULES) for each in _list(Path(inside)))
            (regular if is_package else portions).add(name)
    return ImportFolder(path, frozenset(regular), frozenset(portions - regular))


def _site_packages_of(path: Path) -> Iterator[Path]:
    if (path / "Lib" / "site-packages").is_dir():
        yield path / "Lib" / "site-packages"
        return
    for name in _list(path / "lib"):
        if name.startswith(("python", "pypy")) and (path / "lib" / name / "site-packages").is_dir():
            yield path / "lib" / name / "site-packages"


def _sees_system(folder: Path) -> bool:
    """Tell whether a folder is that of a virtual environment with the packages of the interpreter below it."""
    rows = (line.partition("=") for line in _read(str(folder / "pyvenv.cfg")).splitlines())
    values = {key.strip().lower(): value.strip().lower() for key, _, value in rows}
    return values.get("include-system-site-packages") == "true"


def _list(path: Path) -> list[str]:
    try:
        return sorted(os.listdir(path))
    except (OSError, ValueError):
        return []


def _read(path: str) -> str:
    try:
        return read_regular_file(path, _RECORD_LIMIT).data.decode("utf-8", "replace")
    except UnreadableError:
        return ""
