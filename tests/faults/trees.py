"""Roots to break a write in, and what has to hold of them afterwards."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import InterruptedTransactionError
from rrr_optimize.transaction import list_transactions, require_no_interrupted, undo_last, write
from tests.faults.faulty import FaultyFileSystem
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, bytes_of, look, make_root, request_for

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.transaction import Undone
    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.workspace.root import Root


class Trees:
    """Fresh roots, each as the other, and what they look like before and after the write."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._made = 0
        root = self.make()
        self.old = look(root.path)
        write_into(root)
        self.new = bytes_of(look(root.path))

    def make(self) -> Root:
        """Return a new root."""
        if self._made:
            # One at a time, and each in the same place.
            shutil.rmtree(self._folder / "root")
        self._made += 1
        return make_root(self._folder / "root")


def write_into(root: Root, filesystem: FileSystem | None = None) -> None:
    request = request_for(root.path, CHANGES, ["kept.txt"])
    write(root, request, Clean(), ANYWHERE, filesystem=filesystem or FaultyFileSystem())


def undo(root: Root, filesystem: FileSystem | None = None) -> Undone | None:
    return undo_last(root, filesystem or FaultyFileSystem())


def assert_nothing_stray(root: Root) -> None:
    assert [path for path in look(root.path) if ".rrr-optimize-" in path] == []


def assert_ready(root: Root, trees: Trees) -> None:
    """Nothing is locked or waits to be taken back: the next write and its undo do what they always do."""
    require_no_interrupted(root)
    if look(root.path) == trees.old:
        write_into(root)
    assert bytes_of(look(root.path)) == trees.new
    undo(root)
    assert look(root.path) == trees.old


def recover(root: Root, trees: Trees) -> None:
    """Do what a user does after a run was killed."""
    if any(each.is_interrupted for each in list_transactions(root)):
        before = look(root.path)
        with pytest.raises(InterruptedTransactionError, match=r"a run of `unify` \(.*\) was cut off"):
            write_into(root)
        assert look(root.path) == before
        undone = undo(root)
        assert undone is not None
        assert undone.was_interrupted
        assert look(root.path) == trees.old
    elif not list_transactions(root):
        assert look(root.path) == trees.old
    else:
        assert bytes_of(look(root.path)) == trees.new
    assert_nothing_stray(root)


def finish(root: Root, trees: Trees) -> None:
    """Undo once more, if there is something left to undo."""
    if list_transactions(root):
        undo(root)
    assert look(root.path) == trees.old
    assert_ready(root, trees)
