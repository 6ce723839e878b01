"""Say which definitions of a name may reach a place in a Python file, without running it."""

from __future__ import annotations

import ast
from bisect import bisect_left, bisect_right
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_rows import rows_with

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FunctionNode = ast.FunctionDef | ast.AsyncFunctionDef
_TARGETS = frozenset({ast.Name, ast.Tuple, ast.List, ast.Starred})
_LOOPS = (ast.For, ast.AsyncFor, ast.While)
_LEAVES = (ast.Name, ast.Constant, ast.Import, ast.ImportFrom)
# What these fields hold is never a node that matters here: names, plain values, and what an operator is.
_PLAIN_FIELDS = frozenset(
    {"id", "attr", "arg", "module", "level", "ctx", "op", "ops", "kind", "conversion", "type_comment", "asname"}
)
_NODE_FIELDS: dict[type[ast.AST], tuple[str, ...]] = {
    kind: tuple(name for name in kind._fields if name not in _PLAIN_FIELDS)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST) and kind not in {ast.Name, ast.Constant}
}
_BLOCKS = ("body", "orelse", "finalbody", "handlers", "cases")


@dataclass(frozen=True, slots=True)
class Frame:
    """One block on the way to a statement: what owns the block, its statements, and which of them is meant."""

    owner: ast.AST
    body: list[ast.stmt]
    index: int

    @property
    def statement(self) -> ast.stmt:
        """The statement that is meant."""
        return self.body[self.index]


Place = tuple[Frame, ...]
"""The way to a statement, from the module down."""


class UnclearError(Exception):
    """What a name stands for cannot be said without running the file; the message says why."""


