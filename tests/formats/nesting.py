"""Code that is nested to a given depth, in each of the ways in which Python code can be."""

from __future__ import annotations

import ast
import warnings
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_MOST = 700


def _blocks(head: str, tail: str = "") -> Callable[[int], str]:
    def nest(levels: int) -> str:
        rows = [" " * level + head for level in range(levels)] + [" " * levels + "pass"]
        ends = [" " * level + tail.replace("\n", "\n" + " " * level) for level in reversed(range(levels)) if tail]
        return "\n".join([*rows, *ends, ""])

    return nest


def _inside(begin: str, middle: str, end: str = "") -> Callable[[int], str]:
    return lambda levels: f"x = {begin * levels}{middle}{end * levels}\n"


def _case(begin: str, middle: str, end: str) -> Callable[[int], str]:
    return lambda levels: f"match a:\n case {begin * levels}{middle}{end * levels}: pass\n"


KINDS: dict[str, Callable[[int], str]] = {
    "sums": _inside("", "a", " + a"),
    "powers": _inside("", "a", " ** a"),
    "conjunctions": _inside("", "a", " and a"),
    "comparisons": _inside("", "a", " < a"),
    "signs": _inside("-", "a"),
    "negations": _inside("not ", "a"),
    "attributes": _inside("", "a", ".b"),
    "calls": _inside("", "a", "()"),
    "arguments": _inside("f(", "a", ")"),
    "keywords": _inside("f(a=", "1", ")"),
    "subscripts": _inside("", "a", "[0]"),
    "indexes": _inside("a[", "0", "]"),
    "parentheses": _inside("(", "a", ")"),
    "lists": _inside("[", "", "]"),
    "tuples": _inside("(", "a", ",)"),
    "dicts": _inside("{0: ", "1", "}"),
    "stars": _inside("[*", "a", "]"),
    "lambdas": _inside("lambda: ", "1"),
    "defaults": _inside("lambda a=", "1", ": 1"),
    "conditions": _inside("a if b else ", "c"),
    "walruses": _inside("(a := ", "1", ")"),
    "loops of a list": lambda levels: f"x = [a{' for a in b' * levels}]\n",
    "conditions of a list": lambda levels: f"x = [a for a in b{' if a' * levels}]\n",
    "lists of lists": _inside("[a for a in ", "b", "]"),
    "strings": _inside("", "'a'", " 'a'"),
    "formatted strings": _inside("", "f'{a}'", " f'{a}'"),
    "fields": lambda levels: f"x = f'{'{a}' * levels}'\n",
    "brackets in a string": lambda levels: f"x = f'{{{'(' * levels}a{')' * levels}}}'\n",
    "attributes in a string": lambda levels: f"x = f'{{a{'.b' * levels}}}'\n",
    "all sorts": _inside("-(f[lambda: (not ", "a", ")])"),
    "import": lambda levels: f"import a{'.b' * levels}\n",
    "from": lambda levels: f"from a{'.b' * levels} import c\n",
    "targets": lambda levels: f"{'a = ' * levels}1\n",
    "decorators": lambda levels: "@a\n" * levels + "def f(): pass\n",
    "annotations": lambda levels: f"x: {'a[' * levels}b{']' * levels}\n",
    "elif": lambda levels: "if a:\n pass\n" + "elif a:\n pass\n" * levels,
    "else if": lambda levels: (
        "".join(f"{' ' * n}if a:\n{' ' * n} pass\n{' ' * n}else:\n" for n in range(levels)) + " " * levels + "pass\n"
    ),
    "with": _blocks("with a:"),
    "for": _blocks("for a in b:"),
    "while": _blocks("while a:"),
    "try": _blocks("try:", "finally:\n pass"),
    "def": _blocks("def a():"),
    "async def": _blocks("async def a():"),
    "class": _blocks("class a:"),
    "match": lambda levels: (
        "".join(f"{' ' * 2 * n}match a:\n{' ' * 2 * n} case b:\n" for n in range(levels)) + "  " * levels + "pass\n"
    ),
    "patterns of lists": _case("[", "b", "]"),
    "patterns of classes": _case("a(", "", ")"),
    "patterns of mappings": _case("{1: ", "b", "}"),
    "patterns in parentheses": _case("(", "b", ")"),
    "patterns or": lambda levels: f"match a:\n case 1{' | 1' * levels}: pass\n",
    "patterns of names": lambda levels: f"match a:\n case a{'.b' * levels}: pass\n",
}
KINDS = {name.replace(" ", "-"): make for name, make in KINDS.items()}


def deepest(kind: str) -> int:
    """Return how deep Python itself reads such code; where it goes on and on, a number that is high enough."""
    low, high = 1, _MOST
    while low < high:
        middle = (low + high + 1) // 2
        if _is_read(KINDS[kind](middle)):
            low = middle
        else:
            high = middle - 1
    return low


def _is_read(text: str) -> bool:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(text)
        except (SyntaxError, RecursionError, MemoryError):
            return False
    return True
