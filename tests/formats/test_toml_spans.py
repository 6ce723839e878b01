"""TOML with the place of every key and value."""

from __future__ import annotations

import inspect
import sys
import time

import pytest

from rrr_optimize.formats.toml_scanner import MAX_DEPTH
from rrr_optimize.formats.toml_spans import TomlFile, read_toml
from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.source import SourceText


def read(text: str) -> TomlFile:
    return read_toml(SourceText("pyproject.toml", text))


def value_at(text: str, *path: str | int) -> str | None:
    toml = read(text)
    span = toml.span(*path)
    return toml.source.slice(span) if span else None


def content_at(text: str, *path: str | int) -> str | None:
    toml = read(text)
    span = toml.content_span(*path)
    return toml.source.slice(span) if span else None


def key_at(text: str, *path: str | int) -> str | None:
    toml = read(text)
    span = toml.key_span(*path)
    return toml.source.slice(span) if span else None


@pytest.mark.parametrize(
    "path",
    [
        pytest.param(("missing",), id="no such key"),
        pytest.param(("a", 3), id="beyond the array"),
        pytest.param(("a", -1), id="no counting from the end"),
        pytest.param(("a", 0, "deeper"), id="a string has no keys"),
        pytest.param(("t",), id="a table under a header has no span of its own"),
        pytest.param(("t", "u"), id="nor has one made by a dotted key"),
        pytest.param((0,), id="a table has no indexes"),
    ],
)
def test_has_no_span_where_no_value_is_written(path: tuple[str | int, ...]) -> None:
    text = 'a = ["x", "y"]\n[t]\nu.v = 1\n'
    assert value_at(text, *path) is None
    assert content_at(text, *path) is None


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"x"', "x"),
        ("'a\\b'", "a\\b"),
        ('""', ""),
        ("''", ""),
        ('""""""', ""),
        ('"""x"""', "x"),
        ('"""\nx\ny"""', "x\ny"),
        ('"""\r\nx\r\ny"""', "x\r\ny"),
        ("'''\n\nx'''", "\nx"),
        ('"""a "quoted" word"""', 'a "quoted" word'),
        ('"""ends with two quotes"""""', 'ends with two quotes""'),
        ("''''one' '''", "'one' "),
        ('"#, ]}="', "#, ]}="),
        ('"a\\tb"', None),
        ('"a\\\\b"', None),
        ('"""a \\\n  b"""', None),
        ("1", None),
        ("[]", None),
    ],
)
def test_gives_the_characters_between_the_quotes_where_they_are_the_string(written: str, expected: str | None) -> None:
    text = f"before = 1\nkey = {written} # comment\nafter = 2\n"
    assert value_at(text, "key") == written
    assert content_at(text, "key") == expected


@pytest.mark.parametrize(
    "written",
    [
        "1_000",
        "0xff",
        "-1.5e-3",
        "inf",
        "-nan",
        "true",
        "1979-05-27",
        "07:32:00.999",
        "1979-05-27T07:32:00Z",
        "1979-05-27 07:32:00-07:00",
        "[ 1, [2, 3], # ]\n  {a = ']'},\n]",
        "{ a.b = 1, 'c' = [\n1\n] }",
        "{}",
    ],
)
@pytest.mark.parametrize("behind", ["", "\n", "  # comment", "\r\n"])
def test_ends_a_value_where_it_ends(written: str, behind: str) -> None:
    assert value_at(f"key\t=  {written}{behind}", "key") == written


def test_counts_items_across_lines_and_comments() -> None:
    text = 'd = [ # [\n  "a>=1", # "no"\n\n  \'b\',\n  { x = ["c"] } ]\n'
    assert [value_at(text, "d", index) for index in range(3)] == ['"a>=1"', "'b'", '{ x = ["c"] }']
    assert content_at(text, "d", 2, "x", 0) == "c"


def test_follows_headers_dotted_and_quoted_keys() -> None:
    text = '[ project . "optional.dependencies" ]\n"d\\u0065v" = ["x"]\n[tool.a]\nb."c d".\'e\' = 1\n'
    assert value_at(text, "project", "optional.dependencies", "dev", 0) == '"x"'
    assert key_at(text, "project", "optional.dependencies", "dev") == '"d\\u0065v"'
    assert value_at(text, "tool", "a", "b", "c d", "e") == "1"
    assert key_at(text, "tool", "a", "b", "c d") == '"c d"'


