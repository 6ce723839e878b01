"""Laws of the TOML editor: tomllib reads what was meant, and nothing but the edited spans changes."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import tomlkit
from hypothesis import given, settings, strategies as st

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.toml_editing import edit_toml, leaves
from rrr_optimize.formats.toml_operations import (
    AddEntries,
    AddKey,
    Operation,
    Path,
    RemoveEntry,
    RemoveKey,
    SetRequirement,
    SetText,
)
from rrr_optimize.source import SourceText
from tests.laws.test_toml_span_laws import documents

if TYPE_CHECKING:
    from collections.abc import Iterator

COMMENTS = st.sampled_from(["", "", "  # c", " # d ]"])
ABOVE = st.sampled_from(["", "", "", "# over\n", "\n", "# one\n\n", "  # two\n# three\n"])
REQUIREMENTS = st.sampled_from(["aa", "bb==1", "Cc[x] >= 1, < 2", "dd; os_name == 'nt'", "ee ~= 1.0"])
TEXTS = st.sampled_from(["aa==9", 'a "b"', "it's", "a\\b", "x\ny", "é"])


@st.composite
def strings(draw: st.DrawFn) -> str:
    text = draw(REQUIREMENTS)
    return f'"""{text}"""' if draw(st.integers(0, 9)) == 0 else f'"{text}"' if "'" in text else f"'{text}'"


@st.composite
def lists_of_requirements(draw: st.DrawFn) -> str:
    items = draw(st.lists(strings(), max_size=4))
    has_comma = draw(st.booleans())
    if draw(st.booleans()):
        blank = draw(st.sampled_from(["", " "]))
        return f"[{blank}{', '.join(items)}{',' if items and has_comma else ''}{blank}]"
    lines = [
        f"{draw(ABOVE)}  {item}{',' if has_comma or number < len(items) - 1 else ''}{draw(COMMENTS)}\n"
        for number, item in enumerate(items)
    ]
    return f"[{draw(COMMENTS)}\n{''.join(lines)}{draw(ABOVE)}]"


@st.composite
def projects(draw: st.DrawFn) -> str:
    text = ""
    for number, header in enumerate(draw(st.permutations(["project", "tool.uv", "dependency-groups", "tool.p.deps"]))):
        if draw(st.booleans()):
            text += f"{draw(ABOVE)}[{header}]{draw(COMMENTS)}\n"
            for key in draw(st.lists(st.sampled_from("abc"), unique=True)):
                value = draw(st.one_of(lists_of_requirements(), lists_of_requirements(), strings()))
                value = draw(st.sampled_from([value, value, f"{{ version = {draw(strings())}, x = 1 }}"]))
                text += f"{draw(ABOVE)}{key}{number} = {value}{draw(COMMENTS)}\n"
    text += draw(ABOVE)
    text = text.replace("\n", draw(st.sampled_from(["\n", "\r\n"])))
    return draw(st.sampled_from([text, text.rstrip("\r\n")]))


def paths(value: Any, path: Path = ()) -> Iterator[tuple[Path, Any]]:
    if path:
        yield path, value
    if isinstance(value, dict | list):
        for key, inner in value.items() if isinstance(value, dict) else enumerate(value):
            yield from paths(inner, (*path, key))


@st.composite
def edited(draw: st.DrawFn, texts: st.SearchStrategy[str]) -> tuple[SourceText, list[Operation]]:
    text = draw(texts)
    known = [path for path, _ in paths(tomllib.loads(text))]
    anywhere = st.sampled_from(known) if known else st.just(("x",))
    new = st.sampled_from([("tool", "uv", "new"), ("new", "n"), ("project", "n"), ("n",), ("k1", "n")])
    kinds: list[st.SearchStrategy[Operation]] = [
        st.builds(SetRequirement, anywhere, st.sampled_from(["", "==7", ">=7,<8"])),
        st.builds(SetText, anywhere, TEXTS),
        st.builds(AddEntries, anywhere, st.lists(TEXTS, max_size=2).map(tuple)),
        st.builds(RemoveEntry, anywhere),
        st.builds(RemoveKey, anywhere),
        st.builds(AddKey, new, st.one_of(TEXTS, st.lists(TEXTS, max_size=2).map(tuple))),
    ]
    return SourceText("pyproject.toml", text), draw(st.lists(st.one_of(kinds), max_size=4))


def edit(source: SourceText, operations: list[Operation]) -> str | None:
    edits = edit_toml(source, operations)
    return None if isinstance(edits, Refusal) else apply_edits(source.text, edits)


def at(data: Any, path: Path) -> Any:
    for part in path:
        data = data[part]
    return data


@settings(max_examples=150)
@given(edited(st.one_of(projects(), documents())))
def test_tomllib_reads_what_was_meant(drawn: tuple[SourceText, list[Operation]]) -> None:
    source, operations = drawn
    text = edit(source, operations)
    if text is None:
        return
    before, after = tomllib.loads(source.text), tomllib.loads(text)
    roots: set[Any] = set()
    for operation in operations:
        is_key = isinstance(operation, RemoveKey)
        roots.add(operation.path[: len(operation.path) - is_key])
        match operation:
            case SetText(path, said) if len(operations) == 1:
                assert at(after, path) == said
            case AddKey(path, value):
                assert at(after, path) == (value if isinstance(value, str) else list(value))
            case AddEntries(path, entries) if len(operations) == 1:
                assert at(after, path) == [*at(before, path), *entries]
            case RemoveEntry((*path, int(index))) if len(operations) == 1:
                assert at(after, tuple(path)) == at(before, (*path,))[:index] + at(before, (*path,))[index + 1 :]
                roots.add(tuple(path))
            case RemoveEntry((*path, _)):
                roots.add(tuple(path))
            case _:
                pass
    untouched = {
        (path, value) for path, value in leaves(before) if not any(path[: len(root)] == root for root in roots)
    }
    assert untouched <= set(leaves(after)) | {item for item in untouched if item[1] == "{}"}


@given(edited(projects()))
def test_comments_stay_in_order_where_nothing_is_removed(drawn: tuple[SourceText, list[Operation]]) -> None:
    source, operations = drawn
    text = edit(source, [one for one in operations if not isinstance(one, RemoveEntry | RemoveKey)])
    # No string of a project holds a #.
    assert text is None or re.findall(r"#[^\r\n]*", text) == re.findall(r"#[^\r\n]*", source.text)


@settings(max_examples=60)
@given(projects(), st.sampled_from(["==7", ">=7,<8"]))
def test_setting_twice_is_setting_once_and_setting_back_is_nothing(text: str, specifier: str) -> None:
    source = SourceText("pyproject.toml", text)
    for path, value in paths(tomllib.loads(text)):
        if not isinstance(value, str) or value.startswith("{"):
            continue
        once = edit(source, [SetRequirement(path, specifier)])
        assert once is not None
        after = replace(source, text=once)
        assert edit_toml(after, [SetRequirement(path, specifier)]) == ()
        assert edit(after, [SetText(path, value)]) == text


@given(projects())
def test_an_entry_added_and_removed_leaves_no_trace(text: str) -> None:
    source = SourceText("pyproject.toml", text)
    for path, value in paths(tomllib.loads(text)):
        if isinstance(value, list) and value:
            more = edit(source, [AddEntries(path, ("new==1",))])
            assert more is not None
            less = edit(replace(source, text=more), [RemoveEntry((*path, len(value)))])
            assert less is not None
            assert tomllib.loads(less) == tomllib.loads(text)
            # A comment below the last entry becomes that of the new one and goes with it.
            assert less == text or "#" in text or "\n\n" in text.replace("\r", "")


@given(edited(projects()))
def test_tomlkit_reads_the_result_as_tomllib_does(drawn: tuple[SourceText, list[Operation]]) -> None:
    source, operations = drawn
    text = edit(source, operations)
    if text is not None:
        document = tomlkit.parse(text)
        assert document.unwrap() == tomllib.loads(text)
        assert tomlkit.dumps(document) == text


@given(documents())
def test_no_operation_is_no_edit(text: str) -> None:
    assert edit_toml(SourceText("x.toml", text), []) == ()
