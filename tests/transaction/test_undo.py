"""Undo restores every byte, mode and time, one write after the other, and never takes away anybody's work."""

from __future__ import annotations

import json
import os
import stat
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import JournalError, UndoRefusedError
from rrr_optimize.transaction import Undone, list_transactions, undo_last, write
from tests.faults.faulty import Died, Fault, FaultyFileSystem
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, look, make_root, request_for

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.workspace.root import Root


def write_into(root: Root, changes: Mapping[str, bytes | None], filesystem: FileSystem | None = None) -> None:
    write(root, request_for(root.path, changes), Clean(), ANYWHERE, filesystem=filesystem)


def journal_of(root: Root, name: str = "0001") -> Path:
    return root.path / ".rrr-optimize/journal" / name


def test_restores_bytes_modes_and_times_and_removes_what_was_created(root: Root) -> None:
    before = look(root.path)
    write_into(root, CHANGES)
    assert undo_last(root) == Undone(
        "0001", "unify", ("a.txt", "sub/old.txt", "sub/run.sh"), ("new/c.txt", "new/deep/b.txt")
    )
    assert look(root.path) == before
    assert list_transactions(root) == ()


def test_takes_one_write_after_the_other_back(root: Root) -> None:
    states = [look(root.path)]
    for changes in ({"a.txt": b"1"}, {"a.txt": b"2", "b/c.txt": b"3"}, {"b/c.txt": None, "b/d.txt": b""}):
        write_into(root, changes)
        states.append(look(root.path))
    assert [(each.name, each.files) for each in list_transactions(root)] == [("0003", 2), ("0002", 2), ("0001", 1)]
    while len(states) > 1:
        assert look(root.path) == states.pop()
        assert undo_last(root)
    assert look(root.path) == states.pop()
    assert undo_last(root) is None


def test_without_a_journal_there_is_nothing_to_undo(root: Root) -> None:
    assert undo_last(root) is None
    assert list_transactions(root) == ()
    assert not (root.path / ".rrr-optimize").exists()


def change_bytes(root: Path) -> str:
    (root / "a.txt").write_bytes(b"my own work\n")
    return "a.txt: it has changed since"


def change_mode(root: Path) -> str:
    (root / "a.txt").chmod(0o755)
    return "a.txt: it has changed since"


def remove(root: Path) -> str:
    (root / "a.txt").unlink()
    return "a.txt: it is gone"


def replace_by_link(root: Path) -> str:
    (root / "a.txt").rename(root / "b.txt")
    (root / "a.txt").symlink_to("b.txt")
    return "a.txt: it has changed since"


def replace_by_folder(root: Path) -> str:
    (root / "a.txt").unlink()
    (root / "a.txt").mkdir()
    return "a.txt: it has changed since"


def replace_folder_by_link(root: Path) -> str:
    (root / "sub").rename(root / "elsewhere")
    (root / "sub").symlink_to("elsewhere")
    return "sub/run.sh: it has changed since"


def bring_back(root: Path) -> str:
    (root / "sub/old.txt").write_bytes(b"made anew\n")
    return "sub/old.txt: it has changed since"


def change_created(root: Path) -> str:
    (root / "new/c.txt").write_bytes(b"more\n")
    return "new/c.txt: it has changed since"


CHANGERS = [
    change_bytes,
    change_mode,
    remove,
    replace_by_link,
    replace_by_folder,
    replace_folder_by_link,
    bring_back,
    change_created,
]


@pytest.mark.parametrize("spoil", CHANGERS, ids=lambda spoil: spoil.__name__)
def test_a_file_that_has_changed_since_is_named_and_nothing_is_undone(spoil: object, root: Root) -> None:
    assert callable(spoil)
    write_into(root, CHANGES)
    named = spoil(root.path)
    before = look(root.path)
    with pytest.raises(UndoRefusedError) as caught:
        undo_last(root)
    assert f"\n  - {named}" in caught.value.message
    assert str(journal_of(root)) in caught.value.hint
    assert look(root.path) == before
    # It is still there to be undone, and nothing waits.
    write_into(root, {"other.txt": b""})
    assert len(list_transactions(root)) == 2


def test_a_file_that_is_as_before_already_is_no_obstacle(root: Root) -> None:
    before = look(root.path)
    write_into(root, CHANGES)
    (root.path / "a.txt").write_bytes(before["a.txt"].data)
    (root.path / "new/c.txt").unlink()
    undone = undo_last(root)
    assert undone is not None
    assert (undone.restored, undone.removed) == (("sub/old.txt", "sub/run.sh"), ("new/deep/b.txt",))
    assert look(root.path).keys() == before.keys()


def test_a_created_folder_stays_while_something_else_is_in_it(root: Root) -> None:
    write_into(root, CHANGES)
    (root.path / "new/mine.txt").write_bytes(b"")
    undo_last(root)
    assert sorted(path.name for path in (root.path / "new").iterdir()) == ["mine.txt"]


