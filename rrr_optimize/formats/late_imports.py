"""Comments that let an import stand below code (`# noqa: E402`), where no code stands above it any more."""

from __future__ import annotations

import ast
import re
from typing import TYPE_CHECKING

from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rrr_optimize.formats.python_tree import PythonTree

_CODE = "E402"
_NOQA = re.compile(
    r"[ \t]*#[ \t]*noqa[ \t]*:[ \t]*(?P<codes>[A-Z]+[0-9]+(?:[ \t]*,?[ \t]*[A-Z]+[0-9]+)*)", re.IGNORECASE
)
_CODES = re.compile(r"[A-Z]+[0-9]+", re.IGNORECASE)
_DUNDER = re.compile(r"__[^\s]+__")


def find_stale_marks(tree: PythonTree, expected: ast.Module) -> Iterator[Edit]:
    """Yield the edits that take E402 out of the comments of top-level imports that need it no more.

    `expected` is the tree without the statements that go, with their old positions. Other codes stay, and so does a
    `# noqa` without codes. What counts as code above an import is what pycodestyle counts: not docstrings, imports,
    conditions, `try`, `with`, and assignments to dunder names.
    """
    rows = tree.lines
    standing = {line for statement in expected.body if _is_import(statement) for line in _lines(statement)}
    freed = set(_needing(tree.module)) - set(_needing(expected))
    for line in sorted(freed & standing):
        row = rows[line - 1]
        if match := _NOQA.search(row.text):
            yield _edit(tree.source.path, row.start, row.text, match)


def _needing(module: ast.Module) -> Iterator[int]:
    """Yield the lines of the top-level imports that code stands above; lines of a longer import count each."""
    is_below, has_docstring = False, False
    for statement in module.body:
        match statement:
            case ast.Import() | ast.ImportFrom():
                if is_below:
                    yield from _lines(statement)
            case ast.Expr(value=ast.Constant(value=str())):
                is_below, has_docstring = is_below or has_docstring, True
            case ast.If() | ast.Try() | ast.TryStar() | ast.With() | ast.AsyncWith():
                pass
            case ast.Assign(targets=[ast.Name(id=name)]) | ast.AnnAssign(target=ast.Name(id=name)) if _DUNDER.match(
                name
            ):
                pass
            case _:
                is_below = True


def _is_import(statement: ast.stmt) -> bool:
    return isinstance(statement, ast.Import | ast.ImportFrom)


def _lines(statement: ast.stmt) -> range:
    return range(statement.lineno, (statement.end_lineno or statement.lineno) + 1)


def _edit(path: str, start: int, text: str, match: re.Match[str]) -> Edit:
    codes = _CODES.findall(match["codes"])
    left: Collection[str] = [code for code in codes if code.upper() != _CODE]
    if not left:
        end = match.end() if text[match.end() :].strip() else len(text)
        return Edit(path, Span(start + match.start(), start + end), "")
    first, last = match.span("codes")
    return (
        Edit(path, Span(start + first, start + last), ", ".join(left))
        if len(left) < len(codes)
        else Edit(path, Span(start + first, start + first), "")
    )
