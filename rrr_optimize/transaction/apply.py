"""Write file changes all or not at all: preflight, journal, exchange, verify, commit; else everything back."""

from __future__ import annotations

import os
from contextlib import suppress
from functools import partial
from typing import TYPE_CHECKING, NoReturn, TypeVar

from rrr_optimize.errors import JournalError, RollbackError, RrrOptimizeError, StoppedError, WriteFailedError
from rrr_optimize.transaction.drafting import draft_record
from rrr_optimize.transaction.journal import Journal, journal_errors
from rrr_optimize.transaction.local_filesystem import local_filesystem
from rrr_optimize.transaction.lock import hold_lock
from rrr_optimize.transaction.places import PlaceError
from rrr_optimize.transaction.preflight import look_ahead
from rrr_optimize.transaction.request import Written
from rrr_optimize.transaction.restoring import Restoration, Standing
from rrr_optimize.transaction.signals import Interrupted, hold_signals
from rrr_optimize.transaction.undo import refuse_interrupted, require_no_interrupted
from rrr_optimize.workspace.reading import reason_of

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rrr_optimize.transaction.cleanliness import WorkTreeStatus
    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.transaction.journal import Transaction
    from rrr_optimize.transaction.preflight import Target
    from rrr_optimize.transaction.record import Record
    from rrr_optimize.transaction.request import Permissions, Request
    from rrr_optimize.transaction.signals import HeldSignals
    from rrr_optimize.workspace.root import Root


T = TypeVar("T")


def write(
    root: Root,
    request: Request,
    git: WorkTreeStatus,
    permissions: Permissions,
    verify: Sequence[Callable[[], None]] = (),
    filesystem: FileSystem | None = None,
) -> Written:
    """Make the changes of a request, every one of them or none, and return what was written.

    `verify` are checks that look at the files as they are then; one that raises takes everything back, and so do
    Ctrl-C, SIGTERM and an error of the system.

    Raises PreflightError with all that stands in the way, LockedError while another run writes,
    InterruptedTransactionError while an earlier one waits to be taken back, JournalError, WriteFailedError for an error
    of the system, StoppedError for a signal, RollbackError where not even taking back succeeded, and what a check
    raises. After each of them but RollbackError all files are as they were.
    """
    files = filesystem or local_filesystem()
    if all(change.before == change.after for change in request.changes):
        require_no_interrupted(root, files)
        return Written("", ())
    journal = Journal(root.path, files)
    with hold_signals() as signals, journal_errors("nothing was written, because the journal cannot be"):
        look = partial(_until_stopped, signals, partial(look_ahead, root, request, git, permissions, files))
        if not journal.exists():
            # A refusal is not to leave even a journal behind.
            look()
        journal.make()
        with hold_lock(journal, files):
            refuse_interrupted(journal)
            targets = tuple(target for target in look() if target.before != target.after)
            journal.ignore_itself()
            journal.sweep()
            return _Writing(root, journal, files, signals).run(request, targets, verify)


def _until_stopped(signals: HeldSignals, look: Callable[[], T]) -> T:
    """Return what a look finds that changes nothing; a signal ends it at once."""
    try:
        with signals.at_once():
            return look()
    except Interrupted:
        raise StoppedError("interrupted; nothing has changed") from None


