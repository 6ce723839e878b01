"""Statements that are cut out of a file; what cannot be cut, and what must stay, comes first."""

from __future__ import annotations

import ast
from dataclasses import replace

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.program_files import read_program
from rrr_optimize.formats.late_imports import find_stale_marks
from rrr_optimize.formats.python_removal import NotRemovableError, Remover
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.removal_agreement import find_disagreement
from rrr_optimize.source import SourceText


def cut(text: str, kept: frozenset[str] = frozenset()) -> str:
    """Return a text without its statements that change the path, checked against the tree that was meant."""
    tree = parse_python(SourceText("a/b.py", text))
    places = [(each.line, each.column) for each in read_program(tree.module, text, "a/b.py").statements]
    removal = Remover(tree, kept).remove(places)
    marks = [edit for edit in find_stale_marks(tree, removal.expected) if edit.span.start < edit.span.end]
    result = apply_edits(text, (*removal.edits, *marks))
    if "\r" not in text.replace("\r\n", ""):
        assert find_disagreement(tree, removal) == ""
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
        (
            "import sys\nx = 'a'\nsys.path.append(x)\nprint(sorted(globals()))\n",
            "import sys\nx = 'a'\nprint(sorted(globals()))\n",
        ),
        ("import sys\nx = 'a'\nsys.path.append(x)\nexec('print(x)')\n", "import sys\nx = 'a'\nexec('print(x)')\n"),
        (
            "import sys\nx = 'a'\nsys.path.append(x)\n'{x}'.format(**vars())\n",
            "import sys\nx = 'a'\n'{x}'.format(**vars())\n",
        ),
        ("import sys\nx = 'a'\nsys.path.append(x)\ndef f(): '>>> x == 1'\n", "x = 'a'\ndef f(): '>>> x == 1'\n"),
        (
            "import sys\nx = 'a'\nsys.path.append(x)\ndef f(a: O['x | y']): pass\n",
            "x = 'a'\ndef f(a: O['x | y']): pass\n",
        ),
        ("import sys\nx = 'a'\nsys.path.append(x)\ny = O['x | y']\n", "x = 'a'\ny = O['x | y']\n"),
        ("import os, sys\nsys.path.append('a')\nvars()['\\x6fs']\n", "import os\nvars()['\\x6fs']\n"),
        ("import sys\nx = 'a'\nsys.path.append(x)\nprint(\uff58)\n", "x = 'a'\nprint(\uff58)\n"),
        (
            "import sys\nx = 'a'\nsys.path.append(x)\ntry: pass\nexcept A as x: pass\n",
            "x = 'a'\ntry: pass\nexcept A as x: pass\n",
        ),
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


HACK = "sys.path.append('a')"


@pytest.mark.parametrize(
    "text",
    [
        f"import c\n# noqa: E402, the path\n{HACK}\n",
        f"import c\n# type: ignore[path]\n{HACK}\n",
        f"import c\n# pragma: no cover (path)\n{HACK}\n",
        f"#!/usr/bin/env python path\n{HACK}\n",
        f"# -*- coding: utf-8 -*- path\n{HACK}\n",
        f"# Copyright of the path people\n{HACK}\n",
        f"# What this file is about\n{HACK}\n",
        f"import c\n# ----- Setup -----\n{HACK}\n",
        f"import c\n# c needs it\n{HACK}\n",
        f"import c\n# c.x = 1\n{HACK}\n",
        f"import c\n# One\n# two\n# three\n# four\n{HACK}\n",
        f"import c\n# Set up\n{HACK}\nx = 1\n",
        f"import c\n# Add paths\n{HACK}\nprint(sys.path)\n",
        f"import c\n# Add to the path\n\n{HACK}\n",
        f"import c\n# Names\nimport sys\n\n{HACK}\n",
    ],
)
def test_keeps_a_comment_that_is_not_about_what_goes(text: str) -> None:
    comments = [row for row in text.split("\n") if row.startswith("#")]
    assert [row for row in cut(text).split("\n") if row.startswith("#")] == comments


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"import c\n\n# Add paths\n{HACK}\n{HACK}\n{HACK}\n\nx = 1\n", "import c\n\nx = 1\n"),
        ("import c\n\n# Our own\nROOT = 'a'\nsys.path.insert(0, ROOT)\n\nx = 1\n", "import c\n\nx = 1\n"),
        (f"import c\n\n# Set up\n# a few things\n{HACK}\n\nx = 1\n", "import c\n\nx = 1\n"),
        (f"import c\n# Add to the path\n{HACK}\nx = 1\n", "import c\nx = 1\n"),
        (f"import c\n# First\n{HACK}\n# Second\n{HACK}\nx = 1\n", "import c\n# First\n# Second\nx = 1\n"),
        (f"if x:\n    # Add to the path\n    {HACK}\n    c()\n", "if x:\n    c()\n"),
        (f"def f():\n    # Add to the path\n    {HACK}\n    # and on\n", "def f():\n    pass\n    # and on\n"),
        (f"c()\nif 'a' not in sys.path:\n    {HACK}\n    # inside\n# outside\nx = 1\n", "c()\n# outside\nx = 1\n"),
        ("sys.path.insert(  # first\n    0,  # second\n    'a',\n)  # third\nx = 1\n", "x = 1\n"),
    ],
)
def test_a_comment_goes_when_all_that_it_heads_goes(text: str, left: str) -> None:
    assert cut(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"import c\n\n\n{HACK}\n\n{HACK}\n\n\nx = 1\n", "import c\n\n\nx = 1\n"),
        (f"import c\n\n{HACK}\n\n\ndef f(): pass\n", "import c\n\n\ndef f(): pass\n"),
        (f"import c\n\n\n{HACK}\n\ndef f(): pass\n", "import c\n\n\ndef f(): pass\n"),
        (f"import c\n{HACK}\nx = 1\n", "import c\nx = 1\n"),
        (f"\n{HACK}\n\n\nx = 1\n", "x = 1\n"),
        (f"import c\n\n\n{HACK}\n", "import c\n"),
        (f"import c\n\n{HACK}\n\n", "import c\n\n"),
        (f"def f():\n    {HACK}\n\n    x = 1\n", "def f():\n    x = 1\n"),
        (f"def f():\n    x = 1\n\n    {HACK}\n\n\ndef g(): pass\n", "def f():\n    x = 1\n\n\ndef g(): pass\n"),
        (f"if x:\n    c()\n\n    {HACK}\nelse:\n    d()\n", "if x:\n    c()\nelse:\n    d()\n"),
        (f"import c\n\f\n{HACK}\n\f\nx = 1\n", "import c\n\f\n\f\nx = 1\n"),
        (f"import c\r\n\r\n{HACK}\r\n\r\nx = 1\r\n", "import c\r\n\r\nx = 1\r\n"),
    ],
)
def test_no_more_blank_lines_are_left_than_there_were(text: str, left: str) -> None:
    assert cut(text) == left


