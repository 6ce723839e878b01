"""Open a folder as the rules see it, on a machine without git."""

from __future__ import annotations

import datetime as dt
from functools import partial
from typing import TYPE_CHECKING, Any

from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import GitFailedError
from rrr_optimize.facts.repository import Repository
from rrr_optimize.tools.syntax import PythonSyntax
from rrr_optimize.workspace.projects import find_projects
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.search import find_holding
from rrr_optimize.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping, Sequence
    from pathlib import Path

    from rrr_optimize.workspace.repository import FolderListing

TODAY = dt.date(2026, 6, 15)


def open_folder(folder: Path, config: Mapping[str, Any] | None = None) -> Repository:
    """Return the repository in a folder; nothing is read before it is asked for."""
    root = Root(folder, None)
    chosen = read_settings(config or {})
    snapshot = take_snapshot(root, NoGit(), is_excluded=chosen.excludes)
    search = partial(find_holding, snapshot, root, NoGit())
    return Repository(
        snapshot,
        find_projects(snapshot, chosen.projects),
        chosen,
        TODAY,
        find_scripts=lambda mark: search([mark], [".py"]),
        find_documents=lambda word: search([word], [".md"]),
        find_holding=search,
        syntax=PythonSyntax(),
    )


class NoGit:
    """Git, on a machine that has none."""

    def list_files(self, top: Path, below: str = "") -> FolderListing:
        raise GitFailedError(f"there is no git for {top}/{below}")

    def ignores(self, top: Path, folder: str) -> bool:
        raise GitFailedError(f"there is no git for {top}/{folder}")

    def list_worktrees(self, top: Path) -> tuple[Path, ...]:
        raise GitFailedError(f"there is no git for {top}")

    def grep_files(
        self,
        top: Path,
        needles: Sequence[str],
        patterns: Sequence[str] = (),
        listed: Collection[str] | None = None,
    ) -> frozenset[str]:
        raise GitFailedError(f"there is no git for {top}, {needles}, {patterns} and {listed}")
