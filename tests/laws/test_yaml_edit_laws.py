"""Laws of the YAML editor over made-up files: what is planned is what is read, and all else stays."""

from __future__ import annotations

from typing import Any

from hypothesis import given, settings, strategies as st

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.edit_chain import EditChain
from rrr_optimize.formats.yaml_changes import (
    AddKey,
    AppendItem,
    Change,
    Edited,
    RemoveEntry,
    RenameKey,
    ReplaceValue,
    YamlPath,
)
from rrr_optimize.formats.yaml_edits import edit_yaml
from rrr_optimize.source import SourceText
from tests.benchmarks.edit_battery import apply_plainly, comments, list_keys, load

KEYS = st.sampled_from(["a", "b", "key", "x-y", "no", "1"])
SCALARS = st.sampled_from(
    ["v", "a: b", "#no", "it's", 'say "x"', "", " y", "8000:80", "é😀", "- z", "null", "\t", "*", "&x"]
)
DATA = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=10,
)
MAPPINGS = st.dictionaries(KEYS, DATA, min_size=1, max_size=4)


def write(data: Any, draw: st.DrawFn, indent: int = 0) -> list[str]:
    """Return the lines of data as people might write them: block or flow, quotes, comments, blank lines."""
    pad = " " * indent
    lines: list[str] = []
    entries = data.items() if isinstance(data, dict) else [(None, item) for item in data]
    for key, value in entries:
        lines += draw(st.sampled_from([[], [], [f"{pad}# above"], [""]]))
        comment = draw(st.sampled_from(["", "", "  # beside"]))
        head = f"{pad}-" if key is None else f"{pad}{scalar(key, draw)}:"
        if isinstance(value, str) or not value or draw(st.booleans()):
            lines.append(f"{head} {flow(value, draw)}{comment}")
        else:
            deeper = indent + draw(st.sampled_from([1, 2, 4]))
            lines += [f"{head}{comment}", *write(value, draw, deeper)]
    return lines


def flow(value: Any, draw: st.DrawFn) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{scalar(key, draw)}: {flow(item, draw)}" for key, item in value.items()) + "}"
    return "[" + ", ".join(flow(item, draw) for item in value) + "]" if isinstance(value, list) else scalar(value, draw)


def scalar(value: str, draw: st.DrawFn) -> str:
    is_plain = value in {"v", "a", "b", "key", "x-y", "no", "1", "é😀"}
    choices = ['"' + value.replace('"', '\\"').replace("\t", "\\t") + '"', *([value] if is_plain else [])]
    return draw(st.sampled_from([*choices, *(["'" + value.replace("'", "''") + "'"] if value != "\t" else [])]))


@st.composite
def files(draw: st.DrawFn) -> tuple[str, Any]:
    data = draw(MAPPINGS)
    end = draw(st.sampled_from(["\n", "\r\n"]))
    return end.join(write(data, draw)) + draw(st.sampled_from(["", end, f"{end}# end{end}"])), data


def paths(data: Any, path: YamlPath = ()) -> list[YamlPath]:
    entries = data.items() if isinstance(data, dict) else enumerate(data) if isinstance(data, list) else ()
    return [path, *(found for key, value in entries for found in paths(value, (*path, key)))]


def changes(data: Any) -> st.SearchStrategy[Change]:
    some = st.sampled_from(paths(data))
    inner = some.filter(bool)
    return st.one_of(
        st.builds(AddKey, some, KEYS, DATA),
        st.builds(AppendItem, some, DATA),
        st.builds(RemoveEntry, inner),
        st.builds(RenameKey, inner, KEYS),
        st.builds(ReplaceValue, inner, DATA),
    )


@settings(max_examples=400)
@given(st.data())
def test_what_is_planned_is_read_and_all_else_stays(data: st.DataObject) -> None:
    text, before = data.draw(files())
    change = data.draw(changes(before))
    edited = edit_yaml(SourceText("c.yml", text), [change])
    if not isinstance(edited, Edited):
        return
    after = apply_edits(text, edited.edits)
    found = load(after)
    planned = apply_plainly(before, change)
    assert (found, list_keys(found)) == (planned, list_keys(planned))
    assert sorted(comments(after) + list(edited.removed_comments)) == sorted(comments(text))
    kept = [line for line in text.splitlines() if line.strip()]
    assert sum(line in after.splitlines() for line in kept) >= len(kept) - 1 - touched(change, before)


def touched(change: Change, data: Any) -> int:
    """Return the most lines that a change may take out."""
    if not isinstance(change, RemoveEntry | ReplaceValue):
        return 0
    for step in change.path:
        data = data[step]
    return 3 * len(paths(data)) + 3


@given(files())
def test_no_change_is_no_edit(drawn: tuple[str, Any]) -> None:
    text, data = drawn
    edited = edit_yaml(SourceText("c.yml", text), [])
    assert isinstance(edited, Edited)
    assert edited.edits == ()
    assert load(text) == data


@settings(max_examples=200)
@given(st.data())
def test_what_was_added_can_be_taken_out_again(data: st.DataObject) -> None:
    text, before = data.draw(files())
    path = data.draw(st.sampled_from([path for path in paths(before) if isinstance(at(before, path), dict)]))
    added = AddKey(path, "added", data.draw(DATA))
    edited = edit_yaml(SourceText("c.yml", text), [added, RemoveEntry((*path, "added"))])
    if isinstance(edited, Edited) and at(before, path):
        after = apply_edits(text, edited.edits)
        assert load(after) == before
        assert after.split() == text.split()


def at(data: Any, path: YamlPath) -> Any:
    for step in path:
        data = data[step]
    return data


@given(
    st.text("abc", max_size=12),
    st.lists(st.tuples(st.integers(0, 12), st.integers(0, 6), st.text("XY", max_size=3)), max_size=6),
)
def test_a_chain_of_edits_is_its_edits_one_after_the_other(text: str, splices: list[tuple[int, int, str]]) -> None:
    chain = EditChain(len(text))
    now = text
    for begin, length, new in splices:
        start = min(begin, len(now))
        end = min(start + length, len(now))
        chain.splice(start, end, new)
        now = now[:start] + new + now[end:]
    assert apply_edits(text, chain.edits("a", len(text))) == now
