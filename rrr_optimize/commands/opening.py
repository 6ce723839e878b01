"""Open a repository for a command: its root, its settings, its files and projects, and what may be asked of it."""

from __future__ import annotations

import datetime as dt
import gc
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from rrr_optimize.commands.scope import Scope, changed_files, choose_projects
from rrr_optimize.commands.settings import load_settings
from rrr_optimize.facts.repository import Repository
from rrr_optimize.tools.git import Git
from rrr_optimize.tools.git_history import find_versions
from rrr_optimize.tools.import_memory import ImportMemory
from rrr_optimize.tools.syntax import PythonSyntax
from rrr_optimize.tools.syntax_cache import SyntaxCache
from rrr_optimize.workspace.projects import find_projects
from rrr_optimize.workspace.reader import Reader
from rrr_optimize.workspace.root import find_root, find_root_around
from rrr_optimize.workspace.search import find_holding
from rrr_optimize.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from rrr_optimize.workspace.root import Root

OBJECTS_BETWEEN_COLLECTIONS = 100_000


@dataclass(frozen=True, slots=True)
class Target:
    """What the command line says of the repository, the same for every command.

    `path` is the root. `paths` are files and folders of a root that is found around them; nothing else is changed.
    """

    path: str | None = None
    projects: tuple[str, ...] = ()
    since: str | None = None
    config: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()

    def find(self, cwd: Path) -> tuple[Root, tuple[str, ...] | None]:
        """Return the root, and the files and folders from there that may be changed; None for all of them."""
        return find_root_around(self.paths, cwd) if self.paths else (find_root(self.path, cwd), None)


@dataclass(frozen=True, slots=True, eq=False)
class Opened:
    """A repository that is ready to be asked, and the part of it that the run is narrowed to."""

    root: Root
    git: Git
    repository: Repository
    scope: Scope
    notes: tuple[str, ...] = ()


def open_repository(
    target: Target,
    said: Mapping[str, Any],
    cwd: Path,
    environ: Mapping[str, str],
    on_file: Callable[[int, int], None] | None = None,
) -> Opened:
    """Return the repository that the command line means; `said` are keys of the configuration that it sets.

    Facts are made when they are first asked for. `on_file` is told how many files are read, of how many. Raises
    RrrOptimizeError for everything that keeps the repository from being opened.
    """
    # Facts are trees that live as long as the run: looking through them for cycles again and again costs a seventh of
    # a plan over 770 files, and gives nothing back.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    root, within = target.find(cwd)
    reader = Reader(root.path)
    settings = load_settings(reader, target.config, dict(said), cwd)
    git = Git(untracked=settings.untracked)
    snapshot = take_snapshot(root, git, settings.worktrees, settings.excludes, reader)
    projects = find_projects(snapshot, settings.projects)
    changed = changed_files(git, root, target.since, snapshot) if target.since is not None else None
    scope = Scope(choose_projects(target.projects, projects), changed, within)
    search = partial(find_holding, snapshot, root, git)
    repository = Repository(
        snapshot,
        projects,
        settings,
        dt.datetime.now(tz=dt.UTC).date(),
        find_scripts=lambda mark: search([mark], [".py"]),
        find_documents=lambda word: search([word], [".md"]),
        on_file=on_file,
        find_holding=search,
        syntax=PythonSyntax(SyntaxCache.of_user(environ)),
        find_versions=partial(find_versions, root),
        memory=ImportMemory.of_user(environ, root.path),
    )
    skipped = [f"{number} {kind}" for kind, number in snapshot.skipped.items()]
    left_out = (f"left out: {', '.join(skipped)}",) if skipped else ()
    return Opened(root, git, repository, scope, (*snapshot.notes, *left_out, *scope.describe(snapshot, target.since)))
