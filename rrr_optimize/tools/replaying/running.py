"""Run a program: load its files by Python's own import system, and run of each what may be run."""

from __future__ import annotations

import importlib
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from .finding import Finder, Replayed, Stub
from .importing import Importer
from .scopes import Scope
from .statements import Statements

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .reading import Source
    from .statements import Assumed


class Run:
    """One run of one program: the files that it loads, and what was met on the way that nobody can foresee."""

    def __init__(self, root: str, read: Callable[[str], Source], assumed: Assumed) -> None:
        self.found_late = False
        self.loaded: set[str] = set()
        self.finder = Finder(root, self.run_module)
        self.importer = Importer(self.finder, expects_missing=assumed.missing)
        self._read = read
        self._statements = Statements(self.importer, assumed, self.load_file)

    @property
    def found_condition(self) -> bool:
        """Whether something stands under a condition of which nobody knows whether it holds."""
        return self._statements.found_condition

    def load(self, path: str, name: str, package: str) -> None:
        """Run a file that the program begins with, by its name where that leads to it."""
        if package and name != package:
            self._import_quietly(package, os.path.dirname(path))
        if name != "__main__":
            sys.modules.pop(name, None)
            self._import_quietly(name)
            if self.finder.origins.get(name) == self.finder.place_of(path) and name in sys.modules:
                return
        self.load_file(path, name, package)

    def load_file(self, path: str, name: str, package: str) -> None:
        """Run a file under a name, wherever it stands."""
        module = Replayed(name)
        module.__file__ = path
        module.__package__ = package or None
        if os.path.basename(path) == "__init__.py":
            module.__path__ = [os.path.dirname(path)]
        sys.modules[name] = module
        self.finder.origins[name] = self.finder.place_of(path) or path
        self.run_module(module)

    def run_module(self, module: ModuleType) -> None:
        """Run the top level of a module of the repository."""
        path = module.__file__ or ""
        source = self._read(path)
        self.loaded.add(self.finder.place_of(path) or path)
        module.replayed_source = source  # type: ignore[attr-defined]  # it is a Replayed
        module.replayed_is_open = source.is_open  # type: ignore[attr-defined]
        if source.tree is not None:
            scope = Scope(module, self.finder.place_of(path) or path, source, vars(module))
            self._statements.run(source.tree.body, scope)

    def finish(self) -> None:
        """Run the bodies of all functions, those of files that are loaded only then as well."""
        while self._statements.later:
            body, scope = self._statements.later.popleft()
            before = list(sys.path)
            self._statements.run_caught(body, scope)
            self.found_late = self.found_late or sys.path != before

    def _import_quietly(self, name: str, folder: str = "") -> None:
        """Import a module; a package that is not found is made of its folder, as a test runner does."""
        with suppress(ImportError):
            importlib.import_module(name)
        if folder and (name not in sys.modules or isinstance(sys.modules[name], Stub)):
            init = os.path.join(folder, "__init__.py")
            if os.path.isfile(init):
                self.load_file(init, name, name)
            else:
                module = Replayed(name)
                module.__path__ = [folder]
                sys.modules[name] = module
                self.finder.origins[name] = self.finder.place_of(folder) or folder
