"""The imports of a Python file in the order in which they run, and what else a proof about them must know."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator


class Timing(Enum):
    """When a statement runs.

    ALWAYS when the file is loaded, MAYBE where a condition, a loop or a `try` decides, MAIN when the file is the
    program itself, LATER in the body of a function, NEVER where only a type checker looks (`if TYPE_CHECKING`).
    """

    ALWAYS = "always"
    MAYBE = "maybe"
    MAIN = "main"
    LATER = "later"
    NEVER = "never"


@dataclass(frozen=True, slots=True, eq=False)
class ImportSite:
    """One import; two are the same only if they are one object.

    `import a.b` has the module `a.b` and no names, `from ..a import b, c` level 2 and two names. `binds` are the names
    that it makes in its file, one for each name or one for the module. Line and column count from 1, the column in
    UTF-8 bytes. `tolerates` tells that an `except` around it catches an ImportError. `is_text` marks a string that
    reads like the name of a module, which may be imported by somebody; `is_target` one that a function is given which
    imports such names (`mock.patch`).
    """

    line: int
    column: int
    module: str
    level: int = 0
    names: tuple[str, ...] = ()
    timing: Timing = Timing.ALWAYS
    tolerates: bool = False
    is_text: bool = False
    is_target: bool = False
    binds: tuple[str, ...] = ()

    def __str__(self) -> str:
        if self.is_text:
            return f'"{self.module}"'
        module = "." * self.level + self.module
        return f"from {module} import {', '.join(self.names)}" if self.names else f"import {module}"


class Doubt(Enum):
    """What makes a proof about a file's imports incomplete; the value says it in words."""

    CHOSEN = "it imports a module whose name is chosen at run time"
    RUN = "it runs code that stands elsewhere"
    MACHINERY = "it changes the import machinery"
    READ = "it reads the search path"
    MOVED = "it changes the working directory"


@dataclass(frozen=True, slots=True)
class PythonImports:
    """The imports of one file in source order, the names that its top level binds otherwise, and what raises doubts.

    `has_main` tells that the file is meant to be run as a program, `acts` that its top level does something besides
    importing, defining, and changing the search path. `exported` are the names of a literal `__all__`.
    """

    sites: tuple[ImportSite, ...] = ()
    bound: frozenset[str] = frozenset()
    exported: tuple[str, ...] = ()
    doubts: frozenset[Doubt] = frozenset()
    has_main: bool = False
    acts: bool = False


_DOTTED = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*+(?P<object>:[A-Za-z_][\w.]*)?")
# What follows the last dot of the name of a file.
_SUFFIXES = frozenset(
    {
        *(
            "cfg",
            "conf",
            "csv",
            "db",
            "dll",
            "env",
            "exe",
            "gz",
            "html",
            "ini",
            "ipynb",
            "jpg",
            "js",
            "json",
            "lock",
            "log",
        ),
        *("md", "parquet", "pdf", "pickle", "pkl", "png", "pt", "pth", "py", "pyc", "pyi", "sh", "so", "sql", "sqlite"),
        *("svg", "tar", "toml", "tsv", "txt", "whl", "xml", "yaml", "yml", "zip", "com", "org", "io", "net"),
    }
)
_TARGETING = frozenset({"patch", "setattr", "delattr", "import_string", "locate", "run", "resolve_name"})
_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_LOADING = frozenset({"import_module", "__import__"})
_RUNNING = frozenset({"exec", "execfile", "run_path", "run_module", "exec_module", "load_module", "load_source"})
_MACHINERY = frozenset({"meta_path", "path_hooks"})
_CHANGING = frozenset({"pop", "update", "setdefault", "clear"})
_ADDING = frozenset({"insert", "append", "extend", "remove"})
_LONGEST = 200


@dataclass(frozen=True, slots=True)
class _Place:
    timing: Timing = Timing.ALWAYS
    tolerates: bool = False


def read_imports(module: ast.Module) -> PythonImports:
    """Return the imports of a parsed file. Never raises; linear in the tree."""
    reader = _Reader()
    reader.read(module)
    return PythonImports(
        tuple(sorted(reader.sites, key=lambda site: (site.line, site.column))),
        frozenset(reader.bound),
        tuple(reader.exported),
        frozenset(reader.doubts),
        reader.has_main,
        reader.has_main or any(_acts(statement) for statement in module.body),
    )


