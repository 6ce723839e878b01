"""YAML as values: scalars, aliases, merge keys, and what bounds them."""

from __future__ import annotations

from typing import Any

import pytest

from rrr_optimize.formats.yaml_nodes import YamlError
from rrr_optimize.formats.yaml_values import read_values, text_of
from rrr_optimize.source import SourceText
from tests.plain_data import plain


def read(text: str) -> Any:
    return [plain(document) for document in read_values(SourceText("x.yml", text))[0]]


@pytest.mark.parametrize(
    ("text", "data"),
    [
        ("yes", "yes"),
        ("'1'", "1"),
        ("!!str 1", "1"),
        ("2024-01-01", "2024-01-01"),
        ("1:30", "1:30"),
        ("0x", "0x"),
        ("1" * 60, "1" * 60),
        ("true", True),
        ("FALSE", False),
        ("~", None),
        ("a: ", {"a": None}),
        ("12", 12),
        ("-1_000", -1000),
        ("017", 15),
        ("0o17", 15),
        ("0x10", 16),
        ("0b11", 3),
        ("1.5", 1.5),
        ("1e3", 1000.0),
        ("08", 8.0),
        (".5", 0.5),
    ],
)
def test_scalars_are_typed_as_compose_types_them(text: str, data: object) -> None:
    (found,) = read(text)
    assert found == data
    assert type(found) is type(data)


def test_merge_keys_give_what_is_not_given_and_the_first_one_wins() -> None:
    text = "a: &a {x: 1, y: 1}\nb: &b {y: 2, z: 2}\nc: {<<: [*a, *b], z: 3}\nd: {x: 0, <<: *a}\ne: {'<<': 5}"
    found = read(text)[0]
    assert found["c"] == {"x": 1, "y": 1, "z": 3}
    assert found["d"] == {"x": 0, "y": 1}
    assert found["e"] == {"<<": 5}


def test_keys_given_twice_are_told_and_the_last_one_counts() -> None:
    documents, duplicates = read_values(SourceText("x.yml", "a: {k: 1, k: 2}\n---\nb: 1\nb: 2\n"))
    assert [plain(document) for document in documents] == [{"a": {"k": 2}}, {"b": 2}]
    assert [(d.key, d.place.location.line, d.first.location.line) for d in duplicates] == [("k", 1, 1), ("b", 4, 3)]


def test_a_value_knows_its_key_and_its_tag() -> None:
    ((document,), _) = read_values(SourceText("x.yml", "a:\n  b: !reset [1]\n"))
    value = document.mapping["a"].mapping["b"]
    assert (value.tag, value.where.line, value.where.column, value.place.location.column) == ("!reset", 2, 3, 6)
    assert document.get("a", "gone") is None
    assert document.text_of("a") == document.text_of("gone") == ""


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("a: &a [*a]", "the alias lies inside its own anchor"),
        ("? [a]\n: b", "a key has to be text"),
        ("a: {<<: 5}", "<< takes a mapping"),
        ("a: &a {k: v}\nb: {<<: [*a, 5]}", "<< takes a mapping"),
    ],
)
def test_what_nobody_can_mean_is_an_error(text: str, message: str) -> None:
    with pytest.raises(YamlError, match=message):
        read(text)


def test_aliases_make_no_more_values_than_there_is_room_for() -> None:
    lines = ["a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 10)}]" for n in range(1, 9)]
    with pytest.raises(YamlError, match="more than 100000 values"):
        read("\n".join(lines))
    assert len(read("\n".join(lines[:3]))[0]) == 3


def test_a_chain_of_anchors_is_not_followed_for_ever() -> None:
    lines = ["a0: &a0 [x]", *(f"a{n}: &a{n} [*a{n - 1}]" for n in range(1, 5_000))]
    assert len(read("\n".join(lines[:50]))[0]) == 50


def test_scalars_become_the_text_that_a_string_field_takes_them_for() -> None:
    assert [text_of(value) for value in (None, True, False, 1.0, 0.5, 7, "x")] == [
        "",
        "true",
        "false",
        "1",
        "0.5",
        "7",
        "x",
    ]
