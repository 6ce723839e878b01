"""Whatever stands in the way of a write is told before it, all of it, and nothing is changed."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import GitFailedError, PreflightError
from rrr_optimize.model import FileChange
from rrr_optimize.tools.git import Git
from rrr_optimize.transaction import Permissions, Request, list_transactions, write
from rrr_optimize.workspace.root import Root, find_root
from tests.transaction.conftest import ANYWHERE, Clean, look, request_for

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.transaction.cleanliness import WorkTreeStatus
    from tests.conftest import Repository


def refuse(
    root: Root, request: Request, git: WorkTreeStatus | None = None, permissions: Permissions = ANYWHERE
) -> PreflightError:
    """Return what the write is refused with, after a look that it left everything as it was."""
    before = look(root.path)
    journal = (root.path / ".rrr-optimize").exists()
    with pytest.raises(PreflightError) as caught:
        write(root, request, git or Clean(), permissions)
    assert look(root.path) == before
    assert (root.path / ".rrr-optimize").exists() == journal
    assert caught.value.exit_code == 2
    return caught.value


def told(error: PreflightError) -> list[tuple[str, str]]:
    return [(problem.path, problem.reason) for problem in error.problems]


def change(root: Root, path: str) -> Request:
    """Return a request to change a file, of which nothing is known to have been read."""
    try:
        before = (root.path / path).read_bytes() if (root.path / path).is_file() else b""
    except OSError:
        before = b""
    return Request("unify", (FileChange(path, before, b"new\n"),), {})


def make_pipe(root: Path) -> str:
    os.mkfifo(root / "x.py")
    return "it is a named pipe, not a file"


def make_socket(root: Path) -> str:
    here = Path.cwd()
    os.chdir(root)
    with socket.socket(socket.AF_UNIX) as server:
        server.bind("x.py")
    os.chdir(here)
    return "it is a socket, not a file"


def make_folder(root: Path) -> str:
    (root / "x.py").mkdir()
    return "it is a folder, not a file"


def make_hard_link(root: Path) -> str:
    (root / "x.py").hardlink_to(root / "a.txt")
    return "it has 2 names (hard links), and would change under one of them only"


def make_link_out(root: Path) -> str:
    (root.parent / "outside.py").write_bytes(b"")
    (root / "x.py").symlink_to("../outside.py")
    return "a link on the way leaves the root or leads into a git directory"


def make_link_to_nothing(root: Path) -> str:
    (root / "x.py").symlink_to("nothing.py")
    return "it was read and is gone"


def make_link_into_git(root: Path) -> str:
    (root / ".git").mkdir()
    (root / ".git/config").write_bytes(b"")
    (root / "x.py").symlink_to(".git/config")
    return "a link on the way leaves the root or leads into a git directory"


def make_loop(root: Path) -> str:
    (root / "x.py").symlink_to("x.py")
    return "it is a symbolic link, not a file"


def make_read_only(root: Path) -> str:
    (root / "x.py").write_bytes(b"")
    (root / "x.py").chmod(0o444)
    return "it is read-only (mode 0444)"


def make_nothing(root: Path) -> str:
    assert not (root / "x.py").exists()
    return "it was read and is gone"


MAKERS = [
    make_pipe,
    make_socket,
    make_folder,
    make_hard_link,
    make_link_out,
    make_link_to_nothing,
    make_link_into_git,
    make_loop,
    make_read_only,
    make_nothing,
]


@pytest.mark.parametrize("make", MAKERS, ids=lambda make: make.__name__)
def test_what_is_no_file_to_change_is_never_touched(make: object, root: Root) -> None:
    assert callable(make)
    reason = make(root.path)
    assert told(refuse(root, change(root, "x.py"))) == [("x.py", reason)]
    assert told(refuse(root, Request("unify", (FileChange("x.py", b"", None),), {}))) == [("x.py", reason)]


@pytest.mark.parametrize(
    ("path", "reason"),
    [
        ("../x.txt", "it is not a path inside the root"),
        ("sub/../../x.txt", "it is not a path inside the root"),
        ("/etc/x.txt", "it is not a path inside the root"),
        ("", "it is not a path inside the root"),
        ("sub//x.txt", "it is not a path inside the root"),
        ("a\0b", "it is not a path inside the root"),
        (".git/hooks/pre-commit", "it lies in a folder that is not for us to change"),
        ("sub/.GIT/config", "it lies in a folder that is not for us to change"),
        (".rrr-optimize/journal/0001/before", "it lies in a folder that is not for us to change"),
        (".rrr-optimize/Journal", "it lies in a folder that is not for us to change"),
        ("out/x.txt", "a link on the way leaves the root or leads into a git directory"),
        ("a.txt/x.txt", "a.txt is no folder"),
        ("a.txt", "it is to be created and is there already"),
        ("nowhere.txt", "it is to be created and is there already"),
    ],
)
def test_a_file_is_created_only_where_it_may_be(path: str, reason: str, root: Root, tmp_path: Path) -> None:
    (root.path / "out").symlink_to(tmp_path)
    (root.path / "nowhere.txt").symlink_to("nothing.txt")
    request = Request("unify", (FileChange(path, None, b"new\n"),), {})
    assert told(refuse(root, request)) == [(path, reason)]


def test_run_records_may_be_written_beside_the_journal(root: Root) -> None:
    request = Request("unify", (FileChange(".rrr-optimize/runs/1.json", None, b"{}\n"),), {})
    assert write(root, request, Clean(), ANYWHERE).files == (".rrr-optimize/runs/1.json",)


def test_all_problems_are_told_at_once(root: Root) -> None:
    make_pipe(root.path)
    (root.path / "b.txt").write_bytes(b"")
    (root.path / "b.txt").chmod(0o444)
    request = request_for(root.path, {"a.txt": b"1", "b.txt": b"2", "sub/old.txt": None}, ["kept.txt"])
    request = replace(request, changes=(*request.changes, FileChange("x.py", b"", b"3")))
    (root.path / "kept.txt").write_bytes(b"changed\n")
    (root.path / "a.txt").unlink()
    error = refuse(root, request, Clean({"sub/old.txt": "git does not track it"}), Permissions(allow_no_vcs=True))
    assert told(error) == [
        ("a.txt", "it was read and is gone"),
        ("b.txt", "it is read-only (mode 0444)"),
        ("kept.txt", "it has changed since it was read"),
        ("x.py", "it is a named pipe, not a file"),
    ]
    assert error.message.startswith("nothing was written, because of 4 problems:\n  - a.txt: it was read and is gone\n")
    assert error.hint == "plan again: what is to be written rests on what was read"


def test_a_file_that_was_only_read_must_be_as_it_was_too(root: Root) -> None:
    request = request_for(root.path, {"a.txt": b"1"}, ["kept.txt", "sub/old.txt", "sub/run.sh"])
    (root.path / "kept.txt").chmod(0o600)
    (root.path / "sub/old.txt").unlink()
    (root.path / "sub/old.txt").mkdir()
    (root.path / "sub/run.sh").unlink()
    assert told(refuse(root, request)) == [
        ("kept.txt", "it has changed since it was read"),
        ("sub/old.txt", "it cannot be read any more: not a regular file"),
        ("sub/run.sh", "it was read and is gone"),
    ]


def test_two_names_of_one_file_are_one_change_too_many(root: Root) -> None:
    (root.path / "link.txt").symlink_to("a.txt")
    request = request_for(root.path, {"a.txt": b"1", "link.txt": b"2"})
    assert told(refuse(root, request)) == [("link.txt", "it is the same file as a.txt, which changes too")]


def test_two_creations_that_differ_in_case_alone_are_refused(root: Root) -> None:
    changes = tuple(FileChange(path, None, b"") for path in ("docs/Audit.md", "docs/audit.md"))
    (problem,) = told(refuse(root, Request("unify", changes, {})))
    assert problem == (
        "docs/audit.md",
        "its name differs from docs/Audit.md in case alone, and some systems know no case",
    )


def test_a_file_to_create_is_no_folder_for_another_one(root: Root) -> None:
    changes = tuple(FileChange(path, None, b"") for path in ("docs/a/b/c.md", "docs/a"))
    (problem,) = told(refuse(root, Request("unify", changes, {})))
    assert problem == ("docs/a", "it is to be created as a file, and as a folder for docs/a/b/c.md")


def test_a_read_only_folder_is_told_for_each_file_in_it(root: Root) -> None:
    (root.path / "sub").chmod(0o555)
    request = request_for(root.path, {"sub/run.sh": b"1", "sub/new/x.txt": b"2"})
    problems = told(refuse(root, request))
    (root.path / "sub").chmod(0o755)
    reason = "its folder is read-only (mode 0555)"
    assert problems == [("sub/new/x.txt", reason), ("sub/run.sh", reason)]


def test_a_root_in_which_no_journal_can_be_made_is_told(root: Root) -> None:
    root.path.chmod(0o555)
    problems = told(refuse(root, request_for(root.path, {"sub/run.sh": b"1"})))
    root.path.chmod(0o755)
    assert problems == [(".rrr-optimize/journal", "its folder is read-only (mode 0555)")]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() != 0, reason="only root can become somebody else")
def test_a_file_of_another_user_is_told_to_whoever_is_not_root(root: Root, tmp_path: Path) -> None:
    script = (
        "import os, sys\n"
        "from pathlib import Path\n"
        "from rrr_optimize.errors import PreflightError\n"
        "from tests.transaction.conftest import *\n"
        "from rrr_optimize.transaction import write\n"
        "root = Root(Path(sys.argv[1]), None)\n"
        "request = request_for(root.path, {'a.txt': b'1', 'sub/run.sh': b'2', 'sub/old.txt': b'3'})\n"
        "os.setgroups([])\n"
        "os.setgid(4321)\n"
        "os.setuid(1234)\n"
        "try: write(root, request, Clean(), ANYWHERE)\n"
        "except PreflightError as error: print(error.message)\n"
    )
    for folder in (tmp_path, *tmp_path.parents):
        if folder.stat().st_uid == 0 and folder not in {Path("/"), Path("/tmp")}:  # noqa: S108 - it is open already
            folder.chmod(0o755)
    root.path.chmod(0o777)
    for path in ("sub", "sub/old.txt"):
        os.chown(root.path / path, 1234, 4321)
    (root.path / "a.txt").chmod(0o666)
    done = subprocess.run(
        [sys.executable, "-c", script, str(root.path)],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines()[1:] == [
        "  - a.txt: it belongs to another user (uid 0), which could not be kept",
        "  - sub/run.sh: it belongs to another user (uid 0), which could not be kept",
    ]


# Git


def refuse_in_git(root: Root, changes: Mapping[str, bytes | None], permissions: Permissions) -> list[tuple[str, str]]:
    return told(refuse(root, request_for(root.path, changes), Git(), permissions))


@pytest.fixture
def dirty(repository: Repository) -> Root:
    """Return a repository with a file of each kind that is not clean, and one that is."""
    names = ("clean.txt", "changed.txt", "staged.txt", "removed.txt")
    folder = repository(dict.fromkeys(names, "old\n"), git=True)
    for name in ("changed.txt", "staged.txt", "untracked.txt"):
        (folder / name).write_bytes(b"new\n")
    subprocess.run(["git", "add", "staged.txt"], cwd=folder, check=True)
    (folder / "removed.txt").unlink()
    return find_root(str(folder), folder)


ALL = dict.fromkeys(("clean.txt", "changed.txt", "staged.txt", "untracked.txt", "removed.txt", "new.txt"), b"ours\n")


def test_files_that_git_could_not_give_back_are_refused_and_listed(dirty: Root) -> None:
    assert refuse_in_git(dirty, ALL, Permissions()) == [
        ("changed.txt", "it has changes that are not committed"),
        ("removed.txt", "it has changes that are not committed"),
        ("staged.txt", "it has staged changes that are not committed"),
        ("untracked.txt", "git does not track it"),
    ]


def test_in_a_hook_what_is_staged_is_clean(dirty: Root) -> None:
    assert [path for path, _ in refuse_in_git(dirty, ALL, Permissions(hook=True))] == [
        "changed.txt",
        "removed.txt",
        "untracked.txt",
    ]


@pytest.mark.parametrize(
    ("changes", "permissions"),
    [
        (ALL, Permissions(allow_dirty=True)),
        (dict.fromkeys(("clean.txt", "new/file.txt"), b"ours\n"), Permissions()),
        (dict.fromkeys(("clean.txt", "staged.txt"), b"ours\n"), Permissions(hook=True)),
    ],
)
def test_what_git_could_give_back_or_what_was_allowed_is_written(
    changes: Mapping[str, bytes], permissions: Permissions, dirty: Root
) -> None:
    write(dirty, request_for(dirty.path, changes), Git(), permissions)
    assert all((dirty.path / path).read_bytes() == b"ours\n" for path in changes)
    done = subprocess.run(["git", "status", "--short"], cwd=dirty.path, capture_output=True, text=True, check=True)
    assert ".rrr-optimize" not in done.stdout


def test_without_git_it_must_be_allowed(root: Root) -> None:
    request = request_for(root.path, {"a.txt": b"1"})
    error = refuse(root, request, Git(), Permissions(allow_dirty=True))
    assert told(error) == [("a.txt", "it is in no git repository")]
    assert "--allow-no-vcs" in error.hint
    write(root, request, Git("no-such-git"), Permissions(allow_no_vcs=True))


def test_a_git_that_cannot_answer_is_told(dirty: Root) -> None:
    request = request_for(dirty.path, {"clean.txt": b"1"})
    error = refuse(dirty, request, Git("no-such-git"), Permissions())
    assert told(error) == [("clean.txt", "git cannot tell whether it is clean: git is not installed")]
    write(dirty, request, Git("no-such-git"), Permissions(allow_no_vcs=True))


def test_a_repository_inside_the_root_is_asked_about_its_own_files(repository: Repository) -> None:
    inner = repository({"x.txt": "old\n", "sub/y.txt": "old\n"}, git=True, folder="inner")
    outer = repository({"a.txt": "old\n"}, git=True)
    inner.rename(outer / "inner")
    (outer / "inner/sub/y.txt").write_bytes(b"new\n")
    git = Clean({"sub/y.txt": "it is dirty"})
    root = find_root(str(outer), outer)
    request = request_for(outer, {"a.txt": b"1", "inner/x.txt": b"2", "inner/sub/y.txt": b"3"})
    assert told(refuse(root, request, git, Permissions())) == [("inner/sub/y.txt", "it is dirty")]
    assert git.asked == [(outer, ("a.txt",), False), (outer / "inner", ("sub/y.txt", "x.txt"), False)]


def test_a_root_below_the_top_of_its_repository_is_asked_about_with_whole_paths(repository: Repository) -> None:
    top = repository({"app/x.txt": "old\n"}, git=True)
    root = find_root("app", top)
    (top / "app/x.txt").write_bytes(b"new\n")
    assert refuse_in_git(root, {"x.txt": b"1"}, Permissions()) == [("x.txt", "it has changes that are not committed")]


class Broken:
    """A git that breaks."""

    def find_unclean(self, top: Path, paths: Sequence[str], *, staged_is_clean: bool = False) -> Mapping[str, str]:
        raise GitFailedError(f"broken at {top}, {paths}, {staged_is_clean}")


def test_with_dirt_allowed_git_is_not_asked(dirty: Root) -> None:
    write(dirty, request_for(dirty.path, {"clean.txt": b"1"}), Broken(), Permissions(allow_dirty=True))
    assert len(list_transactions(dirty)) == 1
