"""Deletion in LibCST's tree, led by the tree of `ast`: statement i of a block in one is statement i in the other.

Importing this imports LibCST, which takes a quarter of a second: only who deletes does.
"""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import libcst

from rrr_optimize.formats.python_flow import blocks_of
from rrr_optimize.formats.python_removal import NotRemovableError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence

_Line = libcst.SimpleStatementLine | libcst.BaseCompoundStatement
_Import = libcst.Import | libcst.ImportFrom


class Deletion:
    """Leaves out the statements and names of imports whose ids are in `gone`, and copies nothing that keeps all."""

    def __init__(self, gone: Collection[int]) -> None:
        self._gone = gone

    def lines(self, lines: Sequence[Any], block: Sequence[ast.stmt]) -> list[_Line]:
        """Return the lines of a block that are left. Raises NotRemovableError where the trees do not correspond."""
        left: list[_Line] = []
        waiting = list(reversed(block))
        for line in lines:
            if isinstance(line, libcst.SimpleStatementLine):
                own = [waiting.pop() for _ in line.body if waiting]
                if small := self._small(line.body, own):
                    left.append(line if small == list(line.body) else line.with_changes(body=small))
            elif waiting:
                statement = waiting.pop()
                if id(statement) not in self._gone:
                    left.append(self._compound(line, statement))
        if waiting:
            raise NotRemovableError("LibCST sees other statements in it than Python does")
        return left

    def _small(
        self, nodes: Sequence[libcst.BaseSmallStatement], own: Sequence[ast.stmt]
    ) -> list[libcst.BaseSmallStatement]:
        """Return the statements of one line that are left; the last one has no semicolon if what followed is gone."""
        if len(nodes) != len(own):
            raise NotRemovableError("LibCST sees other statements in it than Python does")
        left = [
            self._shorter(node, statement)
            for node, statement in zip(nodes, own, strict=True)
            if id(statement) not in self._gone
        ]
        if left and id(own[-1]) in self._gone:
            left[-1] = left[-1].with_changes(semicolon=libcst.MaybeSentinel.DEFAULT)
        return left

    def _shorter(self, node: libcst.BaseSmallStatement, statement: ast.stmt) -> libcst.BaseSmallStatement:
        """Return an import without the names that go; the last one keeps the comma of the last one before."""
        if not isinstance(statement, ast.Import | ast.ImportFrom) or not isinstance(node, _Import):
            return node
        names = () if isinstance(node.names, libcst.ImportStar) else node.names
        if not any(id(alias) in self._gone for alias in statement.names):
            return node
        left = [name for name, alias in zip(names, statement.names, strict=True) if id(alias) not in self._gone]
        return node.with_changes(names=[*left[:-1], left[-1].with_changes(comma=names[-1].comma)])

    def _compound(self, node: Any, statement: ast.AST) -> Any:
        """Return a compound statement without what goes in its blocks."""
        if not self._is_touched(statement):
            return node
        changes: dict[str, Any] = {}
        for name in ("body", "orelse", "finalbody"):
            block, part = getattr(statement, name, None), getattr(node, name, None)
            if block and part is not None:
                changes[name] = self._part(part, block)
        for name in ("handlers", "cases"):
            parts, others = getattr(node, name, ()), getattr(statement, name, ())
            if parts:
                changes[name] = [
                    part.with_changes(body=self._suite(part.body, other.body))
                    for part, other in zip(parts, others, strict=True)
                ]
        return node.with_changes(**changes)

    def _part(self, part: Any, block: list[ast.stmt]) -> Any:
        if isinstance(part, libcst.BaseSuite):
            return self._suite(part, block)
        if isinstance(part, libcst.If):  # an elif
            return None if id(block[0]) in self._gone else self._compound(part, block[0])
        return part.with_changes(body=self._suite(part.body, block))

    def _suite(self, suite: Any, block: list[ast.stmt]) -> Any:
        left: Sequence[Any]
        if isinstance(suite, libcst.SimpleStatementSuite):
            left = self._small(suite.body, block) or [libcst.Pass()]
        else:
            left = self.lines(suite.body, block) or [libcst.SimpleStatementLine([libcst.Pass()])]
        return suite.with_changes(body=left)

    def _is_touched(self, statement: ast.AST) -> bool:
        return any(id(each) in self._gone for each in _statements_in(statement))


def _statements_in(statement: ast.AST) -> Iterator[ast.stmt]:
    pending: list[Any] = [statement]
    while pending:
        for _, block in blocks_of(pending.pop()):
            yield from block
            pending.extend(block)
