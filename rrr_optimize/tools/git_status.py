"""Read what git says of the state of files: its raw diffs and its index."""

from __future__ import annotations

import hashlib
import os
import re
from typing import TYPE_CHECKING

from rrr_optimize.workspace.reading import UnreadableError, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

_SHA1_DIGITS = 40
_NO_OBJECT = re.compile("0+")
_UNTRACKED = "git does not track it"
_UNMERGED = "git has not merged it"
_CHANGED = "it has changes that are not committed"
_STAGED = "it has staged changes that are not committed"


def changed_paths(top: Path, records: Sequence[str]) -> Iterator[str]:
    """Yield the paths that a raw diff (`-z --raw --no-abbrev`) names and that did change.

    Git leaves that open where only time stamps differ; then the file is looked at, without the conversions (line
    ends, filters) that git would make.
    """
    # A change takes two fields: modes, objects and status, then the path.
    pairs = zip(records[::2], records[1::2], strict=True)
    return (path for change, path in pairs if _is_change(top, change, path))


def unclean_paths(
    top: Path, paths: Sequence[str], index: Sequence[str], work_tree: Sequence[str], staged: Sequence[str] | None
) -> dict[str, str]:
    """Return those of the paths that are not as committed, in their order, each with the reason.

    `index` holds records of `ls-files -v --stage`, `work_tree` those of a raw diff from the index to the files, and
    `staged` those of one from the commit to the index, or None where there is no commit. Where a path is neither in
    the index nor in the work tree there is nothing to lose.
    """
    wanted = set(paths)
    reasons: dict[str, str] = {}
    tracked = set()
    for tag, described, path in map(_index_record, index):
        if path in wanted:
            tracked.add(path)
            _, blob, stage = described.split(" ")
            if stage != "0":
                reasons[path] = _UNMERGED
            elif tag != "H" and _has_other_bytes(top, blob, path):
                # Git was told not to look at this file (assume-unchanged, skip-worktree).
                reasons[path] = _CHANGED
    for path in wanted - tracked:
        if os.path.lexists(top / path):
            reasons[path] = _UNTRACKED
    for path in wanted.intersection(tracked if staged is None else staged[1::2]):
        reasons.setdefault(path, _STAGED)
    reasons |= dict.fromkeys(wanted.intersection(changed_paths(top, work_tree)) - reasons.keys(), _CHANGED)
    return {path: reasons[path] for path in paths if path in reasons}


def _index_record(record: str) -> tuple[str, str, str]:
    described, _, path = record.partition("\t")
    return described[:1], described[2:], path


def _is_change(top: Path, change: str, path: str) -> bool:
    mode_before, mode_after, before, after, _ = change.removeprefix(":").split(" ")
    if mode_before != mode_after or not _NO_OBJECT.fullmatch(after):
        return True
    return _has_other_bytes(top, before, path)


def _has_other_bytes(top: Path, blob: str, path: str) -> bool:
    try:
        data = read_regular_file(f"{top}/{path}").data
    except UnreadableError:
        return True
    # Not for security: this is how git names the content of a file, by SHA-1 or in newer repositories SHA-256.
    digest = hashlib.new("sha1" if len(blob) == _SHA1_DIGITS else "sha256", usedforsecurity=False)
    digest.update(b"blob %d\0" % len(data) + data)
    return digest.hexdigest() != blob
