"""Run the statements of one file: which of its blocks are reached, and what they do to names and the search path."""

from __future__ import annotations

import ast
import os
import sys
from collections import deque
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from .importing import MissingError
from .reading import catches_missing, is_main_test, is_typing
from .scopes import as_read, bind, replace_entries
from .values import UNKNOWN, UnknownError

if TYPE_CHECKING:
    from collections.abc import Callable

    from .importing import Importer
    from .scopes import Scope

_MOST_ROUNDS = 50


class Assumed:
    """What is taken for granted of what nobody can foresee.

    `maybe` tells that what stands under a condition runs, `missing` that what is not found is not installed either
    where the program is ready for that, `at_once` that a function that changes the path is called where it is defined.
    """

    def __init__(self, *, maybe: bool = True, missing: bool = False, at_once: bool = False) -> None:
        self.maybe, self.missing, self.at_once = maybe, missing, at_once


class Statements:
    """Runs statements, each in the scope that it is given.

    `later` are the bodies of functions, which nobody has run yet, and `found_condition` tells that something stands
    under a condition of which nobody knows whether it holds.
    """

    def __init__(self, importer: Importer, assumed: Assumed, load_file: Callable[[str, str, str], None]) -> None:
        self.found_condition = False
        self.later: deque[tuple[list[ast.stmt], Scope]] = deque()
        self._importer = importer
        self._assumed = assumed
        self._load_file = load_file

    def run(self, body: list[ast.stmt], scope: Scope) -> None:
        """Run statements, one after the other. Raises MissingError where nothing catches it."""
        for statement in body:
            handler = getattr(self, f"_{type(statement).__name__.lower()}", self._other)
            handler(statement, scope)

    def run_caught(self, body: list[ast.stmt], scope: Scope) -> None:
        """Run statements until one of them fails to import what it asks for."""
        with suppress(MissingError):
            self.run(body, scope)

    def _functiondef(self, node: Any, scope: Scope) -> None:
        every = [*node.args.args, *node.args.kwonlyargs, *getattr(node.args, "posonlyargs", [])]
        named = (*every, node.args.vararg, node.args.kwarg)
        names = [argument.arg for argument in named if argument is not None]
        scope.names[node.name] = UNKNOWN
        if id(node) in scope.source.idle:
            return
        if self._assumed.at_once:
            self.run_caught(node.body, scope.inner(names, late=True, only_paths=True))
        if not scope.only_paths:
            self.later.append((node.body, scope.inner(names, late=True)))

    _asyncfunctiondef = _functiondef

    def _classdef(self, node: ast.ClassDef, scope: Scope) -> None:
        inner = scope.inner(late=scope.late)
        inner.guarded = scope.guarded
        self.run(node.body, inner)
        scope.names[node.name] = UNKNOWN

    def _if(self, node: ast.If, scope: Scope) -> None:
        if is_typing(node.test):
            self.run(node.orelse, scope)
            return
        if is_main_test(node.test):
            is_main = scope.module.__name__ == "__main__"
            self.run(node.body if is_main else node.orelse, scope)
            return
        self._loading(node, scope)
        try:
            does_hold = bool(scope.evaluator.evaluate(node.test))
        except UnknownError:
            self._maybe(node.body, scope)
            self._maybe(node.orelse, scope)
        else:
            self.run(node.body if does_hold else node.orelse, scope)

    def _maybe(self, body: list[ast.stmt], scope: Scope) -> None:
        self.found_condition = self.found_condition or bool(body)
        if self._assumed.maybe:
            self.run(body, scope)

    def _try(self, node: Any, scope: Scope) -> None:
        was_guarded = scope.guarded
        handlers = [each for each in node.handlers if catches_missing(each)]
        scope.guarded = was_guarded or bool(handlers)
        try:
            self.run(node.body, scope)
        except MissingError:
            scope.guarded = was_guarded
            if not handlers:
                raise
            self.run(handlers[0].body, scope)
        else:
            scope.guarded = was_guarded
            self.run(node.orelse, scope)
        finally:
            scope.guarded = was_guarded
            self.run(node.finalbody, scope)
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
            self.run(node.body, scope)
        self.run(node.orelse, scope)

    _asyncfor = _for

    def _while(self, node: ast.While, scope: Scope) -> None:
        self._loading(node, scope)
        self._maybe(node.body, scope)

    def _with(self, node: Any, scope: Scope) -> None:
        self._loading(node, scope)
        for item in node.items:
            if item.optional_vars is not None:
                bind(item.optional_vars, UNKNOWN, scope.names)
        self.run(node.body, scope)

    _asyncwith = _with

    def _match(self, node: Any, scope: Scope) -> None:
        for case in node.cases:
            self._maybe(case.body, scope)

    def _import(self, node: ast.Import, scope: Scope) -> None:
        for site in () if scope.only_paths else scope.source.sites[id(node)]:
            self._importer.look_up(site, scope)

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
                self._importer.look_up(scope.source.site_of_call(call, name), scope)
        for call in scope.source.located.get(id(node), ()):
            named = (each.value for each in call.keywords if each.arg in {"location", "path"})
            given = [*call.args[1:2], *named]
            self._load_located(scope.evaluate(given[0]) if given else UNKNOWN, call, scope)

    def _load_located(self, path: Any, call: ast.Call, scope: Scope) -> None:
        place = (
            None if not isinstance(path, (str, os.PathLike)) else self._importer.finder.place_of(os.path.abspath(path))
        )
        if place is None:
            return
        site = scope.source.site_of_call(call, f"the file {place}")
        self._importer.note(site, site.module, place, scope)
        name = f"<{place}>"
        if os.path.isfile(os.path.abspath(path)) and name not in sys.modules:
            self._load_file(os.path.abspath(path), name, "")
