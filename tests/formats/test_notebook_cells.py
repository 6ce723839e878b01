"""The Python of notebooks, at the lines of the file."""

from __future__ import annotations

import json

import pytest

from rrr_optimize.formats.notebook_cells import read_notebook
from rrr_optimize.formats.telling_lines import is_telling


def notebook(*sources: object, language: str = "python", **more: object) -> str:
    cells = [{"cell_type": "code", "source": source} for source in sources]
    return json.dumps({"cells": cells, "metadata": {"language_info": {"name": language}}, **more}, indent=1)


@pytest.mark.parametrize("text", ["", "[]", "{", "nan", "[" * 100_000, notebook("x = 1", language="julia")])
def test_is_no_python_notebook(text: str) -> None:
    assert read_notebook(text, is_telling) is None


@pytest.mark.parametrize(
    "text",
    [
        "{}",
        '{"cells": 1}',
        '{"cells": [1, {"cell_type": "code", "source": 3}, {"cell_type": "markdown", "source": "x"}]}',
        '{"metadata": 1, "worksheets": [2]}',
        notebook("%%bash\nexport PYTHONPATH=x", ["%%html\n", "<b>"]),
    ],
)
def test_holds_no_code(text: str) -> None:
    code = read_notebook(text, is_telling)
    assert code is not None
    assert code.text == ""


def test_magics_and_shell_commands_become_pass() -> None:
    code = read_notebook(notebook("%%time\nx = 1\nif x:\n    !ls\n%cd ..\nx?"), is_telling)
    assert code is not None
    assert code.text == "pass\nx = 1\nif x:\n    pass\npass\npass"


def test_a_telling_line_is_found_where_the_file_spells_it() -> None:
    text = notebook(["import sys\n", 'sys.path.append("é")\n'], 'x = 1\nsys.path.append("y")')
    code = read_notebook(text, is_telling)
    assert code is not None
    rows = text.splitlines()
    told = [rows[line - 1] for row, line in zip(code.text.splitlines(), code.lines, strict=True) if is_telling(row)]
    assert ["append" in row for row in told] == [True, True]


def test_the_older_form_is_read_too() -> None:
    cells = [{"cell_type": "code", "input": ["x = 1"]}]
    code = read_notebook(json.dumps({"worksheets": [{"cells": cells}]}), is_telling)
    assert code is not None
    assert code.text == "x = 1"
