"""INI sections and the lines of their values, with their places."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.ini_lines import IniFile, read_ini
from rrr_optimize.formats.unreadable import IniError
from rrr_optimize.source import SourceText


def read(text: str, *, fold_case: bool = True) -> IniFile:
    return read_ini(SourceText("setup.cfg", text), fold_case=fold_case)


def lines(text: str, section: str, key: str) -> list[str]:
    """Return the lines of an option, cut from the text by their spans."""
    ini = read(text)
    option = ini.option(section, key)
    assert option is not None
    assert [ini.source.slice(line.span) for line in option.lines] == [line.text for line in option.lines]
    assert ini.source.slice(option.key.span) == option.key.text
    return [line.text for line in option.lines]


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        pytest.param("a = 1\n[s]\n", 1, "before the first", id="no header yet"),
        pytest.param("\n# c\n  a = 1\n", 3, "before the first", id="indented, no header yet"),
        pytest.param("[s]\na = 1\n[s]\n", 3, r"section \[s\] comes twice", id="a section twice"),
        pytest.param("[s]\na = 1\r\nb = 2\r\nA: 3\r\n", 4, r"key a of section \[s\] comes twice", id="a key twice"),
        pytest.param("[DEFAULT]\na = 1\n[DEFAULT]\na = 2\n", 4, "comes twice", id="a default twice"),
        pytest.param("[s]\njust words\n", 2, "neither", id="no delimiter"),
        pytest.param("[s]\n= 1\n", 2, "neither", id="no key"),
        pytest.param("[s]\n  numpy\n", 2, "neither", id="a continuation of nothing"),
        pytest.param("[]\n", 1, "before the first", id="a header without a name"),
        pytest.param("[s\na = 1\n", 1, "before the first", id="a header without an end"),
    ],
)
def test_says_in_which_line_it_is_no_ini(text: str, line: int, message: str) -> None:
    with pytest.raises(IniError, match=message) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (line, 1)


@pytest.mark.parametrize(("section", "key"), [("s", "b"), ("t", "a"), ("DEFAULT", "a"), ("s", "A")])
def test_has_no_option_that_is_not_written(section: str, key: str) -> None:
    assert read("[s]\na = 1\n").option(section, key) is None


def test_does_not_take_a_header_in_a_value_for_a_section() -> None:
    assert lines("[s]\na =\n  [x]\n  b = 1\n", "s", "a") == ["", "[x]", "b = 1"]


def test_keeps_the_places_of_requirement_lines() -> None:
    text = "[options]\ninstall_requires =\n    numpy>=1.2\n\tpandas ; python_version < '3.9'\n\nzip_safe: no\n"
    assert lines(text, "options", "install_requires") == ["", "numpy>=1.2", "pandas ; python_version < '3.9'"]
    assert lines(text, "options", "zip_safe") == ["no"]


def test_skips_comment_lines_but_keeps_what_stands_behind_a_value() -> None:
    text = "[testenv]\ndeps =\n  a==1  # why\n# at the margin\n  ; indented\n\n  b ; c\n"
    assert lines(text, "testenv", "deps") == ["", "a==1  # why", "", "b ; c"]


def test_ends_a_value_at_a_line_that_is_indented_no_deeper_than_its_key() -> None:
    text = "[s]\n  a = 1\n  b = 2\n     3\n c = 4\n"
    assert [lines(text, "s", key) for key in "abc"] == [["1"], ["2", "3"], ["4"]]


def test_ends_lines_at_line_ends_only() -> None:
    text = "[s]\r\na =\r\n\tx\u2028y\r  z\x0b\n\x0c\n b\x1cc\n"
    assert lines(text, "s", "a") == ["", "x\u2028y", "z", "", "b\x1cc"]


def test_counts_characters_not_bytes() -> None:
    assert lines("[é]\n日本 = 😀 y\n   ü>=1\n", "é", "日本") == ["😀 y", "ü>=1"]


def test_folds_the_case_of_keys_only_where_asked() -> None:
    text = "[options.extras_require]\nPDF = a\npdf = b\n"
    with pytest.raises(IniError):
        read(text)
    options = read(text, fold_case=False).sections["options.extras_require"].options
    assert [(key, option.key.text, option.text) for key, option in options.items()] == [
        ("PDF", "PDF", "a"),
        ("pdf", "pdf", "b"),
    ]


def test_looks_a_missing_option_up_in_the_defaults() -> None:
    ini = read("[DEFAULT]\na = 1\nb = 2\n[s]\na = 3\n[DEFAULT]\nc = 4\n")
    found = [ini.option("s", key) for key in "abc"]
    assert [option.text for option in found if option] == ["3", "2", "4"]


def test_takes_the_first_delimiter_and_the_whole_header() -> None:
    text = "[a]b] trailing\nk : v = w\n"
    ini = read(text)
    assert list(ini.sections) == ["a]b"]
    assert lines(text, "a]b", "k") == ["v = w"]


def test_does_not_interpolate() -> None:
    assert lines("[testenv]\ndeps = {[base]deps}\n  %(x)s ${y}\n", "testenv", "deps") == ["{[base]deps}", "%(x)s ${y}"]
