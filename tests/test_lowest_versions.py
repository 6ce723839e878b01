"""The lower bounds in pyproject.toml are tried, not guessed."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
IMPORT_ALL = (
    "import pkgutil, rrr_optimize\n"
    "names = [m.name for m in pkgutil.walk_packages(rrr_optimize.__path__, 'rrr_optimize.')]\n"
    "for name in names: __import__(name)\n"
    "print(len(names))"
)


@pytest.mark.long  # asks the package index
def test_every_module_imports_with_the_lowest_versions_we_allow(tmp_path: Path) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lowest = [bound.split(",")[0].replace(">=", "==") for bound in project["dependencies"]]
    assert all("==" in pin for pin in lowest)
    environment = tmp_path / "environment"
    subprocess.run([sys.executable, "-m", "venv", environment], check=True)
    python = next(path for path in environment.glob("*/python*") if path.stem == "python")
    subprocess.run([python, "-m", "pip", "install", "--quiet", ROOT, *lowest], check=True)
    done = subprocess.run(
        [python, "-W", "error", "-c", IMPORT_ALL], cwd=tmp_path, check=True, capture_output=True, encoding="utf-8"
    )
    assert int(done.stdout) > 5
