import time

import pytest

from rrr_optimize.formats.yaml_nodes import (
    MAX_DEPTH,
    NODE_BUDGET,
    YamlAlias,
    YamlError,
    YamlMapping,
    YamlNode,
    YamlScalar,
    YamlSequence,
    place_scalar,
    read_yaml,
)
from rrr_optimize.source import SourceText


def outline(text: str) -> list[object]:
    """Return each document as nested lists of (kind, what the span covers)."""
    source = SourceText("x.yaml", text)

    def describe(node: YamlNode) -> object:
        said = source.slice(node.span)
        match node:
            case YamlSequence(items):
                return ["seq", said, *map(describe, items)]
            case YamlMapping(entries):
                return ["map", said, *((describe(key), describe(value)) for key, value in entries)]
            case YamlAlias():
                return f"alias {said}"
            case YamlScalar():
                return said

    return [describe(document.root) for document in read_yaml(source)]


@pytest.mark.parametrize(
    ("text", "line", "column", "said"),
    [
        pytest.param("a: [1, 2\n", 2, 1, "expected", id="a list that never ends"),
        pytest.param("a: 1\n\tb: 2\n", 2, 1, "", id="a tab that indents"),
        pytest.param("a: b: c\n", 1, 5, "not allowed", id="two keys in a line"),
        pytest.param("- *nobody\n", 1, 3, "no anchor", id="an alias of nothing"),
        pytest.param("- &a x\n---\n- *a\n", 3, 3, "no anchor", id="an alias of the document before"),
        pytest.param("\ufeff\ufeffa:\n  b: \x07\n", 2, 6, "U+0007", id="a control character after byte order marks"),
        pytest.param("a: \ud800\n", 1, 4, "U+D800", id="a lone surrogate"),
        pytest.param("[" * 500, 1, MAX_DEPTH + 1, "deep", id="brackets without end"),
        pytest.param("%TAG !a! b\n" * 200, 101, 1, "directives", id="many directives"),
        pytest.param("---\n" * (NODE_BUDGET // 2 + 1), NODE_BUDGET // 2 + 1, 1, "values", id="many documents"),
    ],
)
def test_says_where_it_is_not_yaml(text: str, line: int, column: int, said: str) -> None:
    with pytest.raises(YamlError) as caught:
        read_yaml(SourceText("x.yaml", text))

    assert (caught.value.line, caught.value.column) == (line, column)
    assert said in caught.value.message
    assert str(caught.value).startswith(f"line {line}, column {column}: ")


def test_calls_too_deep_what_libyaml_refuses_before_we_count_it() -> None:
    with pytest.raises(YamlError, match=f"nested more than {MAX_DEPTH} deep"):
        read_yaml(SourceText("x.yaml", "[" * 50_000))


@pytest.mark.parametrize("text", ["", "# nothing\n", "\ufeff", "\n\n"])
def test_finds_no_document_in_an_empty_file(text: str) -> None:
    assert read_yaml(SourceText("x.yaml", text)) == ()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("a: b\n", ["map", "a: b", ("a", "b")], id="plain"),
        pytest.param("a: b # c\n\n# d\n", ["map", "a: b", ("a", "b")], id="comment and blank lines after a block"),
        pytest.param(
            "a:\r\n  - b\r\n\r\n  # c\r\nd: é😀\r\n",
            ["map", "a:\r\n  - b\r\n\r\n  # c\r\nd: é😀", ("a", ["seq", "- b", "b"]), ("d", "é😀")],
            id="a list ends with its last item",
        ),
        pytest.param("\ufeffa: b", ["map", "a: b", ("a", "b")], id="byte order mark in the text"),
        pytest.param("[a, {b: c}]  # d\n", ["seq", "[a, {b: c}]", "a", ["map", "{b: c}", ("b", "c")]], id="flow"),
        pytest.param("a: 'b' \n", ["map", "a: 'b'", ("a", "'b'")], id="quotes are in the span"),
        pytest.param("a: |\n  b\n\n\nc: d\n", ["map", "a: |\n  b\n\n\nc: d", ("a", "|\n  b"), ("c", "d")], id="block"),
        pytest.param("a: |\n\nb: c", ["map", "a: |\n\nb: c", ("a", "|"), ("b", "c")], id="empty block"),
        pytest.param("a:\nb:\n", ["map", "a:\nb:", ("a", ""), ("b", "")], id="nothing"),
        pytest.param("[]\n", ["seq", "[]"], id="empty list"),
        pytest.param("a: 1\na: 2\n", ["map", "a: 1\na: 2", ("a", "1"), ("a", "2")], id="duplicate keys both stay"),
        pytest.param("a: &x !!str b\nc: *x\n", ["map", "a: &x !!str b\nc: *x", ("a", "&x !!str b"), ("c", "alias *x")]),
        pytest.param("!!python/object:os.system a", "!!python/object:os.system a", id="a tag makes no object"),
    ],
)
def test_spans_cover_what_was_written(text: str, expected: object) -> None:
    assert outline(text) == [expected]


