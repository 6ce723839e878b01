"""The real system fails: each system call in turn, a full disk, files that not even root may change."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import JournalError, PreflightError, RrrOptimizeError, WriteFailedError
from rrr_optimize.transaction import list_transactions, undo_last, write
from tests.faults.trees import assert_ready, finish, recover, write_into
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, bytes_of, look, make_root, request_for

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rrr_optimize.workspace.root import Root
    from tests.faults.trees import Trees

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[2]
_CALLS = (
    *("mkdir", "rmdir", "openat", "write", "fsync", "rename", "unlink", "flock", "ftruncate"),
    *("chmod", "fchmodat", "chown", "lchown", "fchownat", "utimensat", "setxattr", "lsetxattr"),
)
_BEGIN = "/rrr-optimize-begins-here"
# Imports come before the mark, so that from there on every system call is one of the transaction.
_ACT = f"""
import os, sys
from pathlib import Path
from rrr_optimize.errors import RrrOptimizeError
from rrr_optimize.transaction import undo_last, write
from rrr_optimize.workspace.root import Root
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, request_for

root = Root(Path(sys.argv[2]), None)
request = request_for(root.path, CHANGES, ["kept.txt"])
for call in (os.mkdir, os.rmdir, os.unlink, os.chmod):
    try: call({_BEGIN!r}, *([0] if call is os.chmod else []))
    except OSError: pass
try:
    undo_last(root) if sys.argv[1] == "undo" else write(root, request, Clean(), ANYWHERE)
except RrrOptimizeError as error:
    sys.exit(error.exit_code)
"""


def run_traced(verb: str, root: Root, *options: str) -> int:
    command = ["strace", "-f", "--seccomp-bpf", "-qq", *options, sys.executable, "-c", _ACT, verb, str(root.path)]
    environment = {"PATH": os.environ["PATH"], "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, check=False, timeout=60)
    # strace ends by the signal that ended the program.
    return done.returncode


def calls_of(verb: str, root: Root, log: Path) -> list[tuple[str, int]]:
    """Return each system call that changes something, by its name and its number among those of this name."""
    assert run_traced(verb, root, "-o", str(log), "-e", f"trace={','.join(_CALLS)}") == 0
    counts: dict[str, int] = {}
    calls = []
    begun = False
    for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
        name = re.sub(r"^\d+ +", "", line).partition("(")[0]
        counts[name] = counts.get(name, 0) + 1
        if _BEGIN in line:
            begun = True
        elif begun and (name != "openat" or "O_CREAT" in line or str(root.path) in line):
            calls.append((name, counts[name]))
    assert len(calls) > 25
    return calls


def require_strace() -> None:
    if shutil.which("strace") is None:
        pytest.skip("there is no strace here")


@pytest.mark.parametrize("fault", ["signal=KILL", "error=ENOSPC", "error=EIO"])
def test_a_write_stands_or_is_undone_whatever_system_call_fails(fault: str, trees: Trees, tmp_path: Path) -> None:
    require_strace()
    codes = set()
    for name, number in calls_of("write", trees.make(), tmp_path / "log"):
        root = trees.make()
        code = run_traced("write", root, "-o", os.devnull, "-e", f"inject={name}:{fault}:when={number}")
        codes.add(code)
        if code == -signal.SIGKILL:
            recover(root, trees)
        elif code:
            assert look(root.path) == trees.old, (name, number)
        else:
            assert bytes_of(look(root.path)) == trees.new, (name, number)
        assert_ready(root, trees)
    assert codes == ({-signal.SIGKILL} if "KILL" in fault else {0, 2})


@pytest.mark.parametrize("fault", ["signal=KILL", "error=EIO"])
def test_an_undo_is_finished_whatever_system_call_fails(fault: str, trees: Trees, tmp_path: Path) -> None:
    require_strace()
    root = trees.make()
    write_into(root)
    codes = set()
    for name, number in calls_of("undo", root, tmp_path / "log"):
        root = trees.make()
        write_into(root)
        code = run_traced("undo", root, "-o", os.devnull, "-e", f"inject={name}:{fault}:when={number}")
        codes.add(code)
        finish(root, trees)
    assert codes == ({-signal.SIGKILL} if "KILL" in fault else {0, 2})


@contextmanager
def small_disk(folder: Path, kilobytes: int) -> Iterator[Path]:
    folder.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "none", str(folder)]
    if shutil.which("mount") is None or subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def fill(disk: Path, kilobytes: int) -> None:
    """Leave so much room on a disk and no more."""
    filler = disk / "filler"
    filler.unlink(missing_ok=True)
    free = os.statvfs(disk)
    filler.write_bytes(b"x" * max(0, free.f_bavail * free.f_frsize - kilobytes * 1024))


def grown() -> dict[str, bytes | None]:
    """Return changes for which a disk needs room in many places."""
    return {path: None if data is None else data + b"y" * 9000 for path, data in CHANGES.items()}


def test_on_a_full_disk_nothing_is_written_and_the_originals_stay(tmp_path: Path) -> None:
    outcomes = set()
    with small_disk(tmp_path / "disk", 1024) as disk:
        for kilobytes in range(0, 160, 4):
            root = make_root(disk / "root")
            before = look(root.path)
            fill(disk, kilobytes)
            refusal = refusal_of(partial(write, root, request_for(root.path, grown()), Clean(), ANYWHERE))
            outcomes.add(type(refusal))
            if refusal is None:
                fill(disk, 0)
                undo_on_a_full_disk(root)
            else:
                assert "no space left on device" in refusal.message
            assert look(root.path) == before
            assert list_transactions(root) == ()
            shutil.rmtree(root.path)
    assert outcomes == {JournalError, WriteFailedError, type(None)}


def undo_on_a_full_disk(root: Root) -> None:
    """Undo, which needs a little room of its own: it is told, and does its work once there is some."""
    after = look(root.path)
    refusal = refusal_of(lambda: undo_last(root))
    if refusal is not None:
        assert "no space left on device" in refusal.message
        assert look(root.path) == after
        (root.path.parent / "filler").unlink()
        undo_last(root)


def refusal_of(act: Callable[[], object]) -> RrrOptimizeError | None:
    try:
        act()
    except RrrOptimizeError as error:
        return error
    return None


@contextmanager
def marked(path: Path, mark: str) -> Iterator[None]:
    command = shutil.which("chattr")
    if command is None or subprocess.run([command, f"+{mark}", str(path)], capture_output=True, check=False).returncode:
        pytest.skip("no file can be made immutable here")
    try:
        yield
    finally:
        subprocess.run([command, f"-{mark}", str(path)], check=True)


@pytest.mark.parametrize(
    ("name", "mark", "reasons"),
    [
        ("a.txt", "i", ["a.txt: it cannot be written: it is immutable"]),
        ("a.txt", "a", ["a.txt: it cannot be written: it is immutable"]),
        ("sub", "i", ["sub/old.txt: its folder cannot be written", "sub/run.sh: its folder cannot be written"]),
        (".", "i", [".rrr-optimize/journal: its folder cannot be written", "a.txt: its folder cannot be written"]),
    ],
)
def test_what_is_immutable_is_told_and_nothing_is_written(
    name: str, mark: str, reasons: Sequence[str], root: Root
) -> None:
    before = look(root.path)
    with marked(root.path / name, mark), pytest.raises(PreflightError) as caught:
        write(root, request_for(root.path, CHANGES), Clean(), ANYWHERE)
    assert [reason for reason in reasons if reason not in caught.value.message] == []
    assert look(root.path) == before
    assert not (root.path / ".rrr-optimize").exists()