def die_before_the_end(root: Root, changes: Mapping[str, bytes | None], tmp_path: Path) -> None:
    """Make all changes and die before they are called complete, with the last change of a name."""
    counting = FaultyFileSystem(Fault.DIES)
    write_into(make_root(tmp_path / "counted"), changes, counting)
    last = max(number for number, name in enumerate(counting.steps, 1) if name == "rename")
    with pytest.raises(Died):
        write_into(root, changes, FaultyFileSystem(Fault.DIES, last))


def test_after_a_run_that_was_cut_off_what_somebody_changed_since_is_not_lost(root: Root, tmp_path: Path) -> None:
    before = look(root.path)
    die_before_the_end(root, CHANGES, tmp_path)
    assert look(root.path)["a.txt"].data == CHANGES["a.txt"]
    (root.path / "a.txt").write_bytes(b"my own work\n")
    with pytest.raises(UndoRefusedError, match=r"a\.txt: it has changed since") as caught:
        undo_last(root)
    assert caught.value.hint.startswith("move it away, then undo again; or remove ")
    (root.path / "a.txt").rename(root.path / "mine.txt")
    undo_last(root)
    assert {path: seen for path, seen in look(root.path).items() if path != "mine.txt"} == before


def test_folders_that_are_lost_after_a_run_was_cut_off_are_made_again(root: Root, tmp_path: Path) -> None:
    before = look(root.path)
    die_before_the_end(root, {"sub/old.txt": b"1"}, tmp_path)
    (root.path / "sub").rename(root.path / "elsewhere")
    undone = undo_last(root)
    assert undone is not None
    assert undone.restored == ("sub/old.txt",)
    assert look(root.path)["sub/old.txt"] == before["sub/old.txt"]


@pytest.mark.parametrize(
    ("name", "data", "reason"),
    [
        ("written.json", b"", "Expecting value"),
        ("written.json", b"[]", "it is not a list of files as this program writes it"),
        ("written.json", b'{"version": 1, "verb": "x"}', "it is not a list of files as this program writes it"),
        ("written.json", b'{"version": 2}', "it has version 2, and this program knows 1"),
        ("written.json", b"\xff", "it is not a list of files|invalid"),
        ("before", b"something else", "it does not hold a.txt as it was"),
        ("before", None, "it vanished before it was read"),
    ],
)
def test_a_damaged_journal_is_told_and_nothing_is_changed(
    name: str, data: bytes | None, reason: str, root: Root
) -> None:
    write_into(root, CHANGES)
    path = journal_of(root) / name
    path.unlink()
    if data is not None:
        path.write_bytes(data)
    before = look(root.path)
    with pytest.raises(JournalError, match=f"^the journal of transaction 0001 is damaged: .*{reason}") as caught:
        undo_last(root)
    assert f"move {journal_of(root)} away" in caught.value.hint
    assert look(root.path) == before


@pytest.mark.parametrize("path", [".git/hooks/pre-commit", "../outside.txt", "/etc/passwd", "out/x.txt"])
def test_a_journal_that_names_other_places_is_not_followed(path: str, root: Root, tmp_path: Path) -> None:
    write_into(root, {"a.txt": b"new\n"})
    (root.path / ".git/hooks").mkdir(parents=True)
    (root.path / "out").symlink_to(tmp_path)
    record = journal_of(root) / "written.json"
    table = json.loads(record.read_bytes())
    table["files"][0]["path"] = path
    record.write_text(json.dumps(table), encoding="ascii")
    with pytest.raises(UndoRefusedError):
        undo_last(root)
    assert list((root.path / ".git/hooks").iterdir()) == []
    assert sorted(each.name for each in tmp_path.iterdir()) == ["root"]


def test_a_journal_whose_temporary_files_or_folders_are_elsewhere_is_not_followed(root: Root, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "precious.txt").write_bytes(b"")
    write_into(root, {"a.txt": b"new\n"})
    record = journal_of(root) / "written.json"
    table = json.loads(record.read_bytes())
    table["files"][0]["temporary"] = "../precious.txt"
    table["folders"] = ["../empty"]
    record.write_text(json.dumps(table), encoding="ascii")
    with pytest.raises(JournalError, match="it is not a path inside the root"):
        undo_last(root)
    assert (tmp_path / "precious.txt").exists()
    assert (tmp_path / "empty").exists()


def test_the_time_and_mode_of_a_file_come_from_the_journal(root: Root) -> None:
    path = root.path / "sub/run.sh"
    path.chmod(0o4711)
    os.utime(path, ns=(1, 2_000_000_000_000_000_003))
    write_into(root, {"sub/run.sh": None})
    undo_last(root)
    status = path.stat()
    assert (stat.S_IMODE(status.st_mode), status.st_mtime_ns) == (0o4711, 2_000_000_000_000_000_003)
