"""List a folder without git: what .gitignore files leave over, in the shape that git would give it."""

from __future__ import annotations

import os
from collections import deque
from dataclasses import dataclass, field
from pathlib import Path

from rrr_optimize.model import NotAnalysed
from rrr_optimize.workspace.foreign import foreign_kind
from rrr_optimize.workspace.ignores import IgnoreFile, is_ignored
from rrr_optimize.workspace.reading import UnreadableError, irregularity, read_regular_file, reason_of
from rrr_optimize.workspace.repository import FolderListing
from rrr_optimize.workspace.root import find_git_directory


def walk(top: Path) -> FolderListing:
    """Return every file below `top` that no .gitignore at or below it ignores.

    Folders that are foreign by name are not entered, neither are links to folders (a link is listed like a file, as
    git does). A folder with a git directory of its own is listed as a repository. Pipes, sockets, devices and
    folders that cannot be listed are told as not analysed.
    """
    found = _Walk(os.fspath(top))
    found.run()
    return FolderListing(
        tuple(found.files), tuple(found.repositories), 0, tuple(found.not_analysed), dict(found.skipped)
    )


@dataclass(slots=True)
class _Walk:
    top: str
    files: list[str] = field(default_factory=list)
    repositories: list[str] = field(default_factory=list)
    not_analysed: list[NotAnalysed] = field(default_factory=list)
    skipped: dict[str, str] = field(default_factory=dict)

    def run(self) -> None:
        waiting: deque[tuple[str, tuple[IgnoreFile, ...]]] = deque([("", ())])
        while waiting:
            folder, ignore_files = waiting.pop()
            try:
                with os.scandir(os.path.join(self.top, folder)) as scan:
                    entries = list(scan)
            except OSError as error:
                self.not_analysed.append(NotAnalysed(folder.rstrip("/") or ".", f"a folder: {reason_of(error)}"))
                continue
            if any(entry.name == ".gitignore" for entry in entries):
                ignore_files = (*ignore_files, *self._read_ignore_file(folder))
            waiting.extend((f"{folder}{name}/", ignore_files) for name in self._sort_out(folder, entries, ignore_files))

    def _read_ignore_file(self, folder: str) -> tuple[IgnoreFile, ...]:
        try:
            data = read_regular_file(os.path.join(self.top, folder, ".gitignore")).data
        except UnreadableError:
            return ()
        return (IgnoreFile.parse(folder, os.fsdecode(data)),)

    def _sort_out(
        self, folder: str, entries: list[os.DirEntry[str]], ignore_files: tuple[IgnoreFile, ...]
    ) -> list[str]:
        """Note the files of one folder and return the names of the folders to enter."""
        enter = []
        for entry in entries:
            path = folder + entry.name
            try:
                if self._note_or_enter(path, entry, ignore_files):
                    enter.append(entry.name)
            except OSError as error:
                self.not_analysed.append(NotAnalysed(path, reason_of(error)))
        return enter

    def _note_or_enter(self, path: str, entry: os.DirEntry[str], ignore_files: tuple[IgnoreFile, ...]) -> bool:
        is_folder = entry.is_dir(follow_symlinks=False)
        if entry.name == ".git" or is_ignored(path, ignore_files, is_folder=is_folder):
            return False
        if not is_folder:
            self._note_file(path, entry)
        elif kind := foreign_kind(entry.name):
            self.skipped[path] = kind
        elif find_git_directory(Path(entry.path)):
            self.repositories.append(path)
        else:
            return True
        return False

    def _note_file(self, path: str, entry: os.DirEntry[str]) -> None:
        if entry.is_symlink() or entry.is_file(follow_symlinks=False):
            self.files.append(path)
        elif reason := irregularity(entry.stat(follow_symlinks=False).st_mode):
            self.not_analysed.append(NotAnalysed(path, reason))
