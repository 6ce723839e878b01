"""Find the folder that a run is about, and the git repository that holds it."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.errors import NoRepositoryError, PathMissingError, UsageError
from rrr_optimize.workspace.reading import UnreadableError, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_MARKERS = ("pyproject.toml", ".rrr-optimize")
_POINTER_LIMIT = 64 * 1024


@dataclass(frozen=True, slots=True)
class Root:
    """The folder that is audited, and the top of the git work tree that holds it, if one does; both resolved."""

    path: Path
    holder: Path | None

    @property
    def folder(self) -> str:
        """The path of the root from the top of the work tree that holds it; empty where they are one."""
        folder = self.path.relative_to(self.holder or self.path).as_posix()
        return "" if folder == "." else folder


def find_root(path: str | None, cwd: Path) -> Root:
    """Return the root that `path` names, or without a path the one that surrounds `cwd`.

    A named folder is the root itself. Without a name it is the top of the git work tree around `cwd`, else the
    nearest folder upwards with a pyproject.toml or a `.rrr-optimize`. Git is not asked: the `.git` entries are looked
    at, so that neither a configuration nor the environment can move the root.

    Raises PathMissingError if `path` is no folder, NoRepositoryError if nothing surrounds `cwd`.
    """
    if path is not None:
        named = _named_folder(path, cwd)
        return Root(named, _holder(named))
    start = cwd.resolve()
    if holder := _holder(start):
        return Root(holder, holder)
    for folder in (start, *start.parents):
        if any(os.path.lexists(folder / marker) for marker in _MARKERS):
            return Root(folder, None)
    raise NoRepositoryError(
        f"no repository around {start}",
        f"Name the folder to look at, or run inside a git repository or below a folder with {' or '.join(_MARKERS)}.",
    )


def find_root_around(paths: Sequence[str], cwd: Path) -> tuple[Root, tuple[str, ...]]:
    """Return the repository that holds some files and folders, and their paths from its root, free of links.

    The root is the one around the first of them; where nothing surrounds it, it is the folder itself, or that of the
    file. Raises PathMissingError for what does not exist, UsageError for what is outside of the root.
    """
    named = [_named_path(path, cwd) for path in paths]
    start = named[0] if os.path.isdir(named[0]) else named[0].parent
    try:
        root = find_root(None, start)
    except NoRepositoryError:
        root = Root(start, None)
    return root, tuple(dict.fromkeys(path_below(root, path, said) for path, said in zip(named, paths, strict=True)))


def path_below(root: Root, path: Path, said: str) -> str:
    """Return the path from the root to a resolved one; it need not exist. Raises UsageError for one outside of it."""
    if not path.is_relative_to(root.path):
        raise UsageError(f"{said} is outside of the repository {root.path}", "name files and folders of one repository")
    return path.relative_to(root.path).as_posix()


def find_git_directory(folder: Path) -> Path | None:
    """Return the git directory of a work tree whose top is `folder`, or None.

    That is its `.git` folder, or the folder that its `.git` file names, as in linked worktrees and submodules
    (gitrepository-layout). A `.git` that leads to no git directory does not count.
    """
    entry = folder / ".git"
    if os.path.isdir(entry):
        return entry if _is_git_directory(entry) else None
    words = _read_pointer(entry)
    label, _, target = words.partition(": ")
    if label != "gitdir" or "\0" in target:
        return None
    directory = folder / target
    return directory if _is_git_directory(directory) else None


def has_linked_worktrees(top: Path) -> bool:
    """Return whether the repository of a work tree has, or had, other work trees (`git worktree add`)."""
    directory = find_git_directory(top)
    if directory is None:
        return False
    return os.path.isdir(directory / _read_pointer(directory / "commondir") / "worktrees")


def _named_path(path: str, cwd: Path) -> Path:
    try:
        found = (cwd / path).resolve(strict=True) if path else None
    # A loop of links is a RuntimeError before Python 3.13; a NUL in the name is a ValueError.
    except (OSError, RuntimeError, ValueError):
        found = None
    if found is None:
        raise PathMissingError(f"{path!r} does not exist" if not path else f"{path} does not exist")
    return found


def _named_folder(path: str, cwd: Path) -> Path:
    folder = _named_path(path, cwd)
    if not os.path.isdir(folder):
        hint = f"name the folder to look at: {os.path.relpath(folder.parent, cwd)}"
        raise PathMissingError(f"{path} is not a folder", hint)
    return folder


def _holder(folder: Path) -> Path | None:
    return next((top for top in (folder, *folder.parents) if find_git_directory(top)), None)


def _read_pointer(path: Path) -> str:
    """Return the one line in a small file of git, or "" if there is none to read."""
    try:
        return os.fsdecode(read_regular_file(str(path), _POINTER_LIMIT).data).rstrip("\r\n")
    except UnreadableError:
        return ""


def _is_git_directory(directory: Path) -> bool:
    # HEAD may be a dangling link in very old repositories; a linked worktree keeps its objects in the common directory.
    # Not Path.is_dir and the like, which raise where a folder must not be entered.
    has_objects = os.path.isdir(directory / "objects") or os.path.isfile(directory / "commondir")
    return has_objects and os.path.lexists(directory / "HEAD")
