"""The laws of the editors hold on every file of the sample, and of the checkouts that the environment names."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.conftest import FIXTURES

CHECKOUTS = [path for path in os.environ.get("RRR_OPTIMIZE_CHECKOUTS", "").split(os.pathsep) if path]


@pytest.mark.long
@pytest.mark.parametrize("folder", [str(FIXTURES / "trading-monorepo"), *CHECKOUTS])
def test_no_law_of_the_editors_breaks(folder: str) -> None:
    command = [sys.executable, str(Path(__file__).with_name("edit_corpus.py")), folder]
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8")
    assert done.returncode == 0, done.stdout + done.stderr
    rows = done.stdout.splitlines()
    assert rows[-1].split() == ["0", "broken"]
    assert sum("edited: " in row for row in rows) >= 1
