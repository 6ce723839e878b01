"""Run records as small as the schema lets them be."""

from __future__ import annotations

from typing import Any

from rrr_optimize.documents.run_records import RunRecord

_COUNTS: dict[str, dict[str, int]] = {
    "unify": dict.fromkeys(("declarations", "packages", "repeated", "conflicts", "clashes"), 0),
    "fix-imports": dict.fromkeys(("statements", "files"), 0),
    "compose": dict.fromkeys(("projects", "services", "networks", "pairs"), 0),
}
_OWN: dict[str, dict[str, Any]] = {
    "unify": {
        **dict.fromkeys(("policy", "layout", "engine", "inputs_digest"), ""),
        **{name: [] for name in ("pythons", "decisions", "layers", "projects", "marked", "commands")},
    },
    "fix-imports": {},
    "compose": {"topologies": []},
}


def change(title: str, **more: Any) -> dict[str, Any]:
    """Return a group that was applied, as a record has it."""
    return {"id": title, "lane": "safe", "title": title, "why": "", "place": "", "paths": [], "proofs": [], **more}


def left(title: str, **more: Any) -> dict[str, Any]:
    """Return a group that was not applied, as a record has it."""
    return {"id": title, "lane": "review", "title": title, "why": "", "hint": "", "place": "", **more}


def record(command: str, *previous: RunRecord, inputs: dict[str, str] | None = None, **content: Any) -> RunRecord:
    """Return a record with this content, and nothing in what is not said."""
    counts = _COUNTS[command]
    whole = {"groups": [], "left": [], "files": [], "checks": [], "before": counts, "after": counts}
    data = {**whole, **_OWN[command], **content}
    return RunRecord(command, tuple(each.digest for each in previous), inputs or {}, data)
