"""Readers of Python files place every string where it stands, and raise nothing but the declared errors."""

from __future__ import annotations

import ast
import contextlib
import re

from hypothesis import given, strategies as st

from rrr_optimize.formats.nox_file import read_noxfile
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.script_block import read_script_block
from rrr_optimize.formats.setup_script import read_setup
from rrr_optimize.formats.toml_spans import read_toml
from rrr_optimize.formats.unreadable import PythonError, ScriptBlockError, TomlError
from rrr_optimize.source import SourceText

# The expression that PEP 723 gives, for text whose lines end with LF.
BLOCK = re.compile(r"(?m)^# /// (?P<type>[a-zA-Z0-9-]+)$\s(?P<content>(^#(| .*)$\s)+)^# ///$")

STRINGS = st.sampled_from(
    [
        "'a'",
        '"é"',
        "'''x\ny'''",
        "r'\\d'",
        "'\\x61'",
        "'a' 'b'",
        "('a'\n'😀')",
        "''",
        "u'\u2028\f'",
        "b'a'",
        "f'{x}é' 'b'",
    ]
)
SPACES = st.sampled_from(["", " ", "\t", "\\\n", "  # é\n", "\n\f\n"])
WORDS = ["setup", "(", ")", "[", "]", "{", "}", "'a'", "=", "+", ",", "*", "**", "install_requires", "extras_require"]
WORDS += [
    "\n",
    "\n ",
    "def f(s):",
    ":",
    "s.install",
    "@nox.session",
    "python",
    "x",
    ".",
    "import ",
    "from ",
    '"é',
    "\f",
]


@given(st.lists(st.tuples(STRINGS, SPACES), max_size=6), st.sampled_from(["\n", "\r\n", "\r"]))
def test_the_place_of_a_string_evaluates_to_it(parts: list[tuple[str, str]], end: str) -> None:
    text = "[" + ",".join(space + string + space for string, space in parts) + "]"
    text = text.replace("\n", end)
    python = parse_python(SourceText("x.py", text))
    statement = python.module.body[0]
    assert isinstance(statement, ast.Expr)
    assert isinstance(statement.value, ast.List)
    for element in statement.value.elts:
        if isinstance(element, ast.Constant) and isinstance(element.value, str):
            assert ast.literal_eval(f"({python.source.slice(python.span(element))})") == element.value
            placed = python.text(element, element.value)
            cut = python.source.slice(placed.span)
            found = cut if placed.exact else ast.literal_eval(f"({cut})")
            assert found.replace("\r\n", "\n").replace("\r", "\n") == placed.text == element.value


@given(st.lists(st.sampled_from(WORDS), max_size=25).map("".join) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    source = SourceText("x.py", text)
    with contextlib.suppress(PythonError):
        read_setup(source)
    with contextlib.suppress(PythonError):
        read_noxfile(source)
    with contextlib.suppress(ScriptBlockError):
        read_script_block(source)


LINES = [
    "# /// script",
    "# /// other",
    "# ///",
    "# a = 1",
    "#",
    "# ",
    "#b",
    "x",
    "",
    "# /// script ",
    "#\t",
    "# \u2028",
]


@given(st.lists(st.sampled_from(LINES), max_size=10), st.sampled_from(["\n", "\r\n", "\r"]))
def test_a_block_is_what_the_expression_of_the_specification_finds(lines: list[str], end: str) -> None:
    found = [match["content"] for match in BLOCK.finditer("\n".join(lines)) if match["type"] == "script"]
    contents = ["".join(line[2:] if line.startswith("# ") else line[1:] for line in _lines(text)) for text in found]
    try:
        block = read_script_block(SourceText("x.py", end.join(lines)))
    except ScriptBlockError:
        assert len(found) > 1 or not _is_toml(contents[0])
        return
    assert ([block.toml.source.text] if block else []) == contents


def _lines(text: str) -> list[str]:
    return [f"{line}\n" for line in text.split("\n")[:-1]]


def _is_toml(text: str) -> bool:
    try:
        read_toml(SourceText("x.toml", text))
    except TomlError:
        return False
    return True
