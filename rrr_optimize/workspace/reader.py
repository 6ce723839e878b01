"""Read files below a root: each one once, inside the boundary, with a record of what was read and what was refused."""

from __future__ import annotations

import hashlib
import os
import stat
import time
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

from rrr_optimize.model import NotAnalysed
from rrr_optimize.source import SourceText, UndecodableError
from rrr_optimize.workspace.boundary import Boundary
from rrr_optimize.workspace.reading import SIZE_LIMIT, UnreadableError, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_MOMENT = 2.0


@dataclass(frozen=True, slots=True)
class Digest:
    """What a file was when it was read: SHA-256 of its bytes in hexadecimal, their number, its permission bits."""

    sha256: str
    size: int
    mode: int


class Reader:
    """Reads files by their POSIX paths relative to the root.

    A link inside the root is followed: it and the file that it leads to give the same bytes and the same SourceText,
    whose `path` is the canonical one, that of the file. `now` is when the reading began, in seconds since the epoch.
    """

    def __init__(self, root: Path, now: float | None = None) -> None:
        self.boundary = Boundary(str(root))
        self._canonical: dict[str, str] = {}
        self._bytes: dict[str, bytes] = {}
        self._texts: dict[str, SourceText] = {}
        self._digests: dict[str, Digest] = {}
        self._refusals: dict[str, str] = {}
        self._now = time.time() if now is None else now

    @property
    def digests(self) -> Mapping[str, Digest]:
        """What was read so far, by canonical path."""
        return MappingProxyType(self._digests)

    @property
    def refused(self) -> tuple[NotAnalysed, ...]:
        """What was asked for and could not be read or decoded, each path once."""
        return tuple(NotAnalysed(path, reason) for path, reason in self._refusals.items())

    @property
    def changed(self) -> frozenset[str]:
        """Which files are not as on the disk: none."""
        return frozenset()

    def on_disk(self, path: str) -> bytes | None:
        """Return the bytes of a file that was read, or None."""
        return self._bytes.get(path)

    def read_files(self) -> Iterator[tuple[str, bytes]]:
        """Yield canonical path and bytes of every file read so far, sorted by path; nothing new is read."""
        yield from sorted(self._bytes.items())

    def is_there(self, path: str) -> bool:
        """Return whether there is anything of this name; for what is looked for before, or without, being listed."""
        # An absolute path stands for itself, but one with two slashes may name another machine.
        return not path.startswith("//") and os.path.lexists(os.path.join(self.boundary.top, path))

    def canonical(self, path: str) -> str | None:
        """Return the name, free of links, of the file that a path leads to, or None where `read` gives None."""
        if path not in self._canonical and path not in self._refusals:
            try:
                self._canonical[path] = self.boundary.resolve(path)
            except UnreadableError as error:
                self._refusals[path] = error.reason
        return self._canonical.get(path)

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file, or None if it is refused; `refused` then says why."""
        name = self.canonical(path)
        if name is None or name in self._bytes or path in self._refusals:
            return self._bytes.get(name or "")
        try:
            content = read_regular_file(f"{self.boundary.top}/{name}")
        except UnreadableError as error:
            self._refusals[path] = error.reason
            return None
        self._bytes[name] = content.data
        self._digests[name] = Digest(hashlib.sha256(content.data).hexdigest(), len(content.data), content.mode)
        return content.data

    def peek(self, path: str) -> bytes | None:
        """Return the bytes of a file without keeping them; None where `read` gives None, and `refused` says why."""
        name = self.canonical(path)
        if name is None or name in self._bytes or path in self._refusals:
            return self._bytes.get(name or "")
        try:
            return read_regular_file(f"{self.boundary.top}/{name}").data
        except UnreadableError as error:
            self._refusals[path] = error.reason
            return None

    def state(self, path: str) -> str | None:
        """Return what the system says of a file, which changes when its content does; None where that is not certain.

        A file that was changed a moment ago is not certain: the next change may fall on the same tick of the clock.
        """
        name = self.canonical(path)
        try:
            status = os.lstat(f"{self.boundary.top}/{name}") if name else None
        except OSError:
            return None
        if status is None or not status.st_ino or not stat.S_ISREG(status.st_mode) or status.st_size > SIZE_LIMIT:
            return None
        if max(status.st_mtime, status.st_ctime) > self._now - _MOMENT:
            return None
        times = (status.st_mtime_ns, status.st_ctime_ns)
        return f"{self.boundary.top}/{name} {status.st_dev} {status.st_ino} {status.st_size} {times}"

    def text(self, path: str) -> SourceText | None:
        """Return the decoded text of a file, or None if it is refused or is not text; `refused` then says why."""
        data = self.read(path)
        if data is None or path in self._refusals:
            return None
        name = self._canonical[path]
        if name not in self._texts:
            try:
                self._texts[name] = SourceText.decode(name, data)
            except UndecodableError as error:
                self._refusals[path] = str(error)
        return self._texts.get(name)
