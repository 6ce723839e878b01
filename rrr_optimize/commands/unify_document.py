"""The last stage of `unify`: its run record, and the document that is made from the records."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.commands.document_group import group_document, is_written
from rrr_optimize.commands.run_record import group_record, name_broken
from rrr_optimize.commands.stages import Staged
from rrr_optimize.documents.dependency_audit import COMMAND, render
from rrr_optimize.documents.run_records import RunRecord, find_records
from rrr_optimize.facts.own_documents import AUDIT
from rrr_optimize.model import ChangeGroup, Lane, Plan
from rrr_optimize.requirements.unify_record import describe_run, find_inputs

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.documents.run_records import Records
    from rrr_optimize.requirements.unify_record import UnifyRun

DOCUMENT = ChangeGroup(
    "unify/document",
    Lane.SAFE,
    "the document about the requirements",
    "it tells what was decided and why, from the run records alone",
)


def plan_document(run: UnifyRun, common: Mapping[str, Any]) -> Staged:
    """Return the groups that bring record and document up to date: none where they are, or where nothing was ever done.

    `common` is what every record tells. A document that is not ours is only written over after a review.
    """
    snapshot = run.after.snapshot
    every = find_records(snapshot)
    records = every.of(COMMAND)
    notes = tuple(name_broken(every))
    if not (snapshot.changes or records.chain or is_written(snapshot, AUDIT)):
        return Staged(Plan(), notes=notes)
    chain = records.chain
    groups = []
    if not _is_current(run, records):
        content = {**common, **describe_run(run)}
        record = RunRecord(COMMAND, every.heads_for(COMMAND), find_inputs(run.after), content)
        chain = (*chain, record)
        if not snapshot.is_file(record.path):
            groups.append(group_record(record))
    requires = frozenset(group.id for group in groups)
    return Staged(Plan((*groups, *group_document(snapshot, AUDIT, render(chain), DOCUMENT, requires))), notes=notes)


def _is_current(run: UnifyRun, records: Records) -> bool:
    """Return whether the newest record tells of the tree as it is: nothing is about to change, and nothing has."""
    if run.after.snapshot.changes or len(records.heads) != 1:
        return False
    return dict(records.chain[-1].inputs) == find_inputs(run.after)
