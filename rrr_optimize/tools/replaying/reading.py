"""What a source offers to whoever imports it, and what in it a replay has to look at."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SCOPES = (*_FUNCTIONS, ast.ClassDef)
_BLOCKS = (ast.stmt, ast.ExceptHandler)
_LOADING = frozenset({"import_module", "__import__"})
_LOCATED = frozenset({"spec_from_file_location", "SourceFileLoader"})
_OPEN = frozenset({"globals", "vars", "exec"})
_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
_TELLING = frozenset({"path", "addsitedir", "syspath_prepend"})


class Site(NamedTuple):
    """One name of one import: how it reads, and how many imports above it in the file read the same."""

    text: str
    ordinal: int
    module: str
    level: int = 0
    name: str = ""
    binds: str = ""


class Source:
    """A file: its tree, the names that its top level binds besides imports, and its imports by node.

    `is_open` tells that it may bind names which its tree does not show. `loading` and `located` are the calls that
    import a module by a text or by its file, by statement; `idle` are the functions that hold nothing of interest.
    """

    def __init__(self, text: str | bytes) -> None:
        self.tree: ast.Module | None = None
        self.bound: set[str] = set()
        self.is_open = False
        self.sites: dict[int, list[Site]] = {}
        self.loading: dict[int, list[ast.Call]] = {}
        self.located: dict[int, list[ast.Call]] = {}
        self.idle: set[int] = set()
        self._counts: dict[str, int] = {}
        try:
            self.tree = ast.parse(text)
            self._read(self.tree)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            self.tree, self.is_open = None, True

    @property
    def texts(self) -> dict[str, int] | None:
        """How often each import stands in the file; None where it does not parse."""
        return dict(self._counts) if self.tree else None

    def site_of_call(self, call: ast.Call, module: str) -> Site:
        """Return the import that a call makes."""
        known = self.sites.setdefault(id(call), [])
        for site in known:
            if site.module == module:
                return site
        known.append(self._site(f"import_module({module!r})", module))
        return known[-1]

    def _read(self, tree: ast.Module) -> None:
        found: list[ast.Import | ast.ImportFrom] = []
        functions: list[ast.AST] = []
        is_renamed = False
        for node in walk(tree):
            if isinstance(node, (ast.Import, ast.ImportFrom)):
                found.append(node)
                is_renamed = is_renamed or _takes_path(node)
            elif isinstance(node, _FUNCTIONS):
                functions.append(node)
            elif isinstance(node, ast.Assign):
                is_renamed = is_renamed or name_of(node.value) == "path"
            if isinstance(node, ast.stmt):
                self._read_calls(node)
        for each in sorted(found, key=lambda each: (each.lineno, each.col_offset)):
            self.sites[id(each)] = list(self._imports(each))
        if not is_renamed:
            self.idle = {id(each) for each in functions if not any(map(self._tells, walk(each)))}
        for node in _own_nodes(tree):
            self._bind(node)

    def _read_calls(self, statement: ast.stmt) -> None:
        pending: list[ast.AST] = [statement]
        for node in pending:
            if isinstance(node, ast.Call) and node.args and name_of(node.func) in _LOADING:
                self.loading.setdefault(id(statement), []).append(node)
            if isinstance(node, ast.Call) and name_of(node.func) in _LOCATED:
                self.located.setdefault(id(statement), []).append(node)
            pending.extend(each for each in ast.iter_child_nodes(node) if not isinstance(each, _BLOCKS))

    def _tells(self, node: ast.AST) -> bool:
        """Tell whether a replay must not pass over what holds this node."""
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            return True
        if id(node) in self.loading or id(node) in self.located:
            return True
        return isinstance(node, (ast.Attribute, ast.Name)) and name_of(node) in _TELLING

    def _imports(self, node: ast.Import | ast.ImportFrom) -> Iterator[Site]:
        for alias in node.names:
            renamed = f" as {alias.asname}" if alias.asname else ""
            if isinstance(node, ast.Import):
                binds = alias.asname or alias.name.partition(".")[0]
                yield self._site(f"import {alias.name}{renamed}", alias.name, binds=binds)
            else:
                module = "." * node.level + (node.module or "")
                text = f"from {module} import {alias.name}{renamed}"
                yield self._site(text, node.module or "", node.level, alias.name, alias.asname or alias.name)

    def _site(self, text: str, module: str, level: int = 0, name: str = "", binds: str = "") -> Site:
        ordinal = self._counts.get(text, 0)
        self._counts[text] = ordinal + 1
        return Site(text, ordinal, module, level, name, binds)

    def _bind(self, node: ast.AST) -> None:
        if isinstance(node, _SCOPES):
            self.bound.add(node.name)
            self.is_open = self.is_open or node.name == "__getattr__"
            self.bound |= {name for each in walk(node) if isinstance(each, ast.Global) for name in each.names}
        elif isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store):
            self.bound.add(node.id)
        elif isinstance(node, ast.ExceptHandler) and node.name:
            self.bound.add(node.name)
        elif isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _OPEN:
            self.is_open = True
        elif type(node).__name__ in {"MatchAs", "MatchStar", "MatchMapping", "TypeAlias"}:
            name = getattr(node, "name", None) or getattr(node, "rest", None)
            self.bound |= {name} if isinstance(name, str) else set()


def walk(node: ast.AST) -> Iterator[ast.AST]:
    """Yield a node and all below it. That of `ast` imports when it is called, which a replay would answer."""
    pending: list[ast.AST] = [node]
    while pending:
        found = pending.pop()
        yield found
        pending.extend(ast.iter_child_nodes(found))


def _own_nodes(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield the nodes of a file without what functions and classes hold."""
    pending: list[ast.AST] = list(tree.body)
    while pending:
        node = pending.pop()
        yield node
        if not isinstance(node, (*_SCOPES, ast.Lambda)):
            pending.extend(ast.iter_child_nodes(node))


def _takes_path(node: ast.Import | ast.ImportFrom) -> bool:
    """Tell whether an import may give the search path another name."""
    return isinstance(node, ast.ImportFrom) and any(alias.name in {"path", "*"} for alias in node.names)


def is_main_test(test: ast.expr) -> bool:
    """Return whether a condition asks if the file is the program itself."""
    parts = [test.left, *test.comparators] if isinstance(test, ast.Compare) else []
    return any(isinstance(part, ast.Name) and part.id == "__name__" for part in parts)


def is_typing(test: ast.expr) -> bool:
    """Return whether a condition holds for type checkers alone."""
    return name_of(test) == "TYPE_CHECKING"


def catches_missing(handler: ast.ExceptHandler) -> bool:
    """Return whether a handler catches an ImportError."""
    if handler.type is None:
        return True
    kinds: list[Any] = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    return any(name_of(kind) in _CATCHING for kind in kinds)


def name_of(node: ast.expr) -> str:
    """Return the last name of a dotted one, or nothing for another expression."""
    if isinstance(node, ast.Attribute):
        return node.attr
    return node.id if isinstance(node, ast.Name) else ""
