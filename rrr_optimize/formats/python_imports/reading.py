"""Read the imports of a parsed file."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING, Any

from rrr_optimize.formats.python_imports.model import Doubt, ImportSite, PythonImports, Timing
from rrr_optimize.formats.python_imports.module_texts import module_in
from rrr_optimize.formats.python_imports.nodes import literal_texts, own_nodes, position
from rrr_optimize.formats.python_imports.places import SCOPES, Place, is_main, placed_blocks
from rrr_optimize.formats.python_imports.system_module import acts, is_sys, only_changes_path, reads_renamed_path
from rrr_optimize.formats.python_imports.words import (
    ASKING,
    CHOOSING,
    LOADING,
    MACHINERY,
    MOVING,
    PICKLING,
    PLUGINS,
    RELOADING,
    RUNNING,
    TARGETING,
    UNPICKLING,
)
from rrr_optimize.formats.python_imports.worth_reading import is_worth_reading, rows_worth_reading

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_CHANGING = frozenset({"pop", "update", "setdefault", "clear"})
_RENAMING = re.compile(r"\bsys\s+as\b|\bfrom\s+sys\s+import\b")
_RAISING = {
    **dict.fromkeys(RUNNING, Doubt.RUN),
    **dict.fromkeys(MOVING, Doubt.MOVED),
    **dict.fromkeys(CHOOSING, Doubt.CHOSEN),
    **dict.fromkeys(RELOADING, Doubt.MACHINERY),
    "read_pickle": Doubt.DATA,
}


def read_imports(module: ast.Module, text: str) -> PythonImports:
    """Return the imports of a parsed file, given the text that it was parsed from. Never raises; linear in the tree."""
    reader = _Reader(rows_worth_reading(text))
    reader.read(module)
    if _RENAMING.search(text) and reads_renamed_path(module):
        reader.doubts.add(Doubt.READ)
    return PythonImports(
        tuple(sorted(reader.sites, key=lambda site: (site.line, site.column))),
        reader.bound,
        tuple(reader.exported),
        frozenset(reader.doubts),
        reader.has_main,
        reader.has_main or any(acts(statement) for statement in module.body),
    )


class _Reader:
    def __init__(self, rows: Sequence[int]) -> None:
        self.rows = rows
        self.sites: list[ImportSite] = []
        self.bound: dict[str, int] = {}
        self.exported: list[str] = []
        self.doubts: set[Doubt] = set()
        self.has_main = False
        self.targets: set[int] = set()
        self.lists: dict[str, tuple[str, ...]] = {}

    def read(self, module: ast.Module) -> None:
        pending: list[tuple[list[ast.stmt], Place, bool]] = [(module.body, Place(), True)]
        while pending:
            body, place, is_top = pending.pop()
            for statement in body:
                if is_top:
                    self._bind(statement)
                self._read_statement(statement, place)
                pending.extend(
                    (block, inner, is_top and not isinstance(statement, SCOPES))
                    for block, inner in placed_blocks(statement, place)
                )
                self.has_main = self.has_main or (isinstance(statement, ast.If) and is_main(statement.test))

    def _read_statement(self, statement: ast.stmt, place: Place) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    name = alias.asname or alias.name.partition(".")[0]
                    self._add(statement, place, alias.name, binds=(name,))
            case ast.ImportFrom(module=module, names=aliases, level=level):
                names = tuple(alias.name for alias in aliases)
                binds = tuple(alias.asname or alias.name for alias in aliases)
                self._add(statement, place, module or "", level=level, names=names, binds=binds)
                self._read_from(module or "", names, binds)
            case ast.Assign(targets=[ast.Name(id=name)], value=value) if name == PLUGINS:
                for module in literal_texts(ast.List([value]) if isinstance(value, ast.Constant) else value):
                    self._add(value, place, module)
        self._note_list(statement)
        if is_worth_reading(statement, self.rows):
            self._read_nodes(statement, place)

    def _read_nodes(self, statement: ast.stmt, place: Place) -> None:
        nodes = list(own_nodes(statement))
        if any(is_sys(node, "path") for node in nodes) and not only_changes_path(statement, nodes):
            self.doubts.add(Doubt.READ)
        for node in nodes:
            self._read_node(node, place)

    def _note_list(self, statement: ast.stmt) -> None:
        """Remember literal lists of names, and the variables of loops over them; another assignment ends that."""
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                self.lists[name] = self._names_in(value) if name not in self.lists else ()
            case ast.For(target=ast.Name(id=name), iter=values):
                self.lists[name] = self._names_in(values) if name not in self.lists else ()

    def _names_in(self, node: ast.expr) -> tuple[str, ...]:
        if isinstance(node, ast.Name):
            return self.lists.get(node.id, ())
        if not isinstance(node, ast.List | ast.Tuple):
            return ()
        texts = tuple(literal_texts(node))
        return texts if len(texts) == len(node.elts) else ()

    def _read_node(self, node: ast.AST, place: Place) -> None:
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments):
                self._read_call(node, name, arguments, place)
            case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name in MACHINERY:
                self.doubts.add(Doubt.MACHINERY)
            case ast.Subscript(value=inner, ctx=ast.Store() | ast.Del()) if is_sys(inner, "modules"):
                self.doubts.add(Doubt.MACHINERY)
            case ast.Name(id="__path__"):
                self.doubts.add(Doubt.MACHINERY)
            case ast.JoinedStr(values=pieces):
                self.targets.update(map(id, pieces))
            case ast.Constant(value=str(text)) if id(node) not in self.targets:
                self._add_text(node, text)

    def _read_call(self, call: ast.Call, name: str, arguments: list[ast.expr], place: Place) -> None:
        if name in LOADING and arguments:
            match arguments[0]:
                case ast.Constant(value=str(module)) if module and not module.startswith("."):
                    self.targets.add(id(arguments[0]))
                    self._add(call, place, module)
                case ast.Name(id=variable) if self.lists.get(variable):
                    for module in self.lists[variable]:
                        self._add(call, place, module)
                case _:
                    self.doubts.add(Doubt.CHOSEN)
        elif name in _CHANGING and isinstance(call.func, ast.Attribute) and is_sys(call.func.value, "modules"):
            self.doubts.add(Doubt.MACHINERY)
        elif name in _RAISING:
            self.doubts.add(_RAISING[name])
        elif arguments:
            self._read_arguments(call, name, arguments)

    def _read_arguments(self, call: ast.Call, name: str, arguments: list[ast.expr]) -> None:
        if name in TARGETING:
            match arguments[0]:
                case ast.Constant(value=str(text)) as target:
                    self.targets.add(id(target))
                    self._add_text(target, text, is_target=True)
        elif name in ASKING:
            self._ask(arguments[0])
        elif name in UNPICKLING and _is_of(call.func, PICKLING):
            self.doubts.add(Doubt.DATA)
        elif name == "getattr":
            match arguments:
                case [ast.Name(id="sys"), ast.Constant(value="path"), *_]:
                    self.doubts.add(Doubt.READ)

    def _ask(self, argument: ast.expr) -> None:
        """Note what a call asks for: a module that is looked up, and not loaded."""
        match argument:
            case ast.Constant(value=str(module)) if module and not module.startswith("."):
                self.targets.add(id(argument))
                self.sites.append(
                    ImportSite(*position(argument), module, timing=Timing.LATER, is_text=True, is_target=True)
                )
            case _:
                self.doubts.add(Doubt.CHOSEN)

    def _read_from(self, module: str, names: tuple[str, ...], binds: tuple[str, ...]) -> None:
        """Note what a file may do with functions that it imports by their names."""
        if module in PICKLING and UNPICKLING.intersection(names):
            self.doubts.add(Doubt.DATA)
        elif module == "os" and MOVING.intersection(names):
            self.doubts.add(Doubt.MOVED)
        elif module == "sys" and "modules" in names:
            self.doubts.add(Doubt.MACHINERY)
        elif module == "importlib" and "import_module" in names and "import_module" not in binds:
            self.doubts.add(Doubt.CHOSEN)

    def _add(self, node: ast.stmt | ast.expr, place: Place, module: str, **said: Any) -> None:
        self.sites.append(ImportSite(*position(node), module, timing=place.timing, tolerates=place.tolerates, **said))

    def _add_text(self, node: ast.Constant, text: str, *, is_target: bool = False) -> None:
        found = module_in(text)
        if found is None:
            return
        module, names_object = found
        is_target = is_target or names_object
        self.sites.append(ImportSite(*position(node), module, timing=Timing.LATER, is_text=True, is_target=is_target))

    def _bind(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self._bind_names(statement, {name})
            case ast.Assign(targets=targets, value=value):
                names = {name for target in targets for name in _stored(ast.walk(target))}
                self._bind_names(statement, names)
                if "__all__" in names:
                    self.exported += literal_texts(value)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
                self._bind_names(statement, {name})
            case ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith():
                self._bind_names(statement, _stored(own_nodes(statement)))

    def _bind_names(self, statement: ast.stmt, names: Iterable[str]) -> None:
        for name in names:
            self.bound[name] = min(statement.lineno, self.bound.get(name, statement.lineno))


def _stored(nodes: Iterable[ast.AST]) -> set[str]:
    return {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}


def _is_of(function: ast.expr, modules: frozenset[str]) -> bool:
    """Tell whether a function is written as one of some modules."""
    match function:
        case ast.Attribute(value=ast.Name(id=name)):
            return name in modules
    return False
