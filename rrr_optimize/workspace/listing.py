"""List the files of a root: by the git that holds it, by the gits inside it, or by a walk where there is none."""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize.errors import ConfigurationError, GitFailedError, UnreadableRootError
from rrr_optimize.model import NotAnalysed
from rrr_optimize.workspace.boundary import Boundary
from rrr_optimize.workspace.foreign import ForeignFolders
from rrr_optimize.workspace.reading import reason_of
from rrr_optimize.workspace.root import find_git_directory

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from rrr_optimize.workspace.repository import FileLister, FolderListing
    from rrr_optimize.workspace.root import Root

EXCLUDED = "file excluded by the configuration"


@dataclass(frozen=True, slots=True)
class Listing:
    """What there is below a root. All paths are POSIX, relative to the root, and sorted.

    `worktrees` are the folders of git worktrees below the root, and of those that the configuration names;
    `repositories` all folders in it with a git of their own. `skipped` counts the foreign folders that were left out,
    by kind, and the `excluded` files. Only a named worktree outside the root has paths that begin with "..".
    """

    boundary: Boundary
    files: tuple[str, ...]
    worktrees: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    skipped: Mapping[str, int] = field(default_factory=dict)
    not_analysed: tuple[NotAnalysed, ...] = ()
    notes: tuple[str, ...] = ()
    excluded: frozenset[str] = frozenset()


def list_root(
    root: Root,
    lister: FileLister,
    worktrees: Sequence[str] = (),
    is_excluded: Callable[[str], bool] | None = None,
) -> Listing:
    """Return every file that belongs to the root; each one once, however many gits know it.

    `worktrees` are names or paths from the configuration: of git worktrees anywhere, or of folders in the root. Files
    of which `is_excluded` is true are left out and counted. Where git cannot tell, or ignores the root itself, the
    files come from a walk and a note says so.

    Raises UnreadableRootError if the root cannot be listed, ConfigurationError for a worktree that does not exist.
    """
    try:
        os.scandir(root.path).close()
    except OSError as error:
        raise UnreadableRootError(f"{root.path} cannot be listed: {reason_of(error)}") from None
    found = _Search(root, lister)
    found.list_repository(root.path, "")
    found.list_worktrees(worktrees)
    return found.result(is_excluded or (lambda _: False))


