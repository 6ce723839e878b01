"""Say where a statement stands in its file, and how the folder that it names is written."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING

from rrr_optimize.formats.path_forms import PathForm, Placement
from rrr_optimize.formats.path_operations import SEARCH_PATH
from rrr_optimize.formats.python_imports.places import is_main, may_forgive

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.formats.path_evaluation import Evaluator
    from rrr_optimize.formats.python_flow import Frame, Place

_WRAPPERS = ("str", "fspath", "list", "tuple")
_PATHLIB = ("Path", "PurePath", "PosixPath", "joinpath", "resolve", "absolute", "as_posix", "cwd", "with_name")
_OS_PATH = ("join", "dirname", "abspath", "realpath", "normpath", "expanduser", "getcwd", "fspath", "relpath")
_MOST_NESTED = 50


def find_placement(place: Place, evaluator: Evaluator) -> Placement:
    """Return where a statement stands: the first of the placements, in their order, that holds."""
    found = {_around(frame, place[:depth], evaluator) for depth, frame in enumerate(place)}
    return next((each for each in Placement if each in found), Placement.MODULE)


def form_of(arguments: Sequence[ast.expr], evaluator: Evaluator, place: Place) -> PathForm:
    """Return how the folder is written: of nested forms the outermost, wrappers and a list of one apart."""
    if len(arguments) > 1:
        return PathForm.LIST
    node = arguments[0]
    for _ in range(_MOST_NESTED):
        match node:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name), args=[inner]) if name in _WRAPPERS:
                node = inner
            case ast.List(elts=[inner]) | ast.Tuple(elts=[inner]) if not isinstance(inner, ast.Starred):
                node = inner
            case ast.BinOp(op=ast.Add(), left=left, right=right) if _is_search_path(left, evaluator, place):
                node = right
            case ast.BinOp(op=ast.Add(), left=left, right=right) if _is_search_path(right, evaluator, place):
                node = left
            case _:
                break
    return _form(node)


def _is_search_path(node: ast.expr, evaluator: Evaluator, place: Place) -> bool:
    return evaluator.names(node, place, *SEARCH_PATH)


def _form(node: ast.expr) -> PathForm:
    match node:
        case ast.Constant():
            return PathForm.LITERAL
        case ast.Name():
            return PathForm.NAME
        case ast.JoinedStr():
            return PathForm.F_STRING
        case ast.List() | ast.Tuple() | ast.Set() | ast.ListComp() | ast.GeneratorExp():
            return PathForm.LIST
        case (
            ast.BinOp(op=ast.Div()) | ast.Attribute(attr="parent") | ast.Subscript(value=ast.Attribute(attr="parents"))
        ):
            return PathForm.PATHLIB
        case ast.BinOp(op=ast.Add() | ast.Mod()):
            return PathForm.CONCATENATION
        case ast.Call():
            return _form_of_call(node.func)
    return PathForm.OTHER


def _form_of_call(function: ast.expr) -> PathForm:
    match function:
        case ast.Attribute(attr="format") | ast.Attribute(attr="join", value=ast.Constant()):
            return PathForm.CONCATENATION
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _PATHLIB:
            return PathForm.PATHLIB
        case ast.Name(id=name) | ast.Attribute(attr=name) if name in _OS_PATH:
            return PathForm.OS_PATH
    return PathForm.CALL


def _around(frame: Frame, place: Place, evaluator: Evaluator) -> Placement:
    match frame.owner:
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            return Placement.FUNCTION
        case ast.ClassDef():
            return Placement.CLASS
        case ast.If(test=test, body=body) if is_main(test) and frame.body is body:
            return Placement.MAIN
        case ast.If(test=test):
            return Placement.GUARD if _is_guard(test, evaluator, place) else Placement.CONDITION
        case ast.Try() | ast.TryStar() | ast.ExceptHandler():
            return Placement.TRY
        case ast.For() | ast.AsyncFor() | ast.While():
            return Placement.LOOP
        case ast.match_case():
            return Placement.CONDITION
        case ast.With() | ast.AsyncWith() as block:
            return Placement.TRY if may_forgive(block) else Placement.WITH
    return Placement.MODULE


def _is_guard(test: ast.expr, evaluator: Evaluator, place: Place) -> bool:
    """Tell whether a condition asks if the search path holds something already."""
    for node in ast.walk(test):
        match node:
            case ast.Compare(ops=[ast.NotIn() | ast.In()], comparators=[where]) if _is_search_path(
                where, evaluator, place
            ):
                return True
    return False
