"""Put the files of a transaction back as they were, from wherever a write or an undo stopped."""

from __future__ import annotations

import os
import stat
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING

from rrr_optimize.transaction.places import PlaceError, Places

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.transaction.record import Entry, Record


class Standing(Enum):
    """What there is in the place of a file of a transaction."""

    OLD = "as it was before"
    NEW = "as the transaction left it"
    GONE = "is gone"
    CHANGED = "has changed since"


@dataclass(frozen=True, slots=True)
class Restored:
    """The files that have their old bytes again, and those that were created and are gone, by path from the root."""

    files: tuple[str, ...]
    removed: tuple[str, ...]


class Restoration:
    """Brings back the files of one record below a root; every step may be the last, and then it is begun anew."""

    def __init__(self, root: Path, record: Record, filesystem: FileSystem) -> None:
        self._record = record
        self._files = filesystem
        self._places = Places(root)

    def take_stock(self) -> dict[str, Standing]:
        """Return how each file stands, by its path from the root."""
        return {entry.path: self._judge(entry) for entry in self._record.entries}

    def lost(self, standings: Mapping[str, Standing]) -> tuple[Entry, ...]:
        """Return the files whose old bytes are not in their places."""
        return tuple(
            entry
            for entry in self._record.entries
            if entry.before is not None and standings[entry.path] is not Standing.OLD
        )

    def restore(self, standings: Mapping[str, Standing], before: Mapping[str, bytes]) -> Restored:
        """Bring back every file that is not old, and remove folders that were created and are empty.

        All bytes are on the disk before the first name changes. Raises OSError where the system refuses, and PlaceError
        where a link has come into the way of a file.
        """
        self.remove_temporaries()
        lost = self.lost(standings)
        try:
            for entry in lost:
                self._write_temporary(entry, before[entry.path])
            self._files.sync_files([self.find(entry.temporary) for entry in lost])
        except (OSError, PlaceError):
            with suppress(OSError):
                self.remove_temporaries()
            raise
        for entry in lost:
            self._files.rename(self.find(entry.temporary), self.find(entry.path))
        is_new = (entry for entry in self._record.entries if standings[entry.path] is Standing.NEW)
        extra = [entry for entry in is_new if entry.before is None]
        for entry in extra:
            self._files.unlink(self.find(entry.path))
        self._sync({os.path.dirname(self.find(entry.path)) for entry in self._record.entries})
        self._remove_folders()
        return Restored(tuple(entry.path for entry in lost), tuple(entry.path for entry in extra))

    def remove_temporaries(self) -> None:
        """Remove the successors that were written and never took their places."""
        for entry in self._record.entries:
            with suppress(PlaceError):
                path = self._places.real(entry.temporary)
                if self._files.lstat(path) is not None:
                    self._files.unlink(path)

    def _write_temporary(self, entry: Entry, data: bytes) -> None:
        if entry.before is None:
            return
        path = self.find(entry.temporary)
        for folder in missing_folders(path, self._files):
            self._files.mkdir(folder, 0o777)
            self._files.sync_folders(os.path.dirname(folder))
        self._files.create(path, data, 0o600)
        self._files.dress(path, entry.before.attributes, times=True)

    def _remove_folders(self) -> None:
        for name in reversed(self._record.folders):
            folder = self.find(name)
            status = self._files.lstat(folder)
            if status is not None and stat.S_ISDIR(status.st_mode) and not self._files.names(folder):
                self._files.rmdir(folder)
                self._sync({os.path.dirname(folder)})

    def _sync(self, folders: set[str]) -> None:
        self._files.sync_folders(*(folder for folder in sorted(folders) if self._files.lstat(folder) is not None))

    def _judge(self, entry: Entry) -> Standing:
        try:
            path = self._places.real(entry.path)
        except PlaceError:
            return Standing.CHANGED
        status = self._files.lstat(path)
        if status is None:
            return Standing.OLD if entry.before is None else Standing.NEW if entry.after is None else Standing.GONE
        if not stat.S_ISREG(status.st_mode):
            return Standing.CHANGED
        data, mode = self._files.read(path), stat.S_IMODE(status.st_mode)
        if entry.before is not None and entry.before.image.shows(data, mode):
            return Standing.OLD
        return Standing.NEW if entry.after is not None and entry.after.shows(data, mode) else Standing.CHANGED

    def find(self, name: str) -> str:
        """Return the real path of a file of the record. Raises PlaceError if a link has come into its way."""
        return self._places.real(name)


def missing_folders(path: str, filesystem: FileSystem) -> tuple[str, ...]:
    """Return the folders that a path needs and that are not there, parents first."""
    return tuple(reversed(list(_missing_above(path, filesystem))))


def _missing_above(path: str, filesystem: FileSystem) -> Iterator[str]:
    folder = os.path.dirname(path)
    while filesystem.lstat(folder) is None:
        yield folder
        folder = os.path.dirname(folder)
