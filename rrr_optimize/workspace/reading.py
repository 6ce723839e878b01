"""Open one file safely: regular files only, no symbolic link followed, nothing that blocks, nothing huge."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass

SIZE_LIMIT = 2 * 1024 * 1024
"""Bytes; a larger file is data, not source, and is reported instead of read."""

# Where a platform lacks a flag, the look at the kind of file before opening stands alone.
_FLAGS = (
    os.O_RDONLY
    | getattr(os, "O_NOFOLLOW", 0)
    | getattr(os, "O_NONBLOCK", 0)
    | getattr(os, "O_CLOEXEC", 0)
    | getattr(os, "O_BINARY", 0)
)
_KINDS = (
    (stat.S_ISLNK, "a symbolic link, not a file"),
    (stat.S_ISDIR, "a folder, not a file"),
    (stat.S_ISFIFO, "a named pipe, not a file"),
    (stat.S_ISSOCK, "a socket, not a file"),
)
_REASONS = {
    errno.ENOENT: "it vanished before it was read",
    errno.ENOTDIR: "it vanished before it was read",
    errno.EACCES: "permission denied",
    errno.EPERM: "permission denied",
    errno.ELOOP: "a symbolic link, not a file",
    errno.ENAMETOOLONG: "its path is too long",
}


class UnreadableError(Exception):
    """A file that is not read; `reason` completes the sentence "not analysed: ..."."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Content:
    """The bytes of a regular file, and its permission bits."""

    data: bytes
    mode: int


def read_regular_file(path: str, limit: int = SIZE_LIMIT) -> Content:
    """Return what is in the regular file `path`, whose last part must not be a symbolic link.

    Raises UnreadableError for anything else: a link, a folder, a pipe, a socket, a device, a file of more than
    `limit` bytes, or one that the system refuses. A device is never opened, and no call waits for a writer.
    """
    try:
        # Looked at before opening, because opening a device can already do something; and again once it is open,
        # because it may have been exchanged in between.
        _require_regular(os.lstat(path), limit)
        descriptor = os.open(path, _FLAGS)
        with open(descriptor, "rb") as stream:
            status = os.fstat(descriptor)
            _require_regular(status, limit)
            data = stream.read(limit + 1)
    except OSError as error:
        raise UnreadableError(reason_of(error)) from None
    if len(data) > limit:
        raise UnreadableError(_too_large(len(data), limit))
    return Content(data, stat.S_IMODE(status.st_mode))


def reason_of(error: OSError) -> str:
    """Return why the system refused, in our words where it is a common case."""
    return _REASONS.get(error.errno or 0) or (error.strerror or "unknown error").lower()


def irregularity(mode: int) -> str | None:
    """Return what kind of thing a mode belongs to, or None for a regular file."""
    if stat.S_ISREG(mode):
        return None
    return next((name for is_kind, name in _KINDS if is_kind(mode)), "a device, not a file")


def _require_regular(status: os.stat_result, limit: int) -> None:
    if reason := irregularity(status.st_mode):
        raise UnreadableError(reason)
    if status.st_size > limit:
        raise UnreadableError(_too_large(status.st_size, limit))


def _too_large(size: int, limit: int) -> str:
    return f"it has {size:,} bytes, more than the limit of {limit:,}"