class Flow:
    """The definitions of names in one module.

    Deliberately simple: straight lines, both ways of a condition, and what a loop may bring round. What it does not
    follow is told as UnclearError, never guessed. `rows` are the lines of the module, as `split_rows` gives them.
    """

    def __init__(self, rows: Sequence[str]) -> None:
        self._text = "\n".join(rows)
        self._stars = list(rows_with(self._text, "import *"))
        self._bound: dict[int, frozenset[str]] = {}
        self._starts: dict[int, list[int]] = {}
        self._lines: dict[str, list[int]] = {}
        self._mentions: dict[tuple[str, int], list[int]] = {}
        self._found: dict[tuple[str, int, int], list[Place]] = {}

    def definitions(self, name: str, place: Place) -> list[Place]:
        """Return the places of the simple statements whose binding of `name` may reach `place`; none if unbound.

        Raises UnclearError for parameters, loop variables and all else that has no single statement.
        """
        if not place:
            return []
        # One statement often asks for one name several times, and its block and index tell the whole way to it.
        key = (name, id(place[-1].body), place[-1].index)
        if key not in self._found:
            found = self._find_definitions(name, place)
            if self._stars and any(self._may_be_replaced(each[-1].statement, place) for each in found):
                raise UnclearError(f"{name} may come from an import of everything")
            self._found[key] = found
        return self._found[key]

    def _may_be_replaced(self, definition: ast.stmt, place: Place) -> bool:
        """Tell whether `from x import *` stands between a definition and a place; modules stay what they are."""
        if isinstance(definition, ast.Import | ast.ImportFrom):
            return False
        is_later = any(isinstance(frame.owner, FunctionNode) for frame in place)
        return any(definition.lineno < star and (is_later or star < place[-1].statement.lineno) for star in self._stars)

    def _find_definitions(self, name: str, place: Place) -> list[Place]:
        for depth in range(len(place) - 1, -1, -1):
            frame, outer = place[depth], place[:depth]
            found = self._before(name, frame, outer)
            if found is not None:
                return found
            self._check_loop(name, frame)
            match frame.owner:
                case ast.FunctionDef() | ast.AsyncFunctionDef() as function:
                    if not self._is_global(name, function):
                        self._check_function(name, function)
                    return self._anywhere(name, outer)
                case ast.With() | ast.AsyncWith() as block:
                    if any(name in _targets(item.optional_vars) for item in block.items if item.optional_vars):
                        raise UnclearError(f"{name} comes from a with statement")
                case ast.ExceptHandler(name=caught) if caught == name:
                    raise UnclearError(f"{name} is an exception")
        return []

    def spells(self, word: str) -> bool:
        """Return whether a word stands anywhere in the module: where it does not, no name means what it names."""
        return bool(self._lines_with(word))

    def _lines_with(self, word: str) -> list[int]:
        lines = self._lines.get(word)
        if lines is None:
            lines = self._lines[word] = list(rows_with(self._text, word))
        return lines

    def _binding(self, name: str, body: list[ast.stmt], begin: int = 0) -> Iterator[int]:
        """Yield the indexes of the statements of a block, from one on, that may bind a name."""
        return (at for at in self._mentioning(name, body) if at >= begin and name in self._bound_names(body[at]))

    def _mentioning(self, name: str, body: list[ast.stmt]) -> list[int]:
        """Return the indexes of the statements on whose lines a name stands; most do not, so few are looked at."""
        known = self._mentions.get((name, id(body)))
        if known is None:
            known = self._mentions[name, id(body)] = list(self._find_mentions(name, body)) if body else []
        return known

    def _find_mentions(self, name: str, body: list[ast.stmt]) -> Iterator[int]:
        return self.standing_on(self._lines_with(name), body)

    def standing_on(self, lines: Sequence[int], body: list[ast.stmt]) -> Iterator[int]:
        """Yield the indexes of the statements of a block, which has some, that stand on one of the lines, in order."""
        starts = self._starts.get(id(body))
        if starts is None:
            starts = self._starts[id(body)] = [first_line(statement) for statement in body]
        after = 0
        for line in lines[bisect_left(lines, starts[0]) : bisect_right(lines, body[-1].end_lineno or starts[-1])]:
            end = bisect_right(starts, line, lo=after)
            begin = end
            # Several statements may share the line.
            while begin > after and (body[begin - 1].end_lineno or line) >= line:
                begin -= 1
            yield from range(begin, end)
            after = end

    def _bound_names(self, statement: ast.stmt) -> frozenset[str]:
        """Return the names that a statement, with all its blocks, binds in its own scope."""
        known = self._bound.get(id(statement))
        if known is None:
            has_walrus = bool(self._lines_with(":="))
            known = self._bound[id(statement)] = frozenset(_names(statement, has_walrus=has_walrus))
        return known

    def _before(self, name: str, frame: Frame, outer: Place) -> list[Place] | None:
        candidates: list[Place] = []
        mentioning = self._mentioning(name, frame.body)
        for index in reversed(mentioning[: bisect_left(mentioning, frame.index)]):
            statement = frame.body[index]
            if name not in self._bound_names(statement):
                continue
            place = (*outer, Frame(frame.owner, frame.body, index))
            if _is_simple(statement):
                return [*candidates, place]
            inner, is_complete = self._inside(name, place)
            candidates.extend(inner)
            if is_complete:
                return candidates
        return candidates or None

    def _inside(self, name: str, place: Place) -> tuple[list[Place], bool]:
        """Return the last definition in each block of a compound statement, and whether one of them always holds."""
        statement = place[-1].statement
        if isinstance(statement, ast.For | ast.AsyncFor) and name in _targets(statement.target):
            raise UnclearError(f"{name} is a loop variable")
        if isinstance(statement, ast.With | ast.AsyncWith) and any(
            item.optional_vars is not None and name in _targets(item.optional_vars) for item in statement.items
        ):
            raise UnclearError(f"{name} comes from a with statement")
        found: list[Place] = []
        holding: set[str] = set()
        for field, owner, body in _blocks(statement):
            inside = self._before(name, Frame(owner, body, len(body)), place)
            if inside:
                found.extend(inside)
                holding.add(field)
        if not found:
            raise UnclearError(f"{name} is bound inside an expression")
        always = isinstance(statement, ast.With | ast.AsyncWith) or "finalbody" in holding
        return found, always or holding >= {"body", "orelse"} or (isinstance(statement, ast.Try) and "body" in holding)

    def _check_loop(self, name: str, frame: Frame) -> None:
        if not isinstance(frame.owner, _LOOPS):
            return
        if isinstance(frame.owner, ast.For | ast.AsyncFor) and name in _targets(frame.owner.target):
            raise UnclearError(f"{name} is a loop variable")
        if any(True for _ in self._binding(name, frame.body, frame.index)):
            raise UnclearError(f"{name} is bound again in a loop")

    def _check_function(self, name: str, function: FunctionNode) -> None:
        arguments = function.args
        parameters = [*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs]
        parameters += [each for each in (arguments.vararg, arguments.kwarg) if each]
        if any(parameter.arg == name for parameter in parameters):
            raise UnclearError(f"{name} is a parameter")
        if any(True for _ in self._binding(name, function.body)):
            raise UnclearError(f"{name} is bound later in the function")

    def _is_global(self, name: str, function: FunctionNode) -> bool:
        return any(isinstance(each, ast.Global) and name in each.names for each in function.body)

    def _anywhere(self, name: str, place: Place) -> list[Place]:
        """Return the definitions one of which a function finds in the scopes around it when it is called."""
        scopes = [depth for depth, frame in enumerate(place) if isinstance(frame.owner, ast.Module | FunctionNode)]
        for depth in reversed(scopes):
            frame, outer = place[depth], place[:depth]
            sites = list(self._sites(name, frame.owner, frame.body, outer))
            if any(not _is_simple(site[-1].statement) for site in sites):
                raise UnclearError(f"{name} is no simple assignment")
            if sites:
                return sites
            if isinstance(frame.owner, FunctionNode):
                self._check_function(name, frame.owner)
        return []

    def _sites(self, name: str, owner: ast.AST, body: list[ast.stmt], outer: Place) -> Iterator[Place]:
        for index in self._binding(name, body):
            statement = body[index]
            place = (*outer, Frame(owner, body, index))
            if _is_simple(statement):
                yield place
                continue
            found = False
            for _, inner_owner, inner in _blocks(statement):
                for site in self._sites(name, inner_owner, inner, place):
                    found = True
                    yield site
            if not found:
                yield place


