"""`fix-imports` on whole repositories."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

IDLE = """\
import os
import sys

# make the tools importable
sys.path.insert(0, os.path.join(os.path.dirname(__file__), "gone"))

import json

print(json.dumps([]))
"""
CLEAN = """\
import json

print(json.dumps([]))
"""
NEEDED = """\
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "lib"))

import helper

print(helper.x)
"""
FILES = {"README.md": "    python idle.py\n", "idle.py": IDLE, "needed.py": NEEDED, "lib/helper.py": "x = 1\n"}


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository(FILES, git=True)


def test_takes_out_what_does_nothing_and_tells_who_needs_the_rest(root: Path, cli: Cli) -> None:
    shown = cli("fix-imports", cwd=root)
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert '-sys.path.insert(0, os.path.join(os.path.dirname(__file__), "gone"))\n' in shown.stdout
    assert "lib/helper.py" in shown.stdout
    assert (root / "idle.py").read_text("utf-8") == IDLE

    written = cli("fix-imports", "--write", cwd=root)
    assert (written.exit_code, written.stderr) == (0, "")
    assert (root / "idle.py").read_text("utf-8") == CLEAN
    assert (root / "needed.py").read_text("utf-8") == NEEDED

    again = cli("fix-imports", "--check", cwd=root)
    assert (again.exit_code, again.stderr) == (0, "")
    assert cli("undo", cwd=root).exit_code == 0
    assert (root / "idle.py").read_text("utf-8") == IDLE


def test_a_repository_without_hacks_has_nothing_to_change(repository: Repository, cli: Cli) -> None:
    root = repository({"a.py": "import json\n"}, git=True)
    run = cli("fix-imports", "--write", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout.startswith("Nothing to change")


def test_a_file_that_does_not_parse_is_left_alone(repository: Repository, cli: Cli) -> None:
    text = "import sys\nsys.path.insert(0, 'gone')\ndef (:\n"
    root = repository({"a.py": text}, git=True)
    run = cli("fix-imports", "--write", "--unsafe", cwd=root)
    assert run.exit_code == 0
    assert (root / "a.py").read_text("utf-8") == text
