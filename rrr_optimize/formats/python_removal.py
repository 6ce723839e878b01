"""Take statements out of a Python file: which nodes go, and which characters.

Everything that is not meant stays byte for byte: spans are cut out of the text, and nothing is printed anew.
"""

from __future__ import annotations

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import blocks_of
from rrr_optimize.formats.python_unused import find_unused, without_names
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.formats.python_tree import PythonTree

_PURE_CALLS = frozenset(
    {
        *(
            "str",
            "Path",
            "len",
            "any",
            "all",
            "list",
            "tuple",
            "set",
            "abspath",
            "dirname",
            "join",
            "realpath",
            "resolve",
        ),
        *("exists", "is_dir", "isdir", "normpath", "absolute", "as_posix", "fspath", "joinpath", "expanduser"),
    }
)
_OWN_COMMENT = re.compile(r"\bpath\b|PYTHONPATH|\bimportable\b|\bimports? (?:from|of|work)", re.IGNORECASE)
_BLANK_LINE = re.compile(r"[ \t\f]*(?:\r\n|\r|\n)")
_INDENT = re.compile(r"[ \t]*")
_PARTED_BEHIND = re.compile(r"[ \t]*;[ \t]*")
_PARTED_BEFORE = re.compile(r";[ \t]*$")
_KEPT_COMMENT = re.compile(r"^#(?:!|.*coding[:=])|\b(?:noqa|type:|pylint|pragma|fmt:|isort|mypy|ruff|%%)")


class NotRemovableError(Exception):
    """A statement cannot be cut out; the message says why."""


@dataclass(frozen=True, slots=True)
class Removal:
    """The edits that take statements out, and the lines of every statement that goes or is shortened."""

    edits: tuple[Edit, ...]
    lines: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class _Spot:
    """One statement in its block, and the spot of the statement that owns the block."""

    owner: ast.AST
    body: list[ast.stmt]
    index: int
    outer: _Spot | None

    @property
    def node(self) -> ast.stmt:
        return self.body[self.index]


def remove_statements(
    tree: PythonTree, places: Iterable[tuple[int, int]], kept: frozenset[str] = frozenset()
) -> tuple[Removal, ast.Module]:
    """Return the edits that take the statements at some places (line, column in bytes, from 1) out of a file.

    With each goes a guard or loop around it that holds nothing else, a comment above it that speaks of the path, and
    imports and assignments that only it used, unless their names are among `kept` or the file exports them. Also
    returned is the tree that the edited text must have. Raises NotRemovableError.
    """
    spots = _find_spots(tree.module)
    goners = [_climb(_find(spots, line, column)) for line, column in places]
    whole = {id(spot.node): spot for spot in goners}
    unused = find_unused(tree.module, [spot.node for spot in whole.values()], kept)
    for node in unused.statements:
        spot = spots[id(node)]
        whole[id(node)] = spot
    edits = [_cut(tree, spot, whole) for spot in whole.values() if not _is_inside(spot, whole)]
    edits += [edit for alias in unused.aliases if (edit := _cut_alias(tree, *alias))]
    done = {id(alias) for statement, alias in unused.aliases if _cut_alias(tree, statement, alias)}
    expected = without_names(tree.module, frozenset(whole), frozenset(done))
    nodes = [spot.node for spot in whole.values()]
    lines = sorted({node.lineno for node in nodes} | {statement.lineno for statement, _ in unused.aliases})
    joined = [_tidy(tree.source.text, edit) for edit in _join(edits)]
    return Removal(tuple(_join(joined)), tuple(lines)), expected


def _find_spots(module: ast.Module) -> dict[int, _Spot]:
    found: dict[int, _Spot] = {}
    pending: list[tuple[ast.AST, list[ast.stmt], _Spot | None]] = [(module, module.body, None)]
    while pending:
        owner, body, outer = pending.pop()
        for index, statement in enumerate(body):
            spot = found[id(statement)] = _Spot(owner, body, index, outer)
            pending.extend((inner, block, spot) for inner, block in blocks_of(statement))
    return found


def _find(spots: dict[int, _Spot], line: int, column: int) -> _Spot:
    """Return the statement that is the change at a place, and nothing else."""
    for spot in spots.values():
        match spot.node:
            case ast.AugAssign(lineno=at, col_offset=offset) if (at, offset + 1) == (line, column):
                return spot
            case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Attribute() | ast.Name()) | ast.Name()) as call):
                if (call.lineno, call.col_offset + 1) == (line, column):
                    return spot
    raise NotRemovableError("the change is a part of a larger statement")


def _climb(spot: _Spot) -> _Spot:
    """Return the outermost statement that does nothing but what goes: a guard, or a loop over what is known."""
    outer = spot.outer
    while outer is not None and len(spot.body) == 1:
        match spot.owner:
            case ast.If(test=asked, orelse=[]) | ast.For(iter=asked, orelse=[]) if _is_pure(asked):
                spot, outer = outer, outer.outer
            case _:
                break
    return spot


def _is_pure(node: ast.expr) -> bool:
    """Tell whether an expression does nothing but give a value."""
    for inner in ast.walk(node):
        match inner:
            case ast.Call(func=ast.Name(id=name) | ast.Attribute(attr=name)) if name in _PURE_CALLS:
                continue
            case ast.Call() | ast.Await() | ast.Yield() | ast.YieldFrom() | ast.NamedExpr():
                return False
    return True


