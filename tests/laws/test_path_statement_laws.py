"""Whatever a file holds, finding its path statements ends, and finds nothing that is not spelled there."""

from __future__ import annotations

import ast
import posixpath
from typing import TYPE_CHECKING

from hypothesis import given, strategies as st

from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.formats.path_statements import find_path_statements
from rrr_optimize.formats.python_outline import outline
from rrr_optimize.formats.python_recovery import recover_module
from rrr_optimize.formats.python_rows import rows_with, split_rows
from rrr_optimize.formats.telling_lines import find_telling_lines, is_telling

if TYPE_CHECKING:
    from rrr_optimize.formats.path_forms import PathStatement

PIECES = st.sampled_from(
    [
        "import sys",
        "import os",
        "from pathlib import Path",
        "p = sys.path",
        "root = Path(__file__).parent",
        "root = root.parent",
        "root = os.path.dirname(__file__)",
        "for root in ('a', 'b'):",
        "if root:",
        "def f(root):",
        "class C:",
        "try:",
        "finally:",
        "    sys.path.insert(0, str(root))",
        "    root = 'x'",
        "    pass",
        "sys.path.append(root)",
        "p.append(root)",
        "sys.path[:] = [root] + sys.path",
        "'''",
        "# sys.path.append('comment')",
        "x = (",
        ")",
    ]
)
TEXTS = st.lists(PIECES, max_size=14).map("\n".join)
NAMES = st.sampled_from(["..", ".", "lib", "src", "a b", "ä"])


BLOCKS = st.sampled_from(
    [
        "@cache\ndef f(\n    a,\n    b=1,\n):\n    root = a\n    return root\n",
        "def g():\n    '''\ndef root(): in a string\n'''\n    x = f(\n1,\n)\n    return x\n",
        "class root:\n    def f(self):\n        sys.path.append(root)\n    def g(self):\n        root = 'z'\n",
        "class C:\n    root = 'y'\n    def f(self):\n        sys.path.append(root)\n",
        "async def h():\n  root = 'x'\n  sys.path.append(root)\n  def root(): pass\n",
        "def one(): sys.path.append(root)\n",
        "def two(): root = 'x'\n",
        "def three():\n    x = 1 + \\\n2\n    root = 'x'\n",
        "root = 'a' \"'''\" '\\'' # '''\n",
        "text = '''\nsys.path.append(root)\ndef f(): it\\'s\n'''\nroot = 'b'\n",
        "if root:\n    def f():\n        root = 'q'\n    root = 'c'\nelse:\n    root = 'c'\n",
        "for each in ('k', 'l'):\n    sys.path.append(each)\n",
        "sys.path.append(root)\n",
        "sys.path.insert(0, f('a'))\n",
        "from lib import *\nroot: str = 'd'\n",
        "\n# sys.path.append('comment')\n\n",
    ]
)


def look(module: ast.Module, rows: list[str], *, is_whole: bool = True) -> tuple[PathStatement, ...]:
    return find_path_statements(module, rows, find_telling_lines(rows), "a/b/c/d.py", is_whole=is_whole)


@given(st.lists(BLOCKS, max_size=8).map("".join))
def test_an_outline_says_the_same_as_the_whole(text: str) -> None:
    rows = ["import sys", *split_rows(text)]
    whole = ast.parse("\n".join(rows))
    kept = outline(rows, find_telling_lines(rows))
    assert len(kept) == len(rows)
    try:
        module = ast.parse("\n".join(kept))
    except SyntaxError:
        # Then the whole is parsed; only code that is continued against the indent is so odd.
        assert "\n1,\n" in text or "\n2\n" in text
        return
    assert look(module, kept) == look(whole, rows)


@given(TEXTS)
def test_recovery_keeps_what_parses(text: str) -> None:
    recovered = recover_module(text, is_telling)
    found = look(recovered, split_rows(text), is_whole=False)
    assert all(1 <= each.line <= each.end_line <= text.count("\n") + 1 for each in found)
    try:
        whole = ast.parse(text)
    except SyntaxError:
        return
    assert [(each.kind, each.line) for each in look(whole, split_rows(text))] == [
        (each.kind, each.line) for each in found
    ]


@given(st.lists(NAMES, max_size=6), st.integers(min_value=0, max_value=3))
def test_joining_is_what_joining_gives(names: list[str], climb: int) -> None:
    parents = "".join(".parent" for _ in range(climb + 1))
    code = f"import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__){parents}.joinpath(*{names!r})))\n"
    (found,) = look(ast.parse(code), split_rows(code))
    (value,) = found.values
    assert value.base is PathBase.FILE
    above = "/".join(["a", "b", "c"][: 3 - climb])
    assert value.path == posixpath.normpath(posixpath.join(above, *names) or ".")


@given(st.text("ab\n", max_size=30), st.text("ab", min_size=1, max_size=3))
def test_the_rows_with_a_word_are_those_that_hold_it(text: str, word: str) -> None:
    rows = split_rows(text)
    assert list(rows_with(text, word)) == [number for number, row in enumerate(rows, start=1) if word in row]
