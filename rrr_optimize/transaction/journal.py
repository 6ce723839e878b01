"""The journal of a root: what each transaction is to change, and the files as they were, until it is undone.

`.rrr-optimize/journal/` holds a folder for each transaction, and the name of the list in it tells how far it is:

    0001/before         the bytes of all its files as they were, one after the other
    0001/writing.json   the list, from before the first change in the target until the last
    0001/written.json   the same list once the transaction is complete
    0001/undoing.json   the same list while it is being taken back

A folder without a list is of no use: the target was not touched yet, or is restored already.
"""

from __future__ import annotations

import os
import stat
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from enum import Enum
from typing import TYPE_CHECKING

from rrr_optimize.errors import JournalError
from rrr_optimize.transaction.places import JOURNAL
from rrr_optimize.transaction.record import Record, read_record, write_record
from rrr_optimize.workspace.reading import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem

KEPT = 20
"""How many complete transactions can be undone, one after the other."""
_BEFORE = "before"
_DRAFT = "draft"
_IGNORE = ".gitignore"
_EVERYTHING = b"*\n"
_KEPT_FOLDER = "kept"


@contextmanager
def journal_errors(failure: str) -> Iterator[None]:
    """Raise JournalError, with these words and the reason, where the system refuses."""
    try:
        yield
    except OSError as error:
        raise JournalError(f"{failure}: {reason_of(error)}", "mend the cause and try again") from None


class State(Enum):
    """How far a transaction is; the values are the names of its list."""

    WRITING = "writing.json"
    WRITTEN = "written.json"
    UNDOING = "undoing.json"


@dataclass(frozen=True, slots=True)
class Transaction:
    """A transaction that the journal holds."""

    name: str
    state: State
    record: Record


