from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import EditConflictError
from rrr_optimize.model import ChangeGroup, Creation, Edit, FileChange, Lane, Span
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.reader import Reader
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import Presence, Snapshot, take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import Write


def _group(*changes: Edit | Creation) -> ChangeGroup:
    edits = tuple(change for change in changes if isinstance(change, Edit))
    creations = tuple(change for change in changes if isinstance(change, Creation))
    return ChangeGroup("test", Lane.SAFE, "title", "why", edits=edits, creations=creations)


@pytest.fixture
def snapshot(tmp_path: Path, write: Write) -> Snapshot:
    write(
        tmp_path, {"a.txt": "one\r\ntwo\r\n", "sub/b.txt": b"\xef\xbb\xbfbee", "c.py": b"# coding: latin-1\n# \xe9\n"}
    )
    (tmp_path / "link.txt").symlink_to("a.txt")
    return take_snapshot(Root(tmp_path, None), Git())


def test_without_groups_everything_stays(snapshot: Snapshot) -> None:
    over = snapshot.overlay([])
    assert over.files == snapshot.files
    assert over.read("a.txt") == snapshot.read("a.txt")
    assert over.changes == ()


def test_shows_edits_and_new_files_and_leaves_the_snapshot_as_it_was(snapshot: Snapshot) -> None:
    group = _group(Edit("a.txt", Span(0, 3), "1"), Creation("new/d.txt", "dee\n"))
    over = snapshot.overlay([group])
    assert over.read("a.txt") == over.peek("link.txt") == b"1\r\ntwo\r\n"
    assert over.text("link.txt") is over.text("a.txt")
    assert over.read("new/d.txt") == b"dee\n"
    assert over.is_file("new/d.txt")
    assert over.is_folder("new")
    assert over.is_there("new/d.txt")
    assert over.look_for("new/d.txt") is Presence.LISTED
    assert over.canonical("new/d.txt") == "new/d.txt"
    assert not snapshot.is_file("new/d.txt")
    assert snapshot.read("a.txt") == b"one\r\ntwo\r\n"
    assert over.changes == (
        FileChange("a.txt", b"one\r\ntwo\r\n", b"1\r\ntwo\r\n"),
        FileChange("new/d.txt", None, b"dee\n"),
    )


def test_the_state_of_a_changed_file_is_not_known(snapshot: Snapshot) -> None:
    over = take_snapshot(Root(snapshot.root, None), Git(), reader=Reader(snapshot.root, time.time() + 10))
    assert over.state("a.txt")
    changed = over.overlay([_group(Edit("a.txt", Span(0, 3), "1"))])
    assert changed.state("a.txt") is changed.state("link.txt") is None
    assert changed.state("sub/b.txt") == over.state("sub/b.txt") is not None


def test_a_second_overlay_counts_in_the_texts_of_the_first(snapshot: Snapshot) -> None:
    first = snapshot.overlay([_group(Edit("a.txt", Span(0, 3), "three"), Creation("d.txt", "dee\n"))])
    second = first.overlay([_group(Edit("a.txt", Span(5, 7), "\n"), Edit("d.txt", Span(0, 1), "D"))])
    assert [(change.path, change.after) for change in second.changes] == [
        ("a.txt", b"three\ntwo\r\n"),
        ("d.txt", b"Dee\n"),
    ]
    assert second.overlay([_group(Edit("a.txt", Span(0, 9), "one\r\ntwo"))]).changes[0].path == "d.txt"


def test_keeps_mark_and_encoding(snapshot: Snapshot) -> None:
    over = snapshot.overlay([_group(Edit("sub/b.txt", Span(0, 1), "B"), Edit("c.py", Span(20, 21), "\xe8"))])
    assert over.read("sub/b.txt") == b"\xef\xbb\xbfBee"
    assert over.read("c.py") == b"# coding: latin-1\n# \xe8\n"


def test_digests_and_refusals_tell_of_the_disk(snapshot: Snapshot) -> None:
    over = snapshot.overlay([_group(Edit("a.txt", Span(0, 3), "1"))])
    over.read("sub/b.txt")
    over.read("a.txt")
    assert over.digests == snapshot.digests
    assert set(over.digests) == {"a.txt", "sub/b.txt"}
    assert over.digests["a.txt"].size == len(b"one\r\ntwo\r\n")
    assert dict(over.read_files()) == {"a.txt": b"1\r\ntwo\r\n", "sub/b.txt": b"\xef\xbb\xbfbee"}
    assert over.not_analysed == ()


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ([Edit("a.txt", Span(0, 2), ""), Edit("a.txt", Span(1, 3), "")], "overlap"),
        ([Edit("gone.txt", Span(0, 0), "")], "gone.txt: is to be edited and is no text"),
        ([Edit("link.txt", Span(0, 0), "")], "link.txt: is to be edited and is no text"),
        ([Creation("a.txt", "")], "a.txt: is to be created and is there already"),
        ([Creation("d.txt", ""), Creation("d.txt", "")], "d.txt: is to be created and is there already"),
        ([Edit("c.py", Span(20, 21), "\u20ac")], "c.py: the new text cannot be written as latin-1"),
    ],
)
def test_refuses_what_cannot_be(changes: list[Edit | Creation], message: str, snapshot: Snapshot) -> None:
    with pytest.raises(EditConflictError, match=message):
        snapshot.overlay([_group(*changes)])