def test_counts_the_tables_of_an_array() -> None:
    text = '[[p]]\nn = "a"\n[p.q]\nr = 1\n[[p]]\nn = "b"\n[[p.s]]\nt = 2\n[[p.s]]\nt = 3\n'
    assert [content_at(text, "p", index, "n") for index in range(2)] == ["a", "b"]
    assert value_at(text, "p", 0, "q", "r") == "1"
    assert value_at(text, "p", 1, "s", 1, "t") == "3"
    toml = read(text)
    starts = [span.start for span in (toml.key_span("p", index) for index in range(2)) if span]
    assert starts == [text.index("p"), text.rindex("[[p]]") + 2]
    assert toml.key_span("p") == toml.key_span("p", 0)


def test_finds_a_table_by_its_own_header_rather_than_by_one_that_implies_it() -> None:
    text = "[a.b]\nx = 1\n[a]\ny = 2\n"
    toml = read(text)
    span = toml.key_span("a")
    assert span is not None
    assert toml.source.position(span.start) == (3, 2)


def test_counts_characters_not_bytes() -> None:
    assert value_at('"é" = "日本𝒳"\nb = "c" # é', "b") == '"c"'


def test_places_a_string_with_escapes_as_a_whole() -> None:
    toml = read('a = "x"\nb = "\\u0078"\nc = 1\n')
    placed = [toml.text("a"), toml.text("b")]
    assert [(text.text, toml.source.slice(text.span), text.exact) for text in placed if text] == [
        ("x", "x", True),
        ("x", '"\\u0078"', False),
    ]
    assert toml.text("c") is None


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        pytest.param("a = 1\nb 2\n", 2, 3, id="in a line"),
        pytest.param("a = 1\r\nb = \r\n", 2, 5, id="behind CRLF"),
        pytest.param("a = [\n1,\n", 2, 3, id="end of document is the end of the last line"),
        pytest.param("a = '''\n\n\n", 1, 8, id="blank lines at the end are not the last line"),
        pytest.param("a = 1\rb = 2\n", 1, 6, id="a lone CR"),
        pytest.param('é = "x"', 1, 1, id="a bare key that is none"),
        pytest.param('a = """x', 1, 9, id="an open string"),
        pytest.param("a = 1\na = 2\n", 2, 6, id="twice"),
        pytest.param('a = "\0"', 1, 6, id="NUL"),
        pytest.param("[]", 1, 2, id="an empty header"),
        pytest.param("a = 2001-02-30", 1, 5, id="no such day"),
        pytest.param(f"a = {'9' * 5000}", 1, 1, id="more digits than Python converts"),
    ],
)
def test_says_where_it_is_no_toml(text: str, line: int, column: int) -> None:
    with pytest.raises(TomlError) as caught:
        read(text)
    assert (caught.value.line, caught.value.column) == (line, column)
    assert "\n" not in caught.value.message
    assert "(at " not in caught.value.message


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("a = " + "[" * 5000 + "]" * 5000, id="arrays"),
        pytest.param("a = " + "[" * 200_000, id="arrays without an end"),
        pytest.param("a = " + "{a=" * 5000 + "1" + "}" * 5000, id="inline tables"),
        pytest.param("a" + ".a" * 100_000 + " = 1", id="a dotted key, whose square would not fit into memory"),
        pytest.param("[a" + ".a" * 100_000 + "]", id="a header"),
        pytest.param("[[a]]\n" + "".join(f"[[{'a.' * depth}a]]\n" for depth in range(1, 60)), id="tables in tables"),
    ],
)
def test_refuses_what_nests_too_deeply(text: str) -> None:
    with pytest.raises(TomlError, match="nested deeper than 100 levels"):
        read(text)


def test_reads_what_nests_almost_too_deeply() -> None:
    depth = MAX_DEPTH - 1
    assert value_at("a = " + "[" * depth + "]" * depth, "a", *[0] * (depth - 1)) == "[]"


def test_reads_twenty_thousand_items() -> None:
    toml = read("d = [\n" + "".join(f'  "p{index}==1", # c\n' for index in range(20_000)) + "]\n")
    placed = toml.text("d", 19_999)
    assert placed is not None
    assert toml.source.slice(placed.span) == "p19999==1"


def test_does_not_search_again_and_again_for_the_end_of_a_string(slowdown: float) -> None:
    start = time.process_time()
    with pytest.raises(TomlError):
        read("a = [" + '"""a",\\' * 50_000)
    assert time.process_time() - start < 3 * slowdown


def test_raises_nothing_else_when_called_from_deep_inside() -> None:
    def call(depth: int) -> TomlFile:
        return call(depth - 1) if depth else read("a = " + "[" * 90 + "]" * 90)

    with pytest.raises(TomlError, match="nested too deeply"):
        call(sys.getrecursionlimit() - len(inspect.stack()) - 100)
