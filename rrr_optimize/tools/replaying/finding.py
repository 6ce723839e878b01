"""Find modules as Python does, and put in place of each what may run of it: path and import statements, or nothing."""

from __future__ import annotations

import _imp
import os
import sys
import sysconfig
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from types import ModuleType
from typing import TYPE_CHECKING, Any

from . import LIBRARY, NAMESPACE, NOTHING
from .values import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from .reading import Source

_FOLDERS = (sysconfig.get_path("stdlib"), sysconfig.get_path("platstdlib"))
_LIBRARIES = tuple(each + os.sep for folder in _FOLDERS for each in (folder, os.path.realpath(folder)))
_BEFORE_ANY_PROGRAM = frozenset({"os", "site", "stat", "posixpath", "ntpath", "genericpath", "_collections_abc"})


class Replayed(ModuleType):
    """A module of the repository: what it imported is there, and of what else it binds that it is there."""

    replayed_source: Source | None = None
    replayed_is_open = False

    def __getattr__(self, name: str) -> Any:
        source = self.replayed_source
        if source is not None and name in source.bound:
            return UNKNOWN
        raise AttributeError(name)


class Stub(ModuleType):
    """A module that is not of the repository: it has every name, and nothing is known of any."""

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        return UNKNOWN


class Loader:
    """Makes the modules that the finder has found; `run` is called with each that is of the repository."""

    def __init__(self, kind: str, run: Callable[[ModuleType], None] | None = None) -> None:
        self._kind = kind
        self._run = run

    def create_module(self, spec: ModuleSpec) -> ModuleType:
        """Return an empty module."""
        return Replayed(spec.name) if self._run else Stub(spec.name)

    def exec_module(self, module: ModuleType) -> None:
        """Run what may be run of it."""
        if self._run:
            self._run(module)


class Finder:
    """The one entry of `sys.meta_path`: asks Python's own PathFinder, and notes where each module comes from."""

    def __init__(self, root: str, run: Callable[[ModuleType], None]) -> None:
        self.root = root
        self.origins: dict[str, str] = {}
        self.missing: set[str] = set()
        self._run = run
        self._below = root.rstrip(os.sep) + os.sep

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Return the spec of a module, or None for a missing part of a package of the repository."""
        del target
        parent = sys.modules.get(name.rpartition(".")[0])
        if isinstance(parent, Stub):
            return self._stub(name, self.origins[parent.__name__])
        if path is None and is_fixed(name):
            return self._stub(name, LIBRARY)
        spec = PathFinder.find_spec(name, path)
        if spec is None:
            is_package = path is not None and self.origins.get(getattr(parent, "__name__", ""), "") != NAMESPACE
            return None if is_package else self._stub(name, NOTHING)
        if spec.origin is None or not spec.has_location:
            return self._namespace(name, spec)
        if self._is_library(spec.origin):
            return self._stub(name, LIBRARY)
        if self.place_of(spec.origin) is None:
            return self._stub(name, spec.origin)
        self.origins[name] = self.place_of(spec.origin) or spec.origin
        run = self._run if isinstance(spec.loader, SourceFileLoader) else _run_nothing
        spec.loader = Loader(name, run)  # type: ignore[assignment]  # it is one by its methods
        return spec

    def place_of(self, path: str) -> str | None:
        """Return a path as one from the root; None where it is not below it."""
        path = os.path.normpath(path)
        if path == self.root:
            return "."
        return path[len(self._below) :].replace(os.sep, "/") if path.startswith(self._below) else None

    def origin_of(self, name: str) -> str:
        """Return where a loaded module comes from; what was there before the replay is of Python itself."""
        return self.origins.get(name, LIBRARY)

    def forget_missing(self) -> None:
        """Let what was not found be looked for again."""
        for name in self.missing:
            module = sys.modules.pop(name, None)
            parent, _, last = name.rpartition(".")
            if module is not None and vars(sys.modules.get(parent, module)).get(last) is module:
                delattr(sys.modules[parent], last)
        self.missing.clear()

    def _namespace(self, name: str, spec: ModuleSpec) -> ModuleSpec:
        portions = list(spec.submodule_search_locations or ())
        if any(self.place_of(portion) is not None for portion in portions):
            self.origins[name] = NAMESPACE
            return spec
        return self._stub(name, LIBRARY if any(map(self._is_library, portions)) else f"{portions}")

    def _stub(self, name: str, origin: str) -> ModuleSpec:
        self.origins[name] = origin
        if origin == NOTHING:
            self.missing.add(name)
        spec = ModuleSpec(name, Loader(name), is_package=True)  # type: ignore[arg-type]  # as above
        spec.submodule_search_locations = []
        return spec

    def _is_library(self, path: str) -> bool:
        path = os.path.normpath(path)
        return any(path.startswith(folder) for folder in _LIBRARIES) and (
            f"{os.sep}site-packages{os.sep}" not in path and f"{os.sep}dist-packages{os.sep}" not in path
        )


def is_fixed(name: str) -> bool:
    """Return whether a name is always Python's own: built in, frozen, or loaded before any program."""
    return (
        name in sys.builtin_module_names
        or name in _BEFORE_ANY_PROGRAM
        or name.partition(".")[0] in {"importlib", "encodings", "codecs", "io", "abc"}
        or bool(_imp.is_frozen(name))
    )


def library_path(entries: Iterable[str]) -> list[str]:
    """Return the entries of the search path on which the standard library stands."""
    return [entry for entry in entries if "site-packages" not in entry and "dist-packages" not in entry]


def _run_nothing(module: ModuleType) -> None:
    module.replayed_is_open = True  # type: ignore[attr-defined]  # every module of the repository is a Replayed
