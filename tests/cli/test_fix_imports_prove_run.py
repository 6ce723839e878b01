"""`fix-imports --prove-run`: the second proof in whole runs. What must not happen comes first."""

from __future__ import annotations

import json
import stat
import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

IDLE = """\
import os
import sys

sys.path.insert(0, os.path.join(os.path.dirname(__file__), "gone"))

import json
import tools.names

print(json.dumps([tools.names]))
"""
CLEAN = """\
import json
import tools.names

print(json.dumps([tools.names]))
"""
# Whoever runs any line of this but the import leaves a mark, or never comes back.
TRAP = """\
import tools.other

open(__file__ + ".was_run", "w").close()
while True:
    raise SystemExit(7)
"""
FILES = {
    "README.md": "    python idle.py\n",
    "idle.py": IDLE,
    "tools/names.py": TRAP,
    "tools/other.py": "value = open(__file__ + '.was_run', 'w')\n",
}
CLAIM = "each import reaches what it did"


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository(FILES, git=True)


def groups(cli: Cli, root: Path, *arguments: str, exit_code: int = 1) -> list[dict[str, Any]]:
    run = cli("fix-imports", "--format", "json", *arguments, cwd=root)
    assert (run.exit_code, run.stderr) == (exit_code, "")
    found: list[dict[str, Any]] = json.loads(run.stdout)["groups"]
    return found


def replayed(group: dict[str, Any]) -> list[dict[str, Any]]:
    return [proof for proof in group["proofs"] if proof["claim"].startswith("replayed by Python")]


def program(path: Path, text: str) -> str:
    path.write_text(f"#!{sys.executable}\n{text}", "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)
    return str(path)


def test_nothing_of_the_target_runs_and_nothing_is_written(root: Path, cli: Cli) -> None:
    before = {path: path.read_bytes() for path in root.rglob("*") if ".git" not in path.parts and path.is_file()}
    (group,) = [each for each in groups(cli, root, "--prove-run") if each["id"].startswith("search-path")]
    (proof,) = replayed(group)
    assert proof["holds"]
    assert not list(root.rglob("*.was_run"))
    assert not list(root.rglob("__pycache__"))
    assert before == {path: path.read_bytes() for path in before}


def test_without_the_option_nothing_is_replayed(root: Path, cli: Cli) -> None:
    assert not any(replayed(group) for group in groups(cli, root))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["--python", sys.executable], "--python says nothing without --prove-run"),
        (["--prove-run", "--python", "./no-such-python"], "--python ./no-such-python: there is no such program"),
    ],
)
def test_a_python_that_cannot_be_meant_is_refused(arguments: list[str], message: str, root: Path, cli: Cli) -> None:
    run = cli("fix-imports", *arguments, cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert message in run.stderr


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)\n", "the replay ended by signal 9"),
        ("import sys\nsys.exit('no room left')\n", "the replay ended with exit code 1: no room left"),
        ("print('nonsense', flush=True)\nimport time\ntime.sleep(60)\n", "the replay answered nonsense"),
    ],
    ids=["dies", "ends", "talks nonsense"],
)
def test_a_replay_that_fails_refuses_the_group_and_the_run_goes_on(
    text: str, why: str, root: Path, tmp_path: Path, cli: Cli
) -> None:
    python = program(tmp_path / "python", text)
    (group,) = groups(cli, root, "--prove-run", "--python", python, "--write", exit_code=0)
    assert (group["lane"], group["accepted"]) == ("refused", False)
    assert group["why"].startswith("the proof failed: replayed by Python")
    assert [proof["evidence"] for proof in replayed(group)] == [[why]]
    assert (root / "idle.py").read_text("utf-8") == IDLE


def test_the_proof_is_shown_and_the_change_is_written(root: Path, cli: Cli) -> None:
    shown = cli("fix-imports", "--prove-run", "--verbose", cwd=root)
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert CLAIM in shown.stdout
    assert "imports compared" in shown.stdout
    written = cli("fix-imports", "--prove-run", "--write", cwd=root)
    assert (written.exit_code, written.stderr) == (0, "")
    assert (root / "idle.py").read_text("utf-8") == CLEAN
    assert cli("fix-imports", "--prove-run", "--check", cwd=root).exit_code == 0


def test_one_file_on_stdin_is_replayed_as_it_comes_in(root: Path, tmp_path: Path, cli: Cli) -> None:
    words = ("fix-imports", "-", "--stdin-filename", "idle.py", "--prove-run")
    assert cli(*words, cwd=root, stdin=IDLE.encode()).stdout == CLEAN
    python = program(tmp_path / "python", "import sys\nsys.exit(1)\n")
    assert cli(*words, "--python", python, cwd=root, stdin=IDLE.encode()).stdout == IDLE
