"""Parse Python without running it, and say in characters where its nodes stand."""

from __future__ import annotations

import ast
import re
import warnings
from bisect import bisect_left
from dataclasses import dataclass, field
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING

from rrr_optimize.formats.placed_text import PlacedText, unify_line_ends
from rrr_optimize.formats.text_lines import Line, split_lines
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.source import SourceText

_STRING = re.compile(r"""[rRuU]?(?P<quote>'{3}|"{3}|'|")(?P<content>.*)(?P=quote)""", re.DOTALL)


@dataclass(frozen=True, eq=False)
class PythonTree:
    """The syntax tree of a file. The depth of the tree is bounded only by the parser: walk it without recursion."""

    source: SourceText
    module: ast.Module
    _widths: dict[int, list[int]] = field(default_factory=dict, init=False, repr=False)

    def span(self, node: ast.expr | ast.stmt | ast.keyword | ast.alias) -> Span:
        """Return the characters that a node covers; of a decorated function, from its `def`."""
        end_line, end_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return Span(self._offset(node.lineno, node.col_offset), self._offset(end_line, end_column))

    def text(self, node: ast.expr, value: str) -> PlacedText:
        """Place the value of a string literal: inside its quotes where those characters are the value.

        Where it has escapes or is put together from several literals, the place is the whole expression.
        """
        span = self.span(node)
        match = _STRING.fullmatch(self.source.slice(span))
        if match is None or unify_line_ends(match["content"]) != value:
            return PlacedText(value, span, exact=False)
        return PlacedText(value, Span(span.start + match.start("content"), span.start + match.end("content")))

    @cached_property
    def lines(self) -> list[Line]:
        """The lines of the file; the first one has index 0."""
        return list(split_lines(self.source.text))

    def _offset(self, line: int, column: int) -> int:
        """Turn a line and the UTF-8 bytes before a node on it into an offset."""
        row = self.lines[line - 1]
        if self.source.text.isascii():
            return row.start + column
        if line not in self._widths:
            widths = (len(character.encode()) for character in row.text)
            self._widths[line] = list(accumulate(widths, initial=0))
        return row.start + bisect_left(self._widths[line], column)


def parse_python(source: SourceText) -> PythonTree:
    """Parse a text with the grammar of the running Python; nothing of it is executed or imported.

    Raises PythonError, and nothing else.
    """
    return PythonTree(source, parse_module(source.text))


def parse_module(text: str) -> ast.Module:
    """Return the syntax tree of a text. Raises PythonError, and nothing else."""
    try:
        with warnings.catch_warnings():
            # Doubtful escapes in the target's code are no business of whoever runs us.
            warnings.simplefilter("ignore")
            return ast.parse(text)
    except SyntaxError as error:
        raise PythonError(max(error.lineno or 1, 1), max(error.offset or 1, 1), error.msg) from None
    except (RecursionError, MemoryError):
        raise PythonError(1, 1, "nested deeper than Python's parser follows") from None
    except ValueError as error:  # a NUL or a lone surrogate
        raise PythonError(1, 1, str(error)) from None
