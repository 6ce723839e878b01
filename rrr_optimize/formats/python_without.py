"""The tree of a Python file as it is without some of its statements."""

from __future__ import annotations

import ast
import copy
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from rrr_optimize.formats.python_spots import Spot

_BLOCKS = ("body", "orelse", "finalbody")
_PARTS = ("handlers", "cases")


def leave_out(
    module: ast.Module, spots: Mapping[int, Spot], gone: Collection[int], is_elif: Callable[[Spot], bool]
) -> ast.Module:
    """Return a tree without the statements and names of imports whose ids are in `gone`; `module` stays as it is.

    A block that loses all becomes `pass`, but an `elif` goes with nothing left of it. What has not changed is
    shared by both trees, with its old positions.
    """
    changed: dict[int, ast.stmt] = {}
    touched = [spot for spot in spots.values() if id(spot.node) in gone]
    for spot in spots.values():
        if isinstance(spot.node, ast.Import | ast.ImportFrom) and any(id(each) in gone for each in spot.node.names):
            touched.append(spot)
            shorter = changed[id(spot.node)] = copy.copy(spot.node)
            shorter.names = [each for each in spot.node.names if id(each) not in gone]
    result = copy.copy(module)
    for spot in _innermost_first(touched):
        left = [changed.get(id(each), each) for each in spot.body if id(each) not in gone]
        if spot.outer is None:
            result.body = left
            continue
        outer = spot.outer.node
        copied = changed.setdefault(id(outer), copy.copy(outer))
        is_gone = not left and is_elif(spot)
        _put(outer, copied, spot, left or ([] if is_gone else [ast.Pass()]))
    return result


def _innermost_first(spots: Iterable[Spot]) -> list[Spot]:
    """Return a spot for each block on the way to some statements, those of inner blocks first."""
    blocks: dict[int, Spot] = {}
    for spot in spots:
        inner: Spot | None = spot
        while inner is not None and id(inner.body) not in blocks:
            blocks[id(inner.body)] = inner
            inner = inner.outer
    return sorted(blocks.values(), key=lambda spot: -spot.depth)


def _put(outer: ast.stmt, copied: ast.stmt, spot: Spot, body: list[ast.stmt]) -> None:
    """Give the copy of a statement another block: its own, or that of one of its handlers or cases."""
    if spot.owner is outer:
        name = next(name for name in _BLOCKS if getattr(outer, name, None) is spot.body)
        setattr(copied, name, body)
        return
    for name in _PARTS:
        before: list[ast.AST] = getattr(outer, name, [])
        for index, part in enumerate(before):
            if part is spot.owner:
                parts = list(getattr(copied, name))
                parts[index] = copy.copy(part)
                setattr(parts[index], "body", body)  # noqa: B010  # a handler or a case
                setattr(copied, name, parts)
