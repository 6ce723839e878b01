from __future__ import annotations

import os
from subprocess import CalledProcessError
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import ConfigurationError, UnreadableRootError
from rrr_optimize.model import NotAnalysed
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.listing import list_root
from rrr_optimize.workspace.repository import FolderListing
from rrr_optimize.workspace.root import Root, find_root

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.workspace.listing import Listing
    from tests.workspace.conftest import MemoryGit, RunGit, Write


def _list(folder: Path, *worktrees: str) -> Listing:
    return list_root(find_root(str(folder), folder), Git(), worktrees)


def _without_git(folder: Path) -> Listing:
    return list_root(Root(folder, None), Git())


def test_a_root_that_cannot_be_listed_is_an_error(tmp_path: Path, memory_git: MemoryGit) -> None:
    with pytest.raises(UnreadableRootError, match="vanished"):
        list_root(Root(tmp_path / "gone", None), memory_git)


def test_git_and_walk_find_the_same(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    files = {"a.py": "", "sub/b.py": "", "sub/ignored.log": "", ".gitignore": "*.log\n", "node_modules/x/index.py": ""}
    write(tmp_path, files)
    walked = _without_git(tmp_path)
    run_git(tmp_path, "init")
    listed = _list(tmp_path)
    assert listed.files == walked.files == (".gitignore", "a.py", "sub/b.py")
    assert listed.skipped == walked.skipped == {"installed packages": 1}
    assert listed.notes == walked.notes == ()


def test_only_what_is_below_a_named_folder_is_listed(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    write(tmp_path, {"a.py": "", ".sub[1]/b.py": "", ".sub1/c.py": "", ".sub[1]/d/e.py": ""})
    run_git(tmp_path, "init")
    run_git(tmp_path, "add", "--", ".sub[1]/d")
    assert _list(tmp_path / ".sub[1]").files == ("b.py", "d/e.py")


@pytest.mark.parametrize("name", ["vendor", "node_modules"])
def test_a_foreign_folder_that_is_named_is_the_root_and_not_skipped(
    name: str, tmp_path: Path, run_git: RunGit, write: Write
) -> None:
    write(tmp_path, {f"{name}/a.py": ""})
    run_git(tmp_path, "init")
    assert _list(tmp_path / name).files == ("a.py",)


def test_an_ignored_folder_that_is_named_is_walked_and_a_note_says_so(
    tmp_path: Path, run_git: RunGit, write: Write
) -> None:
    write(tmp_path, {".gitignore": "build/\n", "build/a.py": "", "build/.gitkeep": ""})
    run_git(tmp_path, "init")
    run_git(tmp_path, "add", "--force", "build/.gitkeep")
    listing = _list(tmp_path / "build")
    assert listing.files == (".gitkeep", "a.py")
    assert listing.notes == (
        ".: files found by a walk that honours .gitignore, since the git repository around it ignores it",
    )


def test_where_git_lists_nothing_the_walk_has_a_look(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    write(tmp_path, {".gitignore": "*.py\n", "sub/a.py": ""})
    run_git(tmp_path, "init")
    listing = _list(tmp_path / "sub")
    assert (listing.files, len(listing.notes)) == (("a.py",), 1)


def test_where_git_fails_the_files_come_from_a_walk(tmp_path: Path, write: Write, memory_git: MemoryGit) -> None:
    write(tmp_path, {"a.py": ""})
    listing = list_root(Root(tmp_path, tmp_path), memory_git)
    assert listing.files == ("a.py",)
    assert listing.notes == (".: files found by a walk that honours .gitignore, since git is out of order",)


def test_where_git_is_not_installed_the_files_come_from_a_walk(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    run_git(tmp_path, "init")
    write(tmp_path, {"a.py": ""})
    listing = list_root(Root(tmp_path, tmp_path), Git("no-such-git"))
    assert listing.files == ("a.py",)
    assert "git is not installed" in listing.notes[0]


def test_deleted_and_sparse_files_are_not_there_and_counted(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    write(tmp_path, {"a.py": "", "b.py": "", "c/d.py": ""})
    run_git(tmp_path, "init")
    run_git(tmp_path, "add", ".")
    run_git(tmp_path, "commit", "-m", "x")
    (tmp_path / "b.py").unlink()
    run_git(tmp_path, "sparse-checkout", "set", "--no-cone", "/*.py")
    listing = _list(tmp_path)
    assert listing.files == ("a.py",)
    assert "2 tracked files are not in the working tree" in listing.notes[0]


def test_an_unmerged_file_is_listed_once(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    write(tmp_path, {"a.py": "base"})
    run_git(tmp_path, "init")
    run_git(tmp_path, "add", ".")
    run_git(tmp_path, "commit", "-m", "base")
    for branch in ("one", "two"):
        run_git(tmp_path, "checkout", "-b", branch, "main")
        write(tmp_path, {"a.py": branch})
        run_git(tmp_path, "commit", "--all", "-m", branch)
    with pytest.raises(CalledProcessError):
        run_git(tmp_path, "merge", "one")
    assert _list(tmp_path).files == ("a.py",)


def test_names_are_kept_whatever_they_hold(tmp_path: Path, run_git: RunGit) -> None:
    names = [b"new\nline.py", b"latin-\xe9.py", b"100644 0 0\ttab.py", b"-dash.py", " non\u00e9 .py".encode()]
    run_git(tmp_path, "init")
    for name in names:
        (tmp_path / os.fsdecode(name)).touch()
    expected = tuple(sorted(os.fsdecode(name) for name in names))
    assert _list(tmp_path).files == expected == _without_git(tmp_path).files
    run_git(tmp_path, "add", "--all")
    assert _list(tmp_path).files == expected


def test_a_nested_clone_is_listed_by_its_own_git_once(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    write(tmp_path, {"a.py": "", ".gitignore": "*.log\n", "clone/b.py": "", "clone/c.log": "", "clone/.gitignore": ""})
    run_git(tmp_path / "clone", "init")
    without = _without_git(tmp_path)
    run_git(tmp_path, "init")
    listing = _list(tmp_path)
    assert listing.files == without.files == (".gitignore", "a.py", "clone/.gitignore", "clone/b.py", "clone/c.log")
    assert listing.repositories == without.repositories == ("clone",)


def test_a_submodule_is_listed_by_its_own_git(tmp_path: Path, run_git: RunGit, write: Write) -> None:
    other, main = tmp_path / "other", tmp_path / "main"
    write(other, {"b.py": ""})
    for folder, arguments in ((other, ("add", ".")), (main, ("submodule", "add", str(other), "sub"))):
        run_git(folder, "init")
        run_git(folder, *arguments)
        run_git(folder, "commit", "-m", "x")
        if folder == other:
            write(other, {"untracked.py": ""})
    write(main / "sub", {"new.py": ""})
    assert _list(main).files == (".gitmodules", "sub/b.py", "sub/new.py")
    run_git(main, "submodule", "deinit", "--force", "sub")
    listing = _list(main)
    assert listing.files == (".gitmodules",)
    assert listing.not_analysed == (NotAnalysed("sub", "a submodule that is not checked out"),)


def test_a_submodule_that_became_a_link_is_not_entered(tmp_path: Path, write: Write, memory_git: MemoryGit) -> None:
    write(tmp_path, {"outside/secret.py": "", "root/a.py": "", "root/b/c.py": ""})
    (tmp_path / "root/sub").symlink_to("../outside")
    (tmp_path / "root/twin").symlink_to("b")
    memory_git.listings["root"] = FolderListing(("a.py",), ("sub", "twin"))
    listing = list_root(Root(tmp_path / "root", tmp_path / "root"), memory_git)
    assert listing.files == ("a.py",)
    reason = "a symbolic link in the place of a repository"
    assert listing.not_analysed == (NotAnalysed("sub", reason), NotAnalysed("twin", reason))


def test_a_link_to_a_repository_that_is_listed_adds_nothing(
    tmp_path: Path, write: Write, memory_git: MemoryGit
) -> None:
    write(tmp_path, {"a.py": ""})
    (tmp_path / "sub").symlink_to(".")
    memory_git.listings[tmp_path.name] = FolderListing(("a.py",), ("sub",))
    listing = list_root(Root(tmp_path, tmp_path), memory_git)
    assert (listing.files, listing.not_analysed) == (("a.py",), ())


@pytest.fixture
def with_worktrees(tmp_path: Path, run_git: RunGit, write: Write) -> Path:
    """Return a repository with one worktree in an ignored folder, and one beside it."""
    main = write(tmp_path / "main", {"a.py": "", ".gitignore": "worktrees/\n"})
    run_git(main, "init")
    run_git(main, "add", ".")
    run_git(main, "commit", "-m", "x")
    run_git(main, "worktree", "add", "worktrees/inside")
    run_git(main, "worktree", "add", "../beside")
    write(tmp_path / "beside", {"new.py": ""})
    return main


def test_a_worktree_below_the_root_is_listed_even_if_ignored(with_worktrees: Path) -> None:
    listing = _list(with_worktrees)
    assert listing.worktrees == ("worktrees/inside",)
    assert listing.files == (".gitignore", "a.py", "worktrees/inside/.gitignore", "worktrees/inside/a.py")


@pytest.mark.parametrize("name", ["beside", "../beside"])
def test_a_worktree_outside_the_root_is_listed_only_when_it_is_named(name: str, with_worktrees: Path) -> None:
    listing = _list(with_worktrees, name)
    assert listing.worktrees == ("../beside", "worktrees/inside")
    assert {path for path in listing.files if path.startswith("..")} == {
        "../beside/.gitignore",
        "../beside/a.py",
        "../beside/new.py",
    }


@pytest.mark.parametrize("name", ["elsewhere", "..", "/etc", "a.py"])
def test_a_named_worktree_that_is_none_is_an_error(name: str, with_worktrees: Path) -> None:
    with pytest.raises(ConfigurationError, match="is no git worktree"):
        _list(with_worktrees, name)


def test_the_other_worktrees_of_a_linked_one_stay_out(with_worktrees: Path) -> None:
    listing = _list(with_worktrees.parent / "beside")
    assert listing.files == (".gitignore", "a.py", "new.py")


def test_an_excluded_file_is_counted(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": "", "old/b.py": "", "old/c.py": ""})
    listing = list_root(Root(tmp_path, None), Git(), (), lambda path: path.startswith("old/"))
    assert listing.files == ("a.py",)
    assert listing.skipped == {"file excluded by the configuration": 2}


def test_a_walk_tells_of_pipes_and_folders_that_it_cannot_list(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": ""})
    os.mkfifo(tmp_path / "requirements.txt")
    listing = _without_git(tmp_path)
    assert listing.not_analysed == (NotAnalysed("requirements.txt", "a named pipe, not a file"),)


def test_a_git_file_whose_folder_is_gone_leaves_a_walk(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": "", ".git": "gitdir: /nowhere/worktrees/x\n"})
    assert _list(tmp_path).files == ("a.py",)


def test_a_gitignore_that_cannot_be_read_ignores_nothing(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": "", "sub/a.py": "", "patterns": "*.py"})
    (tmp_path / ".gitignore").symlink_to("patterns")
    os.mkfifo(tmp_path / "sub/.gitignore")
    assert "a.py" in _without_git(tmp_path).files
    assert "sub/a.py" in _without_git(tmp_path).files


def test_an_empty_repository_has_no_files_and_needs_no_note(tmp_path: Path, run_git: RunGit) -> None:
    run_git(tmp_path, "init")
    listing = _list(tmp_path)
    assert (listing.files, listing.notes) == ((), ())


def test_a_submodule_copied_without_its_git_is_walked(tmp_path: Path, write: Write, memory_git: MemoryGit) -> None:
    write(tmp_path, {"a.py": "", "sub/b.py": ""})
    memory_git.listings[tmp_path.name] = FolderListing(("a.py",), ("sub",))
    assert list_root(Root(tmp_path, tmp_path), memory_git).files == ("a.py", "sub/b.py")


def test_a_worktree_that_git_lists_too_is_asked_once(tmp_path: Path, write: Write, memory_git: MemoryGit) -> None:
    write(tmp_path, {"a.py": "", "tree/.git/HEAD": "", "tree/.git/objects/x": "", "tree/b.py": ""})
    memory_git.listings = {tmp_path.name: FolderListing(("a.py",), ("tree",)), "tree": FolderListing(("b.py",))}
    memory_git.worktrees = (tmp_path / "tree",)
    listing = list_root(Root(tmp_path, tmp_path), memory_git)
    assert (listing.files, listing.worktrees, listing.repositories) == (("a.py", "tree/b.py"), ("tree",), ("tree",))
    assert memory_git.asked == [f"{tmp_path.name}:", "tree:"]


def test_worktrees_that_are_gone_or_foreign_stay_out(tmp_path: Path, write: Write, memory_git: MemoryGit) -> None:
    write(tmp_path, {"a.py": "", "vendor/tree/b.py": ""})
    memory_git.listings = {tmp_path.name: FolderListing(("a.py",))}
    memory_git.worktrees = (tmp_path / "gone", tmp_path / "vendor/tree")
    assert list_root(Root(tmp_path, tmp_path), memory_git).worktrees == ()


def test_two_worktrees_of_one_name_must_be_named_by_their_paths(tmp_path: Path, memory_git: MemoryGit) -> None:
    (tmp_path / "root").mkdir()
    memory_git.worktrees = (tmp_path / "a/tree", tmp_path / "b/tree")
    with pytest.raises(ConfigurationError, match="'tree' names more than one"):
        list_root(Root(tmp_path / "root", tmp_path / "root"), memory_git, ["tree"])


def test_worktrees_that_git_cannot_list_are_a_note(with_worktrees: Path) -> None:
    listing = list_root(Root(with_worktrees, with_worktrees), Git("no-such-git"))
    assert "git worktrees are not known: git is not installed" in listing.notes