def _names(statement: ast.stmt, *, has_walrus: bool) -> Iterator[str]:
    pending: list[ast.AST] = [statement]
    while pending:
        node = pending.pop()
        if isinstance(node, FunctionNode | ast.ClassDef):
            yield node.name
            pending.extend(node.decorator_list)
            continue
        # Where a text has no `:=`, of all expressions only targets bind a name outside of themselves.
        if isinstance(node, ast.Lambda) or (
            isinstance(node, ast.expr) and not has_walrus and type(node) not in _TARGETS
        ):
            continue
        yield from _binds(node)
        if not isinstance(node, _LEAVES):
            pending.extend(child_nodes(node))


def child_nodes(node: ast.AST) -> list[ast.AST]:
    """Return the nodes right below a node, as `ast.iter_child_nodes` does, but no contexts and no operators."""
    found: list[ast.AST] = []
    for name in _NODE_FIELDS.get(type(node), ()):
        value = getattr(node, name, None)
        if type(value) is list:
            found += [each for each in value if isinstance(each, ast.AST)]
        elif isinstance(value, ast.AST):
            found.append(value)
    return found


def first_line(statement: ast.stmt) -> int:
    """Return the line on which a statement begins, its decorators included."""
    decorators = getattr(statement, "decorator_list", None)
    return min(statement.lineno, decorators[0].lineno) if decorators else statement.lineno


def blocks_of(statement: ast.stmt | ast.Module) -> Iterator[tuple[ast.AST, list[ast.stmt]]]:
    """Yield the blocks of a compound statement with their owners: a handler or case owns its own block."""
    yield from ((owner, body) for _, owner, body in _blocks(statement))


def _blocks(statement: ast.AST) -> Iterator[tuple[str, ast.AST, list[ast.stmt]]]:
    for field in _BLOCKS:
        for part in [getattr(statement, field, None) or []]:
            if part and isinstance(part[0], ast.ExceptHandler | ast.match_case):
                yield from ((field, inner, inner.body) for inner in part)
            elif part and isinstance(part[0], ast.stmt):
                yield field, statement, part


def _is_simple(statement: ast.stmt) -> bool:
    """Tell whether a statement has no blocks; a function or class binds its name and nothing else here."""
    return isinstance(statement, FunctionNode | ast.ClassDef) or next(_blocks(statement), None) is None


def _binds(node: ast.AST) -> tuple[str, ...]:
    match node:
        case ast.Name(id=name, ctx=ast.Store() | ast.Del()):
            return (name,)
        case ast.Import(names=names) | ast.ImportFrom(names=names):
            return tuple(each.asname or each.name.partition(".")[0] for each in names)
        case ast.ExceptHandler(name=str(name)) | ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
            return (name,)
        case ast.MatchMapping(rest=str(name)):
            return (name,)
    return ()


def _targets(node: ast.expr) -> frozenset[str]:
    return frozenset(chain.from_iterable(_binds(each) for each in ast.walk(node)))
