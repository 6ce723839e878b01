"""The script block of a Python file, its strings placed in that file."""

from __future__ import annotations

import time

import pytest

from rrr_optimize.formats.script_block import ScriptBlock, read_script_block
from rrr_optimize.formats.unreadable import ScriptBlockError
from rrr_optimize.model import Span
from rrr_optimize.source import SourceText


def find(text: str) -> ScriptBlock | None:
    return read_script_block(SourceText("tool.py", text))


def read(text: str) -> ScriptBlock:
    block = find(text)
    assert block is not None
    return block


def dependencies(text: str) -> list[tuple[str, str, bool]]:
    found = read(text).dependencies
    return [(placed.text, text[placed.span.start : placed.span.end], placed.exact) for placed in found]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("# /// script\n# dependencies = []\nprint()\n", id="never closed"),
        pytest.param("# /// script\n# ///\n", id="nothing inside"),
        pytest.param("# /// script\n\n# a = 1\n# ///\n", id="a blank line"),
        pytest.param("# /// script\n#a = 1\n# ///\n", id="no space behind the sign"),
        pytest.param(" # /// script\n # a = 1\n # ///\n", id="indented"),
        pytest.param("# /// script \n# a = 1\n# ///\n", id="a space behind the type"),
        pytest.param("# /// script\n# a = 1\n# /// \n", id="a space behind the end"),
        pytest.param("#/// script\n# a = 1\n#///\n", id="no space before the slashes"),
        pytest.param("# /// pyproject\n# a = 1\n# ///\n", id="another type"),
        pytest.param("# /// Script\n# a = 1\n# ///\n", id="another case"),
        pytest.param("# /// other\n# /// script\n# a = 1\n# ///\n", id="inside another type"),
    ],
)
def test_finds_no_block_where_the_specification_sees_none(text: str) -> None:
    assert find(text) is None


def test_places_the_strings_in_the_python_file() -> None:
    text = (
        "#!/usr/bin/env python\n'é'\n# /// script\n# requires-python = '>=3.11'\n# dependencies = [\n"
        '#   "a>=1", # é\n#\n# \t"b; python_version < \'3\'",\n#   "\\u0063",\n# ]\n# ///\nimport a\n'
    )
    block = read(text)
    assert dependencies(text) == [
        ("a>=1", "a>=1", True),
        ("b; python_version < '3'", "b; python_version < '3'", True),
        ("c", '"\\u0063"', False),
    ]
    assert block.requires_python is not None
    assert text[block.requires_python.span.start : block.requires_python.span.end] == ">=3.11"
    assert text[block.span.start : block.span.end].startswith("# /// script\n")
    assert text[block.span.start : block.span.end].endswith("# ]\n# ///")


@pytest.mark.parametrize("end", ["\r\n", "\r"])
def test_reads_other_line_ends(end: str) -> None:
    assert dependencies(end.join(["x = 1", "# /// script", "# dependencies = [", "#", "#  'a',", "# ]", "# ///"])) == [
        ("a", "a", True)
    ]


def test_has_no_exact_place_for_a_string_over_several_lines() -> None:
    text = '# /// script\n# dependencies = ["""\n# a\n# """, "b"]\n# ///\n'
    assert dependencies(text) == [("a\n", "a\n# ", False), ("b", "b", True)]


def test_goes_on_to_the_last_closing_line_of_the_comment() -> None:
    text = "# /// script\n# dependencies = ['''\n# ///\n# ''']\n# ///\n# more\n"
    assert [placed.text for placed in read(text).dependencies] == ["///\n"]


def test_passes_over_blocks_of_other_types() -> None:
    text = "# /// other\n# = no toml\n# ///\n\n# /// script\n# dependencies = ['a']\n# ///\n"
    assert dependencies(text) == [("a", "a", True)]


def test_hands_on_the_tables_of_tools() -> None:
    text = "# /// script\n# [tool.uv]\n# exclude-newer = 'x'\n# ///\n"
    block = read(text)
    span = block.toml.content_span("tool", "uv", "exclude-newer")
    assert span is not None
    outer = block.comment.outer(span)
    assert text[outer.start : outer.end] == "x"
    assert (block.requires_python, block.dependencies) == (None, ())


@pytest.mark.parametrize(
    ("text", "line", "column", "message"),
    [
        pytest.param("\n# /// script\n# a 1\n# ///\n", 3, 5, "'='", id="no TOML"),
        pytest.param("# /// script\n# a = [\n#\n# ///\n", 2, 8, "value", id="TOML without an end"),
        pytest.param("# /// script\n#\n#\n# a =\n# ///\n", 4, 6, "value", id="behind empty lines"),
        pytest.param("# /// script\n# a = 1\n# ///\n\n# /// script\n# a = 1\n# ///\n", 5, 1, "one", id="two blocks"),
        pytest.param("# /// script\n# dependencies = 'a'\n# ///\n", 2, 3, "array of strings", id="no array"),
        pytest.param("# /// script\n# dependencies = ['a', 1]\n# ///\n", 2, 3, "array of strings", id="a number"),
        pytest.param("# /// script\n# [dependencies]\n# ///\n", 2, 4, "array of strings", id="a table"),
        pytest.param("# /// script\n#\n# requires-python = 3.11\n# ///\n", 3, 3, "a string", id="a float"),
    ],
)
def test_says_where_a_block_breaks_the_rules(text: str, line: int, column: int, message: str) -> None:
    with pytest.raises(ScriptBlockError, match=message) as caught:
        find(text)
    assert (caught.value.line, caught.value.column) == (line, column)


def test_reads_many_openings_in_one_pass(slowdown: float) -> None:
    start = time.process_time()
    assert find("# /// script\n" * 50_000) is None
    assert time.process_time() - start < 3 * slowdown


def test_maps_an_offset_at_the_end_of_the_text() -> None:
    block = read("# /// script\n# a = 1\n# ///\n")
    assert block.comment.outer(Span(0, 6)) == Span(15, 21)
