"""A plan in a file, to be looked at now and applied later: exactly what it says, or not at all."""

from __future__ import annotations

import hashlib
import json
import os
import secrets
from base64 import b64decode, b64encode
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.errors import PlanFileError, StalePlanError
from rrr_optimize.model import FileChange, Plan
from rrr_optimize.transaction.local_filesystem import local_filesystem
from rrr_optimize.transaction.plan_json import read_plan, write_plan
from rrr_optimize.transaction.request import Request
from rrr_optimize.transaction.staleness import find_stale
from rrr_optimize.workspace.reader import Digest
from rrr_optimize.workspace.reading import reason_of

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.workspace.root import Root

FORMAT = "rrr-optimize plan"
VERSION = 1
_MAKE_ANEW = "make the plan anew with --plan-out"


@dataclass(frozen=True, slots=True)
class SavedPlan:
    """A plan as it was saved: the groups as they were shown, the ids of the accepted, and the changes they come to."""

    request: Request
    plan: Plan
    accepted: frozenset[str] = frozenset()


def save_plan(path: Path, root: Root, request: Request, plan: Plan, accepted: frozenset[str] = frozenset()) -> None:
    """Save a plan for a root, and the request that its accepted groups come to; what was in the file is replaced.

    Nobody else can read the file: edits may hold credentials. Raises PlanFileError where it cannot be written.
    """
    data: dict[str, Any] = {
        "format": FORMAT,
        "version": VERSION,
        "root": os.fspath(root.path),
        "verb": request.verb,
        "summary": request.summary,
        "digests": {name: asdict(digest) for name, digest in request.digests.items()},
        "groups": write_plan(plan),
        "accepted": sorted(accepted),
        "changes": [_write_change(change) for change in request.changes],
    }
    text = json.dumps({"checksum": checksum_of(data), **data}, indent=1)
    if path.exists() and not path.is_file():
        raise PlanFileError(f"the plan cannot be written to {path}: it is no file", "name another file")
    _replace(path, f"{text}\n".encode("ascii"))


def load_plan(path: Path, root: Root) -> SavedPlan:
    """Return the plan that a file holds, for this root as it is now.

    Raises PlanFileError for a file that holds none, and StalePlanError, which says why, for a plan that was made for
    another root or was edited, or where a file that it rests on has changed.
    """
    data = _load(path)
    if data.pop("checksum", None) != checksum_of(data):
        raise StalePlanError(f"the plan is stale: {path} was edited after it was saved", _MAKE_ANEW)
    if data.get("version") != VERSION:
        raise PlanFileError(f"{path} was saved by another version of rrr-optimize", _MAKE_ANEW)
    if data.get("root") != os.fspath(root.path):
        raise StalePlanError(f"the plan is stale: it was made for {data.get('root')}, not for {root.path}", _MAKE_ANEW)
    try:
        saved = _read(data)
    except (KeyError, TypeError, ValueError):
        raise _no_plan(path) from None
    stale = [(each.path, each.reason) for each in find_stale(root.path, saved.request.digests, local_filesystem())]
    created = [change.path for change in saved.request.changes if change.before is None]
    stale += [
        (path, "it is to be created and is there already") for path in created if os.path.lexists(root.path / path)
    ]
    if stale:
        lines = "".join(f"\n  - {path}: {reason}" for path, reason in stale)
        count = "1 file has" if len(stale) == 1 else f"{len(stale)} files have"
        raise StalePlanError(f"the plan is stale: {count} changed since it was made:{lines}", _MAKE_ANEW)
    return saved


def _load(path: Path) -> dict[str, Any]:
    try:
        data = json.loads(path.read_bytes()) if path.is_file() else None
    except (OSError, ValueError):
        data = None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise _no_plan(path)
    return data


def _no_plan(path: Path) -> PlanFileError:
    return PlanFileError(f"{path} is no plan of rrr-optimize", "--apply takes a file that --plan-out has written")


def _read(data: Mapping[str, Any]) -> SavedPlan:
    request = Request(
        data["verb"],
        tuple(map(_read_change, data["changes"])),
        {name: Digest(**digest) for name, digest in data["digests"].items()},
        data["summary"],
    )
    return SavedPlan(request, read_plan(data["groups"]), frozenset(data["accepted"]))


def checksum_of(data: Mapping[str, Any]) -> str:
    """Return the digest of everything else in the file; no matter how it is indented or ordered."""
    return hashlib.sha256(json.dumps(data, sort_keys=True).encode("ascii")).hexdigest()


def _write_change(change: FileChange) -> dict[str, Any]:
    return {"path": change.path, "before": _write_bytes(change.before), "after": _write_bytes(change.after)}


def _read_change(table: Mapping[str, Any]) -> FileChange:
    return FileChange(table["path"], _read_bytes(table["before"]), _read_bytes(table["after"]))


def _write_bytes(data: bytes | None) -> str | None:
    return None if data is None else b64encode(data).decode("ascii")


def _read_bytes(text: str | None) -> bytes | None:
    return None if text is None else b64decode(text)


def _replace(path: Path, data: bytes) -> None:
    files = local_filesystem()
    temporary = f"{path}.{secrets.token_hex(4)}"
    try:
        files.create(temporary, data, 0o600)
        files.rename(temporary, os.fspath(path))
    except OSError as error:
        with suppress(OSError):
            files.unlink(temporary)
        raise PlanFileError(f"the plan cannot be written to {path}: {reason_of(error)}", "name another file") from None
