from __future__ import annotations

import hashlib
import os
import resource
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import UnreadableRootError
from rrr_optimize.model import NotAnalysed
from rrr_optimize.tools.git import Git
from rrr_optimize.workspace.reader import Reader
from rrr_optimize.workspace.reading import SIZE_LIMIT
from rrr_optimize.workspace.repository import FolderListing
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import Presence, Snapshot, take_snapshot

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.workspace.conftest import MemoryGit, Write


def _snapshot(folder: Path) -> Snapshot:
    return take_snapshot(Root(folder, None), Git())


def _refusals(snapshot: Snapshot) -> dict[str, str]:
    return {each.path: each.reason for each in snapshot.not_analysed}


@contextmanager
def _as_nobody() -> Iterator[None]:
    """Give up the rights of root for a while, to whom no file is forbidden."""
    mine = os.geteuid()
    if mine == 0:
        os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(mine)


@pytest.fixture
def public_folder() -> Iterator[Path]:
    """Return a folder that every user can enter."""
    with tempfile.TemporaryDirectory() as folder:
        Path(folder).chmod(0o755)
        yield Path(folder).resolve()


@pytest.mark.parametrize("path", ["../secret", "/etc/passwd", "sub", "gone.py", "", ".", "./a.py", "ignored.log"])
def test_what_is_not_listed_is_never_read(path: str, tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"secret": "x", "root/a.py": "", "root/sub/b.py": "", "root/ignored.log": ""})
    write(tmp_path, {"root/.gitignore": "*.log"})
    snapshot = _snapshot(tmp_path / "root")
    assert (snapshot.read(path), snapshot.text(path), snapshot.canonical(path)) == (None, None, None)
    assert (snapshot.not_analysed, dict(snapshot.digests)) == ((), {})


def test_a_link_that_leaves_the_root_is_never_opened(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"outside/secret.py": "x", "root2/secret.py": "x", "root/a.py": ""})
    (tmp_path / "root/b.py").symlink_to("../outside/secret.py")
    (tmp_path / "root/c.py").symlink_to(tmp_path / "root2/secret.py")
    (tmp_path / "root/d.py").symlink_to("gone")
    (tmp_path / "root/e.py").symlink_to("e.py")
    (tmp_path / "root/f.py").symlink_to("../outside")
    snapshot = _snapshot(tmp_path / "root")
    assert [snapshot.text(path) for path in snapshot.files[1:]] == [None] * 5
    assert _refusals(snapshot) == {
        "b.py": "a symbolic link that leaves the repository",
        "c.py": "a symbolic link that leaves the repository",
        "d.py": "a symbolic link to nothing",
        "e.py": "a symbolic link, not a file",
        "f.py": "a symbolic link that leaves the repository",
    }


def test_a_file_below_a_folder_that_became_a_link_is_never_opened(
    tmp_path: Path, write: Write, memory_git: MemoryGit
) -> None:
    write(tmp_path, {"outside/secret.py": "x", "root/a.py": ""})
    (tmp_path / "root/sub").symlink_to("../outside")
    memory_git.listings["root"] = FolderListing(("a.py", "sub/secret.py"))
    snapshot = take_snapshot(Root(tmp_path / "root", tmp_path / "root"), memory_git)
    assert snapshot.read("sub/secret.py") is None
    assert _refusals(snapshot) == {"sub/secret.py": "a symbolic link that leaves the repository"}


def test_a_link_into_the_git_directory_is_never_opened(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {".git/config": "token"})
    (tmp_path / "a.py").symlink_to(".git/config")
    assert _snapshot(tmp_path).read("a.py") is None


def test_a_link_inside_the_root_is_the_file_that_it_leads_to(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"requirements.txt": "rich", "sub/x": ""})
    (tmp_path / "sub/requirements.txt").symlink_to("../requirements.txt")
    snapshot = _snapshot(tmp_path)
    text = snapshot.text("sub/requirements.txt")
    assert text is not None
    assert text is snapshot.text("requirements.txt")
    assert text.path == snapshot.canonical("sub/requirements.txt") == "requirements.txt"
    assert list(snapshot.digests) == ["requirements.txt"]
    assert snapshot.not_analysed == ()


