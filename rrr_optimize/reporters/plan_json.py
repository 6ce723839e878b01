"""A plan as versioned JSON, for programs; `schemas/plan.schema.json` describes it."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from rrr_optimize import __version__
from rrr_optimize.model import Lane
from rrr_optimize.reporters.diffs import show_changes
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from rrr_optimize.model import ChangeGroup, FileChange, PlanReport, Proof, Table

SCHEMA_VERSION = 1


def render(report: PlanReport) -> str:
    """Return the whole plan as one JSON object, always complete, with the same keys in the same order.

    The text is pure ASCII and ends in a newline. Secrets are masked and control characters are spelled as escapes.
    """
    return json.dumps(_document(report), indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _document(report: PlanReport) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rrr-optimize", "version": __version__},
        "command": report.verb,
        "root": show(report.root),
        "projects": [{"name": show(project.name), "path": show(project.path)} for project in report.projects],
        "groups": [_group(group, is_accepted=group.id in report.accepted) for group in report.groups],
        "changes": [_change(change) for change in report.changes],
        "tables": [_table(table) for table in report.tables],
        "pictures": [{"title": show(each.title), "mermaid": each.chart} for each in report.pictures],
        "not_analysed": [{"path": show(gap.path), "reason": show(gap.reason)} for gap in report.not_analysed],
        "notes": [show(note) for note in report.notes],
        "transaction": report.transaction,
        "summary": {
            "accepted": len(report.accepted),
            "files_changed": len(report.changes),
            "held_back": len(report.held_back(Lane.SAFE)) + len(report.held_back(Lane.REVIEW)),
            "refused": len(report.held_back(Lane.REFUSED)),
            "files_read": report.files_read,
            "projects": len(report.projects),
        },
    }


def _group(group: ChangeGroup, *, is_accepted: bool) -> dict[str, Any]:
    place = group.location
    return {
        "id": show(group.id),
        "lane": group.lane.value,
        "accepted": is_accepted,
        "title": show(group.title),
        "why": show(group.why),
        "hint": show(group.hint),
        "path": show(place.path) if place else None,
        "line": place.line if place else None,
        "column": place.column if place else None,
        "paths": [show(path) for path in group.paths],
        "requires": sorted(map(show, group.requires)),
        "proofs": [_proof(proof) for proof in group.proofs],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {
        "claim": show(proof.claim),
        "holds": proof.holds,
        "was_run": proof.was_run,
        "evidence": [show(line) for line in proof.evidence],
    }


def _change(change: FileChange) -> dict[str, Any]:
    return {
        "path": show(change.path),
        "before_sha256": _digest(change.before),
        "after_sha256": _digest(change.after),
        "diff": show_changes([change]),
    }


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _table(table: Table) -> dict[str, Any]:
    return {
        "title": show(table.title),
        "columns": [show(name) for name in table.columns],
        "rows": [[show(cell) for cell in row] for row in table.rows],
    }
