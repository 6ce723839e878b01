"""The scripts that measure still run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.conftest import FIXTURES, ROOT

if TYPE_CHECKING:
    from tests.conftest import Repository


@pytest.mark.long
@pytest.mark.parametrize("script", ["edit_battery.py", "network_survey.py"])
def test_a_script_with_a_folder_of_public_files_tells_its_verdicts(script: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name(script)), str(FIXTURES)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8", env={"PYTHONPATH": str(ROOT)})
    assert ("94.8% minimal" in done.stdout) == (script == "edit_battery.py")  # the rest would edit an alias
    assert ("Compose: as planned" in done.stdout) == (script == "network_survey.py")


@pytest.mark.long
def test_prints_each_case_with_its_goal() -> None:
    command = [sys.executable, str(Path(__file__).with_name("run.py")), str(FIXTURES), "--runs", "1"]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    rows = done.stdout.splitlines()
    names = ("case", "python -c pass", "--version", "tiny", "corpus", "DIR")
    assert [row.startswith(name) for name, row in zip(names, rows, strict=False)] == [True] * len(names)
    assert sum("at most" in row for row in rows) == 3
    assert sum(" MB" in row for row in rows) >= 3


@pytest.mark.long
def test_prints_what_a_deletion_takes_beside_a_codemod(repository: Repository) -> None:
    root = repository({"run.py": "import sys\nsys.path.append(__file__ + '/../gone')\nprint()\n"}, git=True)
    command = [sys.executable, str(Path(__file__).with_name("deletion_times.py")), str(root)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    rows = done.stdout.splitlines()
    assert rows[1] == f"{root.name}: 1 files change"
    assert [row.rpartition("at ")[2] for row in rows[2:]] == ["most 15 ms", "most 15 ms", rows[4], *["least 3 x"] * 2]


@pytest.mark.long
def test_prints_each_stage_with_its_goal() -> None:
    command = [sys.executable, str(Path(__file__).with_name("stages.py")), str(FIXTURES.parent)]
    done = subprocess.run(command, check=True, capture_output=True, encoding="utf-8")
    assert len(done.stdout.splitlines()) == 9
    assert done.stdout.count("at most") == 5
