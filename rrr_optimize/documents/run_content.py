"""What every run record tells, whatever command ran: the changes with their proofs, what was left, the files."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.model import ChangeGroup, FileChange, Proof


def describe_groups(groups: Iterable[ChangeGroup], accepted: Collection[str]) -> dict[str, Any]:
    """Return the groups that a run applies, with what was proved of them, and those that it leaves, as plain data."""
    groups = tuple(groups)
    return {
        "groups": [_applied(group) for group in groups if group.id in accepted],
        "left": [_left(group) for group in groups if group.id not in accepted],
    }


def describe_files(changes: Iterable[FileChange]) -> list[dict[str, Any]]:
    """Return what becomes of each file: digests, and lines as `git diff --numstat --minimal` counts them."""
    return [_file(change) for change in changes]


def describe_checks(names: Iterable[str], commands: Mapping[str, Sequence[str]]) -> list[dict[str, Any]]:
    """Return the checks that a write has to pass, or it is put back together with its record."""
    return [{"name": name, "command": list(commands[name])} for name in dict.fromkeys(names) if name in commands]


def _applied(group: ChangeGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "lane": group.lane.value,
        "title": group.title,
        "why": group.why,
        "place": str(group.location or ""),
        "paths": list(group.paths),
        "proofs": [_proof(proof) for proof in group.proofs],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    return {"claim": proof.claim, "result": proof.verdict, "evidence": list(proof.evidence)}


def _left(group: ChangeGroup) -> dict[str, Any]:
    return {
        "id": group.id,
        "lane": group.lane.value,
        "title": group.title,
        "why": group.why,
        "hint": group.hint,
        "place": str(group.location or ""),
    }


def _file(change: FileChange) -> dict[str, Any]:
    before, after = _lines(change.before), _lines(change.after)
    kept = _count_common(before, after)
    return {
        "path": change.path,
        "sha256_before": _digest(change.before),
        "sha256_after": _digest(change.after),
        "lines_before": None if change.before is None else len(before),
        "lines_after": len(after),
        "lines_added": len(after) - kept,
        "lines_removed": len(before) - kept,
    }


def _digest(data: bytes | None) -> str | None:
    return None if data is None else hashlib.sha256(data).hexdigest()


def _lines(data: bytes | None) -> list[bytes]:
    """Cut after line feeds, as git does; a last line without one counts and is another than the same line with it."""
    return list(_cut(data)) if data else []


def _cut(data: bytes) -> Iterator[bytes]:
    *lines, last = data.split(b"\n")
    yield from (line + b"\n" for line in lines)
    yield from [last] if last else []


def _count_common(before: Sequence[bytes], after: Sequence[bytes]) -> int:
    """Return the length of the longest common subsequence, exactly, with a bit for each line before.

    M. Crochemore, C. S. Iliopoulos, Y. J. Pinzon, J. F. Reid: A fast and practical bit-vector algorithm for the
    longest common subsequence problem, 2001.
    """
    places: dict[bytes, int] = {}
    for index, line in enumerate(before):
        places[line] = places.get(line, 0) | 1 << index
    whole = (1 << len(before)) - 1
    open_places = whole
    for line in after:
        met = open_places & places.get(line, 0)
        open_places = ((open_places + met) | (open_places - met)) & whole
    return len(before) - open_places.bit_count()
