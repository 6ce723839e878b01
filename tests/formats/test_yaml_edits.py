"""A YAML file is edited by spans, or not at all."""

from __future__ import annotations

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.yaml_changes import (
    AddKey,
    AppendItem,
    Change,
    Edited,
    RefusedEdit,
    RemoveEntry,
    RenameKey,
    ReplaceValue,
)
from rrr_optimize.formats.yaml_edits import edit_yaml
from rrr_optimize.source import SourceText


def edit(text: str, *changes: Change, shared: bool = False) -> str:
    edited = edit_yaml(SourceText("compose.yml", text), changes, shared=shared)
    assert isinstance(edited, Edited), edited
    return apply_edits(text, edited.edits)


REFUSED = {
    "no-such-key": ("a: 1\n", RemoveEntry(("b",)), "there is no b here", 1),
    "no-such-item": ("a: [1]\n", RemoveEntry(("a", 1)), "there is no 1 here", 1),
    "no-mapping": ("a: 1\n", AddKey(("a",), "b"), "it is no mapping", 1),
    "no-list": ("a: 1\n", AppendItem(("a",), "b"), "it is no list", 1),
    "a-null-in-a-list": ("- \n", AddKey((0,), "b"), "it is no mapping", 1),
    "there-already": ("a:\n  b: 1\n", AddKey(("a",), "b"), "b is there already", 2),
    "renamed-to-what-is-there": ("a: 1\nb: 2\n", RenameKey(("a",), "b"), "b is there already", 2),
    "an-item-has-no-key": ("- a\n", RenameKey((0,), "b"), "it has no key that is text", 1),
    "given-twice": ("a: 1\nb: 2\na: 3\n", RemoveEntry(("a",)), "a is given twice", 3),
    "the-whole": ("a: 1\n", RemoveEntry(()), "the whole document cannot be taken out", 1),
    "the-only-key": ("a: 1\n", RemoveEntry(("a",)), "it is the only one", 1),
    "the-only-key-behind-a-dash": ("- a: 1\n", RemoveEntry((0, "a")), "it is the only one", 1),
    "inherited": (
        "x: &x\n  n: [a]\ns:\n  <<: *x\n  b: 1\n",
        AppendItem(("s", "n"), "b"),
        "n is inherited through <<",
        4,
    ),
    "inherited-from-one-of-several": (
        "x: &x {n: 1}\ny: &y {m: 1}\ns: {<<: [*x, *y]}\n",
        RemoveEntry(("s", "m")),
        "m is inherited through <<",
        3,
    ),
    "an-alias": ("x: &x [a]\nn: *x\n", AppendItem(("n",), "b"), "it is the alias *x", 2),
    "an-alias-of-a-mapping": ("x: &x {a: 1}\nn: *x\n", AddKey(("n",), "b"), "it is the alias *x", 2),
    "through-an-alias": ("x: &x {a: 1}\nn: *x\n", RemoveEntry(("n", "a")), "a is reached through the alias *x", 2),
    "used-by-others": (
        "x: &x\n  - a\nn: *x\nm: *x\n",
        AppendItem(("x",), "b"),
        "an alias uses it too, in line 3, 4",
        1,
    ),
    "inside-of-what-others-use": (
        "x: &x\n  a: {b: [c]}\nn: *x\n",
        RemoveEntry(("x", "a", "b", 0)),
        "an alias uses it too, in line 3",
        2,
    ),
    "the-value-of-an-alias": ("a: [&x b]\nd: *x\n", ReplaceValue(("a", 0), "e"), "an alias uses it too, in line 2", 1),
    "what-others-need": (
        "a: &x [1]\nb: *x\n",
        RemoveEntry(("a",)),
        "the result would not be YAML: the alias *x has no anchor before it",
        1,
    ),
    "an-anchor-given-twice": (
        "a: &x 1\nb: &x 2\nc: *x\n",
        RemoveEntry(("b",)),
        "the result would say something else than what was planned",
        1,
    ),
    "a-block-scalar": ("a: |\n  b\n", ReplaceValue(("a",), "c"), "it is a block scalar", 1),
    "a-tag": ("a: !reset []\nb: 1\n", ReplaceValue(("a",), ["x"]), "it has an anchor or a tag", 1),
    "a-comment-inside": (
        "a:\n  - b\n  # why\n  - c\n",
        ReplaceValue(("a",), ["x"]),
        "a comment stands inside of what would be replaced",
        2,
    ),
    "a-comment-before": (
        "a:  # why\n  - b\n",
        ReplaceValue(("a",), ["x"]),
        "a comment stands before what would be replaced",
        2,
    ),
    "a-comment-in-brackets": ("a: [b,  # why\n  c]\n", RemoveEntry(("a", 1)), "a comment stands beside it", 1),
    "a-comment-in-empty-brackets": (
        "a: [  # why\n  ]\n",
        AppendItem(("a",), "b"),
        "a comment stands in the empty brackets",
        1,
    ),
    "a-comment-after-a-dash": (
        "a:\n  - # why\n    b: 1\n  - c\n",
        RemoveEntry(("a", 0)),
        "a comment stands between the dash and its item",
        3,
    ),
    "a-comment-after-the-first-key": (
        "- a: 1  # why\n  b: 2\n",
        RemoveEntry((0, "a")),
        "a comment stands between it and the next key",
        1,
    ),
    "comments-around-the-only-item": (
        "a: [  # why\n  b]\n",
        RemoveEntry(("a", 0)),
        "a comment stands before the only entry",
        2,
    ),
    "comments-behind-the-only-item": (
        "a: [b  # why\n  ]\n",
        RemoveEntry(("a", 0)),
        "a comment stands behind the only entry",
        1,
    ),
    "blank-lines-that-are-kept": (
        "a:\n  b: |+\n    x\n\n\nc: 1\n",
        AddKey(("a",), "d"),
        "the result would say something else than what was planned",
        1,
    ),
    "an-explicit-key": ("? a\n: 1\n? b\n: 2\n", RemoveEntry(("b",)), "something else stands before it on its line", 3),
    "not-yaml": ("a: [\n", RemoveEntry(("a",)), "did not find expected node content", 2),
    "nothing": ("# empty\n", AddKey((), "a"), "there is no document 1", 1),
}


