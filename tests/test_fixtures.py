"""The fixtures that whole runs stand on keep their own promises."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize import __version__

if TYPE_CHECKING:
    import pytest

    from tests.conftest import Cli, Repository

pytest_plugins = ["pytester"]

CONFTEST = Path(__file__).with_name("conftest.py")


def test_files_are_written_byte_for_byte(repository: Repository) -> None:
    root = repository({"a/crlf.txt": "one\r\ntwo\n", "raw.bin": b"\xff\0", "läs.txt": "é"})
    assert (root / "a" / "crlf.txt").read_bytes() == b"one\r\ntwo\n"
    assert (root / "raw.bin").read_bytes() == b"\xff\0"
    assert (root / "läs.txt").read_bytes() == "é".encode()
    assert not (root / ".git").exists()


def test_a_git_repository_is_the_same_every_time(
    repository: Repository, clean_environment: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_AUTHOR_NAME", "somebody else")
    roots = [repository({"a.txt": "one\r\n", ".gitignore": "b\n", "b": ""}, git=True, folder=name) for name in "xy"]
    for arguments, expected in (
        (["ls-files", "--eol"], "i/crlf"),
        (["status", "--porcelain"], ""),
        (["log", "--format=%an"], "Author\n"),
    ):
        first, second = (_git(root, clean_environment, *arguments) for root in roots)
        assert first == second
        assert expected in first
    first, second = (_git(root, clean_environment, "rev-parse", "HEAD") for root in roots)
    assert first == second


def test_the_command_sees_nothing_of_the_environment(cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "GIT_DIR", "TERM", "PYTHONSTARTUP", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, "/nowhere")
    assert cli("--version", cwd=tmp_path) == (0, f"rrr-optimize {__version__}\n", "")


def test_the_environment_is_told_apart(clean_environment: dict[str, str], tmp_path: Path) -> None:
    assert clean_environment["HOME"] == str(tmp_path / "home")
    assert not {"NO_COLOR", "FORCE_COLOR", "TERM", "LANG", "GIT_DIR"} & clean_environment.keys()


def test_an_expectation_is_compared_and_only_accepted_on_request(pytester: pytest.Pytester) -> None:
    # Not called tests: in one process that name is taken, and with it the real fixtures.
    shutil.copy(CONFTEST, pytester.mkdir("suite"))
    suite = "def test_says_hello(golden):\n    golden('greeting/report.txt', 'hello\\r\\n')\n"
    (pytester.path / "suite" / "test_tiny.py").write_text(suite, encoding="utf-8")
    expectation = pytester.path / "fixtures" / "greeting" / "report.txt"

    def run(*arguments: str) -> int:
        return pytester.runpytest_inprocess("--import-mode=importlib", *arguments, "suite").ret

    assert run() == 1
    assert not expectation.exists()
    assert run("--accept") == 0
    assert expectation.read_bytes() == b"hello\r\n"
    assert run() == 0
    expectation.write_bytes(b"hello\n")
    assert run() == 1


def _git(root: Path, environment: dict[str, str], *arguments: str) -> str:
    command = ["git", *arguments]
    done = subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True, encoding="utf-8")
    return done.stdout