def test_reads_every_document_at_its_own_place() -> None:
    assert outline("a\n---\n- b\n...\n---\nc\n") == ["a", ["seq", "- b", "b"], "c"]


def test_keeps_tags_and_styles() -> None:
    (document,) = read_yaml(
        SourceText("x.yaml", "- !override [a]\n- !reset b\n- !x {}\n- 'c'\n- \"d\"\n- >\n  e\n- f\n")
    )
    items = document.list_items(document.root)

    assert [node.tag for node in items if not isinstance(node, YamlAlias)][:3] == ["!override", "!reset", "!x"]
    assert [node.style for node in items if isinstance(node, YamlScalar)] == ["", "'", '"', ">", ""]


def test_finds_the_last_of_two_keys_as_yaml_loaders_do() -> None:
    (document,) = read_yaml(SourceText("x.yaml", "a: 1\na: 2\n? [a]\n: 3\n"))

    found = document.find(document.root, "a")

    assert isinstance(found, YamlScalar)
    assert found.text == "2"
    assert document.find(document.root, "b") is None
    assert document.find(found, "a") is None


def test_resolves_an_alias_to_the_anchored_node_itself() -> None:
    (document,) = read_yaml(SourceText("x.yaml", "a: &l [x]\nb: *l\nc: &l [y]\nd: *l\n"))

    for first, second in (("a", "b"), ("c", "d")):
        assert document.find(document.root, first) is document.find(document.root, second)
    assert document.list_items(document.find(document.root, "z")) == ()


def test_a_cycle_is_a_finite_tree() -> None:
    (document,) = read_yaml(SourceText("x.yaml", "&a [*a, {b: *a}]\n"))
    first, second = document.list_items(document.root)

    assert isinstance(first, YamlAlias)
    assert document.resolve(first) is document.root
    assert document.find(second, "b") is document.root
    assert len(repr(document)) < 5_000


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a", "a"),
        ("'a b'", "a b"),
        ('"a"', "a"),
        ("!!str 'a'", "a"),
        ("&x a", "a"),
        ("'it''s'", "'it''s'"),
        (r'"a\tb"', r'"a\tb"'),
        ("|\n  a\n", "|\n  a"),
        ("a\n  b", "a\n  b"),
    ],
)
def test_narrows_a_span_to_the_text_where_the_file_says_it_literally(text: str, expected: str) -> None:
    source = SourceText("x.yaml", text)
    (document,) = read_yaml(source)
    assert isinstance(document.root, YamlScalar)

    placed = place_scalar(source, document.root)

    assert source.slice(placed.span) == expected
    assert (placed.text, placed.exact) == (document.root.text, document.root.text == expected)


@pytest.mark.parametrize(
    "text",
    [
        "[" * 2_000_000,
        "{a: " * 500_000,
        "\n".join(" " * depth + "a:" for depth in range(1_500)),
        "- " * 1_000_000,
        "? " * 1_000_000,
        "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1}, ' * 10}]\n" for n in range(1, 60)),
        "a0: &a0 {x: y}\n" + "".join(f"a{n}: &a{n} {{<<: [{f'*a{n - 1}, ' * 10}]}}\n" for n in range(1, 60)),
    ],
    ids=["brackets", "braces", "indentation", "dashes", "question marks", "alias bomb", "merge bomb"],
)
def test_hostile_text_takes_less_than_a_second(text: str, slowdown: float) -> None:
    begin = time.process_time()
    try:
        read_yaml(SourceText("x.yaml", text))
    except YamlError as error:
        assert "deep" in error.message  # noqa: PT017 - either outcome will do, but no other error
    assert time.process_time() - begin < slowdown