class Journal:
    """The journal of one root, through a file system."""

    def __init__(self, root: Path, filesystem: FileSystem) -> None:
        self.folder = f"{root}/{JOURNAL}"
        self._above = self.folder.rpartition("/")[0]
        self._files = filesystem

    @property
    def lock_file(self) -> str:
        """The file that a run locks."""
        return f"{self.folder}/lock"

    def exists(self) -> bool:
        """Return whether there is a journal. Raises JournalError where something else is in its place."""
        if self._folder(self._above) is None or (status := self._folder(self.folder)) is None:
            return False
        # A journal that came with the repository tells of no run of this user, and could name any bytes.
        if os.name == "posix" and (status.st_uid != os.geteuid() or status.st_mode & 0o077):
            raise JournalError(
                f"{self.folder} is not the journal of this user",
                "move it away, or if it is yours, take it over with chown and chmod 700",
            )
        return True

    def make(self) -> None:
        """Create the folder of the journal where it is missing."""
        for folder, mode in ((self._above, 0o777), (self.folder, 0o700)):
            if self._files.lstat(folder) is None:
                # Another run may be about to do the same.
                with suppress(FileExistsError):
                    self._files.mkdir(folder, mode)
                self._files.sync_folders(folder.rpartition("/")[0])

    def ignore_itself(self) -> None:
        """Make git pass the journal over; for whoever holds the lock."""
        path = f"{self.folder}/{_IGNORE}"
        status = self._files.lstat(path)
        if status is not None and status.st_size == len(_EVERYTHING):
            return
        if status is not None:
            # A run died before it had written it.
            self._files.unlink(path)
        self._files.create(path, _EVERYTHING, 0o600)

    def transactions(self) -> Iterator[Transaction]:
        """Yield the transactions, the newest first. Raises JournalError for a list that cannot be read."""
        return (Transaction(name, state, self._read(name, state)) for name, state in self._states())

    def interrupted(self) -> Transaction | None:
        """Return the transaction that was begun, or whose undo was begun, and is not complete."""
        found = next(((name, state) for name, state in self._states() if state is not State.WRITTEN), None)
        return found and Transaction(*found, self._read(*found))

    def begin(self, record: Record, before: bytes) -> Transaction:
        """Write down a transaction before anything is changed, so that it outlives a loss of power."""
        name = _next(self._numbers())
        try:
            return self._begin(name, record, before)
        except OSError:
            with suppress(OSError):
                self._remove(name)
            raise

    def _begin(self, name: str, record: Record, before: bytes) -> Transaction:
        folder = f"{self.folder}/{name}"
        self._files.mkdir(folder, 0o700)
        self._files.create(f"{folder}/{_BEFORE}", before, 0o600)
        self._files.create(f"{folder}/{_DRAFT}", write_record(record), 0o600)
        self._files.sync_files((f"{folder}/{_BEFORE}", f"{folder}/{_DRAFT}"))
        self._files.rename(f"{folder}/{_DRAFT}", f"{folder}/{State.WRITING.value}")
        self._files.sync_folders(folder)
        self._files.sync_folders(self.folder)
        return Transaction(name, State.WRITING, record)

    def commit(self, transaction: Transaction) -> None:
        """Call a transaction complete."""
        folder = f"{self.folder}/{transaction.name}"
        self._files.rename(f"{folder}/{transaction.state.value}", f"{folder}/{State.WRITTEN.value}")
        # From here on it stands. Should the power go before the disk knows, it will be found as one that was cut off.
        with suppress(OSError):
            self._files.sync_folders(folder)

    def take_up(self, transaction: Transaction) -> Transaction:
        """Return the transaction as one that is being taken back, which outlives a loss of power."""
        folder = f"{self.folder}/{transaction.name}"
        # Looked for, because an error does not tell whether a name was changed.
        for state in self._states_of(transaction.name):
            self._files.rename(f"{folder}/{state.value}", f"{folder}/{State.UNDOING.value}")
        self._files.sync_folders(folder)
        return replace(transaction, state=State.UNDOING)

    def forget(self, transaction: Transaction) -> None:
        """Remove a transaction that is undone; once its list is gone nobody will undo it again."""
        folder = f"{self.folder}/{transaction.name}"
        self._files.unlink(f"{folder}/{transaction.state.value}")
        # What is left is of no use, and swept by another run if not now.
        with suppress(OSError):
            self._files.sync_folders(folder)
            self._remove(transaction.name)

    def before(self, transaction: Transaction) -> dict[str, bytes]:
        """Return the bytes of the files as they were, by path. Raises JournalError unless they are all there."""
        try:
            data = self._files.read(f"{self.folder}/{transaction.name}/{_BEFORE}")
        except OSError as error:
            raise self._damaged(transaction.name, reason_of(error)) from None
        found = {}
        for entry in transaction.record.entries:
            if entry.before is None:
                continue
            image, offset = entry.before.image, entry.before.offset
            found[entry.path] = data[offset : offset + image.size]
            if not image.shows(found[entry.path], entry.before.attributes.mode):
                raise self._damaged(transaction.name, f"it does not hold {entry.path} as it was")
        return found

    def keep(self, path: str) -> str:
        """Move a file into the journal, where nothing removes it, and return its new path."""
        folder = f"{self.folder}/{_KEPT_FOLDER}"
        if self._files.lstat(folder) is None:
            self._files.mkdir(folder, 0o700)
        place = f"{folder}/{_next(self._files.names(folder))}"
        self._files.rename(path, place)
        return place

    def sweep(self) -> None:
        """Remove what no undo has a use for: folders without a list, and the oldest transactions."""
        kept = {name for name, _ in list(self._states())[:KEPT]}
        for name in self._numbers():
            if name not in kept:
                self._remove(name)

    def _remove(self, name: str) -> None:
        folder = f"{self.folder}/{name}"
        # From the end: "before" is the last to go, so that no list stays without it.
        for each in reversed(self._files.names(folder)):
            self._files.unlink(f"{folder}/{each}")
        self._files.rmdir(folder)

    def _states(self) -> Iterator[tuple[str, State]]:
        """Yield the name of each transaction that has a list, the newest first, and how far it is."""
        for name in reversed(self._numbers()):
            yield from ((name, state) for state in self._states_of(name))

    def _states_of(self, name: str) -> tuple[State, ...]:
        present = self._files.names(f"{self.folder}/{name}")
        return tuple(state for state in State if state.value in present)

    def _folder(self, path: str) -> os.stat_result | None:
        status = self._files.lstat(path)
        if status is not None and not stat.S_ISDIR(status.st_mode):
            raise JournalError(f"{path} is not a folder", "move it away; the journal of changes belongs there")
        return status

    def _numbers(self) -> list[str]:
        return sorted((name for name in self._files.names(self.folder) if name.isdecimal()), key=int)

    def _read(self, name: str, state: State) -> Record:
        try:
            return read_record(self._files.read(f"{self.folder}/{name}/{state.value}"))
        except ValueError as error:
            raise self._damaged(name, str(error)) from None
        except OSError as error:
            raise self._damaged(name, reason_of(error)) from None

    def _damaged(self, name: str, reason: str) -> JournalError:
        return JournalError(
            f"the journal of transaction {name} is damaged: {reason}",
            f"without it nothing can be taken back; move {self.folder}/{name} away to go on",
        )


def _next(names: Iterable[str]) -> str:
    """Return a number as a name that comes after all others."""
    return f"{max((int(name) for name in names if name.isdecimal()), default=0) + 1:04}"