def _is_inside(spot: _Spot, whole: dict[int, _Spot]) -> bool:
    outer = spot.outer
    while outer is not None:
        if id(outer.node) in whole:
            return True
        outer = outer.outer
    return False


def _cut(tree: PythonTree, spot: _Spot, whole: dict[int, _Spot]) -> Edit:
    path, text = tree.source.path, tree.source.text
    span = tree.span(spot.node)
    if all(id(statement) in whole for statement in spot.body) and not isinstance(spot.owner, ast.Module):
        if spot.body[0] is not spot.node:
            return Edit(path, _whole_lines(text, span) or _between(text, span), "")
        return Edit(path, span, "pass")
    rows = _whole_lines(text, span)
    if rows is None:
        return Edit(path, _between(text, span), "")
    return Edit(path, _with_comment(text, rows), "")


def _whole_lines(text: str, span: Span) -> Span | None:
    """Return the lines of a statement that has them for itself, with the comment behind it and the line end."""
    start = _line_start(text, span.start)
    end = _line_end(text, span.end)
    behind = text[span.end : end].strip(" \t\f")
    if text[start : span.start].strip(" \t\f") or (behind and not behind.startswith("#")):
        return None
    return Span(start, _next_line(text, end))


def _between(text: str, span: Span) -> Span:
    """Return a statement that shares its line with others, and the semicolon that parts it from them."""
    end = span.end
    behind = _PARTED_BEHIND.match(text, end)
    if behind and not _ends_line(text, behind.end()):
        return Span(span.start, behind.end())
    start = span.start
    before = _PARTED_BEFORE.search(text[_line_start(text, start) : start])
    if before is None:
        raise NotRemovableError("it shares its line with what it belongs to")
    return Span(_line_start(text, start) + before.start(), behind.end() if behind else end)


def _ends_line(text: str, offset: int) -> bool:
    return text[offset : offset + 1] in {"", "\r", "\n", "#"}


def _with_comment(text: str, rows: Span) -> Span:
    """Take in the comment lines right above that are about the path, if they are indented like the statement."""
    indent = _INDENT.match(text, rows.start)
    margin = indent[0] if indent else ""
    start = rows.start
    block: list[str] = []
    while start > 0 and text.startswith(f"{margin}#", line := _previous_line(text, start)):
        block.append(text[line:start].strip())
        start = line
    is_own = (
        block and any(_OWN_COMMENT.search(row) for row in block) and not any(_KEPT_COMMENT.search(row) for row in block)
    )
    return Span(start, rows.end) if is_own else rows


def _tidy(text: str, edit: Edit) -> Edit:
    """Take in the blank lines below whole lines that go which would double those above, or a semicolon left behind."""
    start, end = edit.span.start, edit.span.end
    if edit.replacement:
        return edit
    if _line_start(text, start) != start or _line_start(text, end) != end:
        left = _PARTED_BEFORE.search(text[_line_start(text, start) : start]) if _ends_line(text, end) else None
        return Edit(edit.path, Span(_line_start(text, start) + left.start(), end), "") if left else edit
    above, line = 0, start
    while line > 0 and not text[(before := _previous_line(text, line)) : line].strip():
        above, line = above + 1, before
    below = 0
    while (below < above or line == 0) and (found := _BLANK_LINE.match(text, end)):
        end, below = found.end(), below + 1
    return Edit(edit.path, Span(start, end), "")


def _cut_alias(tree: PythonTree, statement: ast.Import | ast.ImportFrom, alias: ast.alias) -> Edit | None:
    """Return the edit that takes one name out of an import; None where a comment stands between it and the next."""
    text, number = tree.source.text, statement.names.index(alias)
    offsets = [_span_of_alias(tree, each) for each in statement.names]
    if number + 1 < len(offsets):
        span = Span(offsets[number].start, offsets[number + 1].start)
    else:
        span = Span(offsets[number - 1].end, offsets[number].end)
    return None if "#" in text[span.start : span.end] else Edit(tree.source.path, span, "")


def _span_of_alias(tree: PythonTree, alias: ast.alias) -> Span:
    name = ast.Name(id="", lineno=alias.lineno, col_offset=alias.col_offset)
    name.end_lineno, name.end_col_offset = alias.end_lineno, alias.end_col_offset
    return tree.span(name)


def _join(edits: Sequence[Edit]) -> Iterator[Edit]:
    """Join edits that take away what touches or overlaps."""
    waiting: Edit | None = None
    for edit in sorted(edits, key=lambda edit: edit.span):
        if (
            waiting is not None
            and edit.span.start <= waiting.span.end
            and not (waiting.replacement or edit.replacement)
        ):
            waiting = Edit(edit.path, Span(waiting.span.start, max(waiting.span.end, edit.span.end)), "")
            continue
        if waiting is not None:
            yield waiting
        waiting = edit
    if waiting is not None:
        yield waiting


def _line_start(text: str, offset: int) -> int:
    return max(text.rfind("\n", 0, offset), text.rfind("\r", 0, offset)) + 1


def _previous_line(text: str, offset: int) -> int:
    """Return where the line before the one that begins at an offset begins."""
    end = offset - 1
    if text[end : end + 1] == "\n" and text[end - 1 : end] == "\r":
        end -= 1
    return _line_start(text, end)


def _line_end(text: str, offset: int) -> int:
    ends = [found for mark in "\r\n" if (found := text.find(mark, offset)) >= 0]
    return min(ends, default=len(text))


def _next_line(text: str, end: int) -> int:
    return end + (2 if text[end : end + 2] == "\r\n" else 1 if end < len(text) else 0)
