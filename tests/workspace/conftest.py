"""Repositories for the tests of this folder, and git as a second implementation that lives in memory."""

from __future__ import annotations

import os
import subprocess
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

import pytest

from rrr_optimize.errors import GitFailedError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.workspace.repository import FileLister, FolderListing

_IDENTITY = ("-c", "user.name=Test", "-c", "user.email=test@example.org", "-c", "init.defaultBranch=main")


@dataclass
class MemoryGit:
    """Answers for some tops what it was told, and fails for all others."""

    listings: dict[str, FolderListing] = field(default_factory=dict)
    ignored: frozenset[str] = frozenset()
    worktrees: tuple[Path, ...] = ()
    asked: list[str] = field(default_factory=list)

    def list_files(self, top: Path, below: str = "") -> FolderListing:
        self.asked.append(f"{top.name}:{below}")
        if top.name not in self.listings:
            raise GitFailedError("git is out of order")
        return self.listings[top.name]

    def ignores(self, top: Path, folder: str) -> bool:
        return f"{top.name}:{folder}" in self.ignored

    def list_worktrees(self, top: Path) -> tuple[Path, ...]:
        return (top, *self.worktrees)


class Write(Protocol):
    """Write files below a folder; a text is encoded, a None makes an empty folder."""

    def __call__(self, folder: Path, files: Mapping[str, str | bytes | None]) -> Path: ...


class RunGit(Protocol):
    """Run git in a folder, apart from the configuration of the person who runs the tests."""

    def __call__(self, folder: Path, *arguments: str) -> str: ...


@pytest.fixture
def write() -> Write:
    def write(folder: Path, files: Mapping[str, str | bytes | None]) -> Path:
        for name, content in files.items():
            path = folder / name
            path.parent.mkdir(parents=True, exist_ok=True)
            if content is None:
                path.mkdir()
            else:
                path.write_bytes(content.encode() if isinstance(content, str) else content)
        return folder

    return write


@pytest.fixture
def run_git(tmp_path: Path) -> RunGit:
    def run_git(folder: Path, *arguments: str) -> str:
        environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "GIT_CONFIG_GLOBAL": os.devnull}
        folder.mkdir(parents=True, exist_ok=True)
        command = ["git", *_IDENTITY, "-c", "protocol.file.allow=always", *arguments]
        return subprocess.run(command, cwd=folder, env=environment, check=True, capture_output=True, text=True).stdout

    return run_git


@pytest.fixture
def memory_git() -> MemoryGit:
    return MemoryGit()


def _check_protocol(lister: MemoryGit) -> FileLister:
    return lister
