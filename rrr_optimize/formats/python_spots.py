"""Every statement of a Python file with the block that it stands in."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import blocks_of

if TYPE_CHECKING:
    import ast


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """One statement in its block: what owns the block, and the spot of the statement that holds it, if one does."""

    owner: ast.AST
    body: list[ast.stmt]
    index: int
    outer: Spot | None

    @property
    def node(self) -> ast.stmt:
        """The statement."""
        return self.body[self.index]

    @property
    def top(self) -> Spot:
        """The spot of the top-level statement that it stands in or is."""
        spot = self
        while spot.outer is not None:
            spot = spot.outer
        return spot

    @property
    def depth(self) -> int:
        """How many statements it stands in."""
        depth, outer = 0, self.outer
        while outer is not None:
            depth, outer = depth + 1, outer.outer
        return depth


def find_spots(module: ast.Module) -> dict[int, Spot]:
    """Return the spot of every statement, by the id of its node."""
    found: dict[int, Spot] = {}
    pending: list[tuple[ast.AST, list[ast.stmt], Spot | None]] = [(module, module.body, None)]
    while pending:
        owner, body, outer = pending.pop()
        for index, statement in enumerate(body):
            spot = found[id(statement)] = Spot(owner, body, index, outer)
            pending.extend((inner, block, spot) for inner, block in blocks_of(statement))
    return found
