"""The names that statements of a replayed file see, and how they bind them."""

from __future__ import annotations

import ast
import sys
from collections import ChainMap
from typing import TYPE_CHECKING, Any

from .evaluation import Evaluator
from .values import UNKNOWN, UnknownError

if TYPE_CHECKING:
    from collections.abc import Iterable, MutableMapping
    from types import ModuleType

    from .reading import Source


class Scope:
    """Where statements run: the file, the names they see, and what holds of them.

    `guarded` tells that an `except` around them catches an ImportError, `late` that a function holds them, and
    `only_paths` that imports are passed over.
    """

    def __init__(self, module: ModuleType, path: str, source: Source, names: MutableMapping[str, Any]) -> None:
        self.module, self.path, self.source, self.names = module, path, source, names
        self.evaluator = Evaluator(names)
        self.guarded = self.late = self.only_paths = False

    def inner(self, bound: Iterable[str] = (), *, late: bool, only_paths: bool = False) -> Scope:
        """Return the scope of a function or class in this one, in which these names have values that nobody knows."""
        found = Scope(self.module, self.path, self.source, ChainMap(dict.fromkeys(bound, UNKNOWN), self.names))
        found.late, found.only_paths = late, only_paths or self.only_paths
        return found

    def evaluate(self, node: ast.expr) -> Any:
        """Return the value of an expression, or UNKNOWN."""
        try:
            return self.evaluator.evaluate(node)
        except UnknownError:
            return UNKNOWN


def bind(target: ast.expr, value: Any, names: MutableMapping[str, Any]) -> None:
    """Bind the names of a target to a value, or to the parts of it."""
    if isinstance(target, ast.Name):
        names[target.id] = value
    elif isinstance(target, ast.Starred):
        bind(target.value, UNKNOWN, names)
    elif isinstance(target, (ast.Tuple, ast.List)):
        fits = isinstance(value, (list, tuple)) and len(value) == len(target.elts)
        for number, each in enumerate(target.elts):
            bind(each, value[number] if fits else UNKNOWN, names)


def as_read(target: ast.expr) -> ast.expr:
    """Return the expression that reads what a target writes."""
    found: ast.expr = target
    if isinstance(target, ast.Name):
        found = ast.Name(target.id, ast.Load())
    elif isinstance(target, ast.Attribute):
        found = ast.Attribute(target.value, target.attr, ast.Load())
    elif isinstance(target, ast.Subscript):
        found = ast.Subscript(target.value, target.slice, ast.Load())
    return found


def replace_entries(part: ast.AST | None, value: Any, scope: Scope) -> None:
    """Assign to the search path, or to a part of it."""
    try:
        if part is None:
            sys.path[:] = value
        elif isinstance(part, ast.Slice):
            ends = (part.lower, part.upper, part.step)
            sys.path[slice(*(None if each is None else scope.evaluator.evaluate(each) for each in ends))] = value
        else:
            at = scope.evaluator.evaluate(part)  # type: ignore[arg-type]  # before Python 3.9 it is an ast.Index
            sys.path[at : at + 1 or None] = value if value == [] else [value]
    except (TypeError, UnknownError, ValueError):
        return
