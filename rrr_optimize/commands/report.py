"""`rrr-optimize report`: the documents of a target, made anew from its run records and its tree."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

from rrr_optimize.commands.document_group import group_document, is_written
from rrr_optimize.commands.run_record import name_broken
from rrr_optimize.commands.stages import Staged
from rrr_optimize.commands.unify_document import DOCUMENT as AUDIT_DOCUMENT
from rrr_optimize.commands.writing import run_writing
from rrr_optimize.compose.network_record import count_networks, restore_topology
from rrr_optimize.documents import dependency_audit, optimization_summary
from rrr_optimize.documents.run_records import find_records
from rrr_optimize.facts.own_documents import AUDIT, SUMMARY
from rrr_optimize.imports.deletion_record import count_statements
from rrr_optimize.model import ChangeGroup, Lane, Plan
from rrr_optimize.reporters import mermaid
from rrr_optimize.requirements.unify_record import count_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.commands.stages import Course
    from rrr_optimize.commands.writing import WritingOptions
    from rrr_optimize.documents.run_records import Records
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.workspace.snapshot import Snapshot

_SUMMARY = ChangeGroup(
    "report/summary",
    Lane.SAFE,
    "the summary of all runs",
    "it tells what was done, proved and left, from the run records and the tree alone",
)


def run_report(options: WritingOptions, cwd: Path, environ: Mapping[str, str]) -> int:
    """Plan the documents, and show, check or write the plan; return the exit code.

    Raises RrrOptimizeError for everything that keeps the plan from being made or written.
    """
    return run_writing("report", (_documents,), options, {}, cwd, environ)


def _documents(course: Course) -> Staged:
    snapshot = course.now.snapshot
    records = find_records(snapshot)
    notes = tuple(name_broken(records))
    if not records.chain and not any(is_written(snapshot, path) for path in (AUDIT, SUMMARY)):
        nothing = "there is no run record: neither unify nor fix-imports nor compose has written anything here"
        return Staged(Plan(), notes=(*notes, nothing))
    return Staged(Plan(tuple(_groups(course.now, records))), notes=notes)


def _groups(repository: Repository, records: Records) -> Iterator[ChangeGroup]:
    snapshot = repository.snapshot
    if unified := records.of("unify").chain:
        yield from group_document(snapshot, AUDIT, dependency_audit.render(unified), AUDIT_DOCUMENT)
    tree = optimization_summary.Tree(_count(repository), lambda path: _digest(snapshot, path))
    text = optimization_summary.render(records, tree, _draw)
    yield from group_document(snapshot, SUMMARY, text, _SUMMARY)


def _count(repository: Repository) -> dict[str, dict[str, int]]:
    return {
        "unify": count_requirements(repository),
        "fix-imports": count_statements(repository.imports),
        "compose": count_networks(repository.compose),
    }


def _digest(snapshot: Snapshot, path: str) -> str | None:
    data = snapshot.read(path) if snapshot.is_file(path) else None
    return None if data is None else hashlib.sha256(data).hexdigest()


def _draw(topology: Mapping[str, Any]) -> str:
    return mermaid.render(restore_topology(topology))
