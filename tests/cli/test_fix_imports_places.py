"""`fix-imports` told where: files and folders, one file from stdin, directories, source roots, what is staged."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

IDLE = "import sys\n\nsys.path.insert(0, 'gone')\n\nimport json\n\nprint(json.dumps([]), sys.argv)\n"
CLEAN = "import sys\n\nimport json\n\nprint(json.dumps([]), sys.argv)\n"
SHOWN = "    python a.py\n    python pkg/b.py\n"


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository({"README.md": SHOWN, "a.py": IDLE, "pkg/b.py": IDLE}, git=True)


def _pipe(root: Path, text: str, *arguments: str) -> tuple[int, str, str]:
    command = [sys.executable, "-m", "rrr_optimize", "fix-imports", "-", *arguments]
    run = subprocess.run(command, cwd=root, input=text, capture_output=True, encoding="utf-8", check=False)
    return run.returncode, run.stdout, run.stderr


@pytest.mark.parametrize(
    ("places", "changed"), [(["a.py"], {"a.py"}), (["pkg"], {"pkg/b.py"}), (["a.py", "pkg/b.py"], {"a.py", "pkg/b.py"})]
)
def test_changes_only_what_is_named(places: list[str], changed: set[str], root: Path, cli: Cli) -> None:
    run = cli("fix-imports", "--write", *places, cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert {path for path in ("a.py", "pkg/b.py") if (root / path).read_text("utf-8") != IDLE} == changed


def test_paths_count_from_the_working_directory(root: Path, cli: Cli) -> None:
    assert cli("fix-imports", "--write", "b.py", cwd=root / "pkg").exit_code == 0
    assert (root / "pkg" / "b.py").read_text("utf-8") == CLEAN
    assert (root / "a.py").read_text("utf-8") == IDLE


def test_a_path_that_is_not_there_or_outside_is_an_error(root: Path, tmp_path: Path, cli: Cli) -> None:
    assert cli("fix-imports", "gone.py", cwd=root)[0] == 2
    (tmp_path / "other.py").write_text("", encoding="utf-8")
    run = cli("fix-imports", "a.py", str(tmp_path / "other.py"), cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "is outside of the repository" in run.stderr


def test_one_file_goes_through(root: Path) -> None:
    assert _pipe(root, IDLE, "--stdin-filename", "a.py") == (0, CLEAN, "")
    assert _pipe(root, IDLE, "--stdin-filename", "a.py", "--check") == (1, "", "")
    assert _pipe(root, CLEAN, "--stdin-filename", "a.py", "--check") == (0, "", "")
    assert (root / "a.py").read_text("utf-8") == IDLE


def test_the_file_need_not_exist(root: Path) -> None:
    assert _pipe(root, IDLE, "--stdin-filename", "pkg/new.py") == (0, CLEAN, "")
    assert not (root / "pkg" / "new.py").exists()


def test_what_does_not_parse_comes_out_as_it_went_in(root: Path) -> None:
    text = "import sys\nsys.path.insert(0, 'gone')\ndef (:\n"
    assert _pipe(root, text, "--stdin-filename", "a.py") == (0, text, "")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "--stdin-filename"),
        (["--stdin-filename", "a.py", "--write"], "--write says nothing"),
        (["--stdin-filename", "../a.py"], "repository"),
    ],
    ids=["no name", "write", "outside"],
)
def test_stdin_that_cannot_be_meant_is_an_error(arguments: list[str], told: str, root: Path) -> None:
    code, output, error = _pipe(root, IDLE, *arguments)
    assert (code, output) == (2, "")
    assert told in error


def test_a_directory_decides_what_a_relative_path_means(repository: Repository, cli: Cli) -> None:
    files = {
        "README.md": "    python tools/run.py\n",
        "tools/run.py": "import sys\n\nsys.path.insert(0, 'lib')\n\nimport helper\n\nprint(helper, sys.argv)\n",
        "tools/lib/helper.py": "",
        "tools/helper.py": "",
    }
    root = repository(files, git=True)
    # From the folder of the file the statement is needed, from the root it names nothing.
    for decided in ((), ("--cwd", "tools")):
        run = cli("fix-imports", "--write", "--unsafe", *decided, cwd=root)
        assert (run.exit_code, "refused: the statement stays" in run.stdout) == (0, True)
        assert (root / "tools" / "run.py").read_text("utf-8") == files["tools/run.py"]
    assert cli("fix-imports", "--cwd", ".", "--write", cwd=root).exit_code == 0
    assert "sys.path" not in (root / "tools" / "run.py").read_text("utf-8")


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--cwd", "gone"], "is no folder with files"),
        (["--cwd", ".."], "outside of the repository"),
        (["--root", "a"], "it takes NAME=PATH"),
        (["--root", "a.b=pkg"], "it takes NAME=PATH"),
        (["--root", "nothing=pkg"], "neither holds nor is"),
    ],
)
def test_a_decision_that_cannot_be_meant_is_an_error(arguments: list[str], told: str, root: Path, cli: Cli) -> None:
    run = cli("fix-imports", "--write", *arguments, cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert told in run.stderr
    assert (root / "a.py").read_text("utf-8") == IDLE


def test_a_hook_takes_what_is_staged_for_clean_and_leaves_no_record(root: Path, cli: Cli) -> None:
    (root / "a.py").write_text(IDLE + "# more\n", encoding="utf-8")
    refused = cli("fix-imports", "--write", "a.py", cwd=root)
    assert refused.exit_code == 2
    subprocess.run(["git", "add", "a.py"], cwd=root, check=True)
    assert cli("fix-imports", "--write", "--hook", "a.py", cwd=root).exit_code == 0
    assert (root / "a.py").read_text("utf-8") == CLEAN + "# more\n"
    assert not (root / ".rrr-optimize" / "runs").exists()
