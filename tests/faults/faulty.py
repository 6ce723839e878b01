"""File systems that break: at a step of choice they fail, or the process dies, or the power goes."""

from __future__ import annotations

import errno
import itertools
import os
import shutil
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, TypeVar

from rrr_optimize.transaction.local_filesystem import local_filesystem

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import Attributes

T = TypeVar("T")


class Died(BaseException):
    """The process is no more; whoever catches this cannot do anything any longer."""


class Fault(Enum):
    """What happens at the step."""

    NONE = "nothing"
    FAILS = "it is refused"
    FAILS_LATE = "it is done and reported as failed"
    FAILS_HALF = "a file is written by half, then the disk is full"
    STAYS_BROKEN = "it and all that follow are refused"
    DIES = "the process is killed before it"
    DIES_HALF = "the process is killed while it writes a file"


# It is all the same whether a process dies before or after it has looked at something.
_BETWEEN_CHANGES = {Fault.FAILS_LATE, Fault.FAILS_HALF, Fault.DIES, Fault.DIES_HALF}
_CHANGES = {"create", "dress", "sync_files", "sync_folders", "rename", "unlink", "mkdir", "rmdir", "acquire"}


class FaultyFileSystem:
    """Passes every step on to the real files, and counts them; at step number `at`, from 1, the fault happens.

    Nothing is really synced, which is slow and tells nothing: see PowerlessFileSystem.
    """

    def __init__(self, fault: Fault = Fault.NONE, at: int = 0) -> None:
        self.real = local_filesystem()
        self.fault = fault
        self.at = at
        self.steps: list[str] = []
        self.is_dead = False
        self.locks: set[int] = set()

    def _step(self, name: str, do: Callable[[], T], half: Callable[[], object] | None = None) -> T:
        if self.is_dead:
            raise Died
        if self.fault in _BETWEEN_CHANGES and name.partition(" ")[0] not in _CHANGES:
            return do()
        self.steps.append(name)
        now = len(self.steps)
        if self.fault is Fault.STAYS_BROKEN and now >= self.at > 0:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        if now != self.at:
            return do()
        match self.fault:
            case Fault.FAILS_LATE:
                do()
            case Fault.FAILS_HALF | Fault.DIES_HALF if half is not None:
                half()
        if self.fault in {Fault.DIES, Fault.DIES_HALF}:
            self.die()
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def die(self) -> None:
        self.is_dead = True
        # As the system does with the locks of a process that ends.
        for lock in self.locks:
            os.close(lock)
        raise Died

    def lstat(self, path: str) -> os.stat_result | None:
        return self._step("lstat", lambda: self.real.lstat(path))

    def read(self, path: str) -> bytes:
        return self._step("read", lambda: self.real.read(path))

    def names(self, folder: str) -> tuple[str, ...]:
        return self._step("names", lambda: self.real.names(folder))

    def attributes(self, path: str) -> Attributes:
        return self._step("attributes", lambda: self.real.attributes(path))

    def require_writable(self, path: str) -> None:
        self._step("require_writable", lambda: self.real.require_writable(path))

    def create(self, path: str, data: bytes, mode: int) -> None:
        self._step(
            "create",
            lambda: self.real.create(path, data, mode),
            lambda: self.real.create(path, data[: len(data) // 2], mode),
        )

    def dress(self, path: str, attributes: Attributes, *, times: bool) -> None:
        self._step("dress", lambda: self.real.dress(path, attributes, times=times))

    def sync_files(self, paths: Sequence[str]) -> None:
        self._step(f"sync_files {paths}", lambda: None)

    def sync_folders(self, *paths: str) -> None:
        self._step(f"sync_folders {paths}", lambda: None)

    def rename(self, old: str, new: str) -> None:
        self._step("rename", lambda: self.real.rename(old, new))

    def unlink(self, path: str) -> None:
        self._step("unlink", lambda: self.real.unlink(path))

    def mkdir(self, path: str, mode: int) -> None:
        self._step("mkdir", lambda: self.real.mkdir(path, mode))

    def rmdir(self, path: str) -> None:
        self._step("rmdir", lambda: self.real.rmdir(path))

    def acquire(self, path: str, note: str) -> int:
        return self._step("acquire", lambda: self._acquire(path, note))

    def _acquire(self, path: str, note: str) -> int:
        lock = self.real.acquire(path, note)
        self.locks.add(lock)
        if len(self.steps) == self.at:
            self.release(lock)
        return lock

    def release(self, lock: int) -> None:
        if not self.is_dead:
            self.locks.discard(lock)
            self.real.release(lock)


_NUMBERS = itertools.count()


class PowerlessFileSystem(FaultyFileSystem):
    """At its fault the power goes, and everything is lost that was not synced: bytes of files, names in folders.

    Real file systems lose less. What is lost is taken back in the tree, from the newest to the oldest.
    """

    def __init__(self, graveyard: Path, at: int = 0) -> None:
        super().__init__(Fault.DIES, at)
        self._graveyard = graveyard
        self._unsynced_files: dict[int, str] = {}
        self._unsynced_names: list[tuple[str, Callable[[], object]]] = []

    def die(self) -> None:
        for path in self._unsynced_files.values():
            with suppress(FileNotFoundError):
                os.truncate(path, 0)
        for _, take_back in reversed(self._unsynced_names):
            take_back()
        super().die()

    def create(self, path: str, data: bytes, mode: int) -> None:
        super().create(path, data, mode)
        self._unsynced_files[os.lstat(path).st_ino] = path
        self._note(path, lambda: _remove(path))

    def rename(self, old: str, new: str) -> None:
        buried = self._bury(new)
        inode = os.lstat(old).st_ino
        super().rename(old, new)
        if inode in self._unsynced_files:
            self._unsynced_files[inode] = new
        self._note(new, lambda: self._rename_back(old, new, buried))

    def unlink(self, path: str) -> None:
        buried = self._bury(path)
        super().unlink(path)
        self._note(path, lambda: _rename(buried, path))

    def mkdir(self, path: str, mode: int) -> None:
        super().mkdir(path, mode)
        self._note(path, lambda: shutil.rmtree(path, ignore_errors=True))

    def rmdir(self, path: str) -> None:
        mode = os.stat(path).st_mode
        super().rmdir(path)
        self._note(path, lambda: os.mkdir(path, mode))

    def sync_files(self, paths: Sequence[str]) -> None:
        super().sync_files(paths)
        for path in paths:
            self._unsynced_files.pop(os.lstat(path).st_ino, None)

    def sync_folders(self, *paths: str) -> None:
        super().sync_folders(*paths)
        self._unsynced_names = [
            (folder, take_back) for folder, take_back in self._unsynced_names if folder not in paths
        ]

    def _note(self, path: str, take_back: Callable[[], object]) -> None:
        self._unsynced_names.append((os.path.dirname(path), take_back))

    def _bury(self, path: str) -> str | None:
        """Keep a file that is about to lose its name; its inode is the one to come back."""
        if not os.path.lexists(path) or len(self.steps) + 1 == self.at:
            return None
        grave = f"{self._graveyard}/{next(_NUMBERS)}"
        os.link(path, grave)
        return grave

    def _rename_back(self, old: str, new: str, buried: str | None) -> None:
        os.rename(new, old)
        _rename(buried, new)


def _rename(old: str | None, new: str) -> None:
    if old:
        os.rename(old, new)


def _remove(path: str) -> None:
    with suppress(FileNotFoundError):
        os.unlink(path)
