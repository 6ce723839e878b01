"""Edits change their own spans and nothing else; decoded text keeps every byte and every place."""

from __future__ import annotations

import codecs
from itertools import pairwise
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings, strategies as st

from rrr_optimize.edits import apply_edits, unified_diff
from rrr_optimize.errors import EditConflictError
from rrr_optimize.model import Edit, Location, Span
from rrr_optimize.source import SourceText, UndecodableError

if TYPE_CHECKING:
    import random

TEXTS = st.text(st.sampled_from("ab\r\n\f\u2028é😀"), max_size=30)
CODECS = st.sampled_from(
    [("utf-8", b""), ("utf-8", codecs.BOM_UTF8), ("utf-16-le", codecs.BOM_UTF16_LE), ("utf-32-be", codecs.BOM_UTF32_BE)]
)


@st.composite
def edited_texts(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    """Draw a text and edits that do not overlap, at most one insertion at an offset."""
    text = draw(TEXTS)
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = {Span(start, end) for start, end in zip(cuts[::2], cuts[1::2], strict=False)}
    ordered = sorted(spans)
    assume(all(one.end <= other.start for one, other in pairwise(ordered)))
    return text, [Edit("a.txt", span, draw(TEXTS)) for span in ordered]


@given(edited_texts(), st.randoms(use_true_random=False))
def test_edits_replace_their_spans_in_any_order(drawn: tuple[str, list[Edit]], dice: random.Random) -> None:
    text, edits = drawn
    expected, at = "", 0
    for edit in edits:
        expected += text[at : edit.span.start] + edit.replacement
        at = edit.span.end
    expected += text[at:]
    shuffled = list(edits)
    dice.shuffle(shuffled)
    assert apply_edits(text, shuffled) == expected


@given(TEXTS)
def test_no_edits_change_nothing(text: str) -> None:
    assert apply_edits(text, []) == text
    assert unified_diff("a.txt", text, text) == ""


@given(st.integers(0, 6), st.integers(0, 6), st.integers(0, 6), st.integers(0, 6))
def test_an_overlap_is_refused(start: int, length: int, other: int, other_length: int) -> None:
    one, two = Span(start, start + length), Span(other, other + other_length)
    shares = max(one.start, two.start) < min(one.end, two.end)
    inside = any(a.start == a.end and b.start < a.start < b.end for a, b in ((one, two), (two, one)))
    same_place = one == two
    edits = [Edit("a.txt", one, "x"), Edit("a.txt", two, "y")]
    if shares or inside or same_place:
        with pytest.raises(EditConflictError, match=r"^a\.txt: edits at \d+-\d+ and \d+-\d+ overlap$"):
            apply_edits("a" * 20, edits)
    else:
        assert len(apply_edits("a" * 20, edits)) == 22 - length - other_length


def test_an_edit_beyond_the_end_is_refused() -> None:
    assert apply_edits("abc", [Edit("a", Span(3, 3), "d")]) == "abcd"
    with pytest.raises(EditConflictError, match="ends after the end"):
        apply_edits("abc", [Edit("a", Span(0, 4), "")])


@given(TEXTS, TEXTS)
@settings(max_examples=60)
def test_a_diff_holds_every_line_of_both_texts(before: str, after: str) -> None:
    diff = unified_diff("x/a.txt", before, after)
    assert bool(diff) == (before != after)
    if diff:
        assert diff.startswith("--- a/x/a.txt\n+++ b/x/a.txt\n@@ ")
        lines = [line for line in diff.split("\n")[2:] if line[:1] in {"-", "+"}]
        assert all(line[1:] in (before if line[0] == "-" else after) for line in lines)


def test_a_diff_marks_a_last_line_without_its_end() -> None:
    assert unified_diff("a", "x\r\ny", "x\r\nz\f\n") == (
        "--- a/a\n+++ b/a\n@@ -1,2 +1,2 @@\n x\r\n-y\n\\ No newline at end of file\n+z\f\n"
    )


@given(TEXTS, CODECS)
def test_text_gives_back_its_bytes(text: str, codec: tuple[str, bytes]) -> None:
    encoding, mark = codec
    data = mark + text.encode(encoding)
    source = SourceText.decode("a.txt", data)
    assert (source.text, source.encode()) == (text, data)


@given(TEXTS)
def test_a_position_is_what_an_editor_counts(text: str) -> None:
    source = SourceText("a.txt", text)
    line, column = 1, 1
    for offset, character in enumerate(text):
        assert source.position(offset) == (line, column)
        ends = character == "\n" or (character == "\r" and text[offset + 1 : offset + 2] != "\n")
        line, column = (line + 1, 1) if ends else (line, column + 1)
    assert source.position(len(text)) == (line, column)


@given(TEXTS, st.integers(0, 30), st.integers(0, 30))
def test_a_location_leads_back_to_its_span(text: str, one: int, other: int) -> None:
    source = SourceText("a.txt", text)
    span = Span(*sorted((min(one, len(text)), min(other, len(text)))))
    assert source.span_of(source.locate(span)) == span


@pytest.mark.parametrize(
    ("place", "message"),
    [
        (Location("a.txt", 3, 1, 3, 1), "a.txt has no line 3"),
        (Location("a.txt", 2, 1, 1, 1), "a.txt has no line 1"),
        (Location("a.txt", 0, 1, 1, 1), "a.txt has no line 1"),
        (Location("a.txt", 1, 1, 2, 4), "a.txt ends before 2:4"),
    ],
)
def test_a_location_of_another_text_is_refused(place: Location, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        SourceText("a.txt", "ab\ncd").span_of(place)


def test_a_span_is_located_and_cut() -> None:
    source = SourceText("a.txt", "ab\r\ncd\n")
    place = source.locate(Span(1, 5))
    assert (place.line, place.column, place.end_line, place.end_column) == (1, 2, 2, 2)
    assert source.slice(Span(1, 5)) == "b\r\nc"


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"caf\xe9\n", "byte 3 (0xe9) is not utf-8"),
        (b"# coding: nonsense\n", "its coding cookie names an unknown encoding, nonsense"),
        (b"a\0b", "it holds a NUL character, so it is not a text file"),
        (b"\xff\xfea", "byte 0 (0x61) is not utf-16-le"),
        (b"# coding: idna\n" + b"a" * 70 + b".xn--\n", "it is not idna"),
        (b"# coding: utf-7\n+AGEAYg-\n", "it does not survive being decoded and encoded again as utf-7"),
    ],
    ids=["latin-1", "unknown cookie", "NUL", "half a character", "a codec of names", "many spellings of one text"],
)
def test_what_is_no_text_says_why(data: bytes, reason: str) -> None:
    with pytest.raises(UndecodableError) as error:
        SourceText.decode("a.txt", data)
    assert str(error.value) == reason


def test_a_cookie_in_the_first_two_lines_is_followed() -> None:
    data = b"#!/usr/bin/python\n# -*- coding: latin-1 -*-\nx = '\xe9'\n"
    source = SourceText.decode("a.py", data)
    assert (source.encoding, source.text[-3:-1], source.encode()) == ("latin-1", "é'", data)
    with pytest.raises(UndecodableError):
        SourceText.decode("a.py", b"\n" + data)


def test_a_cookie_in_the_second_line_does_not_count_below_code() -> None:
    assert SourceText.decode("a.py", b"x = 1\n# coding: latin-1\n").encoding == "utf-8"
    assert SourceText.decode("a.py", b" # hello\r\n# coding: latin-1\n").encoding == "latin-1"
