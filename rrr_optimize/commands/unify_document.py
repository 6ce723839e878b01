"""The last stage of `unify`: its run record, and the document that is made from the records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.commands.stages import Staged
from rrr_optimize.documents.dependency_audit import COMMAND, PATH, render
from rrr_optimize.documents.marker import is_ours
from rrr_optimize.documents.run_records import RunRecord, find_records
from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Plan, Span
from rrr_optimize.requirements.unify_record import describe_run, find_inputs
from rrr_optimize.workspace.snapshot import Presence

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.documents.run_records import Records
    from rrr_optimize.requirements.unify_record import UnifyRun
    from rrr_optimize.workspace.snapshot import Snapshot

_RECORD = "unify/record"


def plan_document(run: UnifyRun) -> Staged:
    """Return the groups that bring record and document up to date: none where they are, or where nothing was ever done.

    A document that is not ours is only written over after a review.
    """
    snapshot = run.after.snapshot
    records = find_records(snapshot, COMMAND)
    notes = tuple(f"{path} is no run record any more; take it back from git, or remove it" for path in records.broken)
    if not (snapshot.changes or records.chain or _is_written(snapshot)):
        return Staged(Plan(), notes=notes)
    chain = records.chain
    groups = []
    if not _is_current(run, records):
        record = RunRecord(COMMAND, records.heads, find_inputs(run.after), describe_run(run))
        chain = (*chain, record)
        if not snapshot.is_file(record.path):
            groups.append(_record_group(record))
    requires = frozenset(group.id for group in groups)
    return Staged(Plan((*groups, *_document_groups(snapshot, render(chain), requires))), notes=notes)


def _is_current(run: UnifyRun, records: Records) -> bool:
    """Return whether the newest record tells of the tree as it is: nothing is about to change, and nothing has."""
    if run.after.snapshot.changes or len(records.heads) != 1:
        return False
    return dict(records.chain[-1].inputs) == find_inputs(run.after)


def _is_written(snapshot: Snapshot) -> bool:
    source = snapshot.text(PATH)
    return source is not None and is_ours(source.text)


def _record_group(record: RunRecord) -> ChangeGroup:
    return ChangeGroup(
        _RECORD,
        Lane.SAFE,
        "the record of this run",
        "the document is made from it, and checked against it",
        creations=(Creation(record.path, record.text),),
    )


def _document_groups(snapshot: Snapshot, text: str, requires: frozenset[str]) -> Iterator[ChangeGroup]:
    title = "the document about the requirements"
    why = "it tells what was decided and why, from the run records alone"
    presence = snapshot.look_for(PATH)
    source = snapshot.text(PATH)
    if source is not None and source.path == PATH:
        if source.text != text:
            edit = Edit(PATH, Span(0, len(source.text)), text)
            ours = is_ours(source.text)
            lane = Lane.SAFE if ours else Lane.REVIEW
            hint = "" if ours else "it was not made by rrr-optimize; look at it before it is replaced, or move it away"
            yield ChangeGroup("unify/document", lane, title, why, hint, edits=(edit,), requires=requires)
    elif presence is Presence.MISSING:
        yield ChangeGroup("unify/document", Lane.SAFE, title, why, creations=(Creation(PATH, text),), requires=requires)
    else:
        reason = _refusal(snapshot, presence)
        yield ChangeGroup("unify/document", Lane.REFUSED, title, f"{PATH} cannot be written: {reason}")


def _refusal(snapshot: Snapshot, presence: Presence) -> str:
    unread: Sequence[str] = [gap.reason for gap in snapshot.not_analysed if gap.path == PATH]
    return unread[0] if unread else "it is a link" if presence is Presence.LISTED else presence.value