def test_every_read_is_recorded_with_its_digest(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": b"\xef\xbb\xbfx = 1\r\n", "b.py": ""})
    (tmp_path / "a.py").chmod(0o600)
    snapshot = _snapshot(tmp_path)
    snapshot.text("a.py")
    digest = snapshot.digests["a.py"]
    assert digest.sha256 == hashlib.sha256(b"\xef\xbb\xbfx = 1\r\n").hexdigest()
    assert (digest.size, digest.mode) == (10, 0o600)
    assert list(snapshot.read_files()) == [("a.py", b"\xef\xbb\xbfx = 1\r\n")]


def test_a_file_is_read_once_whatever_happens_to_it(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": "old", "b.py": "old"})
    snapshot = _snapshot(tmp_path)
    first = snapshot.text("a.py")
    (tmp_path / "b.py").unlink()
    assert snapshot.read("b.py") is None
    write(tmp_path, {"a.py": "new", "b.py": "new"})
    assert snapshot.read("a.py") == b"old"
    assert snapshot.text("a.py") is first
    assert (snapshot.read("b.py"), snapshot.text("b.py")) == (None, None)
    assert snapshot.not_analysed == (NotAnalysed("b.py", "it vanished before it was read"),)


def test_the_reader_of_the_configuration_is_taken_over(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"pyproject.toml": "old"})
    reader = Reader(tmp_path)
    assert reader.is_there("pyproject.toml")
    assert not reader.is_there("rrr-optimize.toml")
    text = reader.text("pyproject.toml")
    write(tmp_path, {"pyproject.toml": "new"})
    assert take_snapshot(Root(tmp_path, None), Git(), reader=reader).text("pyproject.toml") is text


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"\xff\xfeabc", "is not utf-16"),
        (b"a\0b", "NUL character"),
        (b"caf\xe9", "byte 3 (0xe9) is not utf-8"),
        (b"# coding: nonsense\n", "unknown encoding"),
        (b" " * (SIZE_LIMIT + 1), "more than the limit"),
    ],
)
def test_bytes_that_are_no_text_are_told_once(content: bytes, reason: str, tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.py": content})
    snapshot = _snapshot(tmp_path)
    assert snapshot.text("a.py") is snapshot.text("a.py") is None
    (told,) = snapshot.not_analysed
    assert (told.path, reason in told.reason) == ("a.py", True)


def test_a_pipe_or_a_folder_in_the_place_of_a_file_does_not_hang(
    tmp_path: Path, write: Write, memory_git: MemoryGit
) -> None:
    write(tmp_path, {"x.py/y.py": ""})
    os.mkfifo(tmp_path / "requirements.txt")
    memory_git.listings[tmp_path.name] = FolderListing(("x.py", "requirements.txt"))
    snapshot = take_snapshot(Root(tmp_path, tmp_path), memory_git)
    assert [snapshot.text(path) for path in snapshot.files] == [None, None]
    assert _refusals(snapshot) == {"requirements.txt": "a named pipe, not a file", "x.py": "a folder, not a file"}


def test_a_forbidden_file_or_folder_is_told(public_folder: Path, write: Write) -> None:
    write(public_folder, {"a.py": "", "b.py": "", "closed/c.py": "", "half/d.py": ""})
    (public_folder / "a.py").chmod(0)
    (public_folder / "closed").chmod(0)
    os.mkfifo(public_folder / "half/pipe")
    (public_folder / "half").chmod(0o444)
    with _as_nobody():
        snapshot = _snapshot(public_folder)
        assert [snapshot.read(path) for path in ("a.py", "b.py", "half/d.py")] == [None, b"", None]
    assert _refusals(snapshot) == {
        "a.py": "permission denied",
        "closed": "a folder: permission denied",
        "half/d.py": "permission denied",
        "half/pipe": "permission denied",
    }
    (public_folder / "closed").chmod(0o755)
    (public_folder / "half").chmod(0o755)


def test_a_forbidden_repository_in_the_root_is_told(public_folder: Path, write: Write, memory_git: MemoryGit) -> None:
    write(public_folder, {"sub/a.py": ""})
    (public_folder / "sub").chmod(0)
    memory_git.listings[public_folder.name] = FolderListing((), ("sub",))
    with _as_nobody():
        snapshot = take_snapshot(Root(public_folder, public_folder), memory_git)
    assert _refusals(snapshot) == {"sub": "a folder: permission denied"}
    (public_folder / "sub").chmod(0o755)


def test_a_forbidden_root_is_an_error(public_folder: Path) -> None:
    public_folder.chmod(0)
    with _as_nobody(), pytest.raises(UnreadableRootError, match="permission denied"):
        _snapshot(public_folder)


def test_few_descriptors_are_enough_for_many_files(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {f"d{n % 90}/{n}.py": "" for n in range(900)})
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (64, hard))
    try:
        snapshot = _snapshot(tmp_path)
        assert [snapshot.read(path) for path in snapshot.files] == [b""] * 900
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def _states(folder: Path, later: float) -> dict[str, str | None]:
    """Return what the snapshot says of each file of a folder when it looks that many seconds from now."""
    found = take_snapshot(Root(folder, None), Git(), reader=Reader(folder, time.time() + later))
    return {path: found.state(path) for path in (*found.files, "missing.txt")}


