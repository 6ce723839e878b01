"""What is cut out of a file leaves the tree that was meant, and every byte outside the cuts."""

from __future__ import annotations

import ast
import contextlib
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.program_files import read_program
from rrr_optimize.formats.python_removal import NotRemovableError, Remover
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.removal_agreement import find_disagreement
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from rrr_optimize.formats.python_tree import PythonTree

CHANGES = st.sampled_from(
    ["sys.path.insert(0, str(root))", "sys.path.append('a')", "sys.path += [p]", "sys.path.append(\n'a',  # inner\n)"]
)
OTHERS = st.sampled_from(
    [
        *("import sys", "import os, sys", "import b, sys, os", "from pathlib import Path", "import b  # noqa: E402"),
        *("from pathlib import (\n Path,  # one\n PurePath,\n)", "from os import (path, sep)", "import sys, os, re"),
        *("root = Path(__file__).parent", "root = os.path.dirname(__file__)", "x = root", "print(root)", "ä = 'ö'"),
        *("'''text\n# no comment\n'''", "x = (1,  # one\n  2)", "pass", "y = sys"),
    ]
)
COMMENTS = st.sampled_from(["# on the path", "# other", "# Add paths", "# noqa", "# sys and more", "#!", "# =====", ""])
HEADS = st.sampled_from(
    [
        *("if 'a' not in sys.path:", "if f(x):", "for p in ('a', 'b'):", "while x:", "with x:", "class C:", "def f():"),
        *("@x\ndef f():", "try:\nfinally:", "try:\nexcept A:\nelse:", "if x:\nelif y:\nelse:", "if x:\nelif sys.path:"),
        *("for p in x:\nelse:", "match x:\n case 1:\n case _:", "if x:\nelse:"),
    ]
)


@st.composite
def blocks(draw: st.DrawFn, depth: int = 2) -> list[str]:
    """Draw the lines of a block without its indentation: one statement at least, comments and blank lines around."""
    rows: list[str] = []
    for _ in range(draw(st.integers(1, 4))):
        rows += draw(st.lists(COMMENTS, max_size=2))
        if depth and not draw(st.integers(0, 2)):
            rows += draw(compounds(depth - 1))
        else:
            rows += draw(lines())
    return rows + draw(st.lists(COMMENTS, max_size=2))


@st.composite
def lines(draw: st.DrawFn) -> list[str]:
    """Draw a line of one to three statements."""
    statements = draw(st.lists(CHANGES | OTHERS, min_size=1, max_size=draw(st.sampled_from([1, 1, 3]))))
    if any("#" in each for each in statements):
        statements = statements[:1]
    end = draw(st.sampled_from(["", "", ";", "  # why", "  # type: ignore"]))
    return ("; ".join(statements) + ("" if "#" in statements[-1] else end)).split("\n")


@st.composite
def compounds(draw: st.DrawFn, depth: int) -> list[str]:
    """Draw a compound statement; some blocks stand on the line of their head."""
    rows: list[str] = []
    for head in draw(HEADS).split("\n"):
        rows.append(head)
        if head.startswith(("match", "@")):
            continue
        inner = draw(lines())
        if draw(st.booleans()) and len(inner) == 1:
            rows[-1] += f" {inner[0]}"
            continue
        margin = draw(st.sampled_from(["    ", "\t"]))
        body = draw(blocks(depth))
        rows += [f"{' ' if head.startswith(' ') else ''}{margin}{row}" if row else row for row in body]
    return rows


TEXTS = st.tuples(blocks(), st.sampled_from(["\n", "\n", "\r\n", "\r"]), st.booleans()).map(
    lambda each: each[1].join(each[0]) + each[1] * each[2]
)


def read(text: str) -> PythonTree | None:
    try:
        return parse_python(SourceText("a/b.py", text))
    except PythonError:
        return None


def changes_in(tree: PythonTree) -> list[tuple[int, int]]:
    found = read_program(tree.module, tree.source.text, "a/b.py").statements
    return [(each.line, each.column) for each in found]


def removable(tree: PythonTree) -> list[tuple[int, int]]:
    remover, found = Remover(tree), []
    for place in changes_in(tree):
        with contextlib.suppress(NotRemovableError):
            remover.check(place)
            found.append(place)
    return found


@given(TEXTS, st.data())
def test_a_cut_leaves_the_tree_that_was_meant(text: str, data: st.DataObject) -> None:
    """Any of the statements go: the rest is the same byte for byte and in its meaning, and LibCST agrees."""
    tree = read(text)
    places = removable(tree) if tree else []
    if tree is None or not places:
        return
    some = data.draw(st.lists(st.sampled_from(places), unique=True, min_size=1))
    before = ast.dump(tree.module)
    removal = Remover(tree).remove(some)
    result = apply_edits(text, removal.edits)
    assert ast.dump(ast.parse(result)) == ast.dump(removal.expected)
    assert ast.dump(tree.module) == before
    kept, position = [], 0
    for edit in removal.edits:
        kept.append(text[position : edit.span.start] + edit.replacement)
        position = edit.span.end
    assert "".join([*kept, text[position:]]) == result
    with contextlib.suppress(NotRemovableError):
        assert not find_disagreement(tree, removal)
        return
    # LibCST does not give back what ends with a lone CR, and nothing else that is made here.
    assert "\r" in text.replace("\r\n", "")


@given(TEXTS)
def test_nothing_is_left_for_a_second_time(text: str) -> None:
    tree = read(text)
    if tree is None:
        return
    result = apply_edits(text, Remover(tree).remove(removable(tree)).edits)
    again = read(result)
    assert again is not None
    assert not removable(again)
    assert Remover(again).remove([]).edits == ()


@given(TEXTS)
def test_no_more_blank_lines_are_left_in_a_row_than_there_were(text: str) -> None:
    tree = read(text)
    if tree is None:
        return
    removal = Remover(tree).remove(removable(tree))
    result = apply_edits(text, removal.edits)
    assert longest_gap(result) <= longest_gap(text)
    if removal.edits and removal.edits[0].span.start == 0:
        assert not result.startswith(("\n", "\r"))


def longest_gap(text: str) -> int:
    rows = "".join("." if row.strip() else " " for row in text.splitlines())
    return max(map(len, rows.split(".")))
