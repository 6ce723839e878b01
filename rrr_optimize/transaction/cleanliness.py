"""Whether git could give back what a write replaces."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

from rrr_optimize.errors import GitFailedError
from rrr_optimize.workspace.root import find_git_directory

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.transaction.request import Permissions
    from rrr_optimize.workspace.root import Root

NO_GIT_HINT = "--allow-no-vcs allows to write where no git could give a file back"
DIRTY_HINT = "commit or stash what is not committed, or allow it with --allow-dirty"


class WorkTreeStatus(Protocol):
    """Tells which files of a git work tree are not as in its last commit; `tools.git.Git` does."""

    def find_unclean(self, top: Path, paths: Sequence[str], *, staged_is_clean: bool = False) -> Mapping[str, str]:
        """Return those of the paths, relative to `top`, that are not as committed, each with the reason.

        With `staged_is_clean` what is in the index counts as committed. A path that does not exist and that git does
        not know is clean. Raises GitFailedError where git cannot tell.
        """
        ...


def find_unclean(
    root: Root, names: Iterable[str], git: WorkTreeStatus, permissions: Permissions
) -> Iterator[tuple[str, str, str]]:
    """Yield each path from the root that must not be written as it is, with the reason and a hint."""
    if permissions.allow_dirty and permissions.allow_no_vcs:
        return
    by_top: dict[Path | None, list[str]] = {}
    holders = _Holders(root)
    for name in names:
        by_top.setdefault(holders.of(name), []).append(name)
    for top, group in by_top.items():
        if top is None:
            if not permissions.allow_no_vcs:
                yield from ((name, "it is in no git repository", NO_GIT_HINT) for name in group)
        elif not permissions.allow_dirty:
            yield from _ask(root, top, group, git, permissions)


def _ask(
    root: Root, top: Path, names: Sequence[str], git: WorkTreeStatus, permissions: Permissions
) -> Iterator[tuple[str, str, str]]:
    paths = {Path(os.path.relpath(root.path / name, top)).as_posix(): name for name in names}
    try:
        unclean = git.find_unclean(top, tuple(paths), staged_is_clean=permissions.hook)
    except GitFailedError as error:
        if not permissions.allow_no_vcs:
            yield from ((name, f"git cannot tell whether it is clean: {error.message}", NO_GIT_HINT) for name in names)
        return
    yield from ((paths[path], reason, DIRTY_HINT) for path, reason in unclean.items())


class _Holders:
    """Finds the work tree that holds a file: the nearest one, since a root may hold repositories of their own."""

    def __init__(self, root: Root) -> None:
        self._root = root
        self._known: dict[str, Path | None] = {"": root.holder}

    def of(self, name: str) -> Path | None:
        folder = name.rpartition("/")[0]
        if folder not in self._known:
            path = self._root.path / folder
            self._known[folder] = path if find_git_directory(path) else self.of(folder)
        return self._known[folder]
