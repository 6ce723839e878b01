"""Follow the imports of a program as Python would, file by file, and note what each of them reaches."""

from __future__ import annotations

import math
import posixpath
from collections import deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import INIT, Found, ModuleKind, join
from rrr_optimize.formats.path_forms import PathStatement, StatementKind
from rrr_optimize.formats.python_imports import ImportSite, Timing
from rrr_optimize.imports.events import Binding
from rrr_optimize.imports.program import Change, Conditions, Trace, arrive
from rrr_optimize.imports.resolution import Origin
from rrr_optimize.imports.search_path import apply_statement, is_guarded

if TYPE_CHECKING:
    from rrr_optimize.imports.events import Event, Events
    from rrr_optimize.imports.program import Load, Program, Removed
    from rrr_optimize.imports.searches import Searches

_MAIN = "__main__"
_TAKING = frozenset({StatementKind.REMOVE, StatementKind.POP, StatementKind.DELETE, StatementKind.PYTHONPATH_ENV})
_MOST_FILES = 5_000
# Python itself gives up at about 160 files that import each other in a chain (its recursion limit, six calls a file).
_DEEPEST = 110
_USUAL = Conditions()


def follow(
    program: Program,
    searches: Searches,
    events: Events,
    removed: Removed = frozenset(),
    conditions: Conditions = _USUAL,
) -> Trace:
    """Return what the imports of a program reach, as if the removed statements were not there.

    A name that nothing offers is passed over, as if it were installed and imported nothing of the repository. Imports
    in functions are looked up when everything is loaded. With brief events the trace leaves out what does not reach the
    repository whatever the search path is.
    """
    run = _Run(program, searches, events, removed, conditions)
    for load in program.loads:
        run.begin(load)
    run.finish()
    return run.trace


