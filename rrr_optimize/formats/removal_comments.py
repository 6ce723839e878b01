"""The comments that go with statements: those that nothing else is headed by, and those at the end of a block."""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import first_line
from rrr_optimize.formats.python_rows import split_rows
from rrr_optimize.formats.text_lines import line_end, line_start, next_line, previous_line
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from collections.abc import Collection, Container, Iterator

    from rrr_optimize.formats.python_tree import PythonTree

_ABOUT_THE_PATH = re.compile(
    r"\bpaths?\b|PYTHONPATH|\bimportable\b|\bimports? (?:from|of|work)|\b(?:allow|can|enable) import", re.IGNORECASE
)
_KEPT = re.compile(
    r"^#(?:!|.*coding[:=])|\b(?:noqa|type:|pylint|pragma|pyright|fmt:|isort|mypy|ruff|nosec|copyright|licen[cs]ed?|spdx)\b"
    r"|\btype:|fmt:|%%",
    re.IGNORECASE,
)
_CHANGES_THE_PATH = re.compile(r"\bsys\s*\.\s*path\b|PYTHONPATH|addsitedir|syspath_prepend")
# A line to divide sections, or code that is switched off.
_NO_PROSE = re.compile(r"^#\W{3,}|[=(]|^#\s*(?:from|import|def|class|if|for|with)\b")
_LONG = 3
_INDENT = re.compile(r"[ \t\f]*")
_WORD = re.compile(r"[A-Za-z_]\w*")


@dataclass(frozen=True, slots=True)
class Comment:
    """Rows of comments, numbered from 1, and the whole lines that they are; no rows where there is none."""

    span: Span
    rows: range = range(0)


def find_own_comment(
    tree: PythonTree, body: list[ast.stmt], index: int, gone: Container[int], meant: Container[int]
) -> Comment:
    """Return the comment right above a statement of a block, if it goes with the statement.

    It heads all down to the next blank line. If it speaks of the path, it goes unless something that stays below it
    changes the path, too. If not, everything that it heads has to go, a statement that is meant among it, and the
    comment must be a few lines of prose that name nothing that stays. What a tool or a lawyer reads stays.
    """
    text, start = tree.source.text, line_start(tree.source.text, tree.span(body[index]).start)
    found = _comment_above(text, start, body[index].lineno)
    rows = [row.strip() for row in split_rows(text[found.span.start : found.span.end]) if row]
    headed = list(_headed(text, tree, body, index))
    stays = [node for node in headed if id(node) not in gone]
    if not rows or any(_KEPT.search(row) for row in rows):
        return Comment(found.span)
    if any(_ABOUT_THE_PATH.search(row) for row in rows):
        is_own = not any(_CHANGES_THE_PATH.search(tree.source.slice(tree.span(node))) for node in stays)
    else:
        is_own = (
            not stays
            and any(id(node) in meant for node in headed)
            and found.span.start > 0
            and len(rows) <= _LONG
            and not any(_NO_PROSE.search(row) for row in rows)
            and not _names_what_stays(rows, tree.module, gone)
        )
    return found if is_own else Comment(found.span)


def find_tail(text: str, node: ast.stmt, span: Span) -> Comment:
    """Return the comments below a compound statement that are indented deeper than it: they end its last block."""
    start = next_line(text, span.end)
    if not isinstance(node, ast.If | ast.For) or node.body[0].lineno == node.lineno:
        return Comment(Span(start, start))
    margin = span.start - line_start(text, span.start)
    end = at = start
    rows, taken = 0, 0
    while at < len(text):
        row = text[at : line_end(text, at)]
        indent = _width(row)
        if row.strip() and not (row.lstrip().startswith("#") and indent > margin):
            break
        at, rows = next_line(text, at), rows + 1
        if row.strip():
            end, taken = at, rows
    first = (node.end_lineno or node.lineno) + 1
    return Comment(Span(start, end), range(first, first + taken))


def _comment_above(text: str, start: int, line: int) -> Comment:
    """Return the comment lines right above a line, if they are indented like it."""
    match = _INDENT.match(text, start)
    margin, end, first = match[0] if match else "", start, line
    while start > 0 and text.startswith(f"{margin}#", above := previous_line(text, start)):
        start, first = above, first - 1
    return Comment(Span(start, end), range(first, line))


def _headed(text: str, tree: PythonTree, body: list[ast.stmt], index: int) -> Iterator[ast.stmt]:
    """Yield the statements of a block from one on, down to a blank line."""
    yield body[index]
    for before, node in zip(body[index:], body[index + 1 :], strict=False):
        if first_line(node) - (before.end_lineno or 0) > 1:
            between = split_rows(text[tree.span(before).end : tree.span(node).start])
            if not all(row.strip() for row in between[1:-1]):
                return
        yield node


def _names_what_stays(rows: Collection[str], module: ast.Module, gone: Container[int]) -> bool:
    words = {word for row in rows for word in _WORD.findall(row)}
    pending: list[ast.AST] = [module]
    while pending:
        node = pending.pop()
        if id(node) in gone:
            continue
        if not words.isdisjoint(_names(node)):
            return True
        pending.extend(ast.iter_child_nodes(node))
    return False


def _names(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
            return (name,)
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
            return (name,)
        case ast.alias(name=name, asname=other):
            return (*name.split("."), other or "")
        case ast.ImportFrom(module=str(name)):
            return tuple(name.split("."))
    return ()


def _width(row: str) -> int:
    return len(row) - len(row.lstrip(" \t\f"))
