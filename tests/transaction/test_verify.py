"""Commands that --verify names run on what was written, and nothing else does."""

from __future__ import annotations

import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import StoppedError, UsageError, VerificationError
from rrr_optimize.transaction import list_transactions, write
from rrr_optimize.transaction.verify import find_checks
from tests.transaction.conftest import ANYWHERE, CHANGES, Clean, look, request_for

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.workspace.root import Root


def write_verified(root: Root, *words: str) -> None:
    checks = find_checks(["tests"], {"tests": words}, root.path)
    write(root, request_for(root.path, CHANGES), Clean(), ANYWHERE, checks)


def test_a_command_runs_in_the_root_and_sees_what_was_written(root: Root) -> None:
    script = "import pathlib; assert pathlib.Path('a.txt').read_bytes() == b'numpy==2.0\\r\\n'"
    write_verified(root, sys.executable, "-c", script)
    assert len(list_transactions(root)) == 1


def test_a_command_that_fails_puts_everything_back_and_its_output_is_shown(root: Root) -> None:
    before = look(root.path)
    script = "import sys; print('one'); print('two', file=sys.stderr, flush=True); sys.exit(3)"
    with pytest.raises(VerificationError) as caught:
        write_verified(root, sys.executable, "-u", "-c", script)
    first, *lines = caught.value.message.split("\n")
    assert first.startswith("--verify tests: ")
    assert first.endswith(" ended with 3; everything was put back")
    assert lines == ["  | one", "  | two"]
    assert look(root.path) == before


def test_only_the_end_of_a_long_output_is_shown(root: Root) -> None:
    with pytest.raises(VerificationError) as caught:
        write_verified(root, sys.executable, "-c", "print('x' * 100000); [print(n) for n in range(5000)]; 1 / 0")
    lines = caught.value.message.split("\n")
    assert len(lines) == 41
    assert lines[-1] == "  | ZeroDivisionError: division by zero"


def test_a_command_that_cannot_be_run_puts_everything_back(root: Root) -> None:
    before = look(root.path)
    with pytest.raises(VerificationError, match=r"^--verify tests: no-such-program -x could not be run: No such file"):
        write_verified(root, "no-such-program", "-x")
    assert look(root.path) == before


def test_nothing_is_read_from_the_terminal(root: Root) -> None:
    write_verified(root, sys.executable, "-c", "import sys; assert sys.stdin.read() == ''")


@pytest.mark.usefixtures("usual_signals")
def test_a_signal_ends_the_command_and_what_it_has_started(root: Root) -> None:
    before = look(root.path)
    # The command starts another one, tells both, asks us to stop and sleeps.
    script = (
        "import os, signal, subprocess, sys, time; "
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)', sys.argv[1]]); "
        "open(sys.argv[1], 'w').write(f'{os.getpid()} {child.pid}'); "
        "os.kill(os.getppid(), signal.SIGTERM); time.sleep(60)"
    )
    told = root.path.parent / "told"
    with pytest.raises(StoppedError):
        write_verified(root, sys.executable, "-c", script, str(told))
    assert look(root.path) == before
    for number in map(int, told.read_text(encoding="ascii").split()):
        wait_for_end(number, told)


@pytest.mark.usefixtures("usual_signals")
def test_a_command_that_will_not_end_is_made_to(root: Root) -> None:
    script = (
        "import os, signal, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); "
        "open(sys.argv[1], 'w').write(str(os.getpid())); "
        "os.kill(os.getppid(), signal.SIGINT); time.sleep(60)"
    )
    told = root.path.parent / "told"
    with pytest.raises(StoppedError):
        write_verified(root, sys.executable, "-c", script, str(told))
    wait_for_end(int(told.read_text(encoding="ascii")), told)


def wait_for_end(number: int, mark: Path) -> None:
    """Return once no process of this number has `mark` among its arguments: another one may get the number."""
    shown = str(mark)
    for _ in range(200):
        shown = subprocess.run(
            ["ps", "-o", "args=", "-p", str(number)], capture_output=True, text=True, check=False
        ).stdout
        if str(mark) not in shown:
            return
        time.sleep(0.05)
    pytest.fail(f"process {number} is still there: {shown}")


def test_only_what_is_named_is_run_each_once_and_in_order(root: Root, tmp_path: Path) -> None:
    log = tmp_path / "log"
    script = "import sys; open(sys.argv[1], 'a').write(sys.argv[2])"
    commands = {name: (sys.executable, "-c", script, str(log), name) for name in "abc"}
    for check in find_checks(["c", "a", "c"], commands, root.path):
        check()
    assert log.read_text(encoding="ascii") == "ca"
    assert find_checks([], commands, root.path) == ()


@pytest.mark.parametrize(
    ("commands", "hint"),
    [
        ({"tests": ("pytest",), "lint": ("ruff",)}, "there is 'tests'"),
        ({"lint": ("ruff",)}, "there is 'lint'"),
        ({}, 'add it: [tool.rrr-optimize.verify], tests = ["pytest"]'),
    ],
)
def test_a_name_that_is_not_configured_is_misuse(commands: dict[str, tuple[str, ...]], hint: str, root: Root) -> None:
    with pytest.raises(UsageError, match=r"^--verify test: the configuration names no such command$") as caught:
        find_checks(["test"], commands, root.path)
    assert caught.value.hint == hint


def test_the_configuration_names_commands() -> None:
    settings = read_settings({"verify": {"tests": ["pytest", "-q"]}})
    assert settings.verify == (("tests", ("pytest", "-q")),)
