from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import GitFailedError, UsageError
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.reading import SIZE_LIMIT

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.workspace.repository import FileLister
    from tests.tools.conftest import RunGit


def _check_protocol(git: Git) -> FileLister:
    return git


def test_lists_tracked_and_untracked_files_but_not_ignored_ones(repository: Path) -> None:
    assert set(Git().list_files(repository).files) == {".gitignore", "a.py", "new.py", "sub/b.py"}


def test_lists_only_what_git_tracks_where_that_is_wanted(repository: Path, run_git: RunGit) -> None:
    git = Git(untracked=False)
    assert set(git.list_files(repository).files) == {".gitignore", "a.py", "sub/b.py"}
    (repository / "sub" / "staged.py").write_text("", encoding="utf-8")
    assert git.list_files(repository, "sub").files == ("b.py",)
    run_git(repository, "add", "sub/staged.py")
    assert git.list_files(repository, "sub").files == ("b.py", "staged.py")


def test_names_of_a_folder_are_relative_to_it(repository: Path) -> None:
    assert Git().list_files(repository, "sub").files == ("b.py",)


def test_asks_only_about_what_is_ignored(repository: Path) -> None:
    (repository / ".gitignore").write_text("sub/\n:x/\n", encoding="utf-8")
    (repository / ":x").mkdir()
    assert [Git().ignores(repository, folder) for folder in ("sub", ":x", "other")] == [True, True, False]


def test_variables_that_a_hook_passes_on_play_no_part(repository: Path, tmp_path: Path) -> None:
    hostile = {
        "GIT_DIR": str(tmp_path / "elsewhere"),
        "GIT_INDEX_FILE": str(tmp_path / "index"),
        "GIT_WORK_TREE": str(tmp_path),
        "GIT_PREFIX": "sub/",
        "GIT_LITERAL_PATHSPECS": "1",
        "GIT_CONFIG_PARAMETERS": "'core.bare'='true'",
    }
    git = Git(environment={**os.environ, **hostile})
    assert git.list_files(repository) == Git().list_files(repository)
    assert git.grep_files(repository, ["pass"], ["*.py"]) == {"sub/b.py"}


def test_without_linked_worktrees_git_is_not_run(repository: Path) -> None:
    assert Git("no-such-git").list_worktrees(repository) == (repository,)


def test_lists_worktrees_from_each_of_them(repository: Path, run_git: RunGit) -> None:
    linked = repository.parent / "new\nline"
    run_git(repository, "worktree", "add", "-b", "other", str(linked))
    assert Git().list_worktrees(repository) == Git().list_worktrees(linked) == (repository, linked)


def test_a_missing_program_is_told(repository: Path) -> None:
    with pytest.raises(GitFailedError, match="git is not installed"):
        Git("no-such-git").list_files(repository)


def test_a_program_that_may_not_be_run_is_told(repository: Path) -> None:
    with pytest.raises(GitFailedError, match="could not be run"):
        Git(str(repository / "a.py")).list_files(repository)


def test_a_folder_that_is_no_repository_is_told(tmp_path: Path) -> None:
    with pytest.raises(GitFailedError, match="not a git repository"):
        Git().list_files(tmp_path)


def test_a_call_that_takes_too_long_is_ended(repository: Path) -> None:
    os.mkfifo(repository / "sub/.gitignore")
    with pytest.raises(GitFailedError, match=r"more than 0\.2 seconds"):
        Git(time_limit=0.2).list_files(repository)


def test_greps_for_fixed_strings_in_tracked_and_untracked_files(repository: Path) -> None:
    assert Git().grep_files(repository, ["import sys"], ["*.py"]) == {"a.py", "new.py"}
    assert Git().grep_files(repository, ["sys, os", "pass"]) == {"new.py", "sub/b.py"}
    assert Git().grep_files(repository, ["sys.*os"]) == frozenset()