@dataclass(slots=True)
class _Search:
    root: Root
    lister: FileLister
    files: set[str] = field(default_factory=set)
    worktrees: set[str] = field(default_factory=set)
    repositories: set[str] = field(default_factory=set)
    skipped: dict[str, str] = field(default_factory=dict)
    not_analysed: list[NotAnalysed] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)
    _visited: set[str] = field(default_factory=set)

    def list_repository(self, folder: Path, prefix: str) -> None:
        """List a folder and the repositories in it; `prefix` is its path in the root, "" or ending in a slash."""
        waiting = [(folder, prefix)]
        while waiting:
            folder, prefix = waiting.pop()
            self._visited.add(os.path.realpath(folder))
            listing = self._ask(folder, prefix)
            foreign = ForeignFolders.among(listing.files)
            self.files.update(prefix + path for path in listing.files if not foreign.holds(path))
            inner = [path for path in listing.repositories if not foreign.is_foreign(path)]
            # A repository in a foreign folder was judged above, so it counts as skipped.
            self.skipped |= {prefix + path: kind for path, kind in {**listing.skipped, **foreign.skipped}.items()}
            self.not_analysed.extend(
                NotAnalysed(_join(prefix, each.path), each.reason) for each in listing.not_analysed
            )
            if listing.absent:
                self.notes.append(_absence(listing.absent, prefix))
            waiting.extend((folder / path, f"{prefix}{path}/") for path in inner if self._is_new(prefix + path))

    def list_worktrees(self, named: Sequence[str]) -> None:
        """List the worktrees below the root, and those that are named."""
        entries = {os.path.realpath(entry): entry.name for entry in self._ask_for_worktrees()}
        inside = Boundary(str(self.root.path))
        wanted = {real for real in entries if inside.holds(real)}
        wanted |= {self._find_named(name, entries) for name in named}
        for real in sorted(wanted - {str(self.root.path)}):
            if os.path.isdir(real):
                self._add_worktree(real, inside)

    def result(self, is_excluded: Callable[[str], bool]) -> Listing:
        """Return all that was found and is not excluded."""
        files = sorted(path for path in self.files if not is_excluded(path))
        skipped = Counter(self.skipped.values())
        if excluded := self.files.difference(files):
            skipped[EXCLUDED] = len(excluded)
        return Listing(
            Boundary(str(self.root.path), tuple(self.outside)),
            tuple(files),
            tuple(sorted(self.worktrees)),
            tuple(sorted(self.repositories)),
            dict(sorted(skipped.items())),
            tuple(sorted(self.not_analysed, key=lambda each: each.path)),
            tuple(self.notes),
            frozenset(excluded),
        )

    def _ask(self, folder: Path, prefix: str) -> FolderListing:
        top = folder if prefix else self.root.holder
        if top is None or (prefix and not find_git_directory(folder)):
            return _walk(folder)
        below = "" if folder == top else folder.relative_to(top).as_posix()
        why = "git lists nothing here"
        try:
            if below and self.lister.ignores(top, below):
                why = "the git repository around it ignores it"
            elif (listing := self.lister.list_files(top, below)).files or listing.repositories:
                return listing
        except GitFailedError as error:
            why = error.message
        walked = _walk(folder)
        if walked.files:
            self.notes.append(
                f"{prefix.rstrip('/') or '.'}: files found by a walk that honours .gitignore, since {why}"
            )
        return walked

    def _is_new(self, path: str) -> bool:
        """Return whether to list a repository inside the root; note why not, unless it is listed already."""
        folder = str(self.root.path / path)
        real = os.path.realpath(folder)
        if real in self._visited:
            return False
        if os.path.islink(folder) or not Boundary(str(self.root.path), tuple(self.outside)).holds(real):
            self.not_analysed.append(NotAnalysed(path, "a symbolic link in the place of a repository"))
            return False
        self.repositories.add(path)
        if not os.path.isdir(folder) or _is_empty(folder):
            self.not_analysed.append(NotAnalysed(path, "a submodule that is not checked out"))
            return False
        return True

    def _ask_for_worktrees(self) -> tuple[Path, ...]:
        if self.root.holder is None:
            return ()
        try:
            return self.lister.list_worktrees(self.root.holder)
        except GitFailedError as error:
            self.notes.append(f"git worktrees are not known: {error.message}")
            return ()

    def _find_named(self, name: str, entries: Mapping[str, str]) -> str:
        real = os.path.realpath(self.root.path / name)
        is_inside = Boundary(str(self.root.path)).holds(real) and os.path.isdir(real)
        matches = [real] if real in entries or is_inside else [each for each in entries if entries[each] == name]
        if len(matches) != 1:
            problem = "names more than one git worktree" if matches else "is no git worktree and no folder of the root"
            raise ConfigurationError(f"worktrees: {name!r} {problem}", "`git worktree list` shows what there is.")
        return matches[0]

    def _add_worktree(self, real: str, inside: Boundary) -> None:
        path = inside.name(real)
        if not inside.holds(real):
            self.outside.append(real)
        elif ForeignFolders().is_foreign(path):
            return
        self.worktrees.add(path)
        if real not in self._visited and find_git_directory(Path(real)):
            self.repositories.add(path)
            self.list_repository(Path(real), path + "/")


def _walk(folder: Path) -> FolderListing:
    # Here, because the pattern library takes long to import and git nearly always answers.
    from rrr_optimize.workspace.walk import walk

    return walk(folder)


def _join(prefix: str, path: str) -> str:
    return prefix.rstrip("/") or "." if path == "." else prefix + path


def _is_empty(folder: str) -> bool:
    try:
        return not os.listdir(folder)
    except OSError:
        # The walk will say why.
        return False


def _absence(count: int, prefix: str) -> str:
    where = f" below {prefix.rstrip('/')}" if prefix else ""
    files = "1 tracked file is" if count == 1 else f"{count} tracked files are"
    return f"{files} not in the working tree{where} (deleted, or left out by a sparse checkout)"
