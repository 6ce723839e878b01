"""Repositories for the tests of git: some of them hostile."""

from __future__ import annotations

import os
import subprocess
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from pathlib import Path


class RunGit(Protocol):
    """Run git in a folder, apart from the configuration of the person who runs the tests."""

    def __call__(self, folder: Path, *arguments: str) -> str: ...


@pytest.fixture
def run_git(tmp_path: Path) -> RunGit:
    def run_git(folder: Path, *arguments: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull}
        identity = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")
        command = ["git", *identity, *arguments]
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    return run_git


@pytest.fixture
def repository(tmp_path: Path, run_git: RunGit) -> Path:
    """Return a repository with two commits' worth of files: a.py and sub/b.py are tracked, new.py is not."""
    folder = tmp_path / "repository"
    (folder / "sub").mkdir(parents=True)
    for name, text in (("a.py", "import sys\n"), ("sub/b.py", "pass\n"), (".gitignore", "*.log\n")):
        (folder / name).write_text(text, encoding="utf-8")
    run_git(folder, "init")
    run_git(folder, "add", ".")
    run_git(folder, "commit", "-m", "first")
    (folder / "new.py").write_text("import sys, os\n", encoding="utf-8")
    (folder / "x.log").write_text("import sys\n", encoding="utf-8")
    return folder