@pytest.mark.parametrize(
    ("text", "left"),
    [
        (f"if x:\n    c()\nelif 'a' in sys.path:\n    {HACK}\n", "if x:\n    c()\n"),
        (f"if x:\n    c()\nelif f():\n    {HACK}\n", "if x:\n    c()\nelif f():\n    pass\n"),
        (f"if x:\n    c()\nelse:\n    {HACK}\n", "if x:\n    c()\nelse:\n    pass\n"),
        (f"if x: {HACK}; {HACK};\n", "if x: pass\n"),
        (f"c(); {HACK}; {HACK}  # why\n", "c()  # why\n"),
        (f"c(); {HACK};\n", "c()\n"),
        (f"import sys; {HACK}  # why\nx = 1\n", "x = 1\n"),
        (f"c(); \\\n{HACK}\nx = 1\n", "c()\nx = 1\n"),
        ("import os, sys, site\nsys.path.append(site.x)\nos\n", "import os\nos\n"),
        (
            "from os import (path, sep, curdir)\nimport sys\nsys.path.append(sep + curdir)\npath\n",
            "from os import (path)\npath\n",
        ),
        ("from os import (path, sep,)\nimport sys\nsys.path.append(sep)\npath\n", "from os import (path,)\npath\n"),
        (
            (
                f"try:\n    try:\n        {HACK}\n    except A:\n        {HACK}\n    finally:\n        c()\n"
                f"finally:\n    {HACK}\n"
            ),
            (
                "try:\n    try:\n        pass\n    except A:\n        pass\n    finally:\n        c()\n"
                "finally:\n    pass\n"
            ),
        ),
        (f"{HACK}\n@c\n@d\ndef f():\n\t{HACK}\n\treturn 1\n", "@c\n@d\ndef f():\n\treturn 1\n"),
        (
            f"match x:\n    case 1:\n        {HACK}\n    case _: {HACK}\n",
            "match x:\n    case 1:\n        pass\n    case _: pass\n",
        ),
        (f"x = f()\nimport sys  # noqa: E402\n{HACK}\nimport b  # noqa: E402\n", "x = f()\nimport b  # noqa: E402\n"),
        (f"'ä'; {HACK}; 'ö'\n", "'ä'; 'ö'\n"),
        (f"c()\n{HACK}", "c()\n"),
    ],
)
def test_what_shares_a_line_or_a_block_stays_as_it_is(text: str, left: str) -> None:
    assert cut(text) == left


def test_bytes_that_are_not_ascii_stay() -> None:
    data = b"\xef\xbb\xbf# \xc3\xa4\r\nimport sys\r\nsys.path.append('\xc3\xb6')\r\nx = 1\r\n"
    latin = b"# -*- coding: latin-1 -*-\nimport sys\nx = '\xe4'; sys.path.append('\xf6')\n"
    for before, after in (
        (data, b"\xef\xbb\xbf# \xc3\xa4\r\nx = 1\r\n"),
        (latin, b"# -*- coding: latin-1 -*-\nx = '\xe4'\n"),
    ):
        source = SourceText.decode("a/b.py", before)
        assert replace(source, text=cut(source.text)).encode() == after
