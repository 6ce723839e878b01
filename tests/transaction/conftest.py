"""A small tree to write into, and what it looks like from outside."""

from __future__ import annotations

import hashlib
import os
import signal
import stat
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

from rrr_optimize.model import FileChange
from rrr_optimize.transaction import Permissions, Request
from rrr_optimize.workspace.reader import Digest
from rrr_optimize.workspace.root import Root

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

ANYWHERE = Permissions(allow_dirty=True, allow_no_vcs=True)


class Seen(NamedTuple):
    """A file or folder as it is: bytes, mode and time; of a link where it leads, of a folder its mode alone."""

    data: bytes
    mode: int
    modified: int


class Clean:
    """A git for which these files, and no others, are not clean."""

    def __init__(self, unclean: Mapping[str, str] | None = None) -> None:
        self.unclean = unclean or {}
        self.asked: list[tuple[Path, tuple[str, ...], bool]] = []

    def find_unclean(self, top: Path, paths: Sequence[str], *, staged_is_clean: bool = False) -> Mapping[str, str]:
        self.asked.append((top, tuple(paths), staged_is_clean))
        return {path: reason for path, reason in self.unclean.items() if path in paths}


def look(root: Path) -> dict[str, Seen]:
    """Return everything below a root but the journal, by path."""
    seen = {}
    for folder, folders, files in os.walk(os.fsencode(root)):
        if b".rrr-optimize" in folders and os.path.samefile(folder, root):
            folders.remove(b".rrr-optimize")
        for name in (*folders, *files):
            path = os.path.join(folder, name)
            status = os.lstat(path)
            key = os.fsdecode(os.path.relpath(path, os.fsencode(root)))
            mode = stat.S_IMODE(status.st_mode)
            if stat.S_ISREG(status.st_mode):
                with open(path, "rb") as stream:
                    seen[key] = Seen(stream.read(), mode, status.st_mtime_ns)
            elif stat.S_ISLNK(status.st_mode):
                seen[key] = Seen(os.readlink(path), 0, 0)
            else:
                seen[key] = Seen(b"", mode, 0)
    return seen


def bytes_of(seen: Mapping[str, Seen]) -> dict[str, tuple[bytes, int]]:
    """Return what was seen without the times, which nobody can foretell of a new file."""
    return {path: (each.data, each.mode) for path, each in seen.items()}


def request_for(root: Path, changes: Mapping[str, bytes | None], read: Sequence[str] = ()) -> Request:
    """Return a request to give these files new bytes, or none; every one that exists was read, and so was `read`."""
    existing = [path for path in (*changes, *read) if (root / path).is_file()]
    digests = {_canonical(root, path): _digest(root / path) for path in existing}
    return Request(
        "unify",
        tuple(
            FileChange(path, (root / path).read_bytes() if path in existing else None, after)
            for path, after in changes.items()
        ),
        digests,
        "2 packages",
    )


def _canonical(root: Path, path: str) -> str:
    return (root / path).resolve().relative_to(root).as_posix()


def _digest(path: Path) -> Digest:
    data = path.read_bytes()
    return Digest(hashlib.sha256(data).hexdigest(), len(data), stat.S_IMODE(path.stat().st_mode))


@pytest.fixture
def root(tmp_path: Path) -> Root:
    """Return a root, without git, that holds a few files of different kinds."""
    return make_root(tmp_path / "root")


def make_root(folder: Path) -> Root:
    for name, data, mode in (
        ("a.txt", b"numpy==1.0\r\n", 0o644),
        ("sub/run.sh", b"#!/bin/sh\n", 0o755),
        ("sub/old.txt", b"gone==1", 0o600),
        ("kept.txt", b"kept\n", 0o640),
    ):
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)
        path.chmod(mode)
        os.utime(path, ns=(1_600_000_000_123_456_789, 1_500_000_000_987_654_321))
    return Root(folder.resolve(), None)


@pytest.fixture
def usual_signals() -> Iterator[None]:
    """Let signals do what they do on a terminal; a shell makes what it runs in the background ignore some."""
    usual: dict[str, Any] = {"SIGINT": signal.default_int_handler, "SIGTERM": signal.SIG_DFL, "SIGHUP": signal.SIG_DFL}
    numbers = {getattr(signal, name): handler for name, handler in usual.items() if hasattr(signal, name)}
    before = {number: signal.signal(number, handler) for number, handler in numbers.items()}
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


CHANGES: dict[str, bytes | None] = {
    "a.txt": b"numpy==2.0\r\n",
    "sub/run.sh": b"#!/bin/sh\necho more than before\n",
    "sub/old.txt": None,
    "new/deep/b.txt": b"made\n",
    "new/c.txt": b"",
}
"""Two files change, one goes, two come, with two folders."""
