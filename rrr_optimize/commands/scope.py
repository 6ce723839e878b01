"""Narrow a run to some projects or to what has changed."""

from __future__ import annotations

import difflib
import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.model import Finding
    from rrr_optimize.tools.git import Git
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.root import Root


@dataclass(frozen=True, slots=True)
class Scope:
    """Which findings a run tells: those with a place in the chosen projects and in a changed file.

    Facts and comparisons always cover the whole repository; a requirement that clashes with another project's is told
    in both. None means no limit.
    """

    projects: frozenset[str] | None = None
    changed: frozenset[str] | None = None

    def covers(self, finding: Finding, projects: Projects) -> bool:
        """Return whether one of the finding's places is inside."""
        paths = [finding.location.path, *(related.location.path for related in finding.related)]
        in_project = self.projects is None or any(projects.of(path).path in self.projects for path in paths)
        return in_project and (self.changed is None or any(path in self.changed for path in paths))


def changed_files(git: Git, root: Root, revision: str) -> frozenset[str]:
    """Return the files below the root that differ from a revision of the git that holds it.

    Raises UsageError where no git does, or it does not know the revision.
    """
    if root.holder is None:
        raise UsageError("--since needs a git repository, and none holds this folder", "leave --since out")
    prefix = "" if root.path == root.holder else f"{root.path.relative_to(root.holder).as_posix()}/"
    changed = git.changed_since(root.holder, revision)
    return frozenset(path.removeprefix(prefix) for path in changed if path.startswith(prefix))


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
