"""Work out what a path expression of a Python file stands for, without running the file.

The file is put into an invented place; then `os.path` and `pathlib` themselves say what the expression gives there.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from rrr_optimize.formats.invented_places import WORKING, invent_place, tell_folder
from rrr_optimize.formats.path_operations import (
    SEARCH_PATH,
    Parents,
    Symbol,
    UnknownValueError,
    Value,
    call_function,
    call_method,
    combine,
    look_up_reason,
    read_attribute,
)
from rrr_optimize.formats.python_flow import Flow, Place, UnclearError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.path_forms import PathValue

_MOST_STEPS = 4_000
_MOST_NESTED = 60
_MOST_ROUNDS = 50
_LONGEST = 10_000
# What these names mean in a file that imports them by a star, or in a part that could not be read.
_USUAL = {
    "sys": "sys",
    "os": "os",
    "site": "site",
    "Path": "pathlib.Path",
    "pathlib": "pathlib",
    "importlib": "importlib",
    "inspect": "inspect",
    "str": "str",
    "list": "list",
    "tuple": "tuple",
    "set": "set",
}


@dataclass(frozen=True, slots=True)
class Loop:
    """A loop around an expression: its variable, what it runs over, and where."""

    name: str
    values: ast.expr
    place: Place


@dataclass(slots=True)
class Evaluator:
    """Evaluates expressions of the file at `path`, relative to the root; None for a notebook, which has no `__file__`.

    The work is bounded, whatever the file holds.
    """

    path: str | None
    flow: Flow
    _given: dict[str, Value] = field(default_factory=dict)
    _steps: int = 0

    def evaluate(self, node: ast.expr, place: Place, depth: int = 0) -> Value:
        """Return what an expression gives at a place. Raises UnknownValueError, which says why it cannot be known."""
        self._steps += 1
        if depth > _MOST_NESTED or self._steps > _MOST_STEPS:
            raise UnknownValueError("it is too deeply nested")
        deeper = depth + 1
        match node:
            case ast.Name(id=name):
                return self._look_up(name, place, deeper)
            case ast.Attribute(value=inner, attr=attribute):
                return read_attribute(self.evaluate(inner, place, deeper), attribute, WORKING)
            case ast.Subscript(value=inner, slice=index):
                return self._index(self.evaluate(inner, place, deeper), index, place, deeper)
            case ast.BinOp(left=left, op=operator, right=right):
                return combine(self.evaluate(left, place, deeper), operator, self.evaluate(right, place, deeper))
            case ast.JoinedStr(values=parts):
                return "".join(self._format(part, place, deeper) for part in parts)
            case ast.List(elts=elements) | ast.Tuple(elts=elements) | ast.Set(elts=elements):
                return tuple(self._elements(elements, place, deeper))
            case ast.IfExp(body=body, orelse=orelse):
                return _same([self.evaluate(each, place, deeper) for each in (body, orelse)], "it")
            case ast.Call():
                return self._call(node, place, deeper)
        return _read_constant(node)

    def rounds(self, loops: tuple[Loop, ...]) -> Iterator[None]:
        """Yield once for each round of loops over known values, with their variables set; once if there are none."""
        if not loops:
            yield
            return
        loop, *inner = loops
        try:
            values = self.evaluate(loop.values, loop.place)
        except UnknownValueError:
            values = None
        if not isinstance(values, tuple) or len(values) > _MOST_ROUNDS:
            yield from self.rounds(tuple(inner))
            return
        for value in values:
            self._given[loop.name] = value
            yield from self.rounds(tuple(inner))
        self._given.pop(loop.name, None)

    def folders(
        self, node: ast.expr, place: Place, *, splits: bool = False, is_list: bool = False
    ) -> tuple[PathValue, ...]:
        """Return the folders that an expression names: one for a path, several for a list of them.

        Entries of the search path itself are left out; `splits` tells that a text may hold several with a colon
        between them, as in PYTHONPATH, `is_list` that it is a list that counts. Raises UnknownValueError.
        """
        value = self.evaluate(node, place)
        if is_list and isinstance(value, str):
            raise UnknownValueError("it adds each letter of a text")
        if splits and isinstance(value, str):
            value = tuple(part for part in value.split(":") if part)
        items = value if isinstance(value, tuple) else (value,)
        return tuple(tell_folder(item) for item in items if item not in SEARCH_PATH)

    def names(self, node: ast.expr, place: Place, *wanted: Symbol) -> bool:
        """Return whether an expression is one of these modules, functions or objects."""
        return self.find_symbol(node, place) in wanted

    def find_symbol(self, node: ast.expr, place: Place) -> Symbol | None:
        """Return the module, function or object that an expression is, or None where it is none or nobody knows."""
        try:
            value = self.evaluate(node, place)
        except UnknownValueError:
            return None
        return value if isinstance(value, Symbol) else None

    def _look_up(self, name: str, place: Place, depth: int) -> Value:
        if name in self._given:
            return self._given[name]
        try:
            definitions = self.flow.definitions(name, place)
        except UnclearError as error:
            raise UnknownValueError(str(error), is_dynamic=True) from None
        if definitions:
            return _same([self._define(name, each, depth) for each in definitions], name)
        if name == "__file__" and self.path is not None:
            return invent_place(self.path)
        if name == "__file__":
            raise UnknownValueError("a notebook has no __file__")
        if name in _USUAL:
            return Symbol(_USUAL[name])
        raise UnknownValueError(f"{name} is not assigned in this file")

    def _define(self, name: str, place: Place, depth: int) -> Value:
        match place[-1].statement:
            case ast.Assign(targets=targets, value=value):
                return self._assigned(name, targets, value, place, depth)
            case ast.AnnAssign(value=ast.expr() as value):
                return self.evaluate(value, place, depth)
            case ast.AugAssign(target=ast.Name(), op=operator, value=value):
                return combine(self._look_up(name, place, depth), operator, self.evaluate(value, place, depth))
            case ast.Import(names=names):
                alias = next(each for each in names if (each.asname or each.name.partition(".")[0]) == name)
                return Symbol.of(alias.name if alias.asname else name)
            case ast.ImportFrom(module=str(module), names=names, level=0):
                found = next(each for each in names if (each.asname or each.name) == name)
                return Symbol.of(f"{module}.{found.name}")
            case ast.ImportFrom():
                raise UnknownValueError(f"{name} is imported from another file")
            case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
                return Symbol(f".{name}")
        raise UnknownValueError(f"{name} is bound in a way that is not followed")

    def _assigned(self, name: str, targets: list[ast.expr], value: ast.expr, place: Place, depth: int) -> Value:
        for target in targets:
            match target:
                case ast.Name(id=own) if own == name:
                    return self.evaluate(value, place, depth)
                case ast.Tuple(elts=elements) | ast.List(elts=elements):
                    for number, element in enumerate(elements):
                        if isinstance(element, ast.Name) and element.id == name:
                            found = self.evaluate(value, place, depth)
                            if isinstance(found, tuple) and len(found) == len(elements):
                                return found[number]
        raise UnknownValueError(f"{name} is bound in a way that is not followed")

    def _index(self, value: Value, index: ast.expr, place: Place, depth: int) -> Value:
        if value in SEARCH_PATH and isinstance(index, ast.Slice):
            return Symbol("sys.path.copy")
        if isinstance(index, ast.Slice):
            raise UnknownValueError("it is a part of another value")
        at = self.evaluate(index, place, depth)
        if isinstance(value, str | tuple | Parents) and isinstance(at, int):
            try:
                return value[at]
            except IndexError:
                raise UnknownValueError("it asks for more than there is") from None
        raise UnknownValueError(look_up_reason(value), is_dynamic=True)

    def _format(self, part: ast.expr, place: Place, depth: int) -> str:
        match part:
            case ast.Constant(value=str(text)):
                return text
            case ast.FormattedValue(value=inner, conversion=-1 | 115, format_spec=None):
                value = self.evaluate(inner, place, depth)
                if isinstance(value, str | int | PurePosixPath) and len(str(value)) < _LONGEST:
                    return str(value)
        raise UnknownValueError("it is formatted in a way that is not followed")

    def _elements(self, elements: list[ast.expr], place: Place, depth: int) -> Iterator[Value]:
        for element in elements:
            value = self.evaluate(element.value if isinstance(element, ast.Starred) else element, place, depth)
            if isinstance(element, ast.Starred) and isinstance(value, tuple):
                yield from value
            elif isinstance(element, ast.Starred) and value not in SEARCH_PATH:
                raise UnknownValueError("it unpacks what is not known")
            else:
                yield value

    def _call(self, node: ast.Call, place: Place, depth: int) -> Value:
        # Whether a missing folder is an error makes no difference to where it would be.
        is_plain = all(keyword.arg == "strict" for keyword in node.keywords)
        arguments = list(self._elements(node.args, place, depth)) if is_plain else None
        if isinstance(node.func, ast.Attribute):
            receiver = self.evaluate(node.func.value, place, depth)
            if not isinstance(receiver, Symbol):
                return call_method(receiver, node.func.attr, arguments, WORKING)
        function = self.evaluate(node.func, place, depth)
        if function == Symbol("inspect.currentframe"):
            return Symbol("frame")
        if isinstance(function, Symbol) and function.is_file_of_frame and self.path is not None:
            return invent_place(self.path)
        return call_function(function, arguments, WORKING)


def _read_constant(node: ast.expr) -> Value:
    match node:
        case ast.Constant(value=str() | int() | None as constant):
            return constant
        case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
            return -number
    raise UnknownValueError(_why(node))


def _same(values: list[Value], name: str) -> Value:
    if any(value != values[0] for value in values):
        raise UnknownValueError(f"{name} depends on a condition", is_dynamic=True)
    return values[0]


def _why(node: ast.expr) -> str:
    match node:
        case ast.ListComp() | ast.SetComp() | ast.GeneratorExp():
            return "it is built by a comprehension"
        case ast.BoolOp():
            return "it depends on a condition"
        case ast.Await() | ast.Yield() | ast.YieldFrom():
            return "it is known only when the file runs"
    return "it is computed in a way that is not followed"
