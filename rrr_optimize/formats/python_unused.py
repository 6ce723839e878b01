"""The imports and assignments that nothing needs any more when some statements go."""

from __future__ import annotations

import ast
import re
from bisect import bisect_right
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import child_nodes, first_line
from rrr_optimize.formats.python_rows import rows_with

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Iterator, Sequence

    from rrr_optimize.formats.python_tree import PythonTree

_PURE_MODULES = frozenset({"sys", "os", "os.path", "pathlib", "site", "inspect", "posixpath"})
_PURE_CALLS = frozenset(
    {
        *("str", "Path", "PurePath", "abspath", "dirname", "join", "realpath", "resolve", "normpath", "absolute"),
        *("as_posix", "fspath", "joinpath", "expanduser", "getcwd", "cwd", "with_name"),
    }
)
_WORD = re.compile(r"[A-Za-z_]\w*")
# Python takes other characters for the same letters in a name, and escapes for letters in a string.
_UNCLEAR = re.compile(r"[^\x00-\x7f]|\\[xuUN0-7]")
# What is given all names of a module, or a text to run in it.
_REFLECTING = re.compile(r"\b(?:globals|locals|vars|dir|exec|eval)\b")
_LEAVES = (ast.Name, ast.Constant, ast.alias)
_TELLING = frozenset(
    {
        *(ast.Constant, ast.alias, ast.arg, ast.Global, ast.Nonlocal, ast.AnnAssign, ast.FunctionDef),
        *(ast.AsyncFunctionDef, ast.ClassDef, ast.ExceptHandler, ast.MatchAs, ast.MatchStar, ast.Subscript),
    }
)
_Places = dict[str, list[int]]


@dataclass(frozen=True, slots=True)
class Unused:
    """Statements that go as a whole, and single names of imports that bind others as well."""

    statements: tuple[ast.stmt, ...] = ()
    aliases: tuple[tuple[ast.Import | ast.ImportFrom, ast.alias], ...] = ()


class Uses:
    """Where the names of a module are used and where they are bound, by the ids of the nodes.

    A statement is looked at, once, when one of its lines holds a name that is asked for. Lines on which a name may be
    spelled in other characters hold every name.
    """

    def __init__(self, tree: PythonTree) -> None:
        self.module = tree.module
        self._exported = _exported(tree.module)
        self._text = "\n".join(row.text for row in tree.lines)
        self._unclear = frozenset(number for number, row in enumerate(tree.lines, 1) if _UNCLEAR.search(row.text))
        self._first = [first_line(statement) for statement in tree.module.body]
        self._is_reflective = bool(_REFLECTING.search(self._text)) and _reflects(tree.module)
        self._found: dict[int, tuple[_Places, _Places]] = {}

    def is_needed(self, name: str, gone: Container[int]) -> bool:
        """Tell whether a name is used or exported, or has not just one binding, where some nodes are gone."""
        if self._is_reflective or name in self._exported:
            return True
        bound = 0
        for statement in self._mentioning(name):
            if id(statement) not in self._found:
                self._found[id(statement)] = _find_names(statement)
            uses, bindings = self._found[id(statement)]
            if any(node not in gone for node in uses.get(name, ())):
                return True
            bound += sum(node not in gone for node in bindings.get(name, ()))
        return bound != 1

    def _mentioning(self, name: str) -> Iterator[ast.stmt]:
        """Yield the top-level statements on whose lines a name stands, in order."""
        done = 0
        for row in sorted(self._unclear.union(rows_with(self._text, name))):
            # Several statements may share the line.
            index = bisect_right(self._first, row)
            while index > done and (self.module.body[index - 1].end_lineno or 0) >= row:
                index -= 1
            begin, done = max(index, done), max(bisect_right(self._first, row), done)
            yield from self.module.body[begin:done]


def _find_names(statement: ast.stmt) -> tuple[_Places, _Places]:
    uses: _Places = {}
    bindings: _Places = {}
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        # Most nodes are names and constants, and a match statement is slow.
        if isinstance(node, ast.Name):
            found = bindings if isinstance(node.ctx, ast.Store) else uses
            found.setdefault(node.id, []).append(id(node))
        elif type(node) in _TELLING:
            for name in _uses(node):
                uses.setdefault(name, []).append(id(node))
            if bound := _binding(node):
                bindings.setdefault(bound, []).append(id(node))
        if not isinstance(node, _LEAVES):
            pending.extend(child_nodes(node))
    return uses, bindings


