"""Two trees are the same if every node and every value is, wherever they stand."""

from __future__ import annotations

import ast

import pytest
from hypothesis import given, strategies as st

from rrr_optimize.formats.python_equality import have_same_tree

TEXTS: tuple[str, ...] = (
    "x = 1",
    "x = True",
    "x = 1.0",
    "x = 0.0",
    "x = -0.0",
    "x = 'a'",
    "x = u'a'",
    "x = b'a'",
    "x: int = 1",
    "f(x)",
)
TEXTS += ("f(x, y)", "f(*x)", "def f(a, /, b=1): pass", "def f(a, b=1): pass", "x = None", "x = ...", "x = (1, True)")


def same(one: str, other: str) -> bool:
    return have_same_tree(ast.parse(one), one.splitlines(), ast.parse(other), None)


@given(st.lists(st.sampled_from(TEXTS), max_size=4), st.lists(st.sampled_from(TEXTS), max_size=4))
def test_says_what_a_dump_of_both_says(one: list[str], other: list[str]) -> None:
    first, second = "\n".join(one), "\n".join(other)
    assert same(first, second) == (ast.dump(ast.parse(first)) == ast.dump(ast.parse(second)))
    assert same(first, first.replace("\n", "\n\n"))


@pytest.mark.parametrize("deep", ["-" * 2_500 + "1", " + ".join(["1"] * 2_500)], ids=["operators", "a sum"])
def test_follows_what_is_nested_deeper_than_calls_can_be(deep: str) -> None:
    assert same(f"x = {deep}", f"x = {deep}")
    assert not same(f"x = {deep}", f"x = {deep.replace('1', '2', 1)}")
