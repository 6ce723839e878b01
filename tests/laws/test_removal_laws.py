"""What is cut out of a file leaves the tree that was meant, and every byte outside the cuts."""

from __future__ import annotations

import ast

from hypothesis import given, strategies as st

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.program_files import read_program
from rrr_optimize.formats.python_removal import NotRemovableError, remove_statements
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.source import SourceText

PIECES = st.sampled_from(
    [
        *(
            "import sys",
            "import os, sys",
            "from pathlib import Path",
            "import sys; import os",
            "# on the path",
            "# other",
            "",
        ),
        *(
            "root = Path(__file__).parent",
            "root = os.path.dirname(__file__)",
            "x = root",
            "print(root)",
            "def f():",
            "ä = 'ö'",
        ),
        *(
            "sys.path.insert(0, str(root))",
            "sys.path.append('a'); x = 1",
            "x = 1; sys.path.append('a')  # why",
            "class C:",
        ),
        *(
            "if 'a' not in sys.path:",
            "    sys.path.append('a')",
            "    pass",
            "    y = sys",
            "else:",
            "try:",
            "finally:",
        ),
        *(
            "for p in ('a', 'b'):",
            "    sys.path.append(p)",
            "    sys.path += [p]",
            "import b  # noqa: E402",
            "'''text'''",
        ),
    ]
)
TEXTS = st.tuples(st.lists(PIECES, max_size=14), st.sampled_from(["\n", "\r\n", "\r"])).map(
    lambda each: each[1].join(each[0])
)


@given(TEXTS)
def test_a_cut_leaves_the_tree_that_was_meant(text: str) -> None:
    try:
        tree = parse_python(SourceText("a/b.py", text))
    except PythonError:
        return
    found = read_program(tree.module, text, "a/b.py").statements
    before = ast.dump(tree.module)
    try:
        removal, expected = remove_statements(tree, [(each.line, each.column) for each in found])
    except NotRemovableError:
        return
    result = apply_edits(text, removal.edits)
    assert ast.dump(ast.parse(result)) == ast.dump(expected)
    assert ast.dump(tree.module) == before
    assert not read_program(ast.parse(result), result, "a/b.py").statements
    kept, position = [], 0
    for edit in removal.edits:
        kept.append(text[position : edit.span.start] + edit.replacement)
        position = edit.span.end
    assert "".join([*kept, text[position:]]) == result
