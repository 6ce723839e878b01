"""Run what may be run of a program: its imports, by Python's own import system, and its changes of the search path."""

from __future__ import annotations

import ast
import importlib
import os
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .finding import Finder, Replayed, Stub
from .importing import Importer, MissingError
from .reading import catches_missing, is_main_test, is_typing
from .scopes import Scope, as_read, bind, replace_entries
from .values import UNKNOWN, UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable
    from types import ModuleType

    from .reading import Source

_MOST_ROUNDS = 50


class Assumed:
    """What is taken for granted of what nobody can foresee.

    `maybe` tells that what stands under a condition runs, `missing` that what is not found is not installed either
    where the program is ready for that, `at_once` that a function that changes the path is called where it is defined.
    """

    def __init__(self, *, maybe: bool = True, missing: bool = False, at_once: bool = False) -> None:
        self.maybe, self.missing, self.at_once = maybe, missing, at_once


class Run:
    """One run of one program: the files that it loads, and what was met on the way that nobody can foresee."""

    def __init__(self, root: str, read: Callable[[str], Source], assumed: Assumed) -> None:
        self.found_condition = self.found_late = False
        self.loaded: set[str] = set()
        self.finder = Finder(root, self.run_module)
        self.importer = Importer(self.finder, expects_missing=assumed.missing)
        self._read = read
        self._assumed = assumed
        self._later: deque[tuple[list[ast.stmt], Scope]] = deque()

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
            self._block(source.tree.body, scope)

    def finish(self) -> None:
        """Run the bodies of all functions, those of files that are loaded only then as well."""
        while self._later:
            body, scope = self._later.popleft()
            before = list(sys.path)
            self._block_caught(body, scope)
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

    def _block_caught(self, body: list[ast.stmt], scope: Scope) -> None:
        with suppress(MissingError):
            self._block(body, scope)

    def _block(self, body: list[ast.stmt], scope: Scope) -> None:
        for statement in body:
            handler = getattr(self, f"_{type(statement).__name__.lower()}", self._other)
            handler(statement, scope)

    def _functiondef(self, node: Any, scope: Scope) -> None:
        every = [*node.args.args, *node.args.kwonlyargs, *getattr(node.args, "posonlyargs", [])]
        named = (*every, node.args.vararg, node.args.kwarg)
        names = [argument.arg for argument in named if argument is not None]
        scope.names[node.name] = UNKNOWN
        if id(node) in scope.source.idle:
            return
        if self._assumed.at_once:
            self._block_caught(node.body, scope.inner(names, late=True, only_paths=True))
        if not scope.only_paths:
            self._later.append((node.body, scope.inner(names, late=True)))

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = scope.inner(late=scope.late)
        inner.guarded = scope.guarded
        self._block(node.body, inner)
        scope.names[node.name] = UNKNOWN

    def _if(self, node: ast.If, scope: Scope) -> None:
        if is_typing(node.test):
            self._block(node.orelse, scope)
            return
        if is_main_test(node.test):
            is_main = scope.module.__name__ == "__main__"
            self._block(node.body if is_main else node.orelse, scope)
            return
        self._loading(node, scope)
        try:
            does_hold = bool(scope.evaluator.evaluate(node.test))
        except UnknownError:
            self._maybe(node.body, scope)
            self._maybe(node.orelse, scope)
        else:
            self._block(node.body if does_hold else node.orelse, scope)

    def _maybe(self, body: list[ast.stmt], scope: Scope) -> None:
        self.found_condition = self.found_condition or bool(body)
        if self._assumed.maybe:
            self._block(body, scope)

    def _try(self, node: Any, scope: Scope) -> None:
        was_guarded = scope.guarded
        handlers = [each for each in node.handlers if catches_missing(each)]
        scope.guarded = was_guarded or bool(handlers)
        try:
            self._block(node.body, scope)
        except MissingError:
            scope.guarded = was_guarded
            if not handlers:
                raise
            self._block(handlers[0].body, scope)
        else:
            scope.guarded = was_guarded
            self._block(node.orelse, scope)
        finally:
            scope.guarded = was_guarded
            self._block(node.finalbody, scope)
        for handler in node.handlers:
            if handler not in handlers:
                self._maybe(handler.body, scope)

    _trystar = _try

    def _for(self, node: Any, scope: Scope) -> None:
        self._loading(node, scope)
        try:
            values = list(scope.evaluator.evaluate(node.iter))[: _MOST_ROUNDS + 1]
        except (TypeError, UnknownError):
            values = []
            bind(node.target, UNKNOWN, scope.names)
            self._maybe(node.body, scope)
        for value in values if len(values) <= _MOST_ROUNDS else ():
            bind(node.target, value, scope.names)
            self._block(node.body, scope)
        self._block(node.orelse, scope)

    _asyncfor = _for

    def _while(self, node: ast.While, scope: Scope) -> None:
        self._loading(node, scope)
        self._maybe(node.body, scope)

    def _with(self, node: Any, scope: Scope) -> None:
        self._loading(node, scope)
        for item in node.items:
            if item.optional_vars is not None:
                bind(item.optional_vars, UNKNOWN, scope.names)
        self._block(node.body, scope)

    _asyncwith = _with

    def _match(self, node: Any, scope: Scope) -> None:
        for case in node.cases:
            self._maybe(case.body, scope)

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for site in () if scope.only_paths else scope.source.sites[id(node)]:
            self.importer.look_up(site, scope)

    _importfrom = _import

    def _assign(self, node: Any, scope: Scope) -> None:
        self._loading(node, scope)
        value = scope.evaluate(node.value) if node.value is not None else UNKNOWN
        for target in getattr(node, "targets", None) or [node.target]:
            self._assign_to(target, value, scope)

    _annassign = _assign

    def _assign_to(self, target: ast.expr, value: Any, scope: Scope) -> None:
        if isinstance(target, (ast.Name, ast.Tuple, ast.List, ast.Starred)):
            bind(target, value, scope.names)
        elif isinstance(target, (ast.Attribute, ast.Subscript)) and value is not UNKNOWN:
            part = target.slice if isinstance(target, ast.Subscript) else None
            owner = target.value if isinstance(target, ast.Subscript) else target
            if scope.evaluate(owner) is sys.path:
                replace_entries(part, value, scope)

    def _augassign(self, node: ast.AugAssign, scope: Scope) -> None:
        whole = ast.BinOp(as_read(node.target), node.op, node.value)
        value = scope.evaluate(whole)
        if isinstance(node.target, ast.Name) and scope.evaluate(as_read(node.target)) is not sys.path:
            scope.names[node.target.id] = value
        elif value is not UNKNOWN and scope.evaluate(as_read(node.target)) is sys.path:
            sys.path[:] = value

    def _delete(self, node: ast.Delete, scope: Scope) -> None:
        for target in node.targets:
            if isinstance(target, ast.Name):
                scope.names.pop(target.id, None)
            elif isinstance(target, ast.Subscript) and scope.evaluate(target.value) is sys.path:
                replace_entries(target.slice, [], scope)

    def _expr(self, node: ast.Expr, scope: Scope) -> None:
        self._loading(node, scope)
        call = node.value
        if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr == "syspath_prepend":
            folder = scope.evaluate(call.args[0]) if call.args else UNKNOWN
            if folder is not UNKNOWN:
                sys.path.insert(0, str(folder))
            return
        scope.evaluate(call)

    def _other(self, node: ast.stmt, scope: Scope) -> None:
        self._loading(node, scope)

    def _loading(self, node: ast.stmt, scope: Scope) -> None:
        """Run the calls in a statement that import a module by its name or by its file."""
        if scope.only_paths:
            return
        for call in scope.source.loading.get(id(node), ()):
            name = scope.evaluate(call.args[0])
            if isinstance(name, str) and name and not name.startswith("."):
                self.importer.look_up(scope.source.site_of_call(call, name), scope)
        for call in scope.source.located.get(id(node), ()):
            named = (each.value for each in call.keywords if each.arg in {"location", "path"})
            given = [*call.args[1:2], *named]
            self._load_located(scope.evaluate(given[0]) if given else UNKNOWN, call, scope)

    def _load_located(self, path: Any, call: ast.Call, scope: Scope) -> None:
        place = None if not isinstance(path, (str, os.PathLike)) else self.finder.place_of(os.path.abspath(path))
        if place is None:
            return
        site = scope.source.site_of_call(call, f"the file {place}")
        self.importer.note(site, site.module, place, scope)
        name = f"<{place}>"
        if os.path.isfile(os.path.abspath(path)) and name not in sys.modules:
            self.load_file(os.path.abspath(path), name, "")
