"""Every file of the sample monorepo resolves alone, from wheels, for Python 3.11; this asks the package index."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

SAMPLE = Path(__file__).parent.parent / "fixtures" / "trading-monorepo"
LOCK = SAMPLE / "worktrees" / "api-integration" / "requirements.lock.txt"
INPUTS = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*requirements*.txt"))
TARGET = ("--python-version", "3.11", "--python-platform", "x86_64-unknown-linux-gnu", "--only-binary", ":all:")
WRITTEN = ("--exclude-newer", "2024-03-01")


@pytest.fixture(scope="module")
def environment() -> dict[str, str]:
    """Return the environment for uv: the index that pip is configured for, else uv's own default."""
    asked = subprocess.run(
        [sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True, text=True, check=False
    )
    index = asked.stdout.strip() if asked.returncode == 0 else ""
    return {**os.environ, **({"UV_DEFAULT_INDEX": index} if index else {})}


def compile_with_uv(environment: dict[str, str], folder: Path, *arguments: str) -> str:
    done = subprocess.run(
        [sys.executable, "-m", "uv", "pip", "compile", "--no-config", "--no-header", *TARGET, *arguments],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    return done.stdout


@pytest.mark.parametrize("instant", [WRITTEN, ()], ids=["then", "today"])
@pytest.mark.parametrize("file", INPUTS)
def test_each_requirements_file_resolves(environment: dict[str, str], file: str, instant: tuple[str, ...]) -> None:
    assert "==" in compile_with_uv(environment, SAMPLE, file, *instant)


@pytest.mark.parametrize("instant", [WRITTEN, ()], ids=["then", "today"])
def test_pyproject_resolves_with_all_extras(environment: dict[str, str], instant: tuple[str, ...]) -> None:
    assert "==" in compile_with_uv(environment, SAMPLE, "pyproject.toml", "--all-extras", *instant)


def test_lock_is_what_uv_makes_of_its_input(environment: dict[str, str]) -> None:
    made = compile_with_uv(environment, LOCK.parent, "requirements.txt", "--generate-hashes", "--no-annotate", *WRITTEN)
    assert made == re.sub(r"^ *#.*\n", "", LOCK.read_text(encoding="utf-8"), flags=re.MULTILINE)
