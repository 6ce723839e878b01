"""Work out an expression of a replayed file: paths, texts and lists of them, and nothing else."""

from __future__ import annotations

import ast
import operator
import sys
from pathlib import PurePath
from types import ModuleType
from typing import TYPE_CHECKING, Any

from .values import BUILTINS, FUNCTIONS, LONGEST, UNKNOWN, Symbol, UnknownError, find_method, read_attribute

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, MutableMapping

_MOST_STEPS = 20_000
_MOST_ROUNDS = 50
_FILES_OF_FRAMES = frozenset({"inspect.getfile", "inspect.getsourcefile", "inspect.getabsfile"})
_COMPARISONS: dict[type[ast.cmpop], Callable[[Any, Any], Any]] = {
    ast.Eq: operator.eq,
    ast.NotEq: operator.ne,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Is: operator.is_,
    ast.IsNot: operator.is_not,
    ast.In: lambda one, many: one in many,
    ast.NotIn: lambda one, many: one not in many,
}


class Evaluator:
    """Evaluates expressions over the names of one file; `names` is looked at anew each time."""

    def __init__(self, names: MutableMapping[str, Any]) -> None:
        self.names = names
        self._steps = 0

    def evaluate(self, node: ast.expr) -> Any:
        """Return the value of an expression. Raises UnknownError where only running the file would tell."""
        self._steps = 0
        try:
            return self._value(node)
        except UnknownError:
            raise
        except (ArithmeticError, AttributeError, LookupError, OSError, RuntimeError, TypeError, ValueError):
            # What Python itself would raise here ends the program, or is caught somewhere.
            raise UnknownError from None

    def _value(self, node: ast.AST) -> Any:
        self._steps += 1
        if self._steps > _MOST_STEPS:
            raise UnknownError
        handler = getattr(self, f"_{type(node).__name__.lower()}", None)
        if handler is None:
            raise UnknownError
        value = handler(node)
        if value is UNKNOWN:
            raise UnknownError
        return value

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _index(self, node: Any) -> Any:
        return self._value(node.value)

    def _name(self, node: ast.Name) -> Any:
        if node.id in self.names:
            return self.names[node.id]
        return Symbol(node.id) if node.id in BUILTINS else UNKNOWN

    def _attribute(self, node: ast.Attribute) -> Any:
        value = self._value(node.value)
        if isinstance(value, ModuleType):
            return vars(value).get(node.attr, UNKNOWN)
        return read_attribute(value, node.attr)

    def _subscript(self, node: ast.Subscript) -> Any:
        value = self._value(node.value)
        if isinstance(node.slice, ast.Slice):
            parts = (node.slice.lower, node.slice.upper, node.slice.step)
            return value[slice(*(None if each is None else self._value(each) for each in parts))]
        if isinstance(value, Symbol):
            raise UnknownError
        return value[self._value(node.slice)]

    def _binop(self, node: ast.BinOp) -> Any:
        left, right = self._value(node.left), self._value(node.right)
        if isinstance(node.op, ast.Div) and isinstance(left, (str, PurePath)):
            return left / right
        if isinstance(node.op, ast.Add) and _length(left) + _length(right) < LONGEST:
            return left + right
        if isinstance(node.op, ast.Sub) and isinstance(left, int) and isinstance(right, int):
            return left - right
        if isinstance(node.op, ast.Mult) and _length(left) * _length(right) < LONGEST:
            return left * right
        if isinstance(node.op, ast.Mod) and isinstance(left, str) and left.count("%") == left.count("%s"):
            return left % right
        raise UnknownError

    def _unaryop(self, node: ast.UnaryOp) -> Any:
        value = self._value(node.operand)
        if isinstance(node.op, ast.Not):
            return not value
        if isinstance(node.op, ast.USub) and isinstance(value, int):
            return -value
        raise UnknownError

    def _boolop(self, node: ast.BoolOp) -> Any:
        is_and = isinstance(node.op, ast.And)
        value: Any = is_and
        for each in node.values:
            value = self._value(each)
            if bool(value) is not is_and:
                break
        return value

    def _compare(self, node: ast.Compare) -> Any:
        left = self._value(node.left)
        for kind, other in zip(node.ops, node.comparators):
            right = self._value(other)
            if isinstance(left, Symbol) or isinstance(right, Symbol):
                raise UnknownError
            if not _COMPARISONS[type(kind)](left, right):
                return False
            left = right
        return True

    def _ifexp(self, node: ast.IfExp) -> Any:
        return self._value(node.body if self._value(node.test) else node.orelse)

    def _joinedstr(self, node: ast.JoinedStr) -> str:
        return "".join(str(self._value(each)) for each in node.values)

    def _formattedvalue(self, node: ast.FormattedValue) -> str:
        value = self._value(node.value)
        if node.format_spec is not None or node.conversion not in (-1, 115) or isinstance(value, Symbol):
            raise UnknownError
        return str(value)

    def _list(self, node: ast.List) -> list[Any]:
        return list(self._elements(node.elts))

    def _tuple(self, node: ast.Tuple) -> Any:
        return tuple(self._elements(node.elts))

    def _set(self, node: ast.Set) -> Any:
        return set(self._elements(node.elts))

    def _elements(self, nodes: list[ast.expr]) -> Iterator[Any]:
        for node in nodes:
            if isinstance(node, ast.Starred):
                yield from self._value(node.value)
            else:
                yield self._value(node)

    def _listcomp(self, node: ast.ListComp) -> list[Any]:
        return self._comprehend(node.elt, node.generators)

    def _generatorexp(self, node: ast.GeneratorExp) -> list[Any]:
        return self._comprehend(node.elt, node.generators)

    def _setcomp(self, node: ast.SetComp) -> Any:
        return set(self._comprehend(node.elt, node.generators))

    def _comprehend(self, element: ast.expr, generators: list[ast.comprehension]) -> list[Any]:
        (first, *others) = generators
        if others or not isinstance(first.target, ast.Name):
            raise UnknownError
        values = list(self._value(first.iter))
        if len(values) > _MOST_ROUNDS:
            raise UnknownError
        name = first.target.id
        kept = dict(self.names)
        found = []
        try:
            for value in values:
                self.names[name] = value
                if all(self._value(each) for each in first.ifs):
                    found.append(self._value(element))
        finally:
            self.names.pop(name, None)
            if name in kept:
                self.names[name] = kept[name]
        return found

    def _call(self, node: ast.Call) -> Any:
        if any(keyword.arg != "strict" for keyword in node.keywords):
            raise UnknownError
        if isinstance(node.func, ast.Attribute):
            receiver = self._value(node.func.value)
            if not isinstance(receiver, (Symbol, ModuleType)):
                return _apply(find_method(receiver, node.func.attr), list(self._elements(node.args)))
        function = self._value(node.func)
        if not isinstance(function, Symbol):
            raise UnknownError
        if function.name == "map":
            return self._map(node.args)
        if function.name == "inspect.currentframe":
            return Symbol("frame")
        arguments = list(self._elements(node.args))
        if function.name in _FILES_OF_FRAMES:
            return self.names.get("__file__", UNKNOWN)
        if function.name == "site.addsitedir":
            return _add_site(*arguments)
        if function.name not in FUNCTIONS:
            raise UnknownError
        return _apply(FUNCTIONS[function.name], arguments)

    def _map(self, arguments: list[ast.expr]) -> list[Any]:
        function, values = arguments
        if isinstance(function, ast.Attribute):
            receiver = self._value(function.value)
            if not isinstance(receiver, (Symbol, ModuleType)):
                return [_apply(find_method(receiver, function.attr), [each]) for each in self._value(values)]
        called = self._value(function)
        if not isinstance(called, Symbol) or called.name not in FUNCTIONS:
            raise UnknownError
        return [_apply(FUNCTIONS[called.name], [each]) for each in self._value(values)]


def _apply(function: Callable[..., Any], arguments: list[Any]) -> Any:
    if any(isinstance(each, Symbol) for each in arguments):
        raise UnknownError
    return function(*arguments)


def _add_site(folder: Any) -> None:
    # The real one runs code of `.pth` files.
    path = str(FUNCTIONS["os.path.abspath"](folder))
    if path not in sys.path:
        sys.path.append(path)


def _length(value: Any) -> int:
    return abs(value) if isinstance(value, int) else len(value)
