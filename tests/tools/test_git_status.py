"""Which files are as in the last commit, by git's own knowledge."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.tools.git import Git

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.transaction.cleanliness import WorkTreeStatus
    from tests.tools.conftest import RunGit

CHANGED = "it has changes that are not committed"
STAGED = "it has staged changes that are not committed"
UNTRACKED = "git does not track it"
ALL = ("a.py", "sub/b.py", "new.py", "x.log", "nowhere.py")


def _check_protocol(git: Git) -> WorkTreeStatus:
    return git


def test_what_is_committed_or_not_there_is_clean(repository: Path) -> None:
    assert Git().find_unclean(repository, ALL) == {"new.py": UNTRACKED, "x.log": UNTRACKED}
    assert Git().find_unclean(repository, ()) == {}


def test_only_the_paths_that_were_asked_about_are_told(repository: Path) -> None:
    (repository / "a.py").write_bytes(b"changed\n")
    assert Git().find_unclean(repository, ("sub/b.py",)) == {}
    assert Git().find_unclean(repository, ("sub/b.py", "a.py")) == {"a.py": CHANGED}


def test_new_time_stamps_are_no_change(repository: Path) -> None:
    os.utime(repository / "a.py", (0, 0))
    assert Git().find_unclean(repository, ALL[:2]) == {}


def test_a_new_mode_or_kind_is_a_change(repository: Path) -> None:
    (repository / "a.py").chmod(0o755)
    (repository / "sub/b.py").unlink()
    (repository / "sub/b.py").symlink_to("../a.py")
    assert Git().find_unclean(repository, ALL[:2]) == {"a.py": CHANGED, "sub/b.py": CHANGED}


def test_what_is_staged_is_clean_only_where_that_is_wanted(repository: Path, run_git: RunGit) -> None:
    (repository / "a.py").write_bytes(b"staged\n")
    run_git(repository, "add", "a.py", "new.py")
    run_git(repository, "rm", "--quiet", "sub/b.py")
    git = Git()
    assert git.find_unclean(repository, ALL[:3]) == dict.fromkeys(ALL[:3], STAGED)
    assert git.find_unclean(repository, ALL[:3], staged_is_clean=True) == {}
    (repository / "a.py").write_bytes(b"staged, and then changed\n")
    (repository / "sub").mkdir(exist_ok=True)
    (repository / "sub/b.py").write_bytes(b"back\n")
    assert git.find_unclean(repository, ALL[:3], staged_is_clean=True) == {"a.py": CHANGED, "sub/b.py": UNTRACKED}


def test_before_the_first_commit_nothing_is_clean(tmp_path: Path, run_git: RunGit) -> None:
    for name in ("a.py", "b.py"):
        (tmp_path / name).write_bytes(b"")
    run_git(tmp_path, "init")
    run_git(tmp_path, "add", "a.py")
    assert Git().find_unclean(tmp_path, ("a.py", "b.py")) == {"a.py": STAGED, "b.py": UNTRACKED}
    assert Git().find_unclean(tmp_path, ("a.py", "b.py"), staged_is_clean=True) == {"b.py": UNTRACKED}


def test_a_file_in_conflict_is_not_clean(repository: Path, run_git: RunGit) -> None:
    run_git(repository, "checkout", "--quiet", "-b", "other")
    for branch, text in (("other", b"theirs\n"), ("main", b"ours\n")):
        run_git(repository, "checkout", "--quiet", branch)
        (repository / "a.py").write_bytes(text)
        run_git(repository, "commit", "--all", "--quiet", "-m", branch)
    with pytest.raises(Exception, match="merge"):
        run_git(repository, "merge", "other")
    for staged in (False, True):
        found = Git().find_unclean(repository, ALL[:2], staged_is_clean=staged)
        assert found == {"a.py": "git has not merged it"}


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
def test_a_file_that_git_was_told_not_to_look_at_is_looked_at(bit: str, repository: Path, run_git: RunGit) -> None:
    run_git(repository, "update-index", bit, "a.py")
    assert Git().find_unclean(repository, ALL[:2]) == {}
    (repository / "a.py").write_bytes(b"changed\n")
    assert Git().find_unclean(repository, ALL[:2]) == {"a.py": CHANGED}
    (repository / "a.py").unlink()
    assert Git().find_unclean(repository, ALL[:2]) == {"a.py": CHANGED}


def test_a_file_that_is_only_meant_to_be_added_is_not_clean(repository: Path, run_git: RunGit) -> None:
    run_git(repository, "add", "--intent-to-add", "new.py")
    assert Git().find_unclean(repository, ("new.py",), staged_is_clean=True) == {"new.py": CHANGED}


def test_a_linked_worktree_answers_for_itself(repository: Path, run_git: RunGit) -> None:
    linked = repository.parent / "linked"
    run_git(repository, "worktree", "add", "--quiet", str(linked))
    (linked / "a.py").write_bytes(b"changed\n")
    assert Git().find_unclean(linked, ALL[:2]) == {"a.py": CHANGED}
    assert Git().find_unclean(repository, ALL[:2]) == {}


def test_odd_names_are_told_as_they_are(repository: Path, run_git: RunGit) -> None:
    names = ("new\nline.py", "tab\tstop.py", ":colon.py", "\N{SNOWMAN}.py", os.fsdecode(b"caf\xe9.py"))
    for name in names:
        (repository / name).write_bytes(b"")
    run_git(repository, "add", ".")
    run_git(repository, "commit", "--quiet", "-m", "odd")
    assert Git().find_unclean(repository, names) == {}
    for name in names:
        (repository / name).write_bytes(b"changed\n")
    assert Git().find_unclean(repository, names) == dict.fromkeys(names, CHANGED)
