"""Where a statement stands, and what that says about when it runs."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import blocks_of
from rrr_optimize.formats.python_imports.model import Timing

if TYPE_CHECKING:
    from collections.abc import Iterator

_CATCHING = frozenset({"ImportError", "ModuleNotFoundError", "Exception", "BaseException"})
# Of contextlib, pytest and unittest.
_FORGIVING = frozenset({"suppress", "raises", "assertRaises", "assertRaisesRegex"})


@dataclass(frozen=True, slots=True)
class Place:
    """When what stands here runs, and whether an `except` around it catches an ImportError."""

    timing: Timing = Timing.ALWAYS
    tolerates: bool = False


SCOPES = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)


def placed_blocks(statement: ast.stmt, place: Place) -> Iterator[tuple[list[ast.stmt], Place]]:
    """Yield the blocks of a statement that stands in a place, each with the place of what stands in it."""
    for owner, body in blocks_of(statement):
        yield body, _enter(statement, owner, body, place)


def _enter(statement: ast.stmt, owner: ast.AST, body: list[ast.stmt], place: Place) -> Place:
    match statement:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return Place(_later(place.timing, Timing.LATER), place.tolerates)
        case ast.ClassDef():
            return place
        case ast.With() | ast.AsyncWith():
            return Place(_later(place.timing, Timing.MAYBE), place.tolerates) if may_forgive(statement) else place
        case ast.If(test=test) if is_typing(test) and body is statement.body:
            return Place(Timing.NEVER)
        case ast.If(test=test) if is_main(test) and body is statement.body:
            return Place(_later(place.timing, Timing.MAIN), place.tolerates)
        case ast.Try() | ast.TryStar():
            is_caught = body is statement.body and any(_catches(handler) for handler in statement.handlers)
            is_certain = body is statement.finalbody or (body is statement.body and not statement.handlers)
            timing = place.timing if is_certain else _later(place.timing, Timing.MAYBE)
            # What a handler imports instead may be missing as well; then the program ends.
            return Place(timing, place.tolerates or (is_caught and owner is statement))
    return Place(_later(place.timing, Timing.MAYBE), place.tolerates)


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


def may_forgive(block: ast.With | ast.AsyncWith) -> bool:
    """Return whether a block is known to go on behind an error in it, as `with contextlib.suppress(ImportError)`."""
    for item in block.items:
        match item.context_expr:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _FORGIVING:
                return True
    return False


def is_typing(test: ast.expr) -> bool:
    """Return whether a condition holds for type checkers alone: `TYPE_CHECKING`, `typing.TYPE_CHECKING`."""
    match test:
        case ast.Name(id="TYPE_CHECKING") | ast.Attribute(attr="TYPE_CHECKING"):
            return True
    return False