class _Run:
    def __init__(
        self,
        program: Program,
        searches: Searches,
        events: Events,
        removed: Removed,
        conditions: Conditions,
    ) -> None:
        self.program = program
        self.path = program.path
        self.trace = Trace()
        self.modules: dict[str, Origin] = {}
        self._index = searches.index
        self._searches = searches
        self._events = events
        self._removed = removed
        self._conditions = conditions
        self._later: deque[tuple[_Module, Event]] = deque()
        self._bound: set[tuple[str, str]] = set()
        self._missing: dict[str, Origin] = {}
        # The line in which each module that is being loaded has arrived.
        self._running: dict[str, int] = {}
        # The folders in which each namespace inside another was looked for last.
        self._namespaces: dict[str, tuple[str, ...]] = {}
        self._is_late = False
        self._depth = 0

    def begin(self, load: Load) -> None:
        """Run a file that the program begins with, and the packages around it first, outermost first."""
        self.trace.begin_stretch(load)
        self.path = arrive(self.path, load)
        self._missing.clear()
        is_package = posixpath.basename(load.path).startswith(f"{INIT}.")
        if is_package and load.module in self.modules:
            return
        # A second conftest.py takes the name of the first.
        self.modules.pop(load.module, None)
        folder = posixpath.dirname(load.path)
        parents = load.package.split(".") if load.package else []
        if is_package:
            folder, parents = posixpath.dirname(folder), parents[:-1]
        for depth in range(1, len(parents) + 1):
            name = ".".join(parents[:depth])
            if name not in self.modules:
                climb = folder.split("/")[: len(folder.split("/")) - len(parents) + depth]
                self._begin_package(name, "/".join(climb) or ".")
        self.load(load.path, load.module, load.package)

    def _begin_package(self, name: str, folder: str) -> None:
        init = join(folder, f"{INIT}.py")
        if init in self._index.files:
            self.modules[name] = Origin(_found(init))
            self.load(init, name, name)
        else:
            self.modules[name] = Origin(Found(ModuleKind.NAMESPACE, "", (folder,)))

    def load(self, path: str, name: str, package: str) -> None:
        """Run the top level of a file."""
        if len(self.trace.files) >= _MOST_FILES or self._depth >= _DEEPEST:
            self.trace.is_cut = True
            return
        self.trace.files.setdefault(path, []).append(name)
        events = self._events.of(path)
        if events is None:
            return
        module = _Module(path, name, package, is_main=name == _MAIN)
        if name != _MAIN:
            self.modules.setdefault(name, Origin(_found(path)))
        self._depth += 1
        for timing, event in events:
            if not isinstance(event, Binding):
                self._running[name] = event.line
            if timing is Timing.LATER:
                self._later.append((module, event))
                if isinstance(event, PathStatement):
                    self.trace.has_later = True
                    if self._conditions.at_once:
                        self._run(module, event)
            elif self._runs(timing, module, event):
                self._run(module, event)
        self._running.pop(name, None)
        self._depth -= 1

    def finish(self) -> None:
        """Call every function, those of files that are loaded only then as well."""
        self._is_late = True
        while self._later:
            self._run(*self._later.popleft())

    def _runs(self, timing: Timing, module: _Module, event: Event) -> bool:
        if timing is Timing.ALWAYS:
            return True
        if timing is Timing.MAIN:
            return module.is_main
        self.trace.has_maybe = True
        if not isinstance(event, PathStatement):
            return self._conditions.maybe
        self.trace.has_change = True
        is_running = self._conditions.changes or (module.path, event) in self._conditions.running
        return self._conditions.maybe and is_running

    def _run(self, module: _Module, event: Event) -> None:
        if isinstance(event, ImportSite):
            self._import(module, event)
        elif isinstance(event, PathStatement):
            self._change(module, event)
        else:
            for name in event.names:
                self._bind(module, name)

    def _change(self, module: _Module, event: PathStatement) -> None:
        if event.kind in _TAKING:
            return
        self.trace.has_late |= self._is_late
        if self._is_late and self._conditions.uncalled:
            return
        applied = (module.path, event)
        self.trace.passed.setdefault(applied, len(self.trace.origins))
        if event.kind is StatementKind.SPEC_FROM_FILE:
            self._load_by_file(event)
            return
        is_there = is_guarded(self.path, event, self.program.directory)
        self.trace.begin_stretch(Change(applied, is_there=is_there))
        self.trace.has_guard |= is_there
        self._missing.clear()
        # One that is thought away is noted all the same: a trace that has it is compared with this one.
        if applied not in self._removed and (self._conditions.again or not is_there):
            self.path = apply_statement(self.path, event, self.program.directory)

    def _load_by_file(self, statement: PathStatement) -> None:
        for value in statement.values:
            path = posixpath.normpath(value.path)
            if path in self._index.files and path not in self.trace.files:
                self.load(path, f"<{path}>", "")

    def _import(self, module: _Module, site: ImportSite) -> None:
        name = _absolute(site, module.package)
        if name is None:
            return
        found = self._import_dotted(module, site, name)
        # What is not seen may be missing; a submodule of the name that it would bind then takes its place.
        if found is None or not (found.is_first_party or found.is_library):
            return
        for part in site.names or site.binds:
            if not site.names:
                self._bind(module, part)
            elif part == "*":
                for exported in self._exported(found, name):
                    self._import_child(module, site, name, found, exported)
            elif self._binds(found, name, part) or self._import_child(module, site, name, found, part).is_first_party:
                self._bind(module, site.binds[site.names.index(part)])

    def _bind(self, module: _Module, name: str) -> None:
        self._bound.add((module.name, name))

    def _exported(self, package: Origin, name: str) -> tuple[str, ...]:
        """Return the submodules that a star imports, as far as `__all__` names them."""
        file = self._events.files.read(package.path) if package.path.endswith(".py") else None
        return tuple(part for part in file.imports.exported if not self._binds(package, name, part)) if file else ()

    def _binds(self, found: Origin, module: str, name: str) -> bool:
        """Tell whether a module has a name of its own; of one that is not of the repository or no package, any."""
        if found.found is None or found.found.kind is ModuleKind.MODULE:
            return True
        file = self._events.files.read(found.path) if found.path.endswith(".py") else None
        if file is None:
            return False
        # What a file that is still running binds further down is not there yet.
        line = file.imports.bound.get(name)
        is_there = line is not None and line < self._running.get(module, math.inf)
        return is_there or (module, name) in self._bound

    def _import_dotted(self, module: _Module, site: ImportSite, name: str) -> Origin | None:
        """Import each part of a dotted name; return the last, or None where the repository has no such submodule.

        What does not begin in the repository is taken to be installed.
        """
        parent, *parts = name.split(".")
        found = self._import_top(module, site, parent)
        for part in parts if found.is_first_party else ():
            found = self._import_child(module, site, parent, found, part)
            parent = f"{parent}.{part}"
            if not found.is_first_party:
                return None
        return found

    def _import_top(self, module: _Module, site: ImportSite, name: str) -> Origin:
        origin = self.modules.get(name)
        if origin is None:
            origin = self._missing.get(name)
            if origin is None:
                origin = self._look_up(name)
            if origin.found is None:
                self._missing[name] = origin
            self._load_origin(name, origin, site)
        elif origin.found is not None and origin.found.kind is ModuleKind.NAMESPACE:
            # A namespace follows the search path (PEP 420, dynamic path computation).
            now = self._look_up(name)
            if now.found is not None and now.found.kind is ModuleKind.NAMESPACE:
                origin = self.modules[name] = now
        self._note(module, site, name, origin)
        return origin

    def _look_up(self, name: str) -> Origin:
        # Each stretch has what is searched in it: other programs may have another path there.
        found = self.trace.stretches[-1].found
        if name not in found:
            found[name] = self._searches.look_up(name, self.path)
        return found[name]

    def _import_child(self, module: _Module, site: ImportSite, parent: str, package: Origin, part: str) -> Origin:
        name = f"{parent}.{part}"
        origin = self.modules.get(name)
        if origin is None:
            found = self._index.find(part, package.found.folders if package.found else ())
            # Other portions of a namespace may stand where nobody sees them.
            is_open = package.found is not None and package.found.kind is ModuleKind.NAMESPACE
            origin = Origin(found, before=package.before if is_open else ())
            self._load_origin(name, origin, site)
        elif origin.found is not None and origin.found.kind is ModuleKind.NAMESPACE and package.found is not None:
            folders = package.found.folders
            now = self._index.find(part, folders) if self._namespaces.get(name) is not folders else origin.found
            self._namespaces[name] = folders
            if now is not None and now.kind is ModuleKind.NAMESPACE:
                origin = self.modules[name] = Origin(now, before=package.before)
        self._note(module, site, name, origin)
        return origin

    def _load_origin(self, name: str, origin: Origin, site: ImportSite) -> None:
        """Run what was found; a text is only looked up, and what is missing now may be found later."""
        if site.is_text or (origin.found is None and not origin.is_library):
            return
        self.modules[name] = origin
        if origin.found is not None and origin.found.path:
            package = name if origin.found.kind is ModuleKind.PACKAGE else name.rpartition(".")[0]
            self.load(origin.found.path, name, package)

    def _note(self, module: _Module, site: ImportSite, name: str, origin: Origin) -> None:
        if site.is_text and (not origin.is_first_party or not (site.is_target or self._says(site, name, origin))):
            return
        self.trace.origins[module.path, module.name, site, name, self._is_late] = origin

    def _says(self, site: ImportSite, name: str, origin: Origin) -> bool:
        """Tell whether a text that nobody is known to import means a module.

        The first part alone says nothing, "config.path" is a key as well, unless the module has the second.
        """
        file = self._events.files.read(origin.path) if "." not in name and origin.path.endswith(".py") else None
        return "." in name or (file is not None and site.module.split(".")[1] in file.imports.bound)


@dataclass(frozen=True, slots=True)
class _Module:
    path: str
    name: str
    package: str
    is_main: bool


def _absolute(site: ImportSite, package: str) -> str | None:
    """Return the name that an import asks for; None for a relative import that leads out of every package."""
    if not site.level:
        return site.module
    parts = package.split(".") if package else []
    if site.level > len(parts):
        return None
    base = ".".join(parts[: len(parts) - site.level + 1])
    return f"{base}.{site.module}" if site.module else base


def _found(path: str) -> Found:
    folder, name = posixpath.split(path)
    is_package = name.startswith(f"{INIT}.")
    return Found(ModuleKind.PACKAGE if is_package else ModuleKind.MODULE, path, (folder,) if is_package else ())
