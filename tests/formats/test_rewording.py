from __future__ import annotations

from typing import TYPE_CHECKING, TypeAlias

import pytest

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.rewording import Rewording, reword
from rrr_optimize.formats.said_texts import (
    Said,
    ini_texts,
    python_texts,
    script_texts,
    toml_texts,
    yaml_texts,
)
from rrr_optimize.model import Edit, Span
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable

Reader: TypeAlias = "Callable[[SourceText], list[Said]]"
ELSE = "the file would say something else as well"


def replaced(text: str, old: str, new: str, *, context: str = "") -> Rewording:
    start = text.index(old)
    return Rewording(Edit("a", Span(start, start + len(old)), new), context or old, context.replace(old, new) or new)


def words(source: SourceText) -> list[Said]:
    return list(source.text.split())


@pytest.mark.parametrize(
    ("text", "old", "new", "reason"),
    [
        ("aa bb", "aa", "aa cc", ELSE),
        ("aa bb", "aa b", "cc b", ELSE),
        ("aa bb", "aa", "aa", "the file does not say it there"),
    ],
)
def test_refuses_what_changes_more_or_less_than_one_string(text: str, old: str, new: str, reason: str) -> None:
    [found] = reword(SourceText("a", text), words, [replaced(text, old, new)])
    assert isinstance(found, Refusal)
    assert found.reason == reason


def test_refuses_a_change_of_another_string_than_was_said() -> None:
    rewording = Rewording(Edit("a", Span(0, 2), "cc"), "bb", "cc")
    assert reword(SourceText("a", "aa bb"), words, [rewording]) == (Refusal(ELSE, Span(0, 2)),)


def test_refuses_a_change_of_what_is_no_string() -> None:
    rewording = Rewording(Edit("a", Span(0, 1), "2"), "1", "2")

    def length(source: SourceText) -> list[Said]:
        return [(source.text,)]

    assert reword(SourceText("a", "1"), length, [rewording]) == (Refusal(ELSE, Span(0, 1)),)


def test_good_ones_are_found_among_bad_ones_and_stay_in_order() -> None:
    text = "a b c d e f"
    good = [replaced(text, letter, letter.upper()) for letter in "acdf"]
    bad = [replaced(text, letter, "x y") for letter in "be"]
    found = reword(SourceText("a", text), words, [good[0], bad[0], good[1], good[2], bad[1], good[3]])
    assert [isinstance(outcome, Edit) for outcome in found] == [True, False, True, True, False, True]
    assert reword(SourceText("a", text), words, []) == ()


def test_two_at_one_place_are_told_by_themselves() -> None:
    one, other = replaced("a b", "a", "x"), replaced("a b", "a", "y")
    assert reword(SourceText("a", "a b"), words, [one, other]) == (one.edit, other.edit)


def test_a_file_that_is_not_read_is_refused() -> None:
    rewording = Rewording(Edit("a", Span(0, 0), "x"), "", "x")
    [found, _] = reword(SourceText("a", "x ="), toml_texts, [rewording, rewording])
    assert isinstance(found, Refusal)
    assert found.reason.startswith("not read: ")


def test_a_result_that_is_not_read_is_refused() -> None:
    text = "x = 'a'"
    [found] = reword(SourceText("a", text), toml_texts, [replaced(text, "a", "'")])
    assert isinstance(found, Refusal)
    assert found.reason.startswith("the result would not be read: ")


def test_a_string_may_hold_what_is_reworded_twice() -> None:
    text = "x = 'aa aa'"
    start = text.rindex("aa")
    rewording = Rewording(Edit("a", Span(start, start + 2), "bb"), "aa", "bb")
    assert reword(SourceText("a", text), toml_texts, [rewording]) == (rewording.edit,)


@pytest.mark.parametrize(
    ("read", "one", "other"),
    [
        (toml_texts, "x = 1", "x = 1.0"),
        (toml_texts, "x = 1", "x = true"),
        (toml_texts, "x = []", "x = {}"),
        (toml_texts, "x = ['a', 'b']", "x = [['a'], 'b']"),
        (ini_texts, "[a]\nb = c", "[a]\nB = c"),
        (ini_texts, "[a]\nb = c\n  d", "[a]\nb = c\nd ="),
        (ini_texts, "[a]\nb = c", "[b]\nb = c"),
        (python_texts, "x = ['a']", "x = ('a',)"),
        (python_texts, "x = 'a'", "x = b'a'"),
        (python_texts, "x = 'a'", "y = 'a'"),
        (python_texts, "x = 'a'", "x = u'a'"),
        (python_texts, "f(a)(b)", "f(a, b)"),
        (python_texts, "x = {None: 1}", "x = {**None}"),
        (python_texts, "if a:\n  b\n  c", "if a:\n  b\nc"),
        (yaml_texts, "a: b", "a: 'b'"),
        (yaml_texts, "a: b", "a: !x b"),
        (yaml_texts, "[a]", "- a"),
        (yaml_texts, "- &a b\n- *a", "- &a b\n- b"),
        (script_texts, "# /// script\n# dependencies = ['a']\n# ///", "# /// script\n# dependencies = ['b']\n# ///"),
    ],
)
def test_files_that_differ_say_different_things(read: Reader, one: str, other: str) -> None:
    assert read(SourceText("a", one)) != read(SourceText("a", other))


@pytest.mark.parametrize(
    ("read", "one", "other"),
    [
        (toml_texts, "x = 'a'  # c\n", 'x="a"'),
        (ini_texts, "[a]\nb = c", "[a]\n# x\nb: c"),
        (python_texts, "x = 'a'  # c", 'x = ("a")'),
        (yaml_texts, "a: b # c", "\ufeffa:   b"),
        (script_texts, "print(1)", "print(2)"),
    ],
)
def test_layout_says_nothing(read: Reader, one: str, other: str) -> None:
    assert read(SourceText("a", one)) == read(SourceText("a", other))
