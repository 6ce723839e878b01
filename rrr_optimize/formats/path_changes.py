"""Recognise what in one statement changes the search path, or loads a module by its file."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_evaluation import Loop
from rrr_optimize.formats.path_forms import AT_END, StatementKind
from rrr_optimize.formats.path_operations import SEARCH_PATH, Symbol, UnknownValueError
from rrr_optimize.formats.python_flow import child_nodes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.path_evaluation import Evaluator
    from rrr_optimize.formats.python_flow import Place

_VARIABLE = "PYTHONPATH"
_METHODS = {
    "insert": StatementKind.INSERT,
    "append": StatementKind.APPEND,
    "extend": StatementKind.EXTEND,
    "remove": StatementKind.REMOVE,
    "pop": StatementKind.POP,
    "clear": StatementKind.OTHER,
    "reverse": StatementKind.OTHER,
    "sort": StatementKind.OTHER,
}
_FUNCTIONS = {
    Symbol("site.addsitedir"): StatementKind.ADDSITEDIR,
    Symbol("importlib.util.spec_from_file_location"): StatementKind.SPEC_FROM_FILE,
    Symbol("importlib.machinery.SourceFileLoader"): StatementKind.SPEC_FROM_FILE,
    Symbol("os.putenv"): StatementKind.PYTHONPATH_ENV,
    Symbol("os.unsetenv"): StatementKind.PYTHONPATH_ENV,
}
_WORDS = tuple(symbol.name.rpartition(".")[2] for symbol in _FUNCTIONS)
_LIST = SEARCH_PATH[0]
_ENVIRONMENT = Symbol("os.environ")


@dataclass(frozen=True, slots=True)
class Change:
    """One change: its kind, the node that makes it, and the expressions of the folders that it names.

    `replaces` tells that it puts a whole list in place. `loops` are those around it, outer ones first. `position` is
    where the folders are added, as `insert` counts; None where that is not read off.
    """

    kind: StatementKind
    node: ast.stmt | ast.expr
    arguments: tuple[ast.expr, ...] = ()
    replaces: bool = False
    loops: tuple[Loop, ...] = ()
    position: int | None = None


def find_changes(statement: ast.stmt, place: Place, evaluator: Evaluator) -> Iterator[Change]:
    """Yield the changes that a statement makes itself, without those in its blocks."""
    loops = tuple(
        Loop(frame.owner.target.id, frame.owner.iter, place[:depth])
        for depth, frame in enumerate(place)
        if isinstance(frame.owner, ast.For) and isinstance(frame.owner.target, ast.Name)
    )
    yield from _assigned(statement, place, evaluator, loops)
    for node, around in _expressions(statement, loops, place):
        if isinstance(node, ast.Call):
            yield from _called(node, place, evaluator, around)
        elif isinstance(node, ast.Attribute) and node.attr in _METHODS and _is_list(node.value, place, evaluator):
            # Called by somebody else: list(map(sys.path.append, folders)).
            yield Change(StatementKind.OTHER, node)


def _expressions(
    statement: ast.stmt, loops: tuple[Loop, ...], place: Place
) -> Iterator[tuple[ast.AST, tuple[Loop, ...]]]:
    pending: list[tuple[ast.AST, tuple[Loop, ...]]] = [(statement, loops)]
    called: set[int] = set()
    while pending:
        node, around = pending.pop()
        if id(node) not in called:
            yield node, around
        if isinstance(node, ast.Call):
            called.add(id(node.func))
        if isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp):
            around += tuple(
                Loop(each.target.id, each.iter, place) for each in node.generators if isinstance(each.target, ast.Name)
            )
        pending.extend(
            (child, around)
            for child in child_nodes(node)
            if not isinstance(child, ast.stmt | ast.ExceptHandler | ast.match_case)
        )


def _assigned(statement: ast.stmt, place: Place, evaluator: Evaluator, loops: tuple[Loop, ...]) -> Iterator[Change]:
    match statement:
        case ast.Assign(targets=targets, value=value):
            for target in targets:
                yield from _target(target, value, statement, place, evaluator, loops)
        case ast.AnnAssign(target=target, value=ast.expr() as value):
            yield from _target(target, value, statement, place, evaluator, loops)
        case ast.AugAssign(target=target, value=value):
            kind = _kind_of_augmented(target, place, evaluator)
            if kind:
                yield Change(kind, statement, (value,), loops=loops)
        case ast.Delete(targets=targets):
            yield from _deleted(targets, statement, place, evaluator)


def _deleted(targets: list[ast.expr], statement: ast.stmt, place: Place, evaluator: Evaluator) -> Iterator[Change]:
    for target in targets:
        if _is_list(target, place, evaluator) or _is_slice(target, place, evaluator):
            yield Change(StatementKind.DELETE, statement)
        elif _is_variable(target, place, evaluator):
            yield Change(StatementKind.PYTHONPATH_ENV, statement)


def _kind_of_augmented(target: ast.expr, place: Place, evaluator: Evaluator) -> StatementKind | None:
    if _is_list(target, place, evaluator):
        return StatementKind.AUGASSIGN
    if _is_slice(target, place, evaluator):
        return StatementKind.SLICE
    return StatementKind.PYTHONPATH_ENV if _is_variable(target, place, evaluator) else None


def _target(
    target: ast.expr,
    value: ast.expr,
    statement: ast.stmt,
    place: Place,
    evaluator: Evaluator,
    loops: tuple[Loop, ...],
) -> Iterator[Change]:
    if isinstance(target, ast.Tuple | ast.List):
        values = value.elts if isinstance(value, ast.Tuple | ast.List) else [value] * len(target.elts)
        for each, own in zip(target.elts, values, strict=False):
            yield from _target(each, own, statement, place, evaluator, loops)
    elif isinstance(target, ast.Attribute) and _is_list(target, place, evaluator):
        position = _place_beside_the_old(value, place, evaluator)
        yield Change(StatementKind.ASSIGN, statement, (value,), replaces=True, loops=loops, position=position)
    elif isinstance(target, ast.Subscript) and _is_slice(target, place, evaluator):
        position = _place_of_slice(target.slice, place, evaluator)
        if position is None:
            position = _place_beside_the_old(value, place, evaluator)
        yield Change(StatementKind.SLICE, statement, (value,), replaces=True, loops=loops, position=position)
    elif _is_variable(target, place, evaluator):
        yield Change(StatementKind.PYTHONPATH_ENV, statement, (value,), loops=loops)


def _called(call: ast.Call, place: Place, evaluator: Evaluator, loops: tuple[Loop, ...]) -> Iterator[Change]:
    match call:
        case ast.Call(func=ast.Attribute(value=receiver, attr=method)) if method in _METHODS and _is_list(
            receiver, place, evaluator
        ):
            folder = call.args[1:2] if method == "insert" else call.args[:1]
            is_named = method in {"insert", "append", "extend", "remove"}
            position = _read_number(call.args[0]) if method == "insert" and call.args else None
            yield Change(_METHODS[method], call, tuple(folder) if is_named else (), loops=loops, position=position)
        case ast.Call(func=ast.Attribute(value=receiver, attr="__iadd__" | "__setitem__")) if _is_list(
            receiver, place, evaluator
        ):
            yield Change(StatementKind.OTHER, call)
        case ast.Call(func=ast.Attribute(attr="setattr" | "object") | ast.Name(id="setattr"), args=[first, second, *_]):
            if _is_text(second, "path") and evaluator.names(first, place, Symbol("sys")):
                yield Change(StatementKind.OTHER, call, tuple(call.args[2:3]))
        case _:
            yield from _by_name(call, place, evaluator, loops)


def _by_name(call: ast.Call, place: Place, evaluator: Evaluator, loops: tuple[Loop, ...]) -> Iterator[Change]:
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    function = _kind_of_function(call.func, name, place, evaluator)
    if _sets_variable(call, name, function, place, evaluator):
        yield Change(StatementKind.PYTHONPATH_ENV, call, _variable_values(call), loops=loops)
    elif name == "syspath_prepend" and isinstance(call.func, ast.Attribute):
        yield Change(StatementKind.OTHER, call, tuple(call.args[:1]), loops=loops)
    elif function is StatementKind.ADDSITEDIR:
        yield Change(function, call, tuple(call.args[:1]), loops=loops)
    elif function is StatementKind.SPEC_FROM_FILE:
        keywords = [each.value for each in call.keywords if each.arg in {"location", "path"}]
        yield Change(function, call, tuple([*call.args[1:2], *keywords][:1]), loops=loops)


def _kind_of_function(function: ast.expr, name: str, place: Place, evaluator: Evaluator) -> StatementKind | None:
    """Return what a called function does to the search path; most do nothing, and that is seen at once."""
    is_renamed = isinstance(function, ast.Name) and any(evaluator.flow.spells(word) for word in _WORDS)
    if name not in _WORDS and not is_renamed:
        return None
    symbol = evaluator.find_symbol(function, place)
    return _FUNCTIONS.get(symbol) if symbol else None


def _sets_variable(
    call: ast.Call, name: str, function: StatementKind | None, place: Place, evaluator: Evaluator
) -> bool:
    first = call.args[0] if call.args else None
    if name == "update" and isinstance(call.func, ast.Attribute):
        return bool(_variable_values(call)) and evaluator.names(call.func.value, place, _ENVIRONMENT)
    if first is None or not _is_text(first, _VARIABLE):
        return False
    if name in {"setdefault", "pop"} and isinstance(call.func, ast.Attribute):
        return evaluator.names(call.func.value, place, _ENVIRONMENT)
    return name in {"setenv", "delenv"} or function is StatementKind.PYTHONPATH_ENV


def _variable_values(call: ast.Call) -> tuple[ast.expr, ...]:
    named = [each.value for each in call.keywords if each.arg == _VARIABLE]
    for argument in call.args:
        if isinstance(argument, ast.Dict):
            named += [
                value for key, value in zip(argument.keys, argument.values, strict=True) if _is_text(key, _VARIABLE)
            ]
    if named:
        return tuple(named)
    is_setting = call.args and _is_text(call.args[0], _VARIABLE) and getattr(call.func, "attr", "") != "pop"
    return tuple(call.args[1:2]) if is_setting else ()


def _is_list(node: ast.expr, place: Place, evaluator: Evaluator) -> bool:
    """Tell whether an expression is the search path itself; most are something else, and that is seen at once."""
    match node:
        case ast.Attribute(attr="path") | ast.Name():
            return evaluator.names(node, place, _LIST)
    return False


def _is_slice(node: ast.expr, place: Place, evaluator: Evaluator) -> bool:
    return isinstance(node, ast.Subscript) and _is_list(node.value, place, evaluator)


def _place_of_slice(node: ast.expr, place: Place, evaluator: Evaluator) -> int | None:
    """Return where an empty slice stands: `[:0]`, `[1:1]`, `[len(sys.path):]`."""
    match node:
        case ast.Slice(lower=None, upper=ast.Constant(value=0), step=None):
            return 0
        case ast.Slice(lower=ast.expr() as lower, upper=ast.expr() as upper, step=None):
            first = _read_number(lower)
            return first if first == _read_number(upper) else None
        case ast.Slice(lower=ast.Call(func=ast.Name(id="len"), args=[of]), upper=None, step=None):
            return AT_END if _is_list(of, place, evaluator) else None
    return None


def _place_beside_the_old(value: ast.expr, place: Place, evaluator: Evaluator) -> int | None:
    """Return at which end of the old entries a new list has others: `[new, *sys.path]`, `sys.path + [new]`."""
    try:
        entries = evaluator.evaluate(value, place)
    except UnknownValueError:
        return None
    if isinstance(entries, tuple) and len(entries) > 1:
        if entries[0] in SEARCH_PATH:
            return AT_END
        if entries[-1] in SEARCH_PATH:
            return 0
    return None


def _is_variable(node: ast.expr, place: Place, evaluator: Evaluator) -> bool:
    return (
        isinstance(node, ast.Subscript)
        and _is_text(node.slice, _VARIABLE)
        and evaluator.names(node.value, place, _ENVIRONMENT)
    )


def _read_number(node: ast.expr) -> int | None:
    match node:
        case ast.Constant(value=int(number)) if not isinstance(number, bool):
            return number
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
    return None


def _is_text(node: ast.expr | None, text: str) -> bool:
    return isinstance(node, ast.Constant) and node.value == text
