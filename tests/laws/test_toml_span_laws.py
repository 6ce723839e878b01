"""Every value of a TOML text stands where its span says, and nothing but the declared error is raised."""

from __future__ import annotations

import contextlib
import tomllib
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hypothesis import given, strategies as st

from rrr_optimize.formats.toml_spans import read_toml
from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator

SCALARS = st.sampled_from(
    [
        *("1", "-0", "0xff", "1_0.5e+1", "nan", "-inf", "true", "false"),
        *("1979-05-27", "07:32:00", "1979-05-27 07:32:00.5+01:00", "1979-05-27T07:32:00Z"),
        *('""', "''", '"a"', '"é\\"]"', "'#'", "'\\'", '"\\u00e9"', '"a=b"'),
        *('""""""', '"""\nx"""""', "'''\r\n'y''''", '"""\\\n  z\\""""', "'''[a]\nb = 1\n'''"),
    ]
)
TRIVIA = st.sampled_from(["", " ", "\t", "\n", " # c\n", "# ]\r\n", "\r\n", "#é\n\n"])
BLANK = st.sampled_from(["", " ", "\t "])
KEY_STYLES = st.sampled_from(["{}", '"{}"', "'{}'", '"\\u006b{}"'])


@st.composite
def keys(draw: st.DrawFn, number: int) -> str:
    """A key that differs from all with another number, in one or several parts."""
    parts = [draw(KEY_STYLES).format(name) for name in [f"k{number}", *draw(st.lists(st.just("x.y"), max_size=2))]]
    parts = [part if part[0] in "\"'" else part.replace(".", "-") for part in parts]
    return f"{draw(BLANK)}.{draw(BLANK)}".join(parts)


@st.composite
def values(draw: st.DrawFn, depth: int = 3) -> str:
    kind = draw(st.sampled_from(["scalar", "scalar", "array", "table"])) if depth else "scalar"
    if kind == "array":
        items = draw(st.lists(values(depth - 1), max_size=3))
        comma = draw(st.sampled_from(["", ","])) if items else ""
        spaced = [f"{draw(TRIVIA)}{item}{draw(TRIVIA)}" for item in items]
        return f"[{','.join(spaced)}{comma}{draw(TRIVIA)}]"
    if kind == "table":
        pairs = [
            f"{draw(BLANK)}{draw(keys(number))}{draw(BLANK)}={draw(BLANK)}{draw(values(depth - 1))}{draw(BLANK)}"
            for number in range(draw(st.integers(0, 3)))
        ]
        return f"{{{','.join(pairs)}{draw(BLANK)}}}"
    return draw(SCALARS)


@st.composite
def documents(draw: st.DrawFn) -> str:
    lines = []
    for number in range(draw(st.integers(0, 6))):
        header = draw(
            st.sampled_from(["", "", "[{}]", "[[items]]", "[items.{}]"] if "[[items]]" in lines else ["", "[[items]]"])
        )
        key = draw(keys(number))
        lines.append(header.format(key))
        end = draw(st.sampled_from(["", " # c", "\t"]))
        lines.append(f"{draw(BLANK)}{draw(keys(100 + number))} = {draw(values())}{end}")
    return draw(st.sampled_from(["\n", "\r\n"])).join(lines)


def leaves(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from leaves(inner, (*path, key))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from leaves(inner, (*path, index))
    else:
        yield path, value


def check_spans(text: str) -> None:
    toml = read_toml(SourceText("x.toml", text))
    assert repr(toml.data) == repr(tomllib.loads(text))
    spans = []
    for path, value in leaves(toml.data):
        span = toml.span(*path)
        assert span is not None, path
        # repr, because nan is not equal to itself and 1 is equal to True.
        assert repr(tomllib.loads(f"v = {text[span.start : span.end]}")["v"]) == repr(value)
        spans.append(span)
        content = toml.content_span(*path)
        if content:
            assert span.start < content.start <= content.end < span.end
            assert text[content.start : content.end].replace("\r\n", "\n") == value
        for end in range(1, len(path) + 1):
            if isinstance(path[end - 1], str):
                key = toml.key_span(*path[:end])
                assert key is not None
                assert list(tomllib.loads(f"{text[key.start : key.end]} = 1")) == [path[end - 1]]
    assert all(before.end <= after.start for before, after in pairwise(sorted(spans)))


@given(documents())
def test_a_span_parses_to_its_value_and_no_two_overlap(text: str) -> None:
    check_spans(text)


@given(st.text(st.sampled_from("ab1-_.=,#[]{}\"'\\ \t\r\n\0é\u2028\f"), max_size=40) | st.text(max_size=20))
def test_any_text_is_read_or_refused(text: str) -> None:
    with contextlib.suppress(TomlError):
        check_spans(text)


@given(documents(), st.integers(0, 300), st.sampled_from(["", '"', "'", "[", "]", "\n", "#", "\\", '"""', "=", "."]))
def test_a_damaged_text_is_read_or_refused(text: str, place: int, damage: str) -> None:
    with contextlib.suppress(TomlError):
        check_spans(text[:place] + damage + text[place + 1 :])
