"""Earlier contents of files: what does not exist is told by silence."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.tools.git import Git
from rrr_optimize.tools.git_history import GitHistory, find_versions
from rrr_optimize.workspace.root import Root

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import RunGit


def commit(repository: Path, run_git: RunGit, text: str, name: str = "a.py") -> str:
    (repository / name).write_text(text, encoding="utf-8")
    run_git(repository, "add", "--all")
    run_git(repository, "commit", "-m", "change")
    return run_git(repository, "rev-parse", "HEAD").strip()


def test_a_folder_without_git_remembers_nothing(tmp_path: Path) -> None:
    assert GitHistory().find_versions(tmp_path, ["a.py"]) == {}
    assert find_versions(Root(tmp_path, None), ["a.py"]) == {}


def test_without_git_itself_nothing_is_remembered(repository: Path) -> None:
    assert GitHistory(Git("no-such-git")).find_versions(repository, ["a.py"]) == {}


def test_a_new_file_has_no_past(repository: Path) -> None:
    assert not GitHistory().find_versions(repository, ["new.py"]).get("new.py")
    assert GitHistory().find_versions(repository, []) == {}


def test_contents_come_newest_first_each_once_and_without_deletions(repository: Path, run_git: RunGit) -> None:
    second = commit(repository, run_git, "two")
    third = commit(repository, run_git, "three")
    run_git(repository, "rm", "-q", "a.py")
    run_git(repository, "commit", "-m", "gone")
    commit(repository, run_git, "two")
    found = GitHistory().find_versions(repository, ["a.py", "sub/b.py"])
    assert [each.data for each in found["a.py"]] == [b"two", b"three", b"import sys\n"]
    assert third in {each.commit for each in found["a.py"]}
    assert second not in {each.commit for each in found["a.py"]}
    assert all(len(each.day) == 10 and not each.branch for each in found["a.py"])
    assert [each.data for each in found["sub/b.py"]] == [b"pass\n"]


def test_the_tips_of_other_branches_come_last(repository: Path, run_git: RunGit) -> None:
    run_git(repository, "checkout", "-q", "-b", "feature/x")
    tip = commit(repository, run_git, "other")
    run_git(repository, "checkout", "-q", "main")
    found = GitHistory().find_versions(repository, ["a.py"])["a.py"]
    assert [(each.data, each.branch) for each in found] == [(b"import sys\n", ""), (b"other", "feature/x")]
    assert found[-1].commit == tip


def test_names_are_taken_as_they_are(repository: Path, run_git: RunGit) -> None:
    for name in ("[a].py", "ä b.py", ":(top)c.py"):
        commit(repository, run_git, name, name)
        assert [each.data.decode() for each in GitHistory().find_versions(repository, [name])[name]] == [name]
    assert not GitHistory().find_versions(repository, ["*.py"]).get("*.py")
    assert GitHistory().find_versions(repository, ["x\ny.py"]) == {}


def test_paths_are_those_below_the_root(repository: Path) -> None:
    found = find_versions(Root(repository / "sub", repository), ["b.py"])
    assert [each.data for each in found["b.py"]] == [b"pass\n"]


def test_large_contents_are_left_out(repository: Path, run_git: RunGit) -> None:
    commit(repository, run_git, "#" * 600_000)
    assert [each.data for each in GitHistory().find_versions(repository, ["a.py"])["a.py"]] == [b"import sys\n"]
