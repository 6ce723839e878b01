"""The imports and assignments that nothing needs any more when some statements go."""

from __future__ import annotations

import ast
import copy
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

_PURE_MODULES = frozenset({"sys", "os", "os.path", "pathlib", "site", "inspect", "posixpath"})
_PURE_CALLS = frozenset(
    {
        *("str", "Path", "PurePath", "abspath", "dirname", "join", "realpath", "resolve", "normpath", "absolute"),
        *("as_posix", "fspath", "joinpath", "expanduser", "getcwd", "cwd", "with_name"),
    }
)
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Unused:
    """Statements that go as a whole, and single names of imports that bind others as well."""

    statements: tuple[ast.stmt, ...] = ()
    aliases: tuple[tuple[ast.Import | ast.ImportFrom, ast.alias], ...] = ()


def find_unused(module: ast.Module, removed: Sequence[ast.stmt], kept: frozenset[str] = frozenset()) -> Unused:
    """Return what only the removed statements, or what goes with them, used.

    Only assignments and imports of modules that do nothing when imported go, and only at the top level or in the block
    of a removed statement; a name that is bound twice, exported by `__all__`, or among `kept` stays.
    """
    gone = {id(inner) for node in removed for inner in ast.walk(node)}
    names = {inner.id for node in removed for inner in ast.walk(node) if isinstance(inner, ast.Name)}
    statements: dict[int, ast.stmt] = {}
    aliases: dict[int, tuple[ast.Import | ast.ImportFrom, ast.alias]] = {}
    exported = _exported(module) | kept
    changed = True
    while changed:
        changed = False
        used = Counter(_uses(module, gone))
        bound = Counter(_bindings(module, gone))
        for statement in module.body:
            if id(statement) in gone:
                continue
            for name, alias in _binds(statement):
                if name not in names or name in exported or used[name] or bound[name] != 1:
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


def without_names(module: ast.Module, statements: frozenset[int], aliases: frozenset[int]) -> ast.Module:
    """Return a copy of a tree without some statements and names, by their ids; an empty block becomes `pass`."""
    return _Without(statements, aliases).apply(module)


class _Without:
    def __init__(self, statements: frozenset[int], aliases: frozenset[int]) -> None:
        self._statements = statements
        self._aliases = aliases

    def apply(self, module: ast.Module) -> ast.Module:
        marks = {id(node): number for number, node in enumerate(ast.walk(module))}
        copied = copy.deepcopy(module)
        by_number = dict(enumerate(ast.walk(copied)))
        gone = {id(by_number[marks[each]]) for each in (*self._statements, *self._aliases) if each in marks}
        for node in by_number.values():
            for field, value in ast.iter_fields(node):
                if isinstance(value, list) and any(id(item) in gone for item in value):
                    left = [item for item in value if id(item) not in gone]
                    is_block = field == "body" and not left and not isinstance(node, ast.Module)
                    setattr(node, field, [ast.Pass()] if is_block else left)
        return copied


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
        case ast.Assign(targets=[ast.Name(id=name)], value=value) if _is_pure(value):
            yield name, None
        case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value) if _is_pure(value):
            yield name, None


def _is_pure(node: ast.expr) -> bool:
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _PURE_CALLS:
                continue
            case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
    return True


def _uses(module: ast.Module, gone: set[int]) -> Iterator[str]:
    for node in ast.walk(module):
        if id(node) in gone:
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Load() | ast.Del()):
                yield name
            case ast.Global(names=names) | ast.Nonlocal(names=names):
                yield from names
            case ast.Constant(value=str(text)) if text.isidentifier():
                # getattr, globals()["x"], a quoted annotation.
                yield text
            case (
                ast.arg(annotation=ast.Constant(value=str(text)))
                | ast.AnnAssign(annotation=ast.Constant(value=str(text)))
            ):
                yield from _WORD.findall(text)
            case (
                ast.FunctionDef(returns=ast.Constant(value=str(text)))
                | ast.AsyncFunctionDef(returns=ast.Constant(value=str(text)))
            ):
                yield from _WORD.findall(text)


def _bindings(module: ast.Module, gone: set[int]) -> Iterator[str]:
    for node in ast.walk(module):
        if id(node) in gone:
            continue
        match node:
            case ast.Name(id=name, ctx=ast.Store()):
                yield name
            case ast.Import(names=names) | ast.ImportFrom(names=names):
                yield from (alias.asname or alias.name.partition(".")[0] for alias in names if id(alias) not in gone)
            case (
                ast.FunctionDef(name=name)
                | ast.AsyncFunctionDef(name=name)
                | ast.ClassDef(name=name)
                | ast.arg(arg=name)
            ):
                yield name


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
