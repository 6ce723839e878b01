"""Take transactions back, the newest first: the one verb of recovery."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.errors import InterruptedTransactionError, JournalError, UndoRefusedError
from rrr_optimize.transaction.journal import Journal, State, journal_errors
from rrr_optimize.transaction.local_filesystem import local_filesystem
from rrr_optimize.transaction.lock import hold_lock
from rrr_optimize.transaction.places import PlaceError
from rrr_optimize.transaction.request import Undone
from rrr_optimize.transaction.restoring import Restoration, Standing
from rrr_optimize.transaction.signals import hold_signals

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.transaction.journal import Transaction
    from rrr_optimize.workspace.root import Root


_UNREADABLE = "the journal cannot be read"


@dataclass(frozen=True, slots=True)
class Listed:
    """A transaction that can be undone; `when` is UTC in ISO 8601."""

    name: str
    verb: str
    summary: str
    when: str
    files: int
    is_interrupted: bool


def undo_last(root: Root, filesystem: FileSystem | None = None) -> Undone | None:
    """Take the newest transaction back and return what was done, or None if there is none.

    Every byte, mode and time of its files is then as before. A run that was cut off, an undo too, is taken back in the
    same way. It cannot be stopped half-way by a signal.

    Raises UndoRefusedError if a file has changed since, and then changes nothing; LockedError while another run
    writes; JournalError where the journal or the system does not allow it.
    """
    files = filesystem or local_filesystem()
    journal = Journal(root.path, files)
    with hold_signals(), journal_errors("the undo could not be finished"):
        if not journal.exists():
            return None
        with hold_lock(journal, files):
            return _undo(root, journal, files)


def list_transactions(root: Root, filesystem: FileSystem | None = None) -> tuple[Listed, ...]:
    """Return the transactions that can be undone, the newest first. Raises JournalError."""
    journal = Journal(root.path, filesystem or local_filesystem())
    with journal_errors(_UNREADABLE):
        return tuple(map(_listed, journal.transactions())) if journal.exists() else ()


def require_no_interrupted(root: Root, filesystem: FileSystem | None = None) -> None:
    """Raise InterruptedTransactionError if a run was cut off, or LockedError if one is at work."""
    files = filesystem or local_filesystem()
    journal = Journal(root.path, files)
    with journal_errors(_UNREADABLE):
        if journal.exists() and journal.interrupted():
            with hold_lock(journal, files):
                refuse_interrupted(journal)


def refuse_interrupted(journal: Journal) -> None:
    """Raise InterruptedTransactionError if a run was cut off; for whoever holds the lock."""
    if cut_off := journal.interrupted():
        record = cut_off.record
        run = f"a run of `{record.verb}` ({record.when})"
        what = f"taking back {run}" if cut_off.state is State.UNDOING else run
        raise InterruptedTransactionError(
            f"{what} was cut off, so its files may be partly old and partly new",
            "`rrr-optimize undo` puts everything back as it was; nothing is written before that",
        )


def _listed(transaction: Transaction) -> Listed:
    record, is_interrupted = transaction.record, transaction.state is not State.WRITTEN
    return Listed(transaction.name, record.verb, record.summary, record.when, len(record.entries), is_interrupted)


def _undo(root: Root, journal: Journal, files: FileSystem) -> Undone | None:
    transaction = next(journal.transactions(), None)
    if transaction is None:
        return None
    was_interrupted = transaction.state is not State.WRITTEN
    restoration = Restoration(root.path, transaction.record, files)
    standings = restoration.take_stock()
    _refuse_changed(transaction, standings, journal)
    before = journal.before(transaction) if restoration.lost(standings) else {}
    transaction = journal.take_up(transaction)
    try:
        restored = restoration.restore(standings, before)
    except PlaceError as error:
        raise JournalError(f"the undo could not be finished: {error.reason}", "take the link away") from None
    journal.forget(transaction)
    return Undone(transaction.name, transaction.record.verb, restored.files, restored.removed, was_interrupted)


def _refuse_changed(transaction: Transaction, standings: Mapping[str, Standing], journal: Journal) -> None:
    is_complete = transaction.state is State.WRITTEN
    # What a run that was cut off has lost is only brought back.
    refused = {Standing.CHANGED, Standing.GONE} if is_complete else {Standing.CHANGED}
    changed = [f"\n  - {path}: it {standing.value}" for path, standing in standings.items() if standing in refused]
    if changed:
        count = "1 file is" if len(changed) == 1 else f"{len(changed)} files are"
        them = "it" if len(changed) == 1 else "them"
        folder = f"{journal.folder}/{transaction.name}"
        hint = f"take your changes to {them} back first" if is_complete else f"move {them} away, then undo again"
        raise UndoRefusedError(
            f"nothing was undone, because {count} not as `{transaction.record.verb}` left {them}:{''.join(changed)}",
            f"{hint}; or remove {folder} to keep everything as it is",
        )
