from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import ConfigurationError
from rrr_optimize.model import Project
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.projects import Projects, find_projects
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import take_snapshot

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import MemoryGit, Write

_SETUP = "from setuptools import setup\n"


@pytest.fixture
def root(tmp_path: Path) -> Path:
    folder = tmp_path / "shop"
    folder.mkdir()
    return folder


def _find(root: Path, *globs: str) -> Projects:
    return find_projects(take_snapshot(Root(root, None), Git()), globs)


def _paths(root: Path, *globs: str) -> list[str]:
    return [project.path for project in _find(root, *globs)]


def test_folders_without_files_of_a_project_are_none(root: Path, write: Write) -> None:
    write(root, {"src/a.py": "", "docs/requirements.md": "", "node_modules/x/setup.py": _SETUP, "pyproject.toml": ""})
    assert _find(root).all == (Project("shop", "."),)


def test_a_module_that_is_only_called_setup_makes_no_project(root: Path, write: Write) -> None:
    write(root, {"pyproject.toml": "", "src/collectors/setup.py": "class SetupCollector: ...\n"})
    assert _paths(root) == ["."]


def test_a_folder_is_a_project_by_each_of_the_files_it_may_have(root: Path, write: Write) -> None:
    names = ["pyproject.toml", "setup.py", "setup.cfg", "Pipfile", "environment.yml", "environment.yaml"]
    names += ["requirements.txt", "requirements/dev.txt", "constraints.in"]
    write(root, {f"{number}/{name}": _SETUP if name == "setup.py" else "" for number, name in enumerate(names)})
    assert _paths(root) == [str(number) for number in range(len(names))]


def test_the_root_is_a_project_where_nothing_else_is(root: Path, write: Write) -> None:
    write(root, {"a.py": ""})
    assert _find(root).all == (Project("shop", "."),)


def test_the_root_is_no_project_where_only_others_have_files(root: Path, write: Write) -> None:
    write(root, {"a/setup.py": _SETUP, "ci.yml": ""})
    projects = _find(root)
    assert projects.all == (Project("a", "a"),)
    assert len(projects) == 1
    assert projects.of("ci.yml") == projects.root == Project("shop", ".")


def test_a_file_belongs_to_the_nearest_project(root: Path, write: Write) -> None:
    write(root, {"setup.py": _SETUP, "a/setup.py": _SETUP, "a/b/setup.py": _SETUP, "ab/x.py": ""})
    projects = _find(root)
    owners = [projects.of(path).path for path in ("x.py", "ab/x.py", "a/x.py", "a/b/c/x.py", "a/bc/x.py")]
    assert owners == [".", ".", "a", "a/b", "a"]


def test_each_folder_of_worktrees_is_a_project(root: Path, write: Write) -> None:
    write(root, {"worktrees/a/x.py": "", "worktrees/b/src/x.py": "", "worktrees/README.md": "", "setup.py": _SETUP})
    assert _paths(root) == [".", "worktrees/a", "worktrees/b"]


def test_a_git_worktree_is_a_project(root: Path, write: Write, memory_git: MemoryGit) -> None:
    write(root, {"setup.py": _SETUP, "trees/a/x.py": ""})
    memory_git.worktrees = (root / "trees/a",)
    snapshot = take_snapshot(Root(root, root), memory_git)
    assert [project.path for project in find_projects(snapshot)] == [".", "trees/a"]


def test_a_member_of_a_workspace_is_a_project_even_without_files_of_its_own(root: Path, write: Write) -> None:
    write(root, {"pyproject.toml": "[tool.uv.workspace]\nmembers = ['packages/*']", "packages/a/x.py": ""})
    assert _paths(root) == [".", "packages/a"]


def test_a_broken_pyproject_is_still_a_project(root: Path, write: Write) -> None:
    write(root, {"a/pyproject.toml": b"\xff", "b/pyproject.toml": "[workspace"})
    assert _paths(root) == ["a", "b"]


def test_names_are_unique(root: Path, write: Write) -> None:
    write(root, {f"{folder}/setup.py": _SETUP for folder in ("a/api", "b/api", "api", "web", "shop", "src/shop", ".")})
    assert {project.path: project.name for project in _find(root)} == {
        ".": "shop",
        "a/api": "a/api",
        "api": "api",
        "b/api": "b/api",
        "shop": "./shop",
        "src/shop": "src/shop",
        "web": "web",
    }


def test_the_configuration_replaces_all_other_ways(root: Path, write: Write) -> None:
    write(root, {"setup.py": _SETUP, "a/setup.py": _SETUP, "b/x.py": "", "c/d/x.py": ""})
    assert _paths(root, "b", "c/*") == ["b", "c/d"]
    assert _paths(root, ".", "b") == [".", "b"]


def test_globs_that_name_nothing_are_all_told(root: Path, write: Write) -> None:
    write(root, {"a/setup.py": _SETUP})
    with pytest.raises(ConfigurationError, match="'b', 'c/\\*'"):
        _find(root, "a", "b", "c/*")
