from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import NoRepositoryError, PathMissingError
from rrr_optimize.workspace.root import find_git_directory, find_root, has_linked_worktrees

if TYPE_CHECKING:
    from pathlib import Path

    from tests.workspace.conftest import RunGit, Write


@pytest.mark.parametrize("path", ["", "nowhere", "file.txt/below", "a\0b", "x" * 5000, "loop", "dangling"])
def test_a_path_that_does_not_exist_is_an_error(path: str, tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"file.txt": ""})
    (tmp_path / "loop").symlink_to("loop")
    (tmp_path / "dangling").symlink_to("gone")
    with pytest.raises(PathMissingError, match="does not exist"):
        find_root(path, tmp_path)


def test_a_file_is_no_root_and_the_hint_names_its_folder(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"sub/requirements.txt": ""})
    with pytest.raises(PathMissingError, match=r"requirements\.txt is not a folder") as caught:
        find_root("sub/requirements.txt", tmp_path)
    assert "sub" in caught.value.hint


def test_without_a_path_and_without_a_repository_the_hint_asks_for_a_folder(tmp_path: Path) -> None:
    with pytest.raises(NoRepositoryError) as caught:
        find_root(None, tmp_path)
    assert "Name the folder" in caught.value.hint


def test_a_named_folder_is_the_root_itself(tmp_path: Path, run_git: RunGit) -> None:
    run_git(tmp_path, "init")
    (tmp_path / "sub").mkdir()
    root = find_root("sub", tmp_path)
    assert (root.path, root.holder) == (tmp_path / "sub", tmp_path)


@pytest.mark.parametrize("name", [".", "sub", "sub/inner", ".hidden"])
def test_a_root_knows_where_it_lies_in_its_repository(name: str, tmp_path: Path, run_git: RunGit) -> None:
    (tmp_path / name).mkdir(parents=True, exist_ok=True)
    assert find_root(name, tmp_path).folder == ""
    run_git(tmp_path, "init")
    assert find_root(name, tmp_path).folder == name.removesuffix(".")


def test_a_named_link_means_the_folder_behind_it(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    (tmp_path / "link").symlink_to("real")
    assert find_root("link", tmp_path).path == tmp_path / "real"


def test_without_a_path_the_git_top_level_comes_before_a_nearer_pyproject(
    tmp_path: Path, run_git: RunGit, write: Write
) -> None:
    run_git(tmp_path, "init")
    write(tmp_path, {"sub/pyproject.toml": ""})
    assert find_root(None, tmp_path / "sub").path == tmp_path


@pytest.mark.parametrize("marker", ["pyproject.toml", ".rrr-optimize/x"])
def test_without_git_the_nearest_marker_upwards_decides(marker: str, tmp_path: Path, write: Write) -> None:
    write(tmp_path, {marker: "", f"near/{marker}": "", "near/below/file": ""})
    root = find_root(None, tmp_path / "near/below")
    assert (root.path, root.holder) == (tmp_path / "near", None)


def test_the_configuration_cannot_move_the_root(tmp_path: Path, run_git: RunGit) -> None:
    run_git(tmp_path, "init")
    run_git(tmp_path, "config", "core.worktree", "/etc")
    assert find_root(None, tmp_path).path == tmp_path


@pytest.mark.parametrize("content", ["", "gitdir: nowhere", "gitdir: \0", "something else", b"\xff\xfe"])
def test_a_git_file_that_leads_nowhere_does_not_count(content: str | bytes, tmp_path: Path, write: Write) -> None:
    write(tmp_path, {".git": content})
    assert find_git_directory(tmp_path) is None


def test_an_empty_git_folder_does_not_count(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    assert find_git_directory(tmp_path) is None


def test_a_pipe_called_git_does_not_hang(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / ".git")
    assert find_git_directory(tmp_path) is None


def test_the_git_file_of_a_linked_worktree_counts(tmp_path: Path, run_git: RunGit) -> None:
    run_git(tmp_path / "main", "init")
    run_git(tmp_path / "main", "commit", "--allow-empty", "-m", "x")
    run_git(tmp_path / "main", "worktree", "add", "../linked")
    assert find_root(None, tmp_path / "linked").holder == tmp_path / "linked"


def test_what_is_no_repository_has_no_linked_worktrees(tmp_path: Path) -> None:
    assert not has_linked_worktrees(tmp_path)
