"""The port through which a transaction sees and changes files; paths are absolute, in the system's own form."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import os
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class Attributes:
    """What a file has besides its bytes: permission bits, owner, group, times in nanoseconds, extended attributes."""

    mode: int
    uid: int
    gid: int
    modified: int
    accessed: int
    extended: tuple[tuple[str, bytes], ...] = ()


class FileSystem(Protocol):
    """Every method raises OSError where the system refuses; none of them follows a link in the last part of a path."""

    def lstat(self, path: str) -> os.stat_result | None:
        """Return what there is at a path, or None where there is nothing."""
        ...

    def read(self, path: str) -> bytes:
        """Return the bytes of a regular file; anything else is refused before it is opened."""
        ...

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted."""
        ...

    def attributes(self, path: str) -> Attributes:
        """Return what a file has besides its bytes."""
        ...

    def require_writable(self, path: str) -> None:
        """Raise OSError unless the file, or new names in the folder, could be written; nothing is changed."""
        ...

    def create(self, path: str, data: bytes, mode: int) -> None:
        """Create a file that must not exist yet; the system takes its umask from the mode."""
        ...

    def dress(self, path: str, attributes: Attributes, *, times: bool) -> None:
        """Give a file these attributes, its times only on demand, and no other extended attributes."""
        ...

    def sync_files(self, paths: Sequence[str]) -> None:
        """Return once the bytes and attributes of these files would survive a loss of power."""
        ...

    def sync_folders(self, *paths: str) -> None:
        """Return once the names in these folders would survive a loss of power."""
        ...

    def rename(self, old: str, new: str) -> None:
        """Give a file another name in one step; what had that name is gone."""
        ...

    def unlink(self, path: str) -> None:
        """Remove a file."""
        ...

    def mkdir(self, path: str, mode: int) -> None:
        """Create a folder that must not exist yet."""
        ...

    def rmdir(self, path: str) -> None:
        """Remove a folder that is empty."""
        ...

    def acquire(self, path: str, note: str) -> int:
        """Lock a file, which is created where it is missing, write the note into it, and return the lock.

        The lock ends with the process. Raises BlockingIOError where another one has it.
        """
        ...

    def release(self, lock: int) -> None:
        """Give a lock back."""
        ...
