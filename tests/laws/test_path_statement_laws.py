"""Whatever a file holds, finding its path statements ends, and finds nothing that is not spelled there."""

from __future__ import annotations

import ast
import posixpath

from hypothesis import given, strategies as st

from rrr_optimize.formats.path_forms import PathBase
from rrr_optimize.formats.path_statements import find_path_statements, is_telling
from rrr_optimize.formats.python_recovery import recover_module

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


@given(TEXTS)
def test_recovery_keeps_what_parses(text: str) -> None:
    recovered = recover_module(text, is_telling)
    found = find_path_statements(recovered, text, "a/b.py", is_whole=False)
    assert all(1 <= each.line <= each.end_line <= text.count("\n") + 1 for each in found)
    try:
        whole = ast.parse(text)
    except SyntaxError:
        return
    assert [(each.kind, each.line) for each in find_path_statements(whole, text, "a/b.py")] == [
        (each.kind, each.line) for each in found
    ]


@given(st.lists(NAMES, max_size=6), st.integers(min_value=0, max_value=3))
def test_joining_is_what_joining_gives(names: list[str], climb: int) -> None:
    parents = "".join(".parent" for _ in range(climb + 1))
    code = f"import sys\nfrom pathlib import Path\nsys.path.append(str(Path(__file__){parents}.joinpath(*{names!r})))\n"
    (found,) = find_path_statements(ast.parse(code), code, "a/b/c/d.py")
    (value,) = found.values
    assert value.base is PathBase.FILE
    above = "/".join(["a", "b", "c"][: 3 - climb])
    assert value.path == posixpath.normpath(posixpath.join(above, *names) or ".")