class _Reader:
    def __init__(self) -> None:
        self.sites: list[ImportSite] = []
        self.bound: set[str] = set()
        self.exported: list[str] = []
        self.doubts: set[Doubt] = set()
        self.has_main = False
        self.targets: set[int] = set()
        self.lists: dict[str, tuple[str, ...]] = {}

    def read(self, module: ast.Module) -> None:
        pending: list[tuple[list[ast.stmt], _Place, bool]] = [(module.body, _Place(), True)]
        while pending:
            body, place, is_top = pending.pop()
            for statement in body:
                if is_top:
                    self._bind(statement)
                self._read_statement(statement, place)
                pending.extend(
                    (block, inner, is_top and not isinstance(statement, _SCOPES))
                    for block, inner in _blocks(statement, place)
                )
                self.has_main = self.has_main or (isinstance(statement, ast.If) and is_main(statement.test))

    def _read_statement(self, statement: ast.stmt, place: _Place) -> None:
        match statement:
            case ast.Import(names=aliases):
                for alias in aliases:
                    name = alias.asname or alias.name.partition(".")[0]
                    self._add(ImportSite(*_at(statement), alias.name, binds=(name,)), place)
            case ast.ImportFrom(module=module, names=aliases, level=level):
                names = tuple(alias.name for alias in aliases)
                binds = tuple(alias.asname or alias.name for alias in aliases)
                self._add(ImportSite(*_at(statement), module or "", level, names, binds=binds), place)
        self._note_list(statement)
        nodes = list(_own_nodes(statement))
        if any(_is_sys(node, "path") for node in nodes) and not _only_changes_path(statement, nodes):
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
        texts = tuple(_texts(node))
        return texts if len(texts) == len(node.elts) else ()

    def _read_node(self, node: ast.AST, place: _Place) -> None:
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=arguments):
                self._read_call(node, name, arguments, place)
            case ast.Attribute(value=ast.Name(id="sys"), attr=name) if name in _MACHINERY:
                self.doubts.add(Doubt.MACHINERY)
            case ast.Subscript(value=inner, ctx=ast.Store() | ast.Del()) if _is_sys(inner, "modules"):
                self.doubts.add(Doubt.MACHINERY)
            case ast.Name(id="__path__"):
                self.doubts.add(Doubt.MACHINERY)
            case ast.Constant(value=str(text)) if id(node) not in self.targets:
                self._add_text(node, text)

    def _read_call(self, call: ast.Call, name: str, arguments: list[ast.expr], place: _Place) -> None:
        if name in _LOADING and arguments:
            match arguments[0]:
                case ast.Constant(value=str(module)) if module and not module.startswith("."):
                    self.targets.add(id(arguments[0]))
                    self._add(ImportSite(*_at(call), module), place)
                case ast.Name(id=variable) if self.lists.get(variable):
                    for module in self.lists[variable]:
                        self._add(ImportSite(*_at(call), module), place)
                case _:
                    self.doubts.add(Doubt.CHOSEN)
        elif name in _CHANGING and isinstance(call.func, ast.Attribute) and _is_sys(call.func.value, "modules"):
            self.doubts.add(Doubt.MACHINERY)
        elif name in _RUNNING:
            self.doubts.add(Doubt.RUN)
        elif name in _TARGETING and arguments:
            match arguments[0]:
                case ast.Constant(value=str(text)) as target:
                    self.targets.add(id(target))
                    self._add_text(target, text, is_target=True)
        elif name == "chdir":
            self.doubts.add(Doubt.MOVED)

    def _add(self, site: ImportSite, place: _Place) -> None:
        self.sites.append(replace(site, timing=place.timing, tolerates=place.tolerates))

    def _add_text(self, node: ast.Constant, text: str, *, is_target: bool = False) -> None:
        match = _DOTTED.fullmatch(text) if len(text) < _LONGEST else None
        if match is None or (not match["object"] and ("." not in text or text.rpartition(".")[2] in _SUFFIXES)):
            return
        module = text[: match.start("object")] if match["object"] else text
        is_target = is_target or match["object"] is not None
        self.sites.append(ImportSite(*_at(node), module, timing=Timing.LATER, is_text=True, is_target=is_target))

    def _bind(self, statement: ast.stmt) -> None:
        match statement:
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                self.bound.add(name)
            case ast.Assign(targets=targets, value=value):
                names = {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
                self.bound |= names
                if "__all__" in names:
                    self.exported += _texts(value)
            case ast.AnnAssign(target=ast.Name(id=name)) | ast.AugAssign(target=ast.Name(id=name)):
                self.bound.add(name)
            case ast.For() | ast.AsyncFor() | ast.With() | ast.AsyncWith():
                self.bound |= {
                    node.id
                    for child in _own_nodes(statement)
                    for node in [child]
                    if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)
                }


_SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def _blocks(statement: ast.stmt, place: _Place) -> Iterator[tuple[list[ast.stmt], _Place]]:
    for owner, body in blocks_of(statement):
        yield body, _enter(statement, owner, body, place)


def _enter(statement: ast.stmt, owner: ast.AST, body: list[ast.stmt], place: _Place) -> _Place:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return _Place(_later(place.timing, Timing.LATER), place.tolerates)
        case ast.ClassDef() | ast.With() | ast.AsyncWith():
            return place
        case ast.If(test=test) if is_typing(test) and body is statement.body:
            return _Place(Timing.NEVER)
        case ast.If(test=test) if is_main(test) and body is statement.body:
            return _Place(_later(place.timing, Timing.MAIN), place.tolerates)
        case ast.Try() | ast.TryStar():
            is_caught = body is statement.body and any(_catches(handler) for handler in statement.handlers)
            is_certain = body is statement.finalbody or (body is statement.body and not statement.handlers)
            timing = place.timing if is_certain else _later(place.timing, Timing.MAYBE)
            # What a handler imports instead may be missing as well; then the program ends.
            return _Place(timing, place.tolerates or (is_caught and owner is statement))
    return _Place(_later(place.timing, Timing.MAYBE), place.tolerates)


_ORDER = (Timing.ALWAYS, Timing.MAYBE, Timing.MAIN, Timing.LATER, Timing.NEVER)


def _later(one: Timing, other: Timing) -> Timing:
    return max(one, other, key=_ORDER.index)


def _catches(handler: ast.ExceptHandler) -> bool:
    if handler.type is None:
        return True
    kinds = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {kind.id if isinstance(kind, ast.Name) else getattr(kind, "attr", "") for kind in kinds}
    return bool(names & _CATCHING)


def is_main(test: ast.expr) -> bool:
    """Return whether a condition asks if the file is the program itself: `__name__ == "__main__"`."""
    match test:
        case ast.Compare(left=ast.Name(id="__name__"), ops=[ast.Eq()], comparators=[ast.Constant(value="__main__")]):
            return True
        case ast.Compare(left=ast.Constant(value="__main__"), ops=[ast.Eq()], comparators=[ast.Name(id="__name__")]):
            return True
    return False


def is_typing(test: ast.expr) -> bool:
    """Return whether a condition holds for type checkers alone: `TYPE_CHECKING`, `typing.TYPE_CHECKING`."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False


def _own_nodes(statement: ast.stmt) -> Iterator[ast.AST]:
    """Yield the nodes of a statement without those of the statements in its blocks."""
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        yield node
        pending.extend(
            child
            for child in ast.iter_child_nodes(node)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        )


def _acts(statement: ast.stmt) -> bool:
    match statement:
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=inner))) if _is_sys(inner, "path"):
            return False
        case ast.Expr(value=value):
            return not isinstance(value, ast.Constant)
        case ast.Assert() | ast.Raise() | ast.For() | ast.AsyncFor() | ast.While() | ast.With() | ast.AsyncWith():
            return True
    return False


def _is_sys(node: ast.AST, name: str) -> bool:
    match node:
        case ast.Attribute(value=ast.Name(id="sys"), attr=attribute):
            return attribute == name
    return False


def _only_changes_path(statement: ast.stmt, nodes: list[ast.AST]) -> bool:
    """Tell whether a statement with `sys.path` in it asks nothing of it but whether an entry is there."""
    if isinstance(statement, ast.Assign) and any(_is_sys(target, "path") for target in statement.targets):
        return True
    allowed: set[int] = set()
    for node in nodes:
        match node:
            case ast.Call(func=ast.Attribute(value=inner, attr=name)) if name in _ADDING:
                allowed.add(id(inner))
            case ast.Compare(ops=[ast.In() | ast.NotIn()], comparators=[inner]):
                allowed.add(id(inner))
            case ast.AugAssign(target=inner):
                allowed.add(id(inner))
    return all(id(node) in allowed for node in nodes if _is_sys(node, "path"))


def _at(node: ast.stmt | ast.expr) -> tuple[int, int]:
    return node.lineno, node.col_offset + 1


def _texts(value: ast.expr) -> Iterable[str]:
    elements = value.elts if isinstance(value, ast.List | ast.Tuple) else []
    return [node.value for node in elements if isinstance(node, ast.Constant) and isinstance(node.value, str)]