def test_greps_of_untracked_files_only_in_those_that_are_listed(repository: Path) -> None:
    listed = ("a.py", "new.py", "sub/b.py")
    assert Git().grep_files(repository, ["import sys"], ["*.py"], listed) == {"a.py", "new.py"}
    assert Git().grep_files(repository, ["import sys"], ["*.py"], ("a.py", "sub/b.py")) == {"a.py"}
    assert Git(untracked=False).grep_files(repository, ["import sys"], ["*.py"], listed) == {"a.py"}


def test_greps_in_tracked_files_that_an_ignore_rule_names(repository: Path) -> None:
    (repository / ".gitignore").write_text("a.py\nsub/\nnew.py\n", encoding="utf-8")
    assert Git().grep_files(repository, ["import sys", "pass"], ["*.py"]) == {"a.py", "sub/b.py"}
    assert Git().grep_files(repository, ["import sys"], ["sub/*.py"]) == frozenset()


def test_greps_only_in_what_git_tracks_where_that_is_wanted(repository: Path) -> None:
    assert Git(untracked=False).grep_files(repository, ["import sys"], ["*.py"]) == {"a.py"}


@pytest.mark.parametrize(
    "revision", ["", "-h", "--output=canary", "nowhere", "HEAD:a.py", "HEAD..HEAD", "^HEAD", "a\0b", "HEAD\nHEAD"]
)
def test_what_is_no_commit_is_refused(revision: str, repository: Path) -> None:
    with pytest.raises(UsageError, match="is not a commit of this repository"):
        Git().changed_since(repository, revision)
    assert not (repository / "canary").exists()


def test_nothing_but_untracked_files_changed_since_head(repository: Path) -> None:
    assert Git().changed_since(repository, "HEAD") == {"new.py"}


def test_a_file_that_was_only_touched_did_not_change(repository: Path) -> None:
    os.utime(repository / "a.py", (0, 0))
    assert Git().changed_since(repository, "HEAD") == {"new.py"}


def test_a_touched_file_that_is_too_large_to_compare_counts_as_changed(repository: Path, run_git: RunGit) -> None:
    (repository / "new.py").write_bytes(bytes(SIZE_LIMIT + 1))
    run_git(repository, "add", ".")
    run_git(repository, "commit", "-m", "large")
    os.utime(repository / "new.py", (0, 0))
    assert Git().changed_since(repository, "HEAD") == {"new.py"}


def test_edited_staged_deleted_and_committed_files_changed(repository: Path, run_git: RunGit) -> None:
    (repository / "sub/b.py").write_text("edit\n", encoding="utf-8")
    run_git(repository, "add", "new.py")
    (repository / "a.py").unlink()
    assert Git().changed_since(repository, "HEAD") == {"a.py", "new.py", "sub/b.py"}
    run_git(repository, "add", "--all")
    run_git(repository, "commit", "-m", "second")
    assert Git().changed_since(repository, "HEAD~1") == {"a.py", "new.py", "sub/b.py"}
    assert Git().changed_since(repository, "HEAD") == frozenset()


def test_a_mode_that_changed_is_a_change(repository: Path) -> None:
    (repository / "a.py").chmod(0o755)
    assert Git().changed_since(repository, "HEAD") == {"a.py", "new.py"}


def test_a_repository_of_sha_256_is_understood(repository: Path, run_git: RunGit) -> None:
    folder = repository.parent / "sha256"
    folder.mkdir()
    run_git(folder, "init", "--object-format=sha256")
    (folder / "a.py").touch()
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-m", "x")
    os.utime(folder / "a.py", (0, 0))
    assert Git().changed_since(folder, "HEAD") == frozenset()


def test_a_repository_of_somebody_else_is_listed(repository: Path) -> None:
    if os.geteuid() == 0:
        for path in (repository, repository / ".git"):
            os.chown(path, 12345, 12345)
    # Git's own switch for its tests: whoever runs this, the repository is somebody else's.
    environment = {**os.environ, "HOME": str(repository.parent)}
    refused = subprocess.run(
        ["git", "ls-files"],
        cwd=repository,
        env={**environment, "GIT_TEST_ASSUME_DIFFERENT_OWNER": "1"},
        check=False,
        capture_output=True,
        text=True,
    )
    assert "dubious ownership" in refused.stderr
    assert "a.py" in Git(environment=environment).list_files(repository).files
