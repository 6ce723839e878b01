"""A write makes every change or none, keeps what a file has besides its bytes, and says what stands in its way."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import (
    InterruptedTransactionError,
    JournalError,
    LockedError,
    RollbackError,
    VerificationError,
    WriteFailedError,
)
from rrr_optimize.model import FileChange
from rrr_optimize.transaction import Request, Written, list_transactions, require_no_interrupted, undo_last, write
from rrr_optimize.transaction.journal import KEPT
from rrr_optimize.transaction.local_filesystem import PortableFileSystem
from tests.faults.faulty import Died, Fault, FaultyFileSystem
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, bytes_of, look, request_for

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.workspace.root import Root


def write_into(
    root: Root,
    changes: Mapping[str, bytes | None],
    verify: Sequence[Callable[[], None]] = (),
    filesystem: FileSystem | None = None,
) -> Written:
    return write(root, request_for(root.path, changes), Clean(), ANYWHERE, verify, filesystem)


def test_makes_every_change(root: Root) -> None:
    expected = bytes_of(look(root.path))
    expected["a.txt"] = (b"numpy==2.0\r\n", 0o644)
    expected["sub/run.sh"] = (b"#!/bin/sh\necho more than before\n", 0o755)
    del expected["sub/old.txt"]
    written = write_into(root, CHANGES)
    assert written == Written("0001", tuple(sorted(CHANGES)))
    seen = bytes_of(look(root.path))
    # What is created has the modes that the system gives.
    umask = os.umask(0)
    os.umask(umask)
    for path, data in (("new/deep/b.txt", b"made\n"), ("new/c.txt", b"")):
        expected[path] = (data, 0o666 & ~umask)
    for path in ("new", "new/deep"):
        expected[path] = (b"", 0o777 & ~umask)
    assert seen == expected


def test_what_changes_nothing_leaves_nothing_behind(root: Root) -> None:
    assert write_into(root, {"a.txt": b"numpy==1.0\r\n"}) == Written("", ())
    assert write_into(root, {}) == Written("", ())
    assert not (root.path / ".rrr-optimize").exists()


def test_a_change_to_the_same_bytes_is_left_out(root: Root) -> None:
    before = look(root.path)["kept.txt"]
    assert write_into(root, {"a.txt": b"new\n", "kept.txt": b"kept\n"}).files == ("a.txt",)
    assert look(root.path)["kept.txt"] == before


def test_owner_mode_and_extended_attributes_stay(root: Root) -> None:
    path = root.path / "a.txt"
    try:
        os.setxattr(path, "user.origin", b"here\0")
    except (AttributeError, OSError):
        pytest.skip("there are no extended attributes here")
    if os.geteuid() == 0:
        os.chown(path, 1234, 4321)
    path.chmod(0o4750)
    before = path.stat()
    write_into(root, {"a.txt": b"new\n"})
    after = path.stat()
    assert path.read_bytes() == b"new\n"
    assert (after.st_uid, after.st_gid, after.st_mode) == (before.st_uid, before.st_gid, before.st_mode)
    assert os.getxattr(path, "user.origin") == b"here\0"
    path.chmod(0o600)
    path.chmod(0o4750)
    undo_last(root)
    assert os.getxattr(path, "user.origin") == b"here\0"
    assert path.stat().st_mode == before.st_mode
    assert path.stat().st_mtime_ns == before.st_mtime_ns


def test_a_link_inside_the_root_is_followed_and_kept(root: Root) -> None:
    (root.path / "link.txt").symlink_to("sub/run.sh")
    (root.path / "folder").symlink_to("sub")
    assert write_into(root, {"link.txt": b"through the link\n"}).files == ("sub/run.sh",)
    assert write_into(root, {"folder/more.txt": b"through the folder\n"}).files == ("sub/more.txt",)
    assert (root.path / "link.txt").readlink() == type(root.path)("sub/run.sh")
    assert (root.path / "sub/run.sh").read_bytes() == b"through the link\n"
    assert stat.S_IMODE((root.path / "sub/run.sh").stat().st_mode) == 0o755


def test_names_that_are_not_utf_8_are_written_and_undone(root: Root) -> None:
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (root.path / name).write_bytes(b"old")
    except OSError:
        # macOS has no such names.
        name = "caf\N{LATIN SMALL LETTER E WITH ACUTE}.txt"
        (root.path / name).write_bytes(b"old")
    before = look(root.path)
    write_into(root, {name: b"new"})
    assert (root.path / name).read_bytes() == b"new"
    undo_last(root)
    assert look(root.path) == before


def test_the_journal_is_for_its_user_alone_and_unknown_to_git(root: Root) -> None:
    write_into(root, CHANGES)
    journal = root.path / ".rrr-optimize" / "journal"
    assert (journal / ".gitignore").read_bytes() == b"*\n"
    modes = {path.stat().st_mode for path in (journal, *journal.rglob("*"))}
    assert modes == {stat.S_IFDIR | 0o700, stat.S_IFREG | 0o600}


def test_no_temporary_file_is_left(root: Root) -> None:
    write_into(root, CHANGES)
    assert [path for path in look(root.path) if ".rrr-optimize-" in path] == []


def fail(message: str = "the tests fail") -> None:
    raise VerificationError(message, "look at them")


def test_a_failed_check_puts_everything_back(root: Root) -> None:
    before = look(root.path)
    seen = []
    with pytest.raises(VerificationError, match="the tests fail") as caught:
        write_into(root, CHANGES, [lambda: seen.append(look(root.path)), fail])
    assert caught.value.hint == "look at them"
    assert seen[0]["a.txt"].data == b"numpy==2.0\r\n"
    assert look(root.path) == before
    assert list_transactions(root) == ()
    require_no_interrupted(root)


def break_down() -> None:
    raise ZeroDivisionError


def test_a_check_that_breaks_puts_everything_back_too(root: Root) -> None:
    before = look(root.path)
    with pytest.raises(ZeroDivisionError):
        write_into(root, CHANGES, [lambda: None, break_down])
    assert look(root.path) == before


def test_what_a_check_has_made_of_the_files_is_kept_apart(root: Root) -> None:
    before = look(root.path)

    def reformat() -> None:
        (root.path / "a.txt").write_bytes(b"by another hand\n")
        (root.path / "new/c.txt").unlink()
        (root.path / "new/c.txt").mkdir()
        fail()

    with pytest.raises(VerificationError) as caught:
        write_into(root, CHANGES, [reformat])
    assert look(root.path) == before
    kept = root.path / ".rrr-optimize/journal/kept"
    assert sorted(path.name for path in kept.iterdir()) == ["0001", "0002"]
    assert (kept / "0001").read_bytes() == b"by another hand\n"
    assert f"a.txt was changed meanwhile and is kept as {kept}/0001" in caught.value.hint


def test_a_check_that_puts_a_link_in_the_way_is_told_and_nothing_is_written_through_it(
    root: Root, tmp_path: Path
) -> None:
    def divert() -> None:
        (root.path / "sub").rename(tmp_path / "elsewhere")
        (root.path / "sub").symlink_to(tmp_path / "elsewhere")
        fail()

    with pytest.raises(RollbackError, match=r"the tests fail, and .*: a link on the way leaves the root or"):
        write_into(root, CHANGES, [divert])
    assert (tmp_path / "elsewhere/run.sh").read_bytes() == CHANGES["sub/run.sh"]
    (root.path / "sub").unlink()
    (tmp_path / "elsewhere").rename(root.path / "sub")
    assert undo_last(root)


class Busy(PortableFileSystem):
    """Files that another program changes at the last moment: when everything is ready to be renamed."""

    def __init__(self, act: Callable[[], object]) -> None:
        self.act = act

    def sync_files(self, paths: Sequence[str]) -> None:
        if any(".rrr-optimize-" in path for path in paths):
            self.act()
        super().sync_files(paths)


def test_a_change_at_the_last_moment_is_not_overwritten(root: Root) -> None:
    path = root.path / "a.txt"
    with pytest.raises(WriteFailedError, match=r"^a\.txt was changed by another program meanwhile"):
        write_into(root, CHANGES, filesystem=Busy(lambda: path.write_bytes(b"mine\n")))
    assert path.read_bytes() == b"mine\n"
    assert not (root.path / "new").exists()


def test_a_file_that_comes_at_the_last_moment_is_not_overwritten(root: Root) -> None:
    path = root.path / "z.txt"
    with pytest.raises(WriteFailedError, match=r"^z\.txt was changed by another program meanwhile"):
        write_into(root, {"a.txt": b"", "z.txt": b"ours"}, filesystem=Busy(lambda: path.write_bytes(b"mine\n")))
    assert path.read_bytes() == b"mine\n"
    assert (root.path / "a.txt").read_bytes() == b"numpy==1.0\r\n"


def test_the_degraded_file_system_writes_and_undoes_too(root: Root) -> None:
    before = look(root.path)
    write_into(root, CHANGES, filesystem=PortableFileSystem())
    assert bytes_of(look(root.path))["a.txt"] == (b"numpy==2.0\r\n", 0o644)
    undo_last(root, PortableFileSystem())
    assert look(root.path) == before


def test_the_oldest_transactions_are_forgotten(root: Root) -> None:
    for number in range(KEPT + 3):
        write_into(root, {"a.txt": b"%d" % number})
    names = [each.name for each in list_transactions(root)]
    assert names == [f"{number:04}" for number in range(KEPT + 3, 3, -1)]


def test_what_a_killed_run_left_in_the_journal_is_swept(root: Root) -> None:
    write_into(root, {"a.txt": b"1"})
    left = root.path / ".rrr-optimize/journal/0002"
    left.mkdir(mode=0o700)
    (left / "before").write_bytes(b"half")
    (root.path / ".rrr-optimize/journal/.gitignore").write_bytes(b"")
    assert write_into(root, {"a.txt": b"2"}).transaction == "0002"
    assert [each.name for each in list_transactions(root)] == ["0002", "0001"]
    assert (root.path / ".rrr-optimize/journal/.gitignore").read_bytes() == b"*\n"


def test_a_run_that_was_cut_off_is_told_and_pointed_to_undo(root: Root) -> None:
    before = look(root.path)
    with pytest.raises(Died):
        write_into(root, CHANGES, filesystem=FaultyFileSystem(Fault.DIES, 18))
    for act in (lambda: write_into(root, CHANGES), lambda: write_into(root, {}), lambda: require_no_interrupted(root)):
        with pytest.raises(InterruptedTransactionError, match=r"^a run of `unify` \(.*\) was cut off") as caught:
            act()
        assert "rrr-optimize undo" in caught.value.hint
        assert caught.value.exit_code == 2
    undone = undo_last(root)
    assert undone is not None
    assert undone.was_interrupted
    assert look(root.path) == before


def test_while_a_run_writes_another_one_is_refused_and_told_the_process(root: Root) -> None:
    def write_more() -> None:
        for act in (
            lambda: write_into(root, {"kept.txt": b"mine"}),
            lambda: undo_last(root),
            lambda: require_no_interrupted(root),
        ):
            with pytest.raises(LockedError, match=f"^another run is changing this root: process {os.getpid()}$"):
                act()

    write_into(root, CHANGES, [write_more])
    require_no_interrupted(root)
    assert len(list_transactions(root)) == 1


def test_a_lock_without_a_readable_note_is_still_a_lock(root: Root) -> None:
    def write_more() -> None:
        (root.path / ".rrr-optimize/journal/lock").write_bytes(b"")
        with pytest.raises(LockedError, match=r"^another run is changing this root$"):
            write_into(root, {"kept.txt": b"mine"})

    write_into(root, CHANGES, [write_more])


@pytest.mark.parametrize("spoil", ["link", "file", "link above", "open to others"])
def test_a_journal_that_is_not_ours_is_not_used(spoil: str, root: Root, tmp_path: Path) -> None:
    above = root.path / ".rrr-optimize"
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    match spoil:
        case "link":
            above.mkdir()
            (above / "journal").symlink_to(elsewhere)
        case "file":
            above.mkdir()
            (above / "journal").write_bytes(b"")
        case "link above":
            above.symlink_to(elsewhere)
        case _:
            (above / "journal").mkdir(parents=True)
            (above / "journal").chmod(0o755)
    before = look(root.path)
    for act in (lambda: write_into(root, CHANGES), lambda: undo_last(root), lambda: list_transactions(root)):
        with pytest.raises(JournalError, match=r"is not a folder|is not the journal of this user"):
            act()
    assert look(root.path) == before
    assert list(elsewhere.iterdir()) == []


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can give a file away")
def test_the_journal_of_another_user_is_not_used(root: Root) -> None:
    write_into(root, CHANGES)
    os.chown(root.path / ".rrr-optimize/journal", 1234, -1)
    with pytest.raises(JournalError, match="not the journal of this user"):
        undo_last(root)


def test_a_summary_is_masked_in_the_journal(root: Root) -> None:
    request = Request("unify", (FileChange("z.txt", None, b""),), {}, "from https://user:hunter2@example.com/simple")
    write(root, request, Clean(), ANYWHERE)
    assert "hunter2" not in (root.path / ".rrr-optimize/journal/0001/written.json").read_text(encoding="ascii")
    assert list_transactions(root)[0].summary == "from https://***@example.com/simple"