def test_the_state_of_a_file_changes_with_its_content(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a.txt": b"x"})
    write(tmp_path, {"b.txt": b"x"})
    first = _states(tmp_path, 10)
    assert first["a.txt"]
    assert first["a.txt"] != first["b.txt"]
    assert first["missing.txt"] is None
    assert _states(tmp_path, 20) == first
    time.sleep(0.02)
    times = (tmp_path / "a.txt").stat()
    write(tmp_path, {"a.txt": b"y"})
    os.utime(tmp_path / "a.txt", ns=(times.st_atime_ns, times.st_mtime_ns))
    assert _states(tmp_path, 10)["a.txt"] != first["a.txt"]
    assert _states(tmp_path, 10)["b.txt"] == first["b.txt"]


def test_the_state_of_what_was_just_changed_or_is_not_to_be_read_is_not_known(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"new.txt": b"x"})
    write(tmp_path, {"big.txt": b"x" * (SIZE_LIMIT + 1)})
    os.mkfifo(tmp_path / "pipe.txt")
    (tmp_path / "out.txt").symlink_to("/etc/hostname")
    assert set(_states(tmp_path, 0).values()) == {None}
    assert [path for path, state in _states(tmp_path, 10).items() if state] == ["new.txt"]


def test_a_file_below_a_link_to_a_folder_has_one_state(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"real/sub/a.txt": b"x"})
    write(tmp_path, {"real/b.txt": b"x"})
    reader = Reader(tmp_path, time.time() + 10)
    (tmp_path / "link").symlink_to("real")
    assert reader.canonical("real/b.txt") == "real/b.txt"
    assert reader.canonical("link/b.txt") == "real/b.txt"
    assert reader.canonical("link/sub/a.txt") == "real/sub/a.txt"
    assert reader.state("link/sub/a.txt") == reader.state("real/sub/a.txt")
    (tmp_path / "real/sub/a.txt").unlink()
    assert reader.state("real/sub/a.txt") is None


def test_files_are_found_by_name_and_by_folder(tmp_path: Path, write: Write) -> None:
    write(tmp_path, {"a/x.py": "", "a-b/x.py": "", "a/b/y.py": "", "a0/x.py": "", "x.py": ""})
    snapshot = _snapshot(tmp_path)
    assert snapshot.files_named("x.py") == ("a-b/x.py", "a/x.py", "a0/x.py", "x.py")
    assert snapshot.files_below("a") == ("a/b/y.py", "a/x.py")
    assert snapshot.files_below(".") == snapshot.files
    assert (dict(snapshot.skipped), snapshot.notes) == ({}, ())
    assert snapshot.folders == {".", "a", "a-b", "a/b", "a0"}
    assert (snapshot.is_file("a/x.py"), snapshot.is_file("a"), snapshot.is_folder("a")) == (True, False, True)


def test_a_named_worktree_outside_the_root_is_read_but_nothing_beside_it(
    tmp_path: Path, write: Write, memory_git: MemoryGit
) -> None:
    write(tmp_path, {"root/a.py": "", "tree/.git/HEAD": "", "tree/.git/objects/x": "", "tree/b.py": "b", "c.py": ""})
    (tmp_path / "tree/d.py").symlink_to("../c.py")
    memory_git.listings |= {"root": FolderListing(("a.py",)), "tree": FolderListing(("b.py", "d.py"))}
    memory_git.worktrees = (tmp_path / "tree",)
    snapshot = take_snapshot(Root(tmp_path / "root", tmp_path / "root"), memory_git, ["tree"])
    assert snapshot.files == ("../tree/b.py", "../tree/d.py", "a.py")
    assert (snapshot.read("../tree/b.py"), snapshot.read("../tree/d.py")) == (b"b", None)


@pytest.mark.parametrize(
    ("path", "presence"),
    [
        ("sub/b.txt", Presence.LISTED),
        ("inside/b.txt", Presence.LISTED),
        ("no.txt", Presence.EXCLUDED),
        ("vendor/v.txt", Presence.LEFT_OUT),
        ("x.log", Presence.IGNORED),
        ("inside/x.log", Presence.IGNORED),
        ("gone.txt", Presence.MISSING),
        ("sub", Presence.MISSING),
        ("a\0b", Presence.MISSING),
        ("a" * 5000, Presence.MISSING),
        ("loop/x.txt", Presence.MISSING),
        ("outside/secret", Presence.OUTSIDE),
        ("outside/gone", Presence.OUTSIDE),
        ("sub/../outside/secret", Presence.OUTSIDE),
        ("sub/link", Presence.OUTSIDE),
    ],
)
def test_tells_what_there_is_without_leaving_the_root(
    path: str, presence: Presence, tmp_path: Path, write: Write
) -> None:
    files = {
        "sub/b.txt": "",
        "no.txt": "",
        "vendor/v.txt": "",
        "x.log": "",
        "sub/x.log": "",
        ".gitignore": "*.log\nsub/link",
    }
    write(tmp_path, {"secret": "x", **{f"root/{name}": text for name, text in files.items()}})
    root = tmp_path / "root"
    for name, target in (("inside", "sub"), ("outside", ".."), ("loop", "loop"), ("sub/link", "../../secret")):
        (root / name).symlink_to(target)
    snapshot = take_snapshot(Root(root, None), Git(), is_excluded="no.txt".__eq__)
    assert snapshot.look_for(path) is presence
    assert not snapshot.not_analysed
