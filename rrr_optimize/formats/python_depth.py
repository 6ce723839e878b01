"""How deep Python code is nested, in all that a recursive reader of it has to follow."""

from __future__ import annotations

import ast
import tokenize
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_flow import child_nodes

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.formats.python_tokens import Token

# LibCST reads nested patterns in time that doubles with each level: nine take 5 ms, nineteen 4 s.
_PATTERN = 16
_OPENING, _CLOSING = frozenset("([{"), frozenset(")]}")
_STARTS = frozenset({tokenize.NEWLINE, tokenize.INDENT, tokenize.DEDENT})
_STRINGS = frozenset(
    {tokenize.STRING, *(getattr(tokenize, name, tokenize.STRING) for name in ("FSTRING_START", "TSTRING_START"))}
)
_INSIDE = frozenset(
    {
        *(tokenize.COMMENT, tokenize.NL),
        *(
            getattr(tokenize, name, tokenize.NL)
            for name in ("FSTRING_MIDDLE", "FSTRING_END", "TSTRING_MIDDLE", "TSTRING_END")
        ),
    }
)


def measure_depth(statements: Iterable[ast.stmt], tokens: Iterable[Token]) -> int:
    """Return how deep some statements are nested at most; `tokens` are theirs and nothing else's.

    It adds up what the tree shows (blocks, expressions, and what it keeps side by side though it is read one inside
    the other: the terms of `and`, the loops of a comprehension) and what only the characters do: brackets, and strings
    in a row.
    """
    return max((depth for depth, _ in _depths(statements)), default=0) + _hidden_depth(tokens)


def _depths(statements: Iterable[ast.stmt]) -> Iterator[tuple[int, ast.AST]]:
    pending: list[tuple[int, ast.AST]] = [(1, statement) for statement in statements]
    while pending:
        depth, node = pending.pop()
        depth += _weight(node)
        yield depth, node
        pending.extend((depth + 1, child) for child in child_nodes(node))


def _weight(node: ast.AST) -> int:
    match node:
        case ast.BoolOp(values=values):
            return len(values) - 2
        case ast.alias(name=name):
            return name.count(".")
        case ast.ImportFrom(module=str(name)):
            return name.count(".")
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return len(node.generators) - 1
    return 0


def _hidden_depth(tokens: Iterable[Token]) -> int:
    """Return the deepest nesting of brackets and the longest row of strings, together."""
    brackets = deepest = row = longest = 0
    weight = 1
    before = tokenize.NEWLINE
    for token in tokens:
        if token.kind in _INSIDE:
            continue
        if before in _STARTS:
            # Patterns are nested by brackets, and the tree does not show all of them.
            weight = _PATTERN if token.string == "case" else 1
        before = token.kind
        row = row + 1 if token.kind in _STRINGS else 0
        longest = max(longest, row)
        if row:
            # Before Python 3.12 a formatted string is one token: count whatever looks like a bracket in it.
            deepest = max(deepest, brackets + _brackets_in(token.string))
        elif token.string in _OPENING:
            brackets += weight
            deepest = max(deepest, brackets)
        elif token.string in _CLOSING:
            brackets -= weight
    return deepest + longest


def _brackets_in(string: str) -> int:
    if "f" not in string[:2].lower():
        return 0
    depth = deepest = 0
    for character in string:
        if character in _OPENING:
            depth += 1
            deepest = max(deepest, depth)
        elif character in _CLOSING:
            depth -= 1
    return deepest
