"""Narrow a run to some projects or to what has changed."""

from __future__ import annotations

import difflib
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.errors import GitFailedError, UsageError
from rrr_optimize.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from rrr_optimize.model import Finding
    from rrr_optimize.tools.git import Git
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.root import Root
    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Scope:
    """Which findings a run tells: those with a place in the chosen projects and in a changed file.

    Facts and comparisons always cover the whole repository; a requirement that clashes with another project's is told
    in both. None means no limit. `within` are the files and folders that may be changed; nothing that reaches out of
    them is.
    """

    projects: frozenset[str] | None = None
    changed: frozenset[str] | None = None
    within: tuple[str, ...] | None = None

    def covers(self, finding: Finding, projects: Projects) -> bool:
        """Return whether one of the finding's places is inside."""
        return self.holds([finding.location.path, *(related.location.path for related in finding.related)], projects)

    def holds(self, paths: Sequence[str], projects: Projects) -> bool:
        """Return whether one of these paths is inside, and all of them are in the files and folders that may change."""
        if not all(is_within(path, self.within) for path in paths):
            return False
        in_project = self.projects is None or any(projects.of(path).path in self.projects for path in paths)
        return in_project and (self.changed is None or any(path in self.changed for path in paths))

    def describe(self, snapshot: Snapshot, since: str | None) -> tuple[str, ...]:
        """Return a note on each limit, so that a clean report is not taken for one of the whole repository."""
        notes = []
        if self.projects is not None:
            notes.append(f"--project: only findings with a place in {listed(sorted(self.projects))} are told")
        if self.changed is not None:
            files = counted(len(self.changed.intersection(snapshot.files)), "file")
            notes.append(f"--since {since}: only findings with a place in what has changed are told, {files}")
        unseen = (path for path in self.within or () if not (snapshot.is_file(path) or snapshot.is_folder(path)))
        notes += [f"{path} is not looked at: {snapshot.look_for(path).value}" for path in unseen]
        return tuple(notes)


def is_within(path: str, places: Sequence[str] | None) -> bool:
    """Return whether a file is one of some files, or below one of some folders; None are all places."""
    return places is None or any(place in {".", path} or path.startswith(f"{place}/") for place in places)


def changed_files(git: Git, root: Root, revision: str, snapshot: Snapshot) -> frozenset[str]:
    """Return the files of the root that differ from a revision, by the git that holds it and by each one inside it.

    A git worktree is compared with the revision as it knows it, a submodule with the commit that the revision of the
    git around it records. Where that is unknown, or cannot be told, all of its files count as changed.

    Raises UsageError where no git holds the root, or that one does not know the revision.
    """
    if root.holder is None:
        raise UsageError("--since needs a git repository, and none holds this folder", "leave --since out")
    below = root.path.relative_to(root.holder).as_posix().removeprefix(".")
    prefix = f"{below}/" if below else ""
    changed = git.changed_since(root.holder, revision)
    found = {path.removeprefix(prefix) for path in changed if path.startswith(prefix)}
    listing = snapshot.listing
    known: dict[str, str | None] = {}
    # Sorted, so that a repository comes before those inside it.
    for path in listing.repositories:
        around = max((outer for outer in known if path.startswith(f"{outer}/")), key=len, default=None)
        if path in listing.worktrees:
            known[path] = revision
        elif around is None:
            known[path] = _recorded(git, root.holder, revision, prefix + path)
        else:
            known[path] = _recorded(git, root.path / around, known[around], path.removeprefix(f"{around}/"))
        found.update(_changed_inside(git, snapshot, path, known[path]))
    return frozenset(found)


def _recorded(git: Git, top: Path, revision: str | None, path: str) -> str | None:
    try:
        return git.recorded_commit(top, revision, path) if revision else None
    except (UsageError, GitFailedError):
        return None


def _changed_inside(git: Git, snapshot: Snapshot, path: str, revision: str | None) -> Iterable[str]:
    try:
        changed = git.changed_since(snapshot.root / path, revision) if revision else None
    except (UsageError, GitFailedError):
        changed = None
    return snapshot.files_below(path) if changed is None else [f"{path}/{name}" for name in changed]


def choose_projects(names: Iterable[str], projects: Projects) -> frozenset[str] | None:
    """Return the folders of the projects that `--project` names, by name or folder; None where it names none.

    Raises UsageError for a name that no project has.
    """
    wanted = [posixpath.normpath(name) if name else name for name in names]
    by_key = {project.path: project.path for project in projects} | {project.name: project.path for project in projects}
    for name in wanted:
        if name not in by_key:
            close = difflib.get_close_matches(name, by_key, 1)
            known = ", ".join(sorted(project.name for project in projects)[:12])
            raise UsageError(
                f"there is no project {name!r}", f"did you mean {close[0]!r}?" if close else f"there are: {known}"
            )
    return frozenset(by_key[name] for name in wanted) if wanted else None
