"""Ctrl-C, SIGTERM and SIGKILL, on a real process and at every step: all old or all new."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import pytest

from rrr_optimize.errors import InterruptedTransactionError, StoppedError
from rrr_optimize.transaction import Permissions, list_transactions, require_no_interrupted, undo_last, write
from rrr_optimize.workspace.root import Root
from tests.faults.faulty import FaultyFileSystem
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, bytes_of, look, make_root, request_for

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    from rrr_optimize.transaction.filesystem import FileSystem

pytestmark = pytest.mark.usefixtures("usual_signals")

T = TypeVar("T")
ROOT = Path(__file__).parents[2]


class SignallingFileSystem(FaultyFileSystem):
    """Files at certain steps of which this process gets a signal."""

    def __init__(self, number: int, steps: Collection[int]) -> None:
        super().__init__()
        self._number = number
        self.at_steps = steps

    def _step(self, name: str, do: Callable[[], T], half: Callable[[], object] | None = None) -> T:
        result = super()._step(name, do, half)
        if len(self.steps) in self.at_steps:
            os.kill(os.getpid(), self._number)
        return result


def write_into(root: Root, filesystem: FileSystem | None = None, verify: Callable[[], None] | None = None) -> None:
    request = request_for(root.path, CHANGES)
    write(root, request, Clean(), ANYWHERE, [verify] if verify else (), filesystem or FaultyFileSystem())


@pytest.mark.parametrize("second", [None, 5], ids=["once", "twice"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM], ids=lambda number: number.name)
def test_a_signal_at_any_step_takes_all_back_or_comes_too_late(
    number: signal.Signals, second: int | None, tmp_path: Path
) -> None:
    before = signal.getsignal(number)
    counting = FaultyFileSystem()
    write_into(make_root(tmp_path / "0"), counting)
    stopped = 0
    for step in range(1, len(counting.steps) + 1, 3):
        root = make_root(tmp_path / f"{step}")
        old = look(root.path)
        try:
            write_into(root, SignallingFileSystem(number, {step, step + (second or 0)}))
        except StoppedError as error:
            stopped += error.exit_code == 130
            assert look(root.path) == old
        else:
            assert bytes_of(look(root.path)) == bytes_of(look(tmp_path / "0"))
        require_no_interrupted(root)
    assert stopped > 20
    assert signal.getsignal(number) == before


def test_a_signal_ends_a_check_at_once_and_a_second_one_does_not_disturb_the_way_back(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root")
    before = look(root.path)
    filesystem = SignallingFileSystem(signal.SIGINT, ())

    def wait() -> None:
        now = len(filesystem.steps)
        filesystem.at_steps = range(now + 1, now + 40)
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(60)

    start = time.monotonic()
    with pytest.raises(StoppedError, match="interrupted; all files are as they were"):
        write_into(root, filesystem, wait)
    assert time.monotonic() - start < 30
    assert look(root.path) == before


def test_a_signal_ends_a_slow_look_ahead_at_once(root: Root) -> None:
    class SlowGit(Clean):
        def find_unclean(self, top: Path, paths: Sequence[str], *, staged_is_clean: bool = False) -> Mapping[str, str]:
            os.kill(os.getpid(), signal.SIGINT)
            time.sleep(60)
            return super().find_unclean(top, paths, staged_is_clean=staged_is_clean)

    (root.path / ".git/objects").mkdir(parents=True)
    (root.path / ".git/HEAD").write_bytes(b"")
    start = time.monotonic()
    with pytest.raises(StoppedError, match="interrupted; nothing has changed"):
        write(Root(root.path, root.path), request_for(root.path, CHANGES), SlowGit(), Permissions())
    assert time.monotonic() - start < 30
    assert not (root.path / ".rrr-optimize").exists()


def test_an_undo_is_finished_whatever_signals_come(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root")
    before = look(root.path)
    write_into(root)
    undo_last(root, SignallingFileSystem(signal.SIGINT, range(1, 1000, 7)))
    assert look(root.path) == before
    assert list_transactions(root) == ()


def test_what_is_ignored_stays_ignored(tmp_path: Path) -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    write_into(make_root(tmp_path / "root"), SignallingFileSystem(signal.SIGHUP, range(1, 1000, 7)))
    assert len(list_transactions(Root(tmp_path / "root", None))) == 1
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN


def test_outside_the_main_thread_signals_are_left_alone(tmp_path: Path) -> None:
    root = make_root(tmp_path / "root")
    before = signal.getsignal(signal.SIGINT)
    seen = []
    thread = threading.Thread(target=write_into, args=(root, None, lambda: seen.append(signal.getsignal(2))))
    thread.start()
    thread.join()
    assert seen == [before]
    assert len(list_transactions(root)) == 1


WRITER = """
import signal, sys, time
from pathlib import Path
from rrr_optimize.errors import RrrOptimizeError
from rrr_optimize.transaction import write
from rrr_optimize.workspace.root import Root
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, request_for

root = Root(Path(sys.argv[1]), None)
def verify():
    print("written", flush=True)
    # Not in one piece: Python does not see a signal that comes just before it falls asleep.
    for _ in range(600):
        time.sleep(0.1)
try:
    write(root, request_for(root.path, CHANGES), Clean(), ANYWHERE, [verify])
except RrrOptimizeError as error:
    print(error.message)
    sys.exit(error.exit_code)
"""


def start_writer(root: Root) -> subprocess.Popen[str]:
    """Return a process that has written everything and waits for the end of a check."""
    process = subprocess.Popen(
        [sys.executable, "-c", WRITER, str(root.path)],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "written\n"
    return process


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP], ids=lambda number: number.name)
def test_a_real_process_that_is_stopped_puts_everything_back(number: signal.Signals, root: Root) -> None:
    before = look(root.path)
    process = start_writer(root)
    assert look(root.path) != before
    process.send_signal(number)
    process.send_signal(number)
    stdout, _ = process.communicate(timeout=60)
    assert stdout == "interrupted; all files are as they were\n"
    # The second one may come so late that nothing holds it any more, and Python complains while it ends.
    assert process.returncode in {130, -number}
    assert look(root.path) == before
    require_no_interrupted(root)


def test_a_real_process_that_is_killed_is_found_and_undone(root: Root) -> None:
    before = look(root.path)
    process = start_writer(root)
    done = subprocess.run(
        [sys.executable, "-c", WRITER, str(root.path)], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, f"another run is changing this root: process {process.pid}\n")
    process.kill()
    process.communicate(timeout=60)
    with pytest.raises(InterruptedTransactionError):
        write_into(root)
    undo_last(root)
    assert look(root.path) == before
