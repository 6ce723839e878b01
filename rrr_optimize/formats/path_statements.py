"""Find the statements of a Python file that change where Python looks for modules.

Only what is code counts: a string or a comment that spells such a statement is passed over, and so is reading the
search path. Calls are recognised by what their names stand for, whatever they are imported as.
"""

from __future__ import annotations

import ast
from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_changes import Change, find_changes
from rrr_optimize.formats.path_evaluation import Evaluator
from rrr_optimize.formats.path_forms import PathForm, PathStatement, Placement, StatementKind
from rrr_optimize.formats.path_operations import UnknownValueError
from rrr_optimize.formats.path_placement import find_placement, form_of
from rrr_optimize.formats.python_flow import Flow, Frame, FunctionNode, Place, blocks_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.formats.path_forms import PathValue

_ENDS = (StatementKind.REMOVE, StatementKind.POP, StatementKind.DELETE)
_TAKING_LISTS = (StatementKind.EXTEND, StatementKind.AUGASSIGN, StatementKind.SLICE)
# Given a path object, these put its text on the search path, or need none.
_MAKING_TEXT = (
    StatementKind.ADDSITEDIR,
    StatementKind.PYTHONPATH_ENV,
    StatementKind.SPEC_FROM_FILE,
    StatementKind.OTHER,
)
_BEGINS = (
    StatementKind.INSERT,
    StatementKind.APPEND,
    StatementKind.EXTEND,
    StatementKind.AUGASSIGN,
    StatementKind.ASSIGN,
    StatementKind.SLICE,
    StatementKind.ADDSITEDIR,
)


def find_path_statements(
    module: ast.Module,
    rows: Sequence[str],
    lines: Sequence[int],
    path: str,
    *,
    is_notebook: bool = False,
    is_whole: bool = True,
) -> tuple[PathStatement, ...]:
    """Return the statements of a file that change the search path, in order; `path` is relative to the root.

    `module` is the tree of the rows. `is_whole` says that it is all that matters: where only parts could be parsed,
    what stands inside something else is not placed. Only the statements that hold one of the telling `lines` are
    looked into, so the cost goes with their number.
    """
    flow = Flow(rows)
    evaluator = Evaluator(None if is_notebook else path, flow)
    found = [
        (place, _describe(change, place, evaluator, is_notebook=is_notebook, is_whole=is_whole))
        for place in _places(module, lines, flow)
        for change in find_changes(place[-1].statement, place, evaluator)
    ]
    return tuple(sorted(_mark_undone(found), key=lambda each: (each.line, each.column)))


def _places(module: ast.Module, lines: Sequence[int], flow: Flow) -> Iterator[Place]:
    """Yield the way to each statement that holds one of the lines, outer ones first."""
    pending: list[tuple[ast.AST, list[ast.stmt], Place]] = [(module, module.body, ())]
    while pending:
        owner, body, outer = pending.pop()
        for index in flow.standing_on(lines, body) if body else ():
            place = (*outer, Frame(owner, body, index))
            yield place
            pending.extend((inner, block, place) for inner, block in blocks_of(body[index]))


def _describe(
    change: Change, place: Place, evaluator: Evaluator, *, is_notebook: bool, is_whole: bool
) -> PathStatement:
    node = change.node
    placement = Placement.NOTEBOOK if is_notebook else find_placement(place, evaluator)
    if not is_whole and placement is Placement.MODULE and node.col_offset:
        placement = Placement.UNKNOWN
    values: tuple[PathValue, ...] = ()
    reason, is_dynamic = "", False
    for argument in change.arguments:
        try:
            for _ in evaluator.rounds(change.loops):
                splits, is_list = change.kind is StatementKind.PYTHONPATH_ENV, change.kind in _TAKING_LISTS
                folders = evaluator.folders(argument, place, splits=splits, is_list=is_list)
                values += tuple(replace(each, is_text=each.is_text or change.kind in _MAKING_TEXT) for each in folders)
        except UnknownValueError as error:
            reason, is_dynamic = error.reason, is_dynamic or error.is_dynamic
    restores = change.replaces and not values and not reason
    if change.arguments and not values and not reason and not restores:
        reason = "it adds nothing"
    return PathStatement(
        kind=change.kind,
        line=node.lineno,
        column=node.col_offset + 1,
        end_line=node.end_lineno or node.lineno,
        end_column=(node.end_col_offset or node.col_offset) + 1,
        form=form_of(change.arguments, evaluator, place) if change.arguments else PathForm.NONE,
        placement=placement,
        values=values,
        reason=reason,
        is_dynamic=is_dynamic,
        restores=restores,
        position=change.position,
    )


def _mark_undone(found: list[tuple[Place, PathStatement]]) -> Iterator[PathStatement]:
    """Mark what is taken back later in the same function, or by another method of the same class."""
    ends = [(place, statement) for place, statement in found if statement.restores or statement.kind in _ENDS]
    for place, statement in found:
        is_undone = statement.kind in _BEGINS and not statement.restores
        is_undone = is_undone and any(_takes_back(place, statement, *end) for end in ends)
        yield replace(statement, undone=True) if is_undone else statement


def _takes_back(place: Place, begin: PathStatement, end_place: Place, end: PathStatement) -> bool:
    function, family = _surroundings(place)
    end_function, end_family = _surroundings(end_place)
    if function is end_function:
        return begin.line <= end.line
    return family is not None and family is end_family


def _surroundings(place: Place) -> tuple[ast.AST | None, ast.AST | None]:
    """Return the innermost function around a place, and the class that this function is a method of."""
    owners = [frame.owner for frame in place]
    for at in range(len(owners) - 1, -1, -1):
        if isinstance(owners[at], FunctionNode):
            outer = owners[at - 1]
            return owners[at], outer if isinstance(outer, ast.ClassDef) else None
    return None, None
