"""Find the files that hold a fixed string, without reading the others: by git where it answers, else by a byte scan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from rrr_optimize.errors import GitFailedError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from rrr_optimize.workspace.root import Root
    from rrr_optimize.workspace.snapshot import Snapshot

_PLAIN_PATH = re.compile(r"[\w./-]+")


class FileSearcher(Protocol):
    """Searches a git work tree; `top` is the folder that holds `.git`."""

    def grep_files(self, top: Path, needles: Sequence[str], patterns: Sequence[str] = ()) -> frozenset[str]:
        """Return the files, relative to `top`, that hold one of the fixed strings. Raises GitFailedError."""
        ...


def find_holding(snapshot: Snapshot, root: Root, searcher: FileSearcher, needle: str, suffix: str) -> tuple[str, ...]:
    """Return the listed files with this suffix that hold `needle`, sorted; each repository is asked once."""
    candidates = frozenset(path for path in snapshot.files if path.endswith(suffix))
    if not candidates:
        return ()
    if root.holder is None:
        return tuple(sorted(_scan(snapshot, candidates, needle)))
    try:
        found = set(_search(root, searcher, needle, suffix))
        for path in snapshot.listing.repositories:
            names = searcher.grep_files(snapshot.root / path, [needle], [f"*{suffix}"])
            found |= {f"{path}/{name}" for name in names}
    except GitFailedError:
        found = set(_scan(snapshot, candidates, needle))
    return tuple(sorted(found & candidates))


def _search(root: Root, searcher: FileSearcher, needle: str, suffix: str) -> Iterator[str]:
    top = root.holder or root.path
    prefix = f"{root.folder}/" if root.folder else ""
    pattern = f":(top,glob){prefix}**/*{suffix}" if _PLAIN_PATH.fullmatch(root.folder) else f"*{suffix}"
    for name in searcher.grep_files(top, [needle], [pattern]):
        if name.startswith(prefix):
            yield name.removeprefix(prefix)


def _scan(snapshot: Snapshot, candidates: frozenset[str], needle: str) -> Iterator[str]:
    wanted = needle.encode()
    for path in candidates:
        data = snapshot.read(path)
        if data is not None and wanted in data:
            yield path
