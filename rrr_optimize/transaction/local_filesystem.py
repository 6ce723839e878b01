"""The files of this machine: all of the port on POSIX systems, and what every system has elsewhere."""

from __future__ import annotations

import errno
import os
import stat
import sys
from typing import TYPE_CHECKING

from rrr_optimize.transaction.filesystem import Attributes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.transaction.filesystem import FileSystem

_COMMON = getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_CLOEXEC", 0) | getattr(os, "O_BINARY", 0)
_NO_WAIT = getattr(os, "O_NONBLOCK", 0)
# Far beyond the note, because Windows forbids others to read the bytes that are locked.
_LOCKED_BYTE = 1 << 30
_WORKERS = 8
_NOBODY = -1


def local_filesystem() -> FileSystem:
    """Return the files of this machine, with all that its system can do."""
    return PosixFileSystem() if os.name == "posix" else PortableFileSystem()


class PortableFileSystem:
    """What every system has: no owners, no extended attributes, and folders that cannot be synced.

    After a loss of power the newest names in a folder may then be missing; after a killed process they are not.
    """

    # Where files cannot be synced through a descriptor that only reads.
    _sync_flags = os.O_RDWR

    def lstat(self, path: str) -> os.stat_result | None:
        """Return what there is at a path, or None where there is nothing."""
        try:
            return os.lstat(path)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def read(self, path: str) -> bytes:
        """Return the bytes of a regular file; anything else is refused before it is opened."""
        _require_regular(os.lstat(path), path)
        with open(os.open(path, os.O_RDONLY | _NO_WAIT | _COMMON), "rb") as stream:
            _require_regular(os.fstat(stream.fileno()), path)
            return stream.read()

    def names(self, folder: str) -> tuple[str, ...]:
        """Return the names in a folder, sorted."""
        return tuple(sorted(os.listdir(folder)))

    def attributes(self, path: str) -> Attributes:
        """Return the permission bits and the times of a file."""
        status = os.lstat(path)
        mode = stat.S_IMODE(status.st_mode)
        return Attributes(mode, _NOBODY, _NOBODY, status.st_mtime_ns, status.st_atime_ns)

    def require_writable(self, path: str) -> None:
        """Raise OSError unless the file, or new names in the folder, could be written; nothing is changed."""
        if not stat.S_ISDIR(os.lstat(path).st_mode):
            # No mode tells of an immutable file or a file system that is read-only: opening does, and changes nothing.
            os.close(os.open(path, os.O_WRONLY | _NO_WAIT | _COMMON))
        elif not os.access(path, os.W_OK | os.X_OK):
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES), path)

    def create(self, path: str, data: bytes, mode: int) -> None:
        """Create a file that must not exist yet; the system takes its umask from the mode."""
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | _COMMON, mode)
        with open(descriptor, "wb", buffering=0) as stream:
            view = memoryview(data)
            while view:
                view = view[stream.write(view) :]

    def dress(self, path: str, attributes: Attributes, *, times: bool) -> None:
        """Give a file its permission bits and on demand its times."""
        os.chmod(path, attributes.mode)
        if times:
            os.utime(path, ns=(attributes.accessed, attributes.modified))

    def sync_files(self, paths: Sequence[str]) -> None:
        """Return once the bytes of these files would survive a loss of power."""
        if len(paths) <= _WORKERS:
            for path in paths:
                self._sync(path)
            return
        # A disk commits what waits for it at one time together.
        from concurrent.futures import ThreadPoolExecutor

        with ThreadPoolExecutor(_WORKERS) as workers:
            # The first error, if there is one, comes out of the list.
            list(workers.map(self._sync, paths))

    def _sync(self, path: str) -> None:
        descriptor = os.open(path, self._sync_flags | _COMMON)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)

    def sync_folders(self, *paths: str) -> None:
        """Do nothing: a folder cannot be opened everywhere."""

    def rename(self, old: str, new: str) -> None:
        """Give a file another name in one step; what had that name is gone."""
        os.replace(old, new)

    def unlink(self, path: str) -> None:
        """Remove a file."""
        os.unlink(path)

    def mkdir(self, path: str, mode: int) -> None:
        """Create a folder that must not exist yet."""
        os.mkdir(path, mode)

    def rmdir(self, path: str) -> None:
        """Remove a folder that is empty."""
        os.rmdir(path)

    def acquire(self, path: str, note: str) -> int:
        """Lock a file, which is created where it is missing, write the note into it, and return the lock."""
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | _COMMON, 0o600)
        try:
            _lock(descriptor)
            os.ftruncate(descriptor, 0)
            os.write(descriptor, note.encode("ascii"))
        except OSError:
            os.close(descriptor)
            raise
        return descriptor

    def release(self, lock: int) -> None:
        """Give a lock back."""
        os.close(lock)


class PosixFileSystem(PortableFileSystem):
    """All of the port: owners, extended attributes where the system has them, and folders that are synced."""

    _sync_flags = os.O_RDONLY

    def attributes(self, path: str) -> Attributes:
        """Return what a file has besides its bytes."""
        status = os.lstat(path)
        return Attributes(
            stat.S_IMODE(status.st_mode),
            status.st_uid,
            status.st_gid,
            status.st_mtime_ns,
            status.st_atime_ns,
            _extended(path),
        )

    def dress(self, path: str, attributes: Attributes, *, times: bool) -> None:
        """Give a file these attributes, its times only on demand, and no other extended attributes."""
        status = os.lstat(path)
        if (status.st_uid, status.st_gid) != (attributes.uid, attributes.gid):
            os.chown(path, attributes.uid, attributes.gid, follow_symlinks=False)
        # After the owner, because a change of owner drops setuid; before the lists of access, which are finer.
        os.chmod(path, attributes.mode)
        _set_extended(path, attributes.extended)
        if times:
            os.utime(path, ns=(attributes.accessed, attributes.modified))

    def sync_folders(self, *paths: str) -> None:
        """Return once the names in these folders would survive a loss of power."""
        self.sync_files(paths)


def _require_regular(status: os.stat_result, path: str) -> None:
    if not stat.S_ISREG(status.st_mode):
        raise OSError(errno.EINVAL, "not a regular file", path)


if sys.platform == "linux":

    def _extended(path: str) -> tuple[tuple[str, bytes], ...]:
        try:
            names = os.listxattr(path, follow_symlinks=False)
        except OSError as error:
            if error.errno == errno.ENOTSUP:
                return ()
            raise
        return tuple((name, os.getxattr(path, name, follow_symlinks=False)) for name in sorted(names))

    def _set_extended(path: str, wanted: tuple[tuple[str, bytes], ...]) -> None:
        present = dict(_extended(path))
        for name, value in wanted:
            if present.pop(name, None) != value:
                os.setxattr(path, name, value, follow_symlinks=False)
        for name in present:
            os.removexattr(path, name, follow_symlinks=False)

else:

    def _extended(path: str) -> tuple[tuple[str, bytes], ...]:
        # Python offers them on Linux only.
        del path
        return ()

    def _set_extended(path: str, wanted: tuple[tuple[str, bytes], ...]) -> None:
        del path, wanted


if sys.platform == "win32":

    def _lock(descriptor: int) -> None:
        import msvcrt

        os.lseek(descriptor, _LOCKED_BYTE, os.SEEK_SET)
        try:
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        except PermissionError:
            raise BlockingIOError(errno.EAGAIN, "locked") from None
        os.lseek(descriptor, 0, os.SEEK_SET)

else:

    def _lock(descriptor: int) -> None:
        import fcntl

        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
