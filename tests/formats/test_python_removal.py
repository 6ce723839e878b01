"""Statements that are cut out of a file; what cannot be cut, and what must stay, comes first."""

from __future__ import annotations

import ast

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.program_files import read_program
from rrr_optimize.formats.late_imports import find_stale_marks
from rrr_optimize.formats.python_removal import NotRemovableError, Remover
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.source import SourceText


def cut(text: str, kept: frozenset[str] = frozenset()) -> str:
    """Return a text without its statements that change the path, checked against the tree that was meant."""
    tree = parse_python(SourceText("a/b.py", text))
    places = [(each.line, each.column) for each in read_program(tree.module, text, "a/b.py").statements]
    removal = Remover(tree, kept).remove(places)
    marks = [edit for edit in find_stale_marks(tree, removal.expected) if edit.span.start < edit.span.end]
    result = apply_edits(text, (*removal.edits, *marks))
    assert ast.dump(ast.parse(result)) == ast.dump(removal.expected)
    assert not read_program(ast.parse(result), result, "a/b.py").statements
    return result


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("import sys\nx = sys.path.append('a')\n", "larger statement"),
        ("import sys\n[sys.path.append(x) for x in ('a', 'b')]\n", "larger statement"),
        ("import sys\nif x: sys.path.append('a'); y()\n", ""),
        ("import sys\nsys.path.append('a') or f()\n", "larger statement"),
    ],
)
def test_refuses_a_part_of_something_else(text: str, reason: str) -> None:
    if not reason:
        assert cut(text) == "if x: y()\n"
        return
    with pytest.raises(NotRemovableError, match=reason):
        cut(text)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("import sys\nsys.path.append('a')\nprint(sys.argv)\n", "import sys\nprint(sys.argv)\n"),
        ("import sys\nx = f()\nsys.path.append('a' + x)\n", "x = f()\n"),
        ("import sys\n__all__ = ['sys']\nsys.path.append('a')\n", "import sys\n__all__ = ['sys']\n"),
        ("import sys\nx = 'a'\nsys.path.append(x)\ndef f():\n    return x\n", "x = 'a'\ndef f():\n    return x\n"),
        ("import sys\nx = 'a'\nx = 'b'\nsys.path.append(x)\n", "x = 'a'\nx = 'b'\n"),
        ("from tool import sys2 as s\nimport sys\nsys.path.append(s)\n", "from tool import sys2 as s\n"),
        ("import sys\nx = 'a'\nsys.path.append(x)\ny: 'x' = 1\n", "x = 'a'\ny: 'x' = 1\n"),
        ("import sys\nx = 'a'\nsys.path.append(x)\nprint(globals()['x'])\n", "x = 'a'\nprint(globals()['x'])\n"),
        ("# other words\nimport sys\n\n# Set things up\nsys.path.append('a')\n", "# other words\n"),
        ("import sys\n# noqa: E402 on the path\nsys.path.append('a')\n", "# noqa: E402 on the path\n"),
    ],
)
def test_keeps_what_somebody_needs(text: str, left: str) -> None:
    assert cut(text) == left


def test_keeps_the_names_that_other_files_take() -> None:
    text = "import sys\nROOT = 'a'\nsys.path.append(ROOT)\n"
    assert cut(text) == ""
    assert cut(text, frozenset({"ROOT"})) == "ROOT = 'a'\n"


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("import sys\nsys.path.append('a')\nimport b\n", "import b\n"),
        ("import sys\nsys.path.append('a')  # find b\nimport b\n", "import b\n"),
        ("import sys\n\n# Add a to the path\n# so that b is found\nsys.path.append('a')\n\nimport b\n", "import b\n"),
        ("import c\nimport sys\n\nsys.path.append('a')\n\n\nimport b\n", "import c\n\n\nimport b\n"),
        ("import sys\nif 'a' not in sys.path:\n    sys.path.append('a')\nimport b\n", "import b\n"),
        ("import sys\nfor x in ('a', 'c'):\n    sys.path.append(x)\nimport b\n", "import b\n"),
        ("import sys\nif f():\n    sys.path.append('a')\nimport b\n", "if f():\n    pass\nimport b\n"),
        ("import sys\nif x:\n    sys.path.append('a')\nelse:\n    y()\n", "if x:\n    pass\nelse:\n    y()\n"),
        (
            "import sys\ntry:\n    sys.path.append('a')\n    import b\nfinally:\n    c()\n",
            "try:\n    import b\nfinally:\n    c()\n",
        ),
        ("def f():\n    import sys\n    sys.path.append('a')\n", "def f():\n    import sys\n"),
        ("def f():\n    sys.path.append('a')\nimport sys\n", "def f():\n    pass\n"),
        ("import sys; sys.path.append('a'); import b\n", "import b\n"),
        ("import b; import sys; sys.path.append('a')\n", "import b\n"),
        ("import os, sys\nsys.path.append('a')\nos.x\n", "import os\nos.x\n"),
        ("import sys, os\nsys.path.append('a')\nos.x\n", "import os\nos.x\n"),
        (
            (
                "import sys\nfrom pathlib import (\n    Path,\n    PurePath,\n)\n"
                "sys.path.append(str(Path(__file__).parent))\nPurePath()\n"
            ),
            "from pathlib import (\n    PurePath,\n)\nPurePath()\n",
        ),
        (
            (
                "import os\nimport sys\nhere = os.path.dirname(__file__)\nroot = os.path.dirname(here)\n\n"
                "sys.path.insert(0, root)\n\nimport b\n"
            ),
            "import b\n",
        ),
        ("import sys\nsys.path.insert(\n    0,\n    'a',\n)\nimport b\n", "import b\n"),
        ("import sys\r\nsys.path.append('a')\r\nimport b\r\n", "import b\r\n"),
        ("import sys\rsys.path.append('a')\rimport b\r", "import b\r"),
        ("import sys\nx = 1\nsys.path.append('ä')", "x = 1\n"),
        ("if True:\n\timport b\nimport sys\nsys.path += ['a']\n", "if True:\n\timport b\n"),
    ],
)
def test_cuts_a_statement_and_what_is_there_for_it_alone(text: str, left: str) -> None:
    assert cut(text) == left


@pytest.mark.parametrize(
    ("comment", "left"),
    [
        ("  # noqa: E402", ""),
        ("  # noqa: E402, F401", "  # noqa: F401"),
        ("  # noqa: F401,E402", "  # noqa: F401"),
        ("  # noqa", "  # noqa"),
        ("  # noqa: F401", "  # noqa: F401"),
        ("  # noqa: E402  # because", "  # because"),
    ],
)
def test_a_mark_goes_when_no_code_stands_above(comment: str, left: str) -> None:
    text = f"import sys\nsys.path.append('a')\nimport b{comment}\n"
    assert cut(text) == f"import b{left}\n"
    held = f"import sys\nx = f()\nsys.path.append('a')\nimport b{comment}\n"
    assert cut(held) == f"x = f()\nimport b{comment}\n"