class _Writing:
    """One transaction, from its record to its end."""

    def __init__(self, root: Root, journal: Journal, files: FileSystem, signals: HeldSignals) -> None:
        self._root = root
        self._journal = journal
        self._files = files
        self._signals = signals
        self._exchanged: set[str] = set()

    def run(self, request: Request, targets: Sequence[Target], verify: Sequence[Callable[[], None]]) -> Written:
        record, before = draft_record(self._root, request, targets, self._files)
        transaction = self._journal.begin(record, before)
        try:
            self._exchange(record, targets)
            with self._signals.at_once():
                for check in verify:
                    check()
            self._signals.check()
            self._journal.commit(transaction)
        except BaseException as error:  # noqa: BLE001 - whatever it is, the files come first
            self._roll_back(transaction, error)
        # What is done is done, whatever becomes of the old.
        with suppress(OSError):
            self._journal.sweep()
        return Written(transaction.name, tuple(entry.path for entry in record.entries))

    def _exchange(self, record: Record, targets: Sequence[Target]) -> None:
        """Write all successors, let the disk have them, and only then give them their names."""
        pairs = [(self._path(entry.temporary), target) for entry, target in zip(record.entries, targets, strict=True)]
        for folder in record.folders:
            self._files.mkdir(self._path(folder), 0o777)
        for temporary, target in pairs:
            self._signals.check()
            self._write_temporary(temporary, target)
        self._signals.check()
        self._files.sync_files([temporary for temporary, target in pairs if target.after is not None])
        for temporary, target in pairs:
            self._signals.check()
            self._require_untouched(target)
            # Noted before, because an error does not tell whether it was done.
            self._exchanged.add(target.place.name)
            if target.after is None:
                self._files.unlink(target.place.real)
            else:
                self._files.rename(temporary, target.place.real)
        folders = {os.path.dirname(target.place.real) for target in targets}
        folders |= {os.path.dirname(self._path(folder)) for folder in record.folders}
        self._files.sync_folders(*sorted(folders))

    def _write_temporary(self, path: str, target: Target) -> None:
        if target.after is None:
            return
        self._files.create(path, target.after, 0o666 if target.attributes is None else 0o600)
        if target.attributes is not None:
            self._files.dress(path, target.attributes, times=False)

    def _require_untouched(self, target: Target) -> None:
        """Raise WriteFailedError if somebody has written the file in this very moment."""
        status = self._files.lstat(target.place.real)
        found = None if status is None else (status.st_mtime_ns, status.st_size)
        expected = None
        if target.attributes is not None and target.before is not None:
            expected = (target.attributes.modified, len(target.before))
        if found != expected:
            raise WriteFailedError(f"{target.place.name} was changed by another program meanwhile", "try again")

    def _roll_back(self, transaction: Transaction, error: BaseException) -> NoReturn:
        """Take everything back and raise the error in our words."""
        try:
            kept = self._restore(transaction)
        except (OSError, PlaceError, JournalError) as failure:
            raise RollbackError(
                f"{_describe(error)}, and the files could not all be put back: {_describe(failure)}",
                "mend the cause, then `rrr-optimize undo` puts them back",
            ) from error
        hint = "".join(f"; {path} was changed meanwhile and is kept as {place}" for path, place in kept)
        match error:
            case Interrupted():
                raise StoppedError("interrupted; all files are as they were", hint.removeprefix("; ")) from None
            case OSError():
                where = f"{os.path.relpath(error.filename, self._root.path)}: " if error.filename else ""
                raise WriteFailedError(
                    f"{where}{reason_of(error)}; all files are as they were", hint.removeprefix("; ")
                ) from None
            case RrrOptimizeError():
                error.hint = f"{error.hint}{hint}".removeprefix("; ")
        raise error

    def _restore(self, transaction: Transaction) -> list[tuple[str, str]]:
        """Put all files back; what somebody made of them meanwhile is kept and told, by path and new place."""
        transaction = self._journal.take_up(transaction)
        restoration = Restoration(self._root.path, transaction.record, self._files)
        standings = restoration.take_stock()
        kept = []
        for path, standing in list(standings.items()):
            if path not in self._exchanged and standing in {Standing.CHANGED, Standing.GONE}:
                # That was somebody else, before we came to it.
                standings[path] = Standing.OLD
            elif standing is Standing.CHANGED:
                kept.append((path, self._journal.keep(restoration.find(path))))
                standings[path] = Standing.GONE
        before = self._journal.before(transaction) if restoration.lost(standings) else {}
        restoration.restore(standings, before)
        self._journal.forget(transaction)
        return kept

    def _path(self, name: str) -> str:
        return os.path.join(self._root.path, name)


def _describe(error: BaseException) -> str:
    match error:
        case Interrupted():
            return "interrupted"
        case OSError():
            return reason_of(error)
        case PlaceError():
            return error.reason
        case RrrOptimizeError():
            return error.message
    return f"{type(error).__name__}: {error}"
