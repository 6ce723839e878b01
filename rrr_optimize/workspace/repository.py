"""What this layer asks of git, and the answer; `tools` brings the real one."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.model import NotAnalysed


@dataclass(frozen=True, slots=True)
class FolderListing:
    """The files below one folder, as POSIX paths relative to it; `repositories` are folders with a git of their own.

    `absent` counts files that git tracks and that are not there: deleted, or left out by a sparse checkout. A walk also
    tells what it could not list and which foreign folders it did not enter, by kind.
    """

    files: tuple[str, ...] = ()
    repositories: tuple[str, ...] = ()
    absent: int = 0
    not_analysed: tuple[NotAnalysed, ...] = ()
    skipped: Mapping[str, str] = field(default_factory=dict)


class FileLister(Protocol):
    """Lists what belongs to a git work tree. `top` is the folder that holds `.git`; folders are POSIX, relative to it.

    Each method raises GitFailedError when git is missing or cannot tell.
    """

    def list_files(self, top: Path, below: str = "") -> FolderListing:
        """Return the tracked files that exist, and the untracked ones that are not ignored, relative to `below`."""
        ...

    def ignores(self, top: Path, folder: str) -> bool:
        """Return whether the ignore rules of the work tree exclude `folder`, whatever is tracked in it."""
        ...

    def list_worktrees(self, top: Path) -> tuple[Path, ...]:
        """Return the tops of all work trees of this repository, the main one included."""
        ...
