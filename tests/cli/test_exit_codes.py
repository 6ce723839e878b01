"""The exit code of every situation in docs/cli.md: 0, 1, 2 and 130, and never 1 for anything but findings."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import Start
    from tests.conftest import Cli, Repository

_ERROR = {"requirements.txt": "numpy==1.0\nnumpy==2.0\n"}
_WARNING = {"a/requirements.txt": "numpy==1.0\n", "b/requirements.txt": "numpy==2.0\n"}
_INFO = {"a/requirements.txt": "numpy==1.0\n", "b/requirements.txt": "numpy==1.0\n"}
_FULL = Path("/dev/full")
_Files = dict[str, str]


@pytest.mark.parametrize(
    ("files", "arguments", "code"),
    [
        ({}, (), 0),
        ({"README.md": "No Python here.\n", "main.go": "package main\n"}, (), 0),
        (_INFO, (), 0),
        (_INFO, ("--fail-on", "info"), 1),
        (_WARNING, (), 1),
        (_WARNING, ("--fail-on", "error"), 0),
        (_WARNING, ("--fail-on", "INFO"), 1),
        (_ERROR, ("--fail-on", "error"), 1),
        (_ERROR, ("--ignore", "REQ001"), 0),
        (_ERROR, ("--format", "json"), 1),
        (_ERROR, ("--format", "markdown"), 1),
        (_ERROR, ("-q",), 1),
        (_ERROR, ("--output", os.devnull), 1),
    ],
)
def test_findings_at_or_above_the_limit_exit_with_1_and_nothing_else_does(
    files: _Files, arguments: tuple[str, ...], code: int, repository: Repository, cli: Cli
) -> None:
    run = cli("audit", ".", *arguments, cwd=repository(files))
    assert (run.exit_code, run.stderr) == (code, "")


@pytest.mark.parametrize(
    ("arguments", "stderr"),
    [
        (("audit",), "no repository around"),
        (("audit", "nowhere"), "rrr-optimize: nowhere does not exist\n"),
        (("audit", ""), "rrr-optimize: '' does not exist\n"),
        (("audit", "file.txt"), "file.txt is not a folder\nhint: name the folder to look at: .\n"),
        (("audit", ".", "--format", "xml"), "hint: choose text, json, markdown, sarif, github\n"),
        (("audit", ".", "--color", "maybe"), "hint: choose auto, always, never\n"),
        (("audit", ".", "--fail-on", "never"), "'fail-on' must be 'error', 'warning' or 'info', not 'never'"),
        (("audit", ".", "--since", "HEAD"), "--since needs a git repository"),
        (("audit", ".", "--since", ""), "--since needs a git repository"),
        (("audit", ".", "--write-baseline"), "hint: add --baseline FILE\n"),
        (("audit", ".", "--output", "no/folder.txt"), "cannot be written to no/folder.txt: No such file or directory"),
        (("audit", ".", "--output", "."), "cannot be written to .: Is a directory"),
        (("audit", ".", "--bogus"), "No such option: --bogus"),
        (("audit", ".", "another"), "unexpected extra argument"),
        (("audti",), "No such command 'audti'"),
        (("rule", "REQ999"), "there is no rule 'REQ999'"),
    ],
)
def test_misuse_exits_with_2_and_says_why_on_stderr(
    arguments: tuple[str, ...], stderr: str, repository: Repository, cli: Cli
) -> None:
    run = cli(*arguments, cwd=repository({"file.txt": ""}))
    assert (run.exit_code, run.stdout) == (2, "")
    assert stderr in run.stderr
    assert "Traceback" not in run.stderr


def test_no_arguments_show_the_help_on_stderr_and_count_as_misuse(cli: Cli, tmp_path: Path) -> None:
    run = cli(cwd=tmp_path)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith("Usage: rrr-optimize [OPTIONS] COMMAND [ARGS]...\n")


def test_our_own_bug_exits_with_2_and_asks_for_a_report(repository: Repository, cli: Cli, tmp_path: Path) -> None:
    # A library that breaks stands for a bug: nothing that a repository holds should bring one about.
    broken = tmp_path / "broken" / "pathspec.py"
    broken.parent.mkdir()
    broken.write_text("raise ValueError('https://user:s3cr3t@example.com')\n", encoding="utf-8")
    search_path = os.pathsep.join([str(broken.parent), str(Path(__file__).parents[2])])
    run = cli("audit", ".", cwd=repository({".gitignore": "x\n"}), environment={"PYTHONPATH": search_path})
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith("rrr-optimize: this is a bug in rrr-optimize ")
    assert "please report it" in run.stderr
    assert "Traceback" in run.stderr
    assert "s3cr3t" not in run.stderr


def test_ctrl_c_exits_with_130_and_writes_nothing(repository: Repository, start: Start, tmp_path: Path) -> None:
    # A git that hangs keeps the run at a known place.
    git = tmp_path / "bin" / "git"
    git.parent.mkdir()
    git.write_text('#!/bin/sh\ntouch "$MARK"\nexec sleep 60\n', encoding="utf-8")
    git.chmod(0o755)
    mark = tmp_path / "started"
    root = repository(_ERROR, git=True)
    environment = {"PATH": f"{git.parent}{os.pathsep}{os.environ['PATH']}", "MARK": str(mark)}
    environment["PYTHONWARNINGS"] = "ignore"  # Python leaves a child that it has just killed behind
    process = start("audit", ".", "--output", "report.txt", cwd=root, environment=environment)
    for _ in range(600):
        if mark.exists():
            break
        time.sleep(0.05)
    process.send_signal(signal.SIGINT)
    stdout, stderr = process.communicate(timeout=60)
    # Where Python itself saw the interrupt too it ends by the signal, which a shell calls 130 as well.
    assert process.returncode in {130, -signal.SIGINT}
    assert (stdout, stderr) == (b"", b"rrr-optimize: interrupted\n")
    assert not (root / "report.txt").exists()


@pytest.mark.parametrize("arguments", [("audit", "."), ("rule",), ("-h",), ("--version",)])
def test_a_reader_that_goes_away_is_no_finding(
    arguments: tuple[str, ...], repository: Repository, start: Start
) -> None:
    read, write = os.pipe()
    os.close(read)
    process = start(*arguments, cwd=repository(_ERROR), stdout=write)
    os.close(write)
    _, stderr = process.communicate(timeout=60)
    assert (process.returncode, stderr) == (2, b"")


def test_head_gets_its_line(repository: Repository, start: Start) -> None:
    lines = "".join(f"p{number}=1\n" for number in range(5000))
    with start("audit", ".", cwd=repository({"requirements.txt": lines})) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        with subprocess.Popen(["head", "-n", "1"], stdin=process.stdout, stdout=subprocess.PIPE) as head:
            process.stdout.close()
            assert head.communicate(timeout=60)[0].startswith(b"requirements.txt:1:3 REQ014 error: 'p0=1'")
        assert process.stderr.read() == b""
    assert process.returncode == 2


@pytest.mark.parametrize("arguments", [("audit", "."), ("rule",)])
def test_a_closed_or_full_stdout_is_told(arguments: tuple[str, ...], repository: Repository, start: Start) -> None:
    root = repository(_ERROR)
    process = start(*arguments, cwd=root, before=lambda: os.close(1))
    assert process.communicate(timeout=60)[1].startswith(b"rrr-optimize: stdout is closed\n")
    assert process.returncode == 2
    if _FULL.exists():
        with _FULL.open("wb") as full:
            process = start(*arguments, cwd=root, stdout=full)
        assert process.communicate(timeout=60)[1].startswith(b"rrr-optimize: stdout cannot be written: No space left")
        assert process.returncode == 2


def test_a_closed_stderr_changes_no_exit_code(repository: Repository, start: Start) -> None:
    root = repository(_ERROR)
    for arguments, code in ((("audit", "."), 1), (("audit", "nowhere"), 2)):
        process = start(*arguments, cwd=root, before=lambda: os.close(2))
        process.communicate(timeout=60)
        assert process.returncode == code


def test_without_git_the_files_are_walked(repository: Repository, cli: Cli, tmp_path: Path) -> None:
    root = repository(_ERROR, git=True)
    empty = tmp_path / "empty"
    empty.mkdir()
    assert shutil.which("git", path=str(empty)) is None
    run = cli("audit", ".", cwd=root, environment={"PATH": str(empty)})
    assert (run.exit_code, run.stderr) == (1, "")
    assert "note: .: files found by a walk that honours .gitignore, since git is not installed\n" in run.stdout
    run = cli("audit", ".", "--since", "HEAD", cwd=root, environment={"PATH": str(empty)})
    assert (run.exit_code, run.stdout, run.stderr) == (2, "", "rrr-optimize: git is not installed\n")
