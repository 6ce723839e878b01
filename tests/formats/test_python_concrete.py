"""Deletion by LibCST: what it will not touch comes first, then that it deletes the same, and what it must notice."""

from __future__ import annotations

import ast
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from rrr_optimize.formats.python_concrete import DEEPEST, delete_concretely
from rrr_optimize.formats.python_depth import measure_depth
from rrr_optimize.formats.python_removal import NotRemovableError, Removal, Remover
from rrr_optimize.formats.python_tokens import read_tokens
from rrr_optimize.formats.python_tree import PythonTree, parse_python
from rrr_optimize.formats.removal_agreement import find_disagreement
from rrr_optimize.model import Edit, Span
from rrr_optimize.source import SourceText
from tests.conftest import ROOT
from tests.formats.nesting import KINDS


def delete(text: str, *numbers: int) -> str:
    """Return what LibCST makes of a text without some of its top-level statements."""
    statements = ast.parse(text).body
    gone = {id(statements[number]) for number in numbers}
    return delete_concretely(text, read_tokens(text), statements, gone)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("\fimport sys\nx = 1\n", "does not give the code around it back"),
        ("import sys\rx = 1\r", "does not give the code around it back"),
        ("import sys\nx = " + "1 + " * DEEPEST + "1\n", "nested deeper than LibCST follows"),
    ],
    ids=["a form feed first", "a lone CR at the end", "a long sum"],
)
def test_refuses_what_libcst_does_not_follow(text: str, reason: str) -> None:
    with pytest.raises(NotRemovableError, match=reason):
        delete(text, 0)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("import sys\nx = 1\n", "x = 1\n"),
        ("import sys\r\nx = 1\r\n", "x = 1\r\n"),
        ("# head\nimport sys\n\nx = 'ä'  # tail", "# head\n\nx = 'ä'  # tail"),
        ("import sys; x = 1\n", "x = 1\n"),
    ],
)
def test_deletes_and_prints_the_rest_as_it_was(text: str, left: str) -> None:
    assert delete(text, 0) == left


# Each kind of nesting: the deepest that is allowed is read and printed, one level more is refused, and so is the
# deepest that Python's own parser reads. A crash of LibCST would take the process along.
_TRY_ALL = """
import ast, sys, warnings
from bisect import bisect_right
warnings.simplefilter("ignore")
from tests.formats.nesting import KINDS, deepest
from rrr_optimize.formats.python_concrete import DEEPEST, delete_concretely
from rrr_optimize.formats.python_depth import measure_depth
from rrr_optimize.formats.python_removal import NotRemovableError
from rrr_optimize.formats.python_tokens import read_tokens

def depth(kind, levels):
    text = KINDS[kind](levels)
    return measure_depth(ast.parse(text).body, read_tokens(text))

def answer(kind, levels):
    text = "import sys\\n" + KINDS[kind](levels)
    statements = ast.parse(text).body
    try:
        return delete_concretely(text, read_tokens(text), statements, {id(statements[0])}) == KINDS[kind](levels)
    except NotRemovableError as error:
        return "nested deeper" in str(error) and "refused"

for kind in KINDS:
    most = deepest(kind)
    allowed = bisect_right(range(1, most + 1), DEEPEST, key=lambda levels: depth(kind, levels))
    more = {min(allowed + 1, most), most} - {allowed}
    print(kind, allowed, flush=True, end=" ")
    print(answer(kind, allowed), *(answer(kind, levels) for levels in more))
"""


def test_no_kind_of_nesting_is_too_deep_for_libcst() -> None:
    command = [sys.executable, "-c", _TRY_ALL]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, encoding="utf-8", timeout=120)
    rows = [row.split() for row in done.stdout.splitlines()]
    assert [row[0] for row in rows] == list(KINDS)
    assert [row for row in rows if row[2] != "True" or set(row[3:]) - {"refused"}] == []
    # Code that people write is far from the bound.
    assert min(int(row[1]) for row in rows) >= 8


def test_people_do_not_nest_that_deep() -> None:
    for path in sorted((ROOT / "rrr_optimize").rglob("*.py")):
        text = Path(path).read_text(encoding="utf-8")
        assert measure_depth(ast.parse(text).body, read_tokens(text)) < DEEPEST * 2 / 3, path


HACK = "import sys\nimport os  # kept\n\n# Add a to the path\nsys.path.append('a')  # why\nprint(os)\n"


def read(text: str) -> tuple[PythonTree, Removal]:
    tree = parse_python(SourceText("a.py", text))
    return tree, Remover(tree).remove([(5, 1)])


def test_agrees_where_nothing_is_wrong() -> None:
    assert find_disagreement(*read(HACK)) == ""


@pytest.mark.parametrize(
    ("lost", "told"),
    [
        ("  # kept", "the comment # kept would go"),
        ("import os", "LibCST leaves"),
        ("print(os)", "an edit reaches out of the statements that change"),
    ],
)
def test_notices_an_edit_too_much(lost: str, told: str) -> None:
    text = HACK.replace("import sys\n", "import sys; ")
    tree = parse_python(SourceText("a.py", text))
    removal = Remover(tree).remove([(4, 1)])
    assert find_disagreement(tree, removal) == ""
    at = text.index(lost)
    more = replace(removal, edits=(*removal.edits, Edit("a.py", Span(at, at + len(lost)), "")))
    assert find_disagreement(tree, more).startswith(told)


def test_notices_an_edit_too_few() -> None:
    tree, removal = read(HACK)
    less = replace(removal, edits=removal.edits[:1])
    assert find_disagreement(tree, less).startswith("LibCST leaves")


def test_notices_a_comment_that_goes_without_being_named() -> None:
    tree, removal = read(HACK)
    assert removal.comments == {4}
    assert find_disagreement(tree, replace(removal, comments=frozenset())) == "the comment # Add a to the path would go"