@pytest.mark.parametrize(("text", "change", "reason", "line"), REFUSED.values(), ids=REFUSED)
def test_refuses_and_says_why_and_where(text: str, change: Change, reason: str, line: int) -> None:
    refused = edit_yaml(SourceText("compose.yml", text), [change])
    assert isinstance(refused, RefusedEdit), refused
    assert (refused.reason, refused.location.path, refused.location.line) == (reason, "compose.yml", line)


EDITED = {
    "add-to-a-block": (
        "a:\n  b: 1\nc: 2\n",
        AddKey(("a",), "d", {"e": ["f"]}),
        "a:\n  b: 1\n  d:\n    e:\n      - f\nc: 2\n",
    ),
    "add-in-the-steps-of-the-file": (
        "a:\n    b:\n    - 1\n",
        AddKey(("a",), "d", {"e": ["f", {"g": "h", "i": None}]}),
        "a:\n    b:\n    - 1\n    d:\n        e:\n        - f\n        - g: h\n          i:\n",
    ),
    "add-before-blank-lines-and-comments": (
        "a:\n  b: 1  # one\n\n# of c\nc: 2\n",
        AddKey(("a",), "d", "e"),
        "a:\n  b: 1  # one\n  d: e\n\n# of c\nc: 2\n",
    ),
    "add-to-nothing": (
        "a:\n  b:  # why\n  c:\n",
        AddKey(("a", "b"), "d", [1]),
        "a:\n  b:  # why\n    d:\n      - 1\n  c:\n",
    ),
    "add-to-a-written-null": ("a: {b: null, c: ~}\n", AddKey(("a", "b"), "d"), "a: {b: {d: null}, c: ~}\n"),
    "add-to-nothing-in-brackets": ("a: {b: , c: 1}\n", AddKey(("a", "b"), "d", 1), "a: {b: {d: 1}, c: 1}\n"),
    "add-behind-a-dash": ("- a: 1\n- b\n", AddKey((0,), "c", 2), "- a: 1\n  c: 2\n- b\n"),
    "add-in-brackets": (
        "a: {b: 1}\n",
        AddKey(("a",), "c", {"d": ["e", None, True]}),
        "a: {b: 1, c: {d: [e, null, true]}}\n",
    ),
    "add-in-empty-brackets": ("a: { }\n", AddKey(("a",), "c", 1.5), "a: {c: 1.5}\n"),
    "add-to-the-document": ("a: 1", AddKey((), "b", "x y"), 'a: 1\nb: "x y"'),
    "add-with-carriage-returns": (
        "a:\r\n  b: 1\r\n",
        AddKey(("a",), "c", {"d": 1}),
        "a:\r\n  b: 1\r\n  c:\r\n    d: 1\r\n",
    ),
    "add-empty-collections": (
        "a:\n  b: 1\n",
        AddKey(("a",), "c", {"d": {}, "e": []}),
        "a:\n  b: 1\n  c:\n    d: {}\n    e: []\n",
    ),
    "append-to-a-block": (
        "a:\n  - b\n  # of c\n  - c  # c\nd: 1\n",
        AppendItem(("a",), "e"),
        "a:\n  - b\n  # of c\n  - c  # c\n  - e\nd: 1\n",
    ),
    "append-under-the-key": (
        "a:\n- b\nc: 1\n",
        AppendItem(("a",), {"d": 1, "e": [2]}),
        "a:\n- b\n- d: 1\n  e:\n  - 2\nc: 1\n",
    ),
    "append-behind-an-anchor": ("a: &x\n  - b\n", AppendItem(("a",), "c"), "a: &x\n  - b\n  - c\n"),
    "append-in-brackets": ("a: [b, c]  # why\n", AppendItem(("a",), ["d"]), "a: [b, c, [d]]  # why\n"),
    "append-behind-a-last-comma": ("a: [b, c,]\n", AppendItem(("a",), "d"), "a: [b, c, d,]\n"),
    "append-in-brackets-of-many-lines": (
        "a: [\n  b,\n  c  # c\n]\n",
        AppendItem(("a",), "d"),
        "a: [\n  b,\n  c,  # c\n  d\n]\n",
    ),
    "append-in-many-lines-with-a-last-comma": (
        "a: [\n  b,\n  c,  # c\n]\n",
        AppendItem(("a",), "d"),
        "a: [\n  b,\n  c,  # c\n  d,\n]\n",
    ),
    "append-in-empty-brackets": ("a: !override []\n", AppendItem(("a",), "b"), "a: !override [b]\n"),
    "remove-a-key": (
        "a:\n  b: 1\n  # of c\n  c: {d: [\n    1]}  # c\n  e: 2\n",
        RemoveEntry(("a", "c")),
        "a:\n  b: 1\n  # of c\n  e: 2\n",
    ),
    "remove-with-the-block-below": (
        "a:\n  b: |\n    x\n\n    # no comment\n\n  # of c\n  c: 1\n",
        RemoveEntry(("a", "b")),
        "a:\n\n  # of c\n  c: 1\n",
    ),
    "remove-one-of-two-blank-lines": ("a: 1\n\nb: 2\n\nc: 3\n", RemoveEntry(("b",)), "a: 1\n\nc: 3\n"),
    "remove-the-last-without-a-line-end": ("a: 1\nb: 2", RemoveEntry(("b",)), "a: 1"),
    "remove-the-last-without-a-carriage-return": ("a: 1\r\nb: 2", RemoveEntry(("b",)), "a: 1"),
    "remove-an-item": ("a:\n  - b\n  - c: 1\n    d: 2\n  - e\n", RemoveEntry(("a", 1)), "a:\n  - b\n  - e\n"),
    "remove-an-item-below-its-dash": ("a:\n  -\n    b: 1\n  -\n  - c\n", RemoveEntry(("a", 0)), "a:\n  -\n  - c\n"),
    "remove-an-item-of-nothing": ("a:\n  -\n  - c\n", RemoveEntry(("a", 0)), "a:\n  - c\n"),
    "remove-the-first-key-behind-a-dash": ("- a: 1\n  b: 2\n", RemoveEntry((0, "a")), "- b: 2\n"),
    "remove-the-only-key": ("a:  # why\n  b: 1\nc: 2\n", RemoveEntry(("a", "b")), "a: {}  # why\nc: 2\n"),
    "remove-the-only-item": ("a: &x\n- b\nc: 2\n", RemoveEntry(("a", 0)), "a: &x []\nc: 2\n"),
    "remove-the-first-in-a-row": ("a: [b, c, d]\n", RemoveEntry(("a", 0)), "a: [c, d]\n"),
    "remove-the-last-in-a-row": ("a: [b, c]\n", RemoveEntry(("a", 1)), "a: [b]\n"),
    "remove-the-only-one-in-a-row": ("a: [ b, ]\n", RemoveEntry(("a", 0)), "a: []\n"),
    "remove-a-key-in-a-row": ("a: {b: 1, c: {d}, e: }\n", RemoveEntry(("a", "c")), "a: {b: 1, e: }\n"),
    "remove-from-a-column-of-brackets": (
        "a: [\n  b,  # b\n  c,  # c\n  d\n]\n",
        RemoveEntry(("a", 1)),
        "a: [\n  b,  # b\n  d\n]\n",
    ),
    "remove-the-last-of-a-line-in-brackets": ("a: [b, c,\n  d]\n", RemoveEntry(("a", 1)), "a: [b,\n  d]\n"),
    "rename-a-key": (
        "a:\n  b: &x  # why\n    c: 1\ne: *x\n",
        RenameKey(("a", "b"), "d"),
        "a:\n  d: &x  # why\n    c: 1\ne: *x\n",
    ),
    "rename-in-quotes": ("'a': 1\n", RenameKey(("a",), "b c"), "'b c': 1\n"),
    "rename-to-what-needs-quotes": ("a: 'x'\n", RenameKey(("a",), "no"), "'no': 'x'\n"),
    "replace-what-is-anchored": ("a: [&x b, c]\n", ReplaceValue(("a", 0), "e"), "a: [&x e, c]\n"),
    "replace-in-quotes": ('a: ["b"]\n', ReplaceValue(("a", 0), "e:1"), 'a: ["e:1"]\n'),
    "replace-a-list": (
        "a:\n  b:\n    - c\nd: 1\n",
        ReplaceValue(("a", "b"), {"e": None, "f": {"g": 1}}),
        "a:\n  b:\n    e:\n    f:\n      g: 1\nd: 1\n",
    ),
    "replace-a-list-in-a-row": ("a: {b: [c]}\n", ReplaceValue(("a", "b"), {"e": None}), "a: {b: {e: null}}\n"),
    "replace-an-alias": ("x: &x [a]\nb: *x\nc: *x\n", ReplaceValue(("b",), ["d"]), "x: &x [a]\nb:\n  - d\nc: *x\n"),
    "replace-nothing": ("a:\nb:\n", ReplaceValue(("a",), "c"), "a: c\nb:\n"),
    "replace-nothing-with-a-list": ("a:\nb:\n", ReplaceValue(("a",), ["c"]), "a:\n  - c\nb:\n"),
    "replace-by-what-quotes-cannot-hold": ("a: b\n", ReplaceValue(("a",), 'x"\\\n'), 'a: "x\\"\\\\\\n"\n'),
    "replace-by-a-quote": ("a: 'b'\n", ReplaceValue(("a",), "it's"), "a: 'it''s'\n"),
    "characters-beyond-the-plane": (
        "# 😀é\na: '😀'\nb:\n  - c\n  - d\n",
        RemoveEntry(("b", 0)),
        "# 😀é\na: '😀'\nb:\n  - d\n",
    ),
}


