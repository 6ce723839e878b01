"""The characters to cut out of a Python file so that some of its statements and imported names go."""

from __future__ import annotations

import ast
import re
from itertools import groupby
from typing import TYPE_CHECKING

from rrr_optimize.formats.removal_comments import find_own_comment, find_tail
from rrr_optimize.formats.text_lines import line_start, next_line
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping, Sequence

    from rrr_optimize.formats.python_spots import Spot
    from rrr_optimize.formats.python_tree import PythonTree

_PARTED = re.compile(r"[ \t\f]*;(?:[ \t\f]|\\(?:\r\n|\r|\n))*")
_CLOSING = re.compile(r"[ \t\f]*;")


def is_elif(tree: PythonTree, spot: Spot) -> bool:
    """Tell whether a statement is the `elif` of the one that it stands in: where it goes, no block is left empty."""
    if not (isinstance(spot.node, ast.If) and isinstance(spot.owner, ast.If) and spot.owner.orelse is spot.body):
        return False
    return tree.source.text.startswith("elif", tree.span(spot.node).start)


class Cuts:
    """The edits that take statements out, and what is found on the way: comments that go, names that can.

    `whole` are all statements that go; of them `meant` are those because of which the others do.
    """

    def __init__(self, tree: PythonTree, whole: Mapping[int, Spot], meant: Collection[int]) -> None:
        self._tree = tree
        self._text = tree.source.text
        self._whole = whole
        self._meant = meant
        self.comments: set[int] = set()
        self.gone_names: frozenset[int] = frozenset()

    def statements(self) -> Iterator[Edit]:
        """Yield the edits for the statements; those inside another one that goes need none."""
        blocks = {id(spot.body): spot for spot in self._whole.values() if not self._is_inside(spot)}
        for spot in blocks.values():
            emptied = all(id(node) in self._whole for node in spot.body) and spot.outer is not None
            keeps_pass = emptied and not is_elif(self._tree, spot)
            for line in _logical_lines(self._tree, spot.body):
                yield from self._cut(spot.body, line, keeps_pass=keeps_pass and line[0] is spot.body[0])

    def _is_inside(self, spot: Spot) -> bool:
        outer = spot.outer
        while outer is not None:
            if id(outer.node) in self._whole:
                return True
            outer = outer.outer
        return False

    def _cut(self, body: list[ast.stmt], line: list[ast.stmt], *, keeps_pass: bool) -> Iterator[Edit]:
        gone = [id(node) in self._whole for node in line]
        spans = [self._tree.span(node) for node in line]
        if not any(gone):
            return
        if not all(gone):
            yield from (self._edit(span) for span in _cut_items(spans, gone, _end_of_row(self._text, spans[-1].end)))
            return
        own = find_own_comment(self._tree, body, body.index(line[0]), self._whole, self._meant)
        tail = find_tail(self._text, line[-1], spans[-1])
        self.comments.update(own.rows, tail.rows)
        if keeps_pass:
            yield Edit(self._tree.source.path, Span(spans[0].start, _end_of_row(self._text, spans[-1].end)), "pass")
            yield from (self._edit(comment.span) for comment in (own, tail) if comment.rows)
            return
        start = own.span.start if own.rows else line_start(self._text, spans[0].start)
        end = tail.span.end if tail.rows else next_line(self._text, spans[-1].end)
        yield self._edit(Span(start, end))

    def names(self, aliases: Sequence[tuple[ast.Import | ast.ImportFrom, ast.alias]]) -> Iterator[Edit]:
        """Yield the edits for single names of imports, but for those beside which a comment stands."""
        for _, pairs in groupby(aliases, key=lambda pair: id(pair[0])):
            found = list(pairs)
            statement, wanted = found[0][0], {id(alias) for _, alias in found}
            spans = [self._tree.span(alias) for alias in statement.names]
            gone = [id(alias) in wanted for alias in statement.names]
            cuts = list(_cut_items(spans, gone, spans[-1].end))
            if not any("#" in self._text[cut.start : cut.end] for cut in cuts):
                self.gone_names |= wanted
                yield from map(self._edit, cuts)

    def _edit(self, span: Span) -> Edit:
        return Edit(self._tree.source.path, span, "")


def share_a_line(tree: PythonTree, before: ast.stmt, node: ast.stmt) -> bool:
    """Tell whether a statement stands behind a semicolon on the logical line of the one before it."""
    gap = node.lineno - (before.end_lineno or 0)
    # A look at the characters between all statements would take longer than the rest.
    if gap and not (gap == 1 and tree.lines[node.lineno - 2].text.endswith("\\")):
        return False
    return bool(_PARTED.fullmatch(tree.source.text, tree.span(before).end, tree.span(node).start))


def _logical_lines(tree: PythonTree, body: list[ast.stmt]) -> Iterator[list[ast.stmt]]:
    """Yield the statements of a block in groups: those that semicolons part stand on one logical line."""
    line = [body[0]]
    for node in body[1:]:
        if share_a_line(tree, line[-1], node):
            line.append(node)
            continue
        yield line
        line = [node]
    yield line


def _end_of_row(text: str, end: int) -> int:
    """Return where a row of statements ends, by the end of the last one: behind the semicolon, if one follows."""
    match = _CLOSING.match(text, end)
    return match.end() if match else end


def _cut_items(spans: Sequence[Span], gone: Sequence[bool], end: int) -> Iterator[Span]:
    """Yield the spans to cut where some of several things in a row go, but not all, each with one separator.

    The row ends where `end` says; if the last thing goes, all goes down to there.
    """
    last_kept = max(index for index, goes in enumerate(gone) if not goes)
    for index in range(last_kept):
        if gone[index]:
            yield Span(spans[index].start, spans[index + 1].start)
    if last_kept + 1 < len(spans):
        yield Span(spans[last_kept].end, end)
