"""Say which module-level names of a Python file stand for one value that nothing changes."""

from __future__ import annotations

import ast
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

# Calls that read a list or dict and neither change nor keep it.
_READING_FUNCTIONS = frozenset(
    {
        "all",
        "any",
        "dict",
        "enumerate",
        "frozenset",
        "len",
        "list",
        "print",
        "set",
        "setup",
        "sorted",
        "str",
        "sum",
        "tuple",
    }
)
_READING_METHODS = frozenset({"copy", "count", "get", "index", "items", "keys", "values"})


@dataclass(frozen=True, slots=True)
class Unknown:
    """Why a name has no value that could be read without running the file."""

    reason: str


class Bindings:
    """The names of one module, judged with suspicion: whatever might rebind or change a name makes it unknown."""

    def __init__(self, module: ast.Module) -> None:
        self._values = dict(_assignments(module))
        self._times: Counter[str] = Counter()
        self._star_line = 0
        self._changed: set[str] = set()
        self._parents: dict[ast.AST, ast.AST] = {}
        for node in ast.walk(module):
            self._parents.update((child, node) for child in ast.iter_child_nodes(node))
            self._times.update(_bound_names(node))
            if isinstance(node, ast.ImportFrom) and node.names[0].name == "*":
                self._star_line = node.lineno
            if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load) and not self._only_reads(node):
                self._changed.add(node.id)

    def value(self, name: str) -> ast.expr | Unknown:
        """Return the expression that `name` stands for wherever the module's code runs to its end."""
        value = self._values.get(name)
        if value is None:
            return Unknown(f"{name} is not assigned at the top level of the file")
        if self._times[name] > 1 or value.lineno < self._star_line:
            return Unknown(f"{name} is bound more than once")
        if name in self._changed and not isinstance(value, (ast.Constant, ast.Tuple)):
            return Unknown(f"{name} may be changed after its assignment")
        return value

    def _only_reads(self, use: ast.expr) -> bool:
        """Tell whether what surrounds a use can neither change the object nor keep it under another name."""
        parent = self._parents[use]
        # EXTRAS["dev"].append(...) changes EXTRAS: what is looked up is judged like the whole.
        while isinstance(parent, ast.Subscript) and isinstance(parent.ctx, ast.Load) and parent.value is use:
            use, parent = parent, self._parents[parent]
        match parent:
            case ast.Attribute():
                return parent.attr in _READING_METHODS
            case ast.Call():
                return parent.func is use or _last_name(parent.func) in _READING_FUNCTIONS
            case ast.keyword():
                call = self._parents[parent]
                return isinstance(call, ast.Call) and _last_name(call.func) in _READING_FUNCTIONS
            case ast.Subscript():
                return parent.slice is use
            case ast.For() | ast.AsyncFor() | ast.comprehension():
                return True
            case ast.BinOp() | ast.Compare() | ast.List() | ast.Tuple() | ast.Dict() | ast.Starred():
                return True
            case ast.FormattedValue() | ast.If() | ast.Expr():
                return True
        return False


def _assignments(module: ast.Module) -> Iterator[tuple[str, ast.expr]]:
    for statement in module.body:
        match statement:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                yield name, value
            case ast.AnnAssign(target=ast.Name(id=name), value=ast.expr() as value):
                yield name, value


def _bound_names(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return (name,)
        case ast.arg(arg=name):
            return (name,)
        case ast.alias():
            return (node.asname or node.name.partition(".")[0],)
        case ast.MatchMapping(rest=str(name)):
            return (name,)
    # Functions, classes, `except ... as`, the captures of `case`.
    bound = getattr(node, "name", None)
    return (bound,) if isinstance(bound, str) else ()


def _last_name(function: ast.expr) -> str:
    match function:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
    return ""
