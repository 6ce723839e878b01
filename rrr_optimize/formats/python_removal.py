"""Take statements out of a Python file: which nodes go with them, and the edits that cut all of it.

Everything that is not meant stays byte for byte: spans are cut out of the text, and nothing is printed anew.
"""

from __future__ import annotations

import ast
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_spots import find_spots
from rrr_optimize.formats.python_unused import Uses, find_unused, is_pure
from rrr_optimize.formats.python_without import leave_out
from rrr_optimize.formats.removal_cuts import Cuts, is_elif
from rrr_optimize.formats.removal_gaps import close_gaps

if TYPE_CHECKING:
    from collections.abc import Container, Iterable

    from rrr_optimize.formats.python_spots import Spot
    from rrr_optimize.formats.python_tree import PythonTree
    from rrr_optimize.model import Edit

_PURE_CALLS = frozenset(
    {
        *("str", "Path", "len", "any", "all", "list", "tuple", "set", "abspath", "dirname", "join", "realpath"),
        *("resolve", "exists", "is_dir", "isdir", "normpath", "absolute", "as_posix", "fspath", "joinpath"),
        "expanduser",
    }
)


class NotRemovableError(Exception):
    """A statement cannot be cut out; the message says why."""


@dataclass(frozen=True, slots=True)
class Removal:
    """Statements and names that go out of a file.

    `gone` are the ids of their nodes in its tree, and `spots` are where they stand, or the imports that get shorter.
    `expected` is the tree that is left, and `comments` are the rows (from 1) of the comments that go although they
    stand outside of every statement that does. `documented` is the line of a text that
    becomes a docstring, 0 for none.
    """

    edits: tuple[Edit, ...]
    gone: frozenset[int]
    spots: tuple[Spot, ...]
    expected: ast.Module
    comments: frozenset[int]
    documented: int = 0


class Remover:
    """Takes statements out of one file, in any combination; `kept` are names that stay whoever uses them."""

    def __init__(self, tree: PythonTree, kept: Container[str] = frozenset()) -> None:
        self.tree = tree
        self._kept = kept
        self._spots = find_spots(tree.module)
        self._uses = Uses(tree)
        self._known: dict[tuple[tuple[int, int], ...], Removal] = {}

    def check(self, place: tuple[int, int]) -> None:
        """Raise NotRemovableError unless the statement at a place (line, column in bytes, from 1) can go."""
        _find(self._spots, *place)

    def remove(self, places: Iterable[tuple[int, int]]) -> Removal:
        """Return what goes with the statements at some places.

        With each goes a guard or loop around it that holds nothing else, a comment above it that is about nothing else,
        and imports and assignments that only it used, unless the file exports them. Raises NotRemovableError.
        """
        wanted = tuple(sorted(places))
        if wanted not in self._known:
            self._known[wanted] = self._remove(wanted)
        return self._known[wanted]

    def _remove(self, places: tuple[tuple[int, int], ...]) -> Removal:
        meant = [_climb(_find(self._spots, *place)) for place in places]
        unused = find_unused(self._uses, [spot.node for spot in meant], self._kept)
        whole = {id(spot.node): spot for spot in meant}
        whole |= {id(node): self._spots[id(node)] for node in unused.statements}
        cuts = Cuts(self.tree, whole, frozenset(id(spot.node) for spot in meant))
        edits = [*cuts.statements(), *cuts.names(unused.aliases)]
        gone = frozenset(whole) | cuts.gone_names
        left = leave_out(self.tree.module, self._spots, gone, lambda spot: is_elif(self.tree, spot))
        imports = [self._spots[id(statement)] for statement, _ in unused.aliases]
        spots = (*whole.values(), *imports)
        documented = _documented(whole, gone)
        closed = close_gaps(self.tree.source.text, edits)
        return Removal(closed, gone, spots, left, frozenset(cuts.comments), documented)


def _find(spots: dict[int, Spot], line: int, column: int) -> Spot:
    """Return the statement that is the change at a place, and nothing else."""
    for spot in spots.values():
        match spot.node:
            case ast.AugAssign(lineno=at, col_offset=offset) if (at, offset + 1) == (line, column):
                return spot
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute() | ast.Name()) | ast.Name()) as call):
                if (call.lineno, call.col_offset + 1) == (line, column):
                    return spot
    raise NotRemovableError("the change is a part of a larger statement")


def _documented(whole: dict[int, Spot], gone: frozenset[int]) -> int:
    """Return the line of the first text that stands at the beginning of a module, class or function only afterwards."""
    for spot in whole.values():
        first = next((each for each in spot.body if id(each) not in gone), None)
        is_owner = isinstance(spot.owner, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        match first:
            case ast.Expr(value=ast.Constant(value=str()), lineno=line) if is_owner and first is not spot.body[0]:
                return line
    return 0


def _climb(spot: Spot) -> Spot:
    """Return the outermost statement that does nothing but what goes: a guard, or a loop over what is known."""
    outer = spot.outer
    while outer is not None and len(spot.body) == 1:
        match spot.owner:
            case ast.If(test=asked, orelse=[]) | ast.For(iter=asked, orelse=[]) if is_pure(asked, _PURE_CALLS):
                spot, outer = outer, outer.outer
            case _:
                break
    return spot
