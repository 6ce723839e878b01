"""The record that a write leaves of itself: what every command puts into it, and the change that creates it."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from rrr_optimize.commands.stages import Staged
from rrr_optimize.documents.run_content import describe_checks, describe_files, describe_groups
from rrr_optimize.documents.run_records import RunRecord, find_records
from rrr_optimize.model import ChangeGroup, Creation, Lane, Plan

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rrr_optimize.commands.stages import Course
    from rrr_optimize.documents.run_records import Records
    from rrr_optimize.workspace.snapshot import Snapshot


def describe_course(course: Course, checks: Iterable[str]) -> dict[str, Any]:
    """Return what every record tells: the changes and their proofs, what was left, the files, the checks to pass."""
    return {
        **describe_groups(course.groups, course.accepted),
        "files": describe_files(course.now.snapshot.changes),
        "checks": describe_checks(checks, dict(course.now.settings.verify)),
    }


def digest_inputs(snapshot: Snapshot, paths: Iterable[str]) -> dict[str, str]:
    """Return the SHA-256 of each file by path, in the order of the paths; of an empty one where it cannot be read."""
    return {path: hashlib.sha256(snapshot.read(path) or b"").hexdigest() for path in sorted(set(paths))}


def plan_record(command: str, course: Course, inputs: Mapping[str, str], content: Mapping[str, Any]) -> Staged:
    """Return the stage that leaves a record of a run."""
    records = find_records(course.now.snapshot)
    record = RunRecord(command, records.heads_for(command), inputs, content)
    return Staged(Plan((group_record(record),)), notes=tuple(name_broken(records)))


def group_record(record: RunRecord) -> ChangeGroup:
    """Return the change that creates a record."""
    return ChangeGroup(
        f"{record.command}/record",
        Lane.SAFE,
        "the record of this run",
        "the documents are made from it, and checked against it",
        creations=(Creation(record.path, record.text),),
    )


def name_broken(records: Records) -> Iterable[str]:
    """Yield a note on each file among the records that is none."""
    for path in records.broken:
        yield f"{path} is no run record any more; take it back from git, or remove it"
