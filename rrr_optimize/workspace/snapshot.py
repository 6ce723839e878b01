"""The tree as it was when it was first looked at: what files there are, and each of them to be read once."""

from __future__ import annotations

import os
from bisect import bisect_left
from dataclasses import replace
from enum import Enum
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.model import FileChange
from rrr_optimize.workspace.foreign import ForeignFolders
from rrr_optimize.workspace.listing import list_root
from rrr_optimize.workspace.overlay import OverlaidReader, change_texts
from rrr_optimize.workspace.reader import Reader

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.model import ChangeGroup, NotAnalysed
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.listing import Listing
    from rrr_optimize.workspace.reader import Digest
    from rrr_optimize.workspace.repository import FileLister
    from rrr_optimize.workspace.root import Root


def take_snapshot(
    root: Root,
    lister: FileLister,
    worktrees: Sequence[str] = (),
    is_excluded: Callable[[str], bool] | None = None,
    reader: Reader | None = None,
) -> Snapshot:
    """Return a snapshot of the root; files are listed now and read when first asked for.

    `worktrees` are the names or paths of git worktrees that the configuration adds, and `is_excluded` says of a path
    that it leaves it out. `reader` is the one that has read the configuration, so that those files too are read once.
    Raises what `list_root` raises.
    """
    listing = list_root(root, lister, worktrees, is_excluded)
    reader = reader or Reader(root.path)
    reader.boundary = listing.boundary
    return Snapshot(root.path, listing, reader)


class Presence(Enum):
    """What there is at a path; LEFT_OUT is a file in a foreign folder, IGNORED one that nothing lists."""

    LISTED = "listed"
    EXCLUDED = "the configuration excludes it"
    LEFT_OUT = "its folder is left out"
    IGNORED = "git ignores it"
    OUTSIDE = "a link leads out of the root"
    MISSING = "missing"


