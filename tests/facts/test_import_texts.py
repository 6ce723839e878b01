"""Tests of the look at lines that finds imports without parsing."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings, strategies as st

from rrr_optimize.facts.import_texts import ImportText, find_import_texts
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import take_snapshot
from tests.opening import NoGit

LINES = {
    "import a.b, c as d  # why": [ImportText("a.b"), ImportText("c")],
    "    import inner": [ImportText("inner")],
    "from .x import (y,  # one\n    z as w,\n)": [ImportText(".x", ("y", "z"))],
    "from p import q, \\\n    r": [ImportText("p", ("q", "r"))],
    "value = 1; import late": [ImportText("late")],
    "importlib.import_module('named.here')": [ImportText("named.here")],
    "module = __import__('k')": [ImportText("k")],
    'serve = "pkg.main:app"': [ImportText("pkg.main", is_text=True)],
    "patch('pkg.part.thing')": [ImportText("pkg.part.thing", is_text=True)],
    '  "import noted",': [ImportText("noted")],
    "important = reimport(a)": [],
    "say = 'no name. here'": [],
}


def texts_of(text: str) -> list[ImportText]:
    with tempfile.TemporaryDirectory() as place:
        Path(place, "m.py").write_bytes(text.encode())
        snapshot = take_snapshot(Root(Path(place), None), NoGit())
        return list(find_import_texts(snapshot, ["m.py"]).get("m.py", ()))


@pytest.mark.parametrize(("line", "expected"), LINES.items())
def test_an_import_is_found_in_its_line(line: str, expected: list[ImportText]) -> None:
    assert texts_of(f"{line}\nimport last\n") == [*expected, ImportText("last")]


@given(st.lists(st.sampled_from(sorted(LINES)), max_size=8))
@settings(max_examples=60)
def test_the_imports_of_a_file_are_those_of_its_lines(lines: list[str]) -> None:
    expected = [text for line in lines for text in LINES[line]]
    assert texts_of("\n".join(["import first", *lines])) == list(dict.fromkeys([ImportText("first"), *expected]))
