"""Find the files that hold one of several fixed strings: by git where it answers, else by a byte scan."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Protocol

from rrr_optimize.errors import GitFailedError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Sequence
    from pathlib import Path

    from rrr_optimize.workspace.root import Root
    from rrr_optimize.workspace.snapshot import Snapshot

_PLAIN_PATH = re.compile(r"[\w./-]+")


class FileSearcher(Protocol):
    """Searches a git work tree; `top` is the folder that holds `.git`."""

    def grep_files(
        self,
        top: Path,
        needles: Sequence[str],
        patterns: Sequence[str] = (),
        listed: Collection[str] | None = None,
    ) -> frozenset[str]:
        """Return the files, relative to `top`, that hold one of the fixed strings. Raises GitFailedError.

        `listed` are the files that the patterns mean, where they are known.
        """
        ...


def find_holding(
    snapshot: Snapshot, root: Root, searcher: FileSearcher, needles: Sequence[str], suffixes: Sequence[str]
) -> tuple[str, ...]:
    """Return the listed files with one of the suffixes that hold one of the needles, sorted.

    Each repository is asked once; where none holds the root, or its git cannot tell, the bytes are looked through, and
    files over the size limit are passed over.
    """
    endings = tuple(suffixes)
    candidates = frozenset(path for path in snapshot.files if path.endswith(endings))
    if not candidates:
        return ()
    if root.holder is None:
        return tuple(sorted(_scan(snapshot, candidates, needles)))
    try:
        inner = tuple(f"{path}/" for path in snapshot.listing.repositories)
        own = [path for path in candidates if not path.startswith(inner)] if inner else candidates
        found = set(_search(root, searcher, needles, endings, own))
        for path in snapshot.listing.repositories:
            if not (snapshot.root / path / ".git").exists():
                # Not checked out, with no files, or copied without its git: no reason to look through all the rest.
                found.update(_scan(snapshot, candidates.intersection(snapshot.files_below(path)), needles))
                continue
            names = searcher.grep_files(snapshot.root / path, needles, [f"*{suffix}" for suffix in endings])
            found |= {f"{path}/{name}" for name in names}
    except GitFailedError:
        found = set(_scan(snapshot, candidates, needles))
    return tuple(sorted(found & candidates))


def _search(
    root: Root, searcher: FileSearcher, needles: Sequence[str], suffixes: Sequence[str], listed: Collection[str]
) -> Iterator[str]:
    top = root.holder or root.path
    prefix = f"{root.folder}/" if root.folder else ""
    is_plain = _PLAIN_PATH.fullmatch(root.folder)
    patterns = [f":(top,glob){prefix}**/*{suffix}" if is_plain else f"*{suffix}" for suffix in suffixes]
    for name in searcher.grep_files(top, needles, patterns, [f"{prefix}{path}" for path in listed]):
        if name.startswith(prefix):
            yield name.removeprefix(prefix)


def _scan(snapshot: Snapshot, candidates: frozenset[str], needles: Sequence[str]) -> Iterator[str]:
    wanted = [needle.encode() for needle in needles]
    for path in candidates:
        data = snapshot.peek(path)
        if data is not None and any(needle in data for needle in wanted):
            yield path
