"""Which modules the repository itself offers, and from which folders a file may be able to import them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT, Found, ModuleIndex, join
from rrr_optimize.formats.path_forms import PathBase

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.facts.python_paths import PythonPaths

_SOURCES = (".py", ".so", ".pyd")
_MOST_CALLERS = 200
# Of two files whose paths begin with so many folders alike, one may be a script that starts the other.
_SAME_PART = 2


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The folders that may be on the search path when a file runs, whoever loads it.

    `is_open` tells that there may be others, which only running the program would tell.
    """

    folders: frozenset[str]
    is_open: bool = False


@dataclass(frozen=True, eq=False)
class OwnModules:
    """The modules of a codebase by name. Folders without a Python file in or below them are nothing to import.

    `python_paths` is asked for the folders that PYTHONPATH is given.
    """

    codebase: Codebase
    python_paths: Callable[[], PythonPaths]

    @cached_property
    def index(self) -> ModuleIndex:
        """The Python files and extension modules alone."""
        return ModuleIndex.of_files(path for path in self.codebase.snapshot.files if path.endswith(_SOURCES))

    @cached_property
    def offering(self) -> Mapping[str, frozenset[str]]:
        """The folders that offer each name, as a module, a package or a folder of Python files."""
        found: dict[str, set[str]] = {}
        for folder in self.index.folders:
            for name in self.index.offered(folder):
                found.setdefault(name, set()).add(folder)
            above, name = posixpath.split(folder)
            if name.isidentifier():
                found.setdefault(name, set()).add(above or ".")
        return {name: frozenset(folders) for name, folders in found.items()}

    def find(self, dotted: str, folder: str) -> Found | None:
        """Return what a dotted name leads to from one folder; None where a part of it is missing."""
        folders: tuple[str, ...] = (folder,)
        found: Found | None = None
        for part in dotted.split("."):
            found = self.index.find(part, folders)
            if found is None:
                return None
            folders = found.folders
        return found

    def near(self, path: str) -> frozenset[str]:
        """Return the folders that may be on the search path without a look at who loads a file.

        The file's own folder and those above it (of scripts and tests), the source roots, and what pytest, PYTHONPATH
        and the path statements of the file and of each `conftest.py` above it add. More than any one program has.
        """
        folder = posixpath.dirname(path) or "."
        found = set(self._everywhere) | _above(folder)
        for hack in self._hacks_around(path):
            found |= self.added(hack)
        return frozenset(found)

    def certain(self, path: str) -> frozenset[str]:
        """Return the folders that are on the search path in the usual way to run a file.

        The root of the repository, the folder that Python or pytest puts there for the file, the source roots of the
        project around it, and what pytest's settings and the file's own path statements add.
        """
        base = posixpath.dirname(path) or "."
        while base != "." and join(base, f"{INIT}.py") in self.index.files:
            base = posixpath.dirname(base) or "."
        found = {".", base, *self.codebase.pytest.around(path)[0].pythonpath}
        above = _above(posixpath.dirname(path) or ".")
        found |= {root.folder for root in self.codebase.roots if (posixpath.dirname(root.config) or ".") in above}
        for hack in self._hacks_around(path):
            found |= {value.path for value in hack.statement.values if value.base is PathBase.FILE}
        return frozenset(found)

    def around(self, path: str) -> Surroundings:
        """Return the folders that may be on the search path, those that its callers bring included."""
        callers = self._callers(path)
        said = self._python_paths
        found = set(said.folders)
        is_open = callers is None or any(_shares_folder(path, each) for each in said.unknown)
        for each in callers or (path,):
            found |= self.near(each)
            is_open = is_open or any(_is_unknown(hack) for hack in self._hacks_around(each))
        return Surroundings(frozenset(found), is_open)

    @cached_property
    def _python_paths(self) -> PythonPaths:
        return self.python_paths()

    @cached_property
    def _everywhere(self) -> frozenset[str]:
        codebase = self.codebase
        found = {".", *codebase.directories, *(root.folder for root in codebase.roots)}
        for settings in codebase.pytest.by_folder.values():
            found |= {settings.rootdir, *settings.pythonpath}
        for invocation in codebase.invocations:
            found |= {invocation.directory, *invocation.pythonpath}
        return frozenset(found)

    @cached_property
    def _hacks(self) -> Mapping[str, list[PathHack]]:
        found: dict[str, list[PathHack]] = {}
        for hack in self.codebase.hacks:
            found.setdefault(hack.location.path, []).append(hack)
        return found

    def _hacks_around(self, path: str) -> Iterator[PathHack]:
        yield from self._hacks.get(path, ())
        for folder in _above(posixpath.dirname(path) or "."):
            for name in ("conftest.py", f"{INIT}.py"):
                above = join(folder, name)
                if above != path:
                    yield from self._hacks.get(above, ())

    def added(self, hack: PathHack) -> set[str]:
        """Return the folders that a statement may add, wherever the program is started."""
        found: set[str] = set()
        starts = _above(posixpath.dirname(hack.location.path) or ".") | {*self.codebase.directories}
        for value in hack.statement.values:
            if value.base is PathBase.FILE:
                found.add(posixpath.normpath(value.path))
            elif value.base is PathBase.CWD:
                found |= {posixpath.normpath(posixpath.join(start, value.path)) for start in starts}
        return found & self.index.folders

    def _callers(self, path: str) -> list[str] | None:
        """Return a file and those that import it, directly or through others; None where there are too many."""
        found = {path: None}
        waiting = [path]
        while waiting:
            for other in self.codebase.importers(waiting.pop()):
                if other not in found:
                    found[other] = None
                    waiting.append(other)
            if len(found) > _MOST_CALLERS:
                return None
        return list(found)


def _above(folder: str) -> set[str]:
    found = {".", folder}
    while folder := posixpath.dirname(folder):
        found.add(folder)
    return found


def _is_unknown(hack: PathHack) -> bool:
    values = hack.statement.values
    return bool(hack.statement.reason and not values) or any(
        value.base is PathBase.ABSOLUTE or value.path.startswith("..") for value in values
    )


def _shares_folder(path: str, other: str) -> bool:
    """Tell whether a text may be about a file: it stands in a folder around it, or in the same part of the tree."""
    tops = [each.split("/")[:-1][:_SAME_PART] for each in (path, other)]
    return tops[0][: len(tops[1])] == tops[1] or tops[1][: len(tops[0])] == tops[0]