@pytest.mark.parametrize(("text", "change", "after"), EDITED.values(), ids=EDITED)
def test_edits_as_a_person_would(text: str, change: Change, after: str) -> None:
    assert edit(text, change) == after


def test_a_byte_order_mark_stays() -> None:
    source = SourceText.decode("compose.yml", b"\xef\xbb\xbfa:\r\n  - b\r\n  - c")
    edited = edit_yaml(source, [RemoveEntry(("a", 1))])
    assert isinstance(edited, Edited)
    after = SourceText("compose.yml", apply_edits(source.text, edited.edits), byte_order_mark=source.byte_order_mark)
    assert after.encode() == b"\xef\xbb\xbfa:\r\n  - b"


def test_each_change_sees_what_the_one_before_it_left() -> None:
    text = "a: [b, c, d]\n# e\ne:\n  f: 1\n"
    changes = (
        RemoveEntry(("a", 1)),
        RemoveEntry(("a", 1)),
        AppendItem(("a",), "x"),
        RenameKey(("e",), "g"),
        AddKey(("g",), "h", {"i": 1}),
        RemoveEntry(("g", "f")),
        ReplaceValue(("g", "h", "i"), 2),
    )
    assert edit(text, *changes) == "a: [b, x]\n# e\ng:\n  h:\n    i: 2\n"


