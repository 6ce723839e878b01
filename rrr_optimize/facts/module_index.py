"""What folders of a repository offer to Python's import system, told by names of files alone."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.workspace.site_packages import ImportFolder

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.installed import Installed
    from rrr_optimize.workspace.snapshot import Snapshot

INIT = "__init__"
# In the order in which Python tries them (importlib.machinery: extensions, source, bytecode).
_EXTENSIONS = (".so", ".pyd")
_TEXTS = (".py", ".pyc")


class ModuleKind(Enum):
    """How a name is found: a package with a file of its own, a single file, or folders that merge."""

    PACKAGE = "package"
    MODULE = "module"
    NAMESPACE = "namespace"


@dataclass(frozen=True, slots=True)
class Found:
    """What a name leads to: the file that is run (empty for a namespace), and the folders of its submodules."""

    kind: ModuleKind
    path: str = ""
    folders: tuple[str, ...] = ()


@dataclass(frozen=True, eq=False)
class ModuleIndex:
    """The files and folders of a repository, as Python's path finder would see them (PEP 302, PEP 420).

    Paths are POSIX and relative to the root, which is ".". Names are told apart by case. `absent` are folders outside
    the root that are known not to exist. `installed` is what stands on the search path with installed packages, where
    that is known.
    """

    files: frozenset[str]
    folders: frozenset[str]
    absent: frozenset[str] = frozenset()
    installed: Installed | None = None
    _looks: dict[tuple[str, str], Found | None] = field(default_factory=dict, init=False, repr=False)

    @classmethod
    def of_files(cls, files: Iterable[str]) -> ModuleIndex:
        """Return the index of some files and the folders above them."""
        listed = frozenset(files)
        folders = {"."}
        for path in listed:
            folder = posixpath.dirname(path)
            while folder and folder not in folders:
                folders.add(folder)
                folder = posixpath.dirname(folder)
        return cls(listed, frozenset(folders))

    @classmethod
    def of(cls, snapshot: Snapshot, outside: Iterable[str] = (), installed: Installed | None = None) -> ModuleIndex:
        """Return the index of a snapshot; of the folders `outside` its root it is asked whether they are there."""
        absent = frozenset(path for path in outside if not snapshot.is_there(path))
        return cls(frozenset(snapshot.files), snapshot.folders, absent, installed)

    def find(self, name: str, folders: Iterable[str]) -> Found | None:
        """Return what the last part of a module's name leads to when these folders are searched in order.

        In each folder a regular package comes before a module, and a module before a folder without `__init__.py`;
        such a folder is only used if no later folder has one of the others, and then together with its like.
        """
        portions: list[str] = []
        for folder in folders:
            found = self.look_in(folder, name)
            if found is not None and found.kind is not ModuleKind.NAMESPACE:
                return found
            portions += found.folders if found else ()
        return Found(ModuleKind.NAMESPACE, "", tuple(dict.fromkeys(portions))) if portions else None

    def find_hooked(self, name: str) -> Found | None:
        """Return what an import hook of the environment has in the repository under a top-level name."""
        path = self.installed.hooked.get(name) if self.installed else None
        found = self.look_in(posixpath.dirname(path) or ".", posixpath.basename(path)) if path else None
        return found if found is not None and found.kind is not ModuleKind.NAMESPACE else None

    def listed(self, folder: str) -> ImportFolder:
        """Return what is known of a folder outside of the repository."""
        return (self.installed.folders if self.installed else {}).get(folder) or ImportFolder(folder)

    def look_in(self, folder: str, name: str) -> Found | None:
        """Return what one folder has under a name."""
        key = (folder, name)
        if key not in self._looks:
            self._looks[key] = self._look_in(folder, name)
        return self._looks[key]

    def _look_in(self, folder: str, name: str) -> Found | None:
        below = join(folder, name)
        if below in self.folders and (path := self._file(below, INIT)):
            return Found(ModuleKind.PACKAGE, path, (below,))
        if path := self._file(folder, name):
            return Found(ModuleKind.MODULE, path)
        return Found(ModuleKind.NAMESPACE, "", (below,)) if below in self.folders else None

    def offered(self, folder: str) -> frozenset[str]:
        """Return the names of the modules and regular packages that a folder offers; namespace portions apart."""
        return frozenset(self._offers.get(folder, ()))

    def importable(self, folder: str) -> frozenset[str]:
        """Return the names of all that a folder offers, namespace portions included."""
        return self.offered(folder) | frozenset(self._portions.get(folder, ()))

    @cached_property
    def names(self) -> frozenset[str]:
        """Every name that any folder could offer: no import of another one reaches the repository."""
        stems = (posixpath.basename(path).partition(".")[0] for path in self.files)
        hooked = self.installed.hooked if self.installed else ()
        return frozenset((*stems, *map(posixpath.basename, self.folders), *hooked))

    def _file(self, folder: str, stem: str) -> str:
        if extension := self._binaries.get(join(folder, stem)):
            return extension
        candidates = (join(folder, stem + suffix) for suffix in _TEXTS)
        return next((path for path in candidates if path in self.files), "")

    @cached_property
    def _binaries(self) -> dict[str, str]:
        """Extension modules by folder and name; their suffix may name the interpreter: `fast.cpython-312-x.so`."""
        found: dict[str, str] = {}
        for path in sorted(self.files):
            if path.endswith(_EXTENSIONS):
                folder, name = posixpath.split(path)
                found.setdefault(join(folder or ".", name.partition(".")[0]), path)
        return found

    @cached_property
    def _offers(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for folder, name in self._modules():
            found.setdefault(folder, set()).add(name)
        return found

    @cached_property
    def _portions(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for path in self.folders:
            above, name = posixpath.split(path)
            if name.isidentifier():
                found.setdefault(above or ".", set()).add(name)
        return found

    def _modules(self) -> Iterator[tuple[str, str]]:
        for path in self.files:
            if path.endswith((*_EXTENSIONS, *_TEXTS)):
                folder, name = posixpath.split(path)
                stem = name.partition(".")[0]
                if stem == INIT and folder:
                    folder, stem = posixpath.split(folder)
                if stem != INIT and stem.isidentifier():
                    yield folder or ".", stem


def join(folder: str, name: str) -> str:
    """Return the path of something in a folder; the root adds nothing."""
    return name if folder == "." else f"{folder}/{name}"
