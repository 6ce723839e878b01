"""Find the projects of a repository: sub-projects, git worktrees, members of workspaces."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.errors import ConfigurationError
from rrr_optimize.model import Project
from rrr_optimize.workspace.members import find_members, match_folders
from rrr_optimize.workspace.requirement_names import is_requirements_file, requirements_owner

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.workspace.snapshot import Snapshot

_OWN_FILES = ("pyproject.toml", "setup.cfg", "Pipfile", "environment.yml", "environment.yaml")
_WORKTREES = "worktrees/"


@dataclass(frozen=True, slots=True)
class Projects:
    """The projects of a repository, sorted by path.

    `root` stands for the whole repository; it is among them only if the root folder is a project itself.
    """

    all: tuple[Project, ...]
    root: Project
    _by_path: dict[str, Project] = field(default_factory=dict, compare=False, repr=False)

    def __iter__(self) -> Iterator[Project]:
        return iter(self.all)

    def __len__(self) -> int:
        return len(self.all)

    def of(self, path: str) -> Project:
        """Return the project with the nearest folder around a file; `root` if there is none."""
        folder = path.rpartition("/")[0]
        while folder:
            if folder in self._by_path:
                return self._by_path[folder]
            folder = folder.rpartition("/")[0]
        return self.root


def find_projects(snapshot: Snapshot, globs: Sequence[str] = ()) -> Projects:
    """Return the projects of a snapshot.

    With `globs`, from the configuration: the folders that they name, relative to the root, and no others. Without: each
    folder with a pyproject.toml, setup.py, setup.cfg, Pipfile, environment.yml or requirements files of its own (those
    in a folder `requirements` belong to the folder above), each folder in `worktrees/`, each git worktree, and each
    member of a uv, Poetry, Hatch or PDM workspace. The root is one if it holds such files, or if nothing else is.

    Raises ConfigurationError, naming every glob that names no folder.
    """
    found = _named_folders(snapshot, globs) if globs else _detected_folders(snapshot)
    root = Project(snapshot.root.name or "root", ".")
    projects = tuple(Project(name, path) for path, name in _names(sorted(found or {"."}), root).items())
    return Projects(projects, root, {project.path: project for project in projects})


def _named_folders(snapshot: Snapshot, globs: Sequence[str]) -> set[str]:
    matches = {glob: match_folders(glob, snapshot.folders) for glob in globs}
    if empty := [glob for glob, folders in matches.items() if not folders]:
        named = ", ".join(repr(glob) for glob in empty)
        raise ConfigurationError(f"projects: no folder with files in it matches {named}")
    return set().union(*matches.values())


def _detected_folders(snapshot: Snapshot) -> set[str]:
    found = {path.rpartition("/")[0] or "." for name in _OWN_FILES for path in snapshot.files_named(name)}
    found |= {path.rpartition("/")[0] or "." for path in snapshot.files_named("setup.py") if _packages(snapshot, path)}
    found |= {requirements_owner(path) for path in snapshot.files if is_requirements_file(path)}
    found |= {_WORKTREES + path.split("/")[1] for path in snapshot.files_below("worktrees") if path.count("/") > 1}
    found |= {path for path in snapshot.listing.worktrees if snapshot.is_folder(path)}
    return found | _members(snapshot)


def is_packaging_script(text: str) -> bool:
    """Return whether a setup.py packages something: any module may be called so, but such a one imports its tool."""
    return "setuptools" in text or "distutils" in text


def _packages(snapshot: Snapshot, path: str) -> bool:
    source = snapshot.text(path)
    return source is not None and is_packaging_script(source.text)


def _members(snapshot: Snapshot) -> set[str]:
    found: set[str] = set()
    for path in snapshot.files_named("pyproject.toml"):
        if source := snapshot.text(path):
            found |= find_members(source.text, path.rpartition("/")[0] or ".", snapshot.folders)
    return found


def _names(paths: Sequence[str], root: Project) -> dict[str, str]:
    """Return a unique name for each path: that of the folder, where two share it the path, for the root its own."""
    last = {path: path.rpartition("/")[2] for path in paths if path != "."}
    shared = Counter((*last.values(), root.name))
    names = {path: path if shared[name] > 1 else name for path, name in last.items()}
    # A top-level folder that is called like the root.
    names = {path: f"./{name}" if name == root.name else name for path, name in names.items()}
    return {path: names.get(path, root.name) for path in paths}
