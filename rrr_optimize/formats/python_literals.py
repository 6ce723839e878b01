"""Read the strings that a Python expression holds, where that can be said without running it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from enum import Enum, auto
from typing import TYPE_CHECKING

from rrr_optimize.formats.placed_text import PlacedText
from rrr_optimize.formats.python_bindings import Bindings, Unknown
from rrr_optimize.formats.text_lines import split_lines
from rrr_optimize.model import Span

if TYPE_CHECKING:
    from rrr_optimize.formats.python_tree import PythonTree

# A few lines of `B = A + A` would spell more strings than there are atoms.
_MOST_STEPS = 50_000
_MOST_PARTS = 8


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A part of `what` that is known only when the file runs, and why; never guessed."""

    what: str
    span: Span
    reason: str


class _Role(Enum):
    """What an expression must be: the whole value may also be a string of lines, joined lists may not."""

    WHOLE = auto()
    LIST = auto()
    ITEM = auto()


@dataclass(frozen=True, slots=True)
class _Part:
    node: ast.expr
    role: _Role


class LiteralReader:
    """Read literal strings, lists and dicts of one file; what is not literal is noted in `dynamic`, in order.

    A name counts as the literal it is assigned to where Bindings vouches for it. A list is a list or tuple display of
    strings, or several joined by `+` or `*`-unpacked; the strings in it that are literal are returned even where
    others are not. A string behind a name that is used twice is returned twice, with the same span.
    """

    def __init__(self, python: PythonTree) -> None:
        self.python = python
        self.bindings = Bindings(python.module)
        self.dynamic: list[Dynamic] = []
        self._steps = 0

    def read_text(self, what: str, node: ast.expr) -> PlacedText | None:
        """Return a literal string; None for a literal None and, noted, for whatever is not literal."""
        match self.resolve(node):
            case ast.Constant(value=str(value)) as constant:
                return self.python.text(constant, value)
            case ast.Constant(value=None):
                return None
            case other:
                self.note(what, node, _reason(other))
        return None

    def read_texts(self, what: str, node: ast.expr) -> tuple[PlacedText, ...]:
        """Return the literal strings of a list; a string in its place is read as a list of lines.

        Lines are stripped, blank ones and those that begin with `#` are left out, as setuptools does.
        """
        found: list[PlacedText] = []
        pending = [_Part(node, _Role.WHOLE)]
        while pending:
            part = pending.pop()
            self._steps += 1
            if self._steps > _MOST_STEPS:
                self.note(what, node, "it spells too many strings")
                break
            pending.extend(reversed(self._read_part(what, part, found)))
        return tuple(found)

    def read_table(self, what: str, node: ast.expr) -> list[tuple[PlacedText, ast.expr]]:
        """Return the literal keys of a dict display and the expressions they stand for."""
        match self.resolve(node):
            case ast.Dict(keys=keys, values=values):
                placed = [(self._read_key(what, key, value), value) for key, value in zip(keys, values, strict=True)]
                return [(key, value) for key, value in placed if key]
            case ast.Constant(value=None):
                return []
            case other:
                self.note(what, node, _reason(other))
        return []

    def resolve(self, node: ast.expr) -> ast.expr | Unknown:
        """Follow names to the expression they stand for."""
        value: ast.expr | Unknown = node
        # This ends: a name that another is assigned from counts as changed, unless it is a constant.
        while isinstance(value, ast.Name):
            value = self.bindings.value(value.id)
        return value

    def note(self, what: str, node: ast.expr | ast.keyword, reason: str) -> None:
        """Note that a part of `what` is known only at run time."""
        self.dynamic.append(Dynamic(what, self.python.span(node), reason))

    def _read_part(self, what: str, part: _Part, found: list[PlacedText]) -> list[_Part]:
        """Read one part: put strings into `found` and return the smaller parts to read next."""
        match self.resolve(part.node):
            case ast.Constant(value=str(value)) as constant if part.role is not _Role.LIST:
                placed = self.python.text(constant, value)
                found.extend([placed] if part.role is _Role.ITEM else self._lines(placed))
            case ast.Constant(value=None) if part.role is _Role.WHOLE:
                pass
            case ast.List(elts=elements) | ast.Tuple(elts=elements) if part.role is not _Role.ITEM:
                return [
                    _Part(item.value, _Role.LIST) if isinstance(item, ast.Starred) else _Part(item, _Role.ITEM)
                    for item in elements
                ]
            case ast.BinOp(left=left, op=ast.Add(), right=right) if part.role is not _Role.ITEM:
                return [_Part(left, _Role.LIST), _Part(right, _Role.LIST)]
            case other:
                self.note(what, part.node, _reason(other))
        return []

    def _read_key(self, what: str, key: ast.expr | None, value: ast.expr) -> PlacedText | None:
        if key is None:
            self.note(what, value, "it unpacks another dict")
            return None
        return self.read_text(what, key)

    def _lines(self, placed: PlacedText) -> list[PlacedText]:
        text = self.python.source.slice(placed.span) if placed.exact else placed.text
        lines = []
        for line in split_lines(text):
            content = line.text.strip()
            start = placed.span.start + line.start + len(line.text) - len(line.text.lstrip())
            span = Span(start, start + len(content)) if placed.exact else placed.span
            if content and not content.startswith("#"):
                lines.append(PlacedText(content, span, placed.exact))
        return lines


def _reason(node: ast.expr | Unknown) -> str:
    match node:
        case Unknown():
            return node.reason
        case ast.Call():
            return f"it calls {_called(node)}"
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            return "it is built by a comprehension"
        case ast.JoinedStr():
            return "it is a formatted string"
        case ast.IfExp() | ast.BoolOp():
            return "it depends on a condition"
        case ast.BinOp():
            return "it is computed by an operator"
        case ast.Subscript() | ast.Attribute():
            return "it is looked up when the file runs"
    return "it is not a literal string, list or dict of the kind that belongs here"


def _called(call: ast.expr) -> str:
    """Spell a chain of calls without its arguments, `open().read()`, from its beginning on."""
    parts: list[str] = []
    while isinstance(call, (ast.Call, ast.Attribute)):
        if isinstance(call, ast.Call):
            parts.append("()")
            call = call.func
        else:
            parts.append(f".{call.attr}")
            call = call.value
    parts.append(call.id if isinstance(call, ast.Name) else "...")
    return "".join(reversed(parts[-_MOST_PARTS:]))
