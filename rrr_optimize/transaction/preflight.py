"""Look at everything that could keep a transaction from being made, before anything is changed."""

from __future__ import annotations

import errno
import os
import stat
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.errors import PreflightError, Problem
from rrr_optimize.transaction.cleanliness import find_unclean
from rrr_optimize.transaction.places import JOURNAL, PlaceError, Places
from rrr_optimize.transaction.staleness import CHANGED, GONE, PLAN_AGAIN, find_stale
from rrr_optimize.workspace.reading import irregularity, reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.model import FileChange
    from rrr_optimize.transaction.cleanliness import WorkTreeStatus
    from rrr_optimize.transaction.filesystem import Attributes, FileSystem
    from rrr_optimize.transaction.places import Place
    from rrr_optimize.transaction.request import Permissions, Request
    from rrr_optimize.workspace.root import Root


@dataclass(frozen=True, slots=True)
class Target:
    """A file that may be changed: its place, its bytes before and after, and its attributes if it exists."""

    place: Place
    before: bytes | None
    after: bytes | None
    attributes: Attributes | None


def look_ahead(
    root: Root, request: Request, git: WorkTreeStatus, permissions: Permissions, filesystem: FileSystem
) -> tuple[Target, ...]:
    """Return the targets of a request, sorted by their paths; nothing is changed.

    Raises PreflightError with every problem there is, of every file, at once.
    """
    preflight = _Preflight(root, filesystem)
    problems: list[Problem] = []
    targets: dict[str, Target] = {}
    for change in request.changes:
        try:
            target = preflight.inspect(change)
        except _UnfitError as error:
            problems.append(Problem(change.path, error.reason, error.hint))
            continue
        if target.place.name in targets:
            problems.append(Problem(change.path, f"it is the same file as {target.place.name}, which changes too"))
        targets[target.place.name] = target
    problems += _find_clashes(targets)
    if reason := preflight.unfit_journal():
        problems.append(Problem(JOURNAL, reason))
    problems += find_stale(root.path, request.digests, filesystem)
    problems += [Problem(*found) for found in find_unclean(root, sorted(targets), git, permissions)]
    if problems:
        raise PreflightError(sorted(set(problems), key=lambda problem: (problem.path, problem.reason)))
    return tuple(targets[name] for name in sorted(targets))


def _find_clashes(targets: Mapping[str, Target]) -> Iterator[Problem]:
    """Yield a problem for each file to create that cannot stand beside another target, here or on another system."""
    known: dict[str, str] = {}
    # What exists already goes first.
    for name, target in sorted(targets.items(), key=lambda item: (item[1].before is None, item[0])):
        other = known.setdefault(name.casefold(), name)
        if other != name and target.before is None:
            yield Problem(name, f"its name differs from {other} in case alone, and some systems know no case")
        parts = name.split("/")
        for above in ("/".join(parts[:end]) for end in range(1, len(parts))):
            if above in targets and targets[above].before is None:
                yield Problem(above, f"it is to be created as a file, and as a folder for {name}")


class _UnfitError(Exception):
    """Why a file cannot be changed."""

    def __init__(self, reason: str, hint: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.hint = hint


class _Preflight:
    def __init__(self, root: Root, filesystem: FileSystem) -> None:
        self._root = str(root.path)
        self._places = Places(root.path)
        self._files = filesystem
        self._folders: dict[str, str | None] = {}
        self._device = self._journal_device()

    def inspect(self, change: FileChange) -> Target:
        """Return the target of a change. Raises _UnfitError with the first reason why it cannot be one."""
        try:
            place = self._places.find(change.path)
            status = self._files.lstat(place.real)
        except PlaceError as error:
            raise _UnfitError(error.reason) from None
        except OSError as error:
            raise _UnfitError(f"it cannot be looked at: {reason_of(error)}") from None
        attributes = None
        if change.before is not None:
            attributes = self._inspect_file(place.real, status, change.before)
        elif status is not None or place.is_link:
            raise _UnfitError("it is to be created and is there already", PLAN_AGAIN)
        if reason := self._unfit_folder(os.path.dirname(place.real)):
            raise _UnfitError(reason)
        return Target(place, change.before, change.after, attributes)

    def _inspect_file(self, real: str, status: os.stat_result | None, before: bytes) -> Attributes:
        if status is None:
            raise _UnfitError(GONE, PLAN_AGAIN)
        if reason := irregularity(status.st_mode):
            raise _UnfitError(f"it is {reason}")
        if status.st_nlink > 1:
            raise _UnfitError(f"it has {status.st_nlink} names (hard links), and would change under one of them only")
        if not _is_ours(status):
            raise _UnfitError(f"it belongs to another user (uid {status.st_uid}), which could not be kept")
        if reason := self._unwritable(real, status):
            raise _UnfitError(f"it {reason}")
        try:
            # In this order: whoever writes in between leaves another time behind, and is found out.
            attributes, data = self._files.attributes(real), self._files.read(real)
        except OSError as error:
            raise _UnfitError(f"it cannot be read any more: {reason_of(error)}", PLAN_AGAIN) from None
        if data != before:
            raise _UnfitError(CHANGED, PLAN_AGAIN)
        return attributes

    def unfit_journal(self) -> str | None:
        """Return why no journal can be written, or None."""
        return self._unfit_folder(self._places.journal)

    def _unfit_folder(self, folder: str) -> str | None:
        """Return why no file in a folder can be exchanged or created, or None; a missing folder can be made."""
        if folder not in self._folders:
            self._folders[folder] = self._judge_folder(folder)
        return self._folders[folder]

    def _judge_folder(self, folder: str) -> str | None:
        status = self._files.lstat(folder)
        if status is None:
            return self._unfit_folder(os.path.dirname(folder))
        if not stat.S_ISDIR(status.st_mode):
            return f"{self._places.name(folder)} is no folder"
        if status.st_dev != self._device:
            return "its folder lies on another file system than the journal"
        reason = self._unwritable(folder, status)
        return f"its folder {reason}" if reason else None

    def _unwritable(self, real: str, status: os.stat_result) -> str | None:
        # Root may write a file of mode 0444, but somebody has said that it is not to be written.
        if not status.st_mode & 0o222:
            return f"is read-only (mode {stat.S_IMODE(status.st_mode):04o})"
        try:
            self._files.require_writable(real)
        except OSError as error:
            # What the mode allows and the system forbids even to root is immutable.
            is_immutable = error.errno == errno.EPERM
            return f"cannot be written: {'it is immutable' if is_immutable else reason_of(error)}"
        return None

    def _journal_device(self) -> int | None:
        journal = self._places.journal
        while (status := self._files.lstat(journal)) is None:
            journal = os.path.dirname(journal)
        return status.st_dev


def _is_ours(status: os.stat_result) -> bool:
    return os.name != "posix" or os.geteuid() in {0, status.st_uid}