def test_what_several_share_is_changed_when_it_may_be() -> None:
    text = "x: &x\n  n:\n    - a\n    - b\none:\n  <<: *x\ntwo: *x\n"
    edited = edit_yaml(SourceText("c", text), [RemoveEntry(("x", "n", 0))], shared=True)
    assert isinstance(edited, Edited)
    assert [user.line for user in edited.users] == [6, 7]
    assert apply_edits(text, edited.edits) == text.replace("    - a\n", "")


def test_tells_the_comments_that_go_and_those_that_stay_above() -> None:
    text = "a: 1\n\n# two lines\n# above\nb:  # first\n  # inside\n  c: '#'  # last\n# of d\nd: 1\n"
    edited = edit_yaml(SourceText("c", text), [RemoveEntry(("b",))])
    assert isinstance(edited, Edited)
    assert edited.removed_comments == ("# first", "# inside", "# last")
    assert [place.line for place in edited.left_comments] == [4, 3]
    assert apply_edits(text, edited.edits) == "a: 1\n\n# two lines\n# above\n# of d\nd: 1\n"


def test_the_comment_in_the_head_of_a_block_goes_with_it() -> None:
    edited = edit_yaml(SourceText("c", "a: 1\nb: |  # why\n  # text\n"), [RemoveEntry(("b",))])
    assert isinstance(edited, Edited)
    assert edited.removed_comments == ("# why",)


def test_another_document_is_edited_and_the_first_stays() -> None:
    text = "a: 1\n---\na:\n  - b\n...\n"
    edited = edit_yaml(SourceText("c", text), [AppendItem(("a",), "c")], document=1)
    assert isinstance(edited, Edited)
    assert apply_edits(text, edited.edits) == "a: 1\n---\na:\n  - b\n  - c\n...\n"