def find_unused(uses: Uses, removed: Sequence[ast.stmt], kept: Container[str] = frozenset()) -> Unused:
    """Return what only the removed statements, or what goes with them, used.

    Only assignments and imports of modules that do nothing when imported go, and only at the top level; a name that is
    bound twice, exported by `__all__`, or among `kept` stays.
    """
    gone = {id(inner) for node in removed for inner in ast.walk(node)}
    names = {inner.id for node in removed for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    statements: dict[int, ast.stmt] = {}
    aliases: dict[int, tuple[ast.Import | ast.ImportFrom, ast.alias]] = {}
    bindings = [(statement, found) for statement in uses.module.body if (found := tuple(_binds(statement)))]
    changed = True
    while changed:
        changed = False
        for statement, found in bindings:
            if id(statement) in gone:
                continue
            for name, alias in found:
                if id(alias) in gone or name not in names or uses.is_needed(name, gone) or name in kept:
                    continue
                changed = True
                if alias is None or len(_left(statement, aliases)) == 1:
                    statements[id(statement)] = statement
                    gone |= {id(inner) for inner in ast.walk(statement)}
                    names |= {inner.id for inner in ast.walk(statement) if isinstance(inner, ast.Name)}
                    break
                aliases[id(alias)] = alias_of(statement, alias)
                gone.add(id(alias))
    whole = tuple(statements.values())
    inside = {id(each) for statement in whole for each in getattr(statement, "names", ())}
    return Unused(whole, tuple(pair for key, pair in aliases.items() if key not in inside))


def alias_of(statement: ast.stmt, alias: ast.alias) -> tuple[ast.Import | ast.ImportFrom, ast.alias]:
    """Return an import with one of its names."""
    if not isinstance(statement, ast.Import | ast.ImportFrom):
        raise TypeError("only an import has names")
    return statement, alias


def _left(statement: ast.stmt, aliases: dict[int, tuple[ast.Import | ast.ImportFrom, ast.alias]]) -> list[ast.alias]:
    return [each for each in getattr(statement, "names", ()) if id(each) not in aliases]


def _binds(statement: ast.stmt) -> Iterator[tuple[str, ast.alias | None]]:
    match statement:
        case ast.Import(names=names):
            for alias in names:
                if alias.name in _PURE_MODULES:
                    yield alias.asname or alias.name.partition(".")[0], alias
        case ast.ImportFrom(module=str(module), names=names, level=0) if module in _PURE_MODULES:
            yield from ((alias.asname or alias.name, alias) for alias in names)
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if is_pure(value):
            yield name, None
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if is_pure(value):
            yield name, None


def is_pure(node: ast.expr, calls: Container[str] = _PURE_CALLS) -> bool:
    """Tell whether an expression does nothing but give a value; `calls` are the functions that do no more."""
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in calls:
                continue
            case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
    return True


def _uses(node: ast.AST) -> Sequence[str]:
    match node:
        case ast.Global(names=names) | ast.Nonlocal(names=names):
            return names
        case ast.Constant(value=str(text)) if text.isidentifier():
            # getattr, globals()["x"], a quoted annotation.
            return (text,)
        case ast.Constant(value=str(text)) if ">>>" in text:
            # An example in a docstring is run with the names of its module.
            return _WORD.findall(text)
        case ast.arg(annotation=ast.expr() as part) | ast.AnnAssign(annotation=part):
            return _quoted_words(part)
        case ast.FunctionDef(returns=ast.expr() as part) | ast.AsyncFunctionDef(returns=ast.expr() as part):
            return _quoted_words(part)
        case ast.Subscript(slice=part):
            return _quoted_words(part)
    return ()


def _quoted_words(part: ast.expr) -> list[str]:
    """Return the words in the texts of an annotation, or of a part of one: `Optional["Path | None"]`."""
    texts = (node.value for node in ast.walk(part) if isinstance(node, ast.Constant) and isinstance(node.value, str))
    return [word for text in texts for word in _WORD.findall(text)]


def _reflects(module: ast.Module) -> bool:
    """Tell whether a module may look at all of its own names, or run texts in which they stand."""
    asking_for_one: set[int] = set()
    for node in ast.walk(module):
        match node:
            case ast.Subscript(value=ast.Call(func=function), slice=ast.Constant()):
                asking_for_one.add(id(function))
            case ast.Name(id="globals" | "exec" | "eval") if id(node) not in asking_for_one:
                return True
            case ast.Call(func=ast.Name(id="locals" | "vars" | "dir") as function, args=[]):
                if id(function) not in asking_for_one:
                    return True
    return False


def _binding(node: ast.AST) -> str | None:
    match node:
        case ast.arg(arg=name):
            return name
        case ast.alias(name=name, asname=other):
            return other or name.partition(".")[0]
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return name
        case ast.ExceptHandler(name=caught) | ast.MatchAs(name=caught) | ast.MatchStar(name=caught):
            return caught
    return None


def _exported(module: ast.Module) -> frozenset[str]:
    found: set[str] = set()
    for statement in module.body:
        targets: Iterable[ast.expr] = statement.targets if isinstance(statement, ast.Assign) else ()
        if any(isinstance(target, ast.Name) and target.id == "__all__" for target in targets):
            found |= {
                node.value
                for node in ast.walk(statement)
                if isinstance(node, ast.Constant) and isinstance(node.value, str)
            }
    return frozenset(found)