class Snapshot:
    """The files of a root. Paths are POSIX and relative to the root.

    A symbolic link to a file inside the root is listed by its own name and read as the file that it leads to: both
    give the very same SourceText, whose `path` is that of the file, so nothing is told or edited twice.
    """

    def __init__(self, root: Path, listing: Listing, reader: Reader | OverlaidReader) -> None:
        self.root = root
        self.listing = listing
        self._reader = reader
        self._known = frozenset(listing.files)

    @property
    def files(self) -> tuple[str, ...]:
        """All files, sorted."""
        return self.listing.files

    @property
    def skipped(self) -> Mapping[str, int]:
        """How many foreign folders (vendored, environments, caches) and excluded files were left out, by kind."""
        return self.listing.skipped

    @property
    def notes(self) -> tuple[str, ...]:
        """What the user should know about how the files were found."""
        return self.listing.notes

    @property
    def digests(self) -> Mapping[str, Digest]:
        """What was read so far, by canonical path; what is concluded rests on exactly these files."""
        return self._reader.digests

    @property
    def not_analysed(self) -> tuple[NotAnalysed, ...]:
        """What was seen but could so far not be listed, read or decoded; sorted by path, each once."""
        return tuple(sorted((*self.listing.not_analysed, *self._reader.refused), key=lambda each: each.path))

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder with a file in it or below; the root is "."."""
        found = {"."}
        for path in self.files:
            folder = path.rpartition("/")[0]
            while folder and folder not in found:
                found.add(folder)
                folder = folder.rpartition("/")[0]
        return frozenset(found)

    @cached_property
    def _by_name(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for path in self.files:
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return found

    def is_file(self, path: str) -> bool:
        """Return whether a file of this name is listed; a link counts as one."""
        return path in self._known

    def look_for(self, path: str) -> Presence:
        """Return what there is at a path below the root that a file names; nothing is opened."""
        if path in self._known:
            return Presence.LISTED
        real = self.listing.boundary.find(path)
        if real is None:
            return Presence.OUTSIDE
        # Not Path.is_file, which raises where a name is too long or a folder must not be entered.
        if not os.path.isfile(real):
            return Presence.MISSING
        name = self.listing.boundary.name(real)
        if name in self._known:
            return Presence.LISTED
        if name in self.listing.excluded:
            return Presence.EXCLUDED
        return Presence.LEFT_OUT if ForeignFolders().holds(name) else Presence.IGNORED

    def is_folder(self, path: str) -> bool:
        """Return whether a folder holds listed files, directly or below."""
        if path == ".":
            return True
        # What a folder holds stands together among the sorted files, so asking of a few needs no set of all folders.
        at = bisect_left(self.files, f"{path}/")
        return at < len(self.files) and self.files[at].startswith(f"{path}/")

    def files_named(self, name: str) -> tuple[str, ...]:
        """Return the files whose last part is `name`, sorted."""
        return tuple(self._by_name.get(name, ()))

    def files_below(self, folder: str) -> tuple[str, ...]:
        """Return the files in a folder and below it, sorted."""
        if folder == ".":
            return self.files
        # All that begins with "folder/" sorts before "folder0", the next character.
        return self.files[bisect_left(self.files, f"{folder}/") : bisect_left(self.files, f"{folder}0")]

    def canonical(self, path: str) -> str | None:
        """Return the name of the file that a listed path leads to: itself, unless it is a link or below one.

        None where `read` would give None.
        """
        return self._reader.canonical(path) if path in self._known else None

    def read(self, path: str) -> bytes | None:
        """Return the bytes of a file.

        None for a path that is not listed, which is not recorded: ask `is_file` first where that is a finding. None
        also for a listed file that is not to be read (too large, a pipe, a link out of the root, no permission):
        `not_analysed` holds it and the reason from then on.
        """
        return self._reader.read(path) if path in self._known else None

    def peek(self, path: str) -> bytes | None:
        """Return the bytes of a file like `read`, without keeping or recording them: for a look at very many."""
        return self._reader.peek(path) if path in self._known else None

    def state(self, path: str) -> str | None:
        """Return what the system says of a file, which changes when its content does; None where that is not certain.

        It is good for remembering, between runs on one machine, what a file was found to be. Nothing is read.
        """
        return self._reader.state(path) if path in self._known else None

    def is_there(self, path: str) -> bool:
        """Return whether there is a file or folder of this name, listed or not.

        Above the root and for an absolute path the system is asked for no more than that; nothing there is opened.
        """
        return self.is_folder(path) or self._reader.is_there(path)

    def text(self, path: str) -> SourceText | None:
        """Return the decoded text of a file; None like `read`, and for bytes that are not the text they claim to be."""
        return self._reader.text(path) if path in self._known else None

    def read_files(self) -> Iterator[tuple[str, bytes]]:
        """Yield canonical path and bytes of every file read so far, sorted by path; nothing new is read."""
        return self._reader.read_files()

    def overlay(self, groups: Iterable[ChangeGroup]) -> Snapshot:
        """Return the tree as it would be with these groups of one plan, made on this snapshot, applied.

        Nothing is written. Whoever reads the new snapshot reads unchanged files through this one, so that `digests` of
        both are the same: what was read from the disk. Raises EditConflictError as `change_texts` does.
        """
        changed = change_texts(groups, self.text, self.is_file)
        listing = replace(self.listing, files=tuple(sorted({*self.listing.files, *changed})))
        return Snapshot(self.root, listing, OverlaidReader(self._reader, changed))

    @property
    def changed(self) -> frozenset[str]:
        """The files that an overlay has put another text in place of, or made."""
        return self._reader.changed

    @property
    def changes(self) -> tuple[FileChange, ...]:
        """How the files differ from those on the disk, sorted by path; nothing for a snapshot without an overlay."""
        changes = (FileChange(path, self._reader.on_disk(path), self.read(path)) for path in self._reader.changed)
        return tuple(sorted((each for each in changes if each.before != each.after), key=lambda each: each.path))
