"""One run at a time: a lock on the journal of a root, which ends with the process that holds it."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rrr_optimize.errors import LockedError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.transaction.journal import Journal


@contextmanager
def hold_lock(journal: Journal, files: FileSystem) -> Iterator[None]:
    """Hold the lock of a journal that is there. Raises LockedError, which names the process that has it."""
    try:
        lock = files.acquire(journal.lock_file, f"{os.getpid()}\n")
    except BlockingIOError:
        raise LockedError(f"another run is changing this root{_holder(journal, files)}", "wait for its end") from None
    try:
        yield
    finally:
        files.release(lock)


def _holder(journal: Journal, files: FileSystem) -> str:
    try:
        number = files.read(journal.lock_file).decode("ascii", "replace").strip()
    except OSError:
        return ""
    return f": process {number}" if number.isdecimal() else ""
