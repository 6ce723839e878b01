"""A repository whose configuration wants to run a program: whatever is asked, the program does not run."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.errors import GitFailedError
from rrr_optimize.tools.git import Git

if TYPE_CHECKING:
    from pathlib import Path

    from tests.tools.conftest import RunGit

_COMMANDS = ("ls-files", "diff-index", "grep", "check-ignore", "worktree", "config", "rev-parse")
_CONFIGURATIONS = {
    "fsmonitor": {"core.fsmonitor": "CANARY", "core.fsmonitorHookVersion": "2"},
    "fsmonitor-builtin": {"core.fsmonitor": "true"},
    "hooks": {"core.hooksPath": "HOOKS"},
    "worktree": {"core.worktree": "/etc"},
    "bare": {"core.bare": "true"},
    "filter": {"filter.x.clean": "CANARY", "filter.x.smudge": "CANARY", "filter.x.required": "true"},
    "filter-process": {"filter.x.process": "CANARY", "filter.x.required": "true"},
    "external-diff": {"diff.external": "CANARY", "diff.x.command": "CANARY", "diff.x.textconv": "CANARY"},
    "alias": {f"alias.{command}": "!CANARY" for command in _COMMANDS},
    "pager": {"core.pager": "CANARY", **{f"pager.{command}": "CANARY" for command in _COMMANDS}},
    "include": {"include.path": "../hostile.config"},
    "include-if": {"includeIf.gitdir:/.path": "../hostile.config"},
    "credentials": {"credential.helper": "!CANARY", "core.askPass": "CANARY", "core.sshCommand": "CANARY"},
    "submodules": {"submodule.recurse": "true", "grep.recurseSubmodules": "true"},
    "lazy-fetch": {
        "extensions.partialClone": "origin",
        "core.repositoryFormatVersion": "1",
        "remote.origin.promisor": "true",
        "remote.origin.url": "ext::CANARY",
        "remote.origin.uploadpack": "CANARY",
        "protocol.ext.allow": "always",
        "protocol.allow": "always",
    },
}


@pytest.fixture
def canary(tmp_path: Path) -> Path:
    """Return a program that leaves a file beside itself when it runs."""
    program = tmp_path / "canary"
    program.write_text('#!/bin/sh\necho "$0 $*" >> "$(dirname "$0")/ran"\ncat\n', encoding="utf-8")
    program.chmod(0o755)
    return program


def _ask_everything(git: Git, top: Path) -> frozenset[str]:
    git.ignores(top, "sub")
    git.list_worktrees(top)
    git.grep_files(top, ["import"], ["*.py"])
    changed = git.changed_since(top, "HEAD")
    git.find_unclean(top, ["a.py", "sub/b.py", "new.py"])
    git.find_unclean(top, ["a.py", "sub/b.py"], staged_is_clean=True)
    return changed | set(git.list_files(top).files)


def _make_hostile(top: Path, settings: dict[str, str], canary: Path, run_git: RunGit) -> None:
    hooks = top.parent / "hooks"
    for folder in (hooks, top / ".git/hooks"):
        folder.mkdir(exist_ok=True)
        for hook in (
            "post-index-change",
            "post-checkout",
            "pre-auto-gc",
            "reference-transaction",
            "fsmonitor-watchman",
        ):
            (folder / hook).write_text(f"#!/bin/sh\n{canary} {hook}\n", encoding="utf-8")
            (folder / hook).chmod(0o755)
    (top / ".git/info/attributes").write_text("* filter=x diff=x\n", encoding="utf-8")
    included = f'[core]\n\tfsmonitor = {canary}\n[filter "x"]\n\tclean = {canary}\n[diff]\n\texternal = {canary}\n'
    (top / "hostile.config").write_text(included, encoding="utf-8")
    for key, value in settings.items():
        run_git(top, "config", key, value.replace("CANARY", str(canary)).replace("HOOKS", str(hooks)))


def _make_racy(top: Path, run_git: RunGit) -> None:
    """Leave one file whose time stamps differ from the index, and one that git must compare by its content."""
    future = time.time() + 10_000
    os.utime(top / "sub/b.py", (future, future))
    run_git(top, "add", "--all")
    os.utime(top / "a.py", (0, 0))


@pytest.mark.parametrize("name", list(_CONFIGURATIONS))
def test_no_configuration_makes_git_run_a_program(name: str, repository: Path, canary: Path, run_git: RunGit) -> None:
    expected = {".gitignore", "a.py", "new.py", "sub/b.py", "hostile.config"}
    (repository / "hostile.config").touch()
    run_git(repository, "worktree", "add", "../linked")
    _make_racy(repository, run_git)
    _make_hostile(repository, _CONFIGURATIONS[name], canary, run_git)
    (canary.parent / "ran").unlink(missing_ok=True)
    index = (repository / ".git/index").read_bytes()
    assert _ask_everything(Git(), repository) == expected
    assert not (canary.parent / "ran").exists()
    assert (repository / ".git/index").read_bytes() == index


def test_the_configuration_of_the_tests_does_run_the_program_when_git_is_left_alone(
    repository: Path, canary: Path, run_git: RunGit
) -> None:
    _make_racy(repository, run_git)
    for name in ("filter", "fsmonitor", "hooks"):
        _make_hostile(repository, _CONFIGURATIONS[name], canary, run_git)
    run_git(repository, "status")
    told = (canary.parent / "ran").read_text(encoding="utf-8")
    assert "post-index-change" in told
    assert len(told.splitlines()) > 1


def test_a_missing_object_is_not_fetched(repository: Path, canary: Path, run_git: RunGit) -> None:
    tree = run_git(repository, "rev-parse", "HEAD:sub").strip()
    _make_hostile(repository, _CONFIGURATIONS["lazy-fetch"], canary, run_git)
    (repository / ".git/objects" / tree[:2] / tree[2:]).unlink()
    (repository / ".git/index").unlink()
    with pytest.raises(GitFailedError):
        Git().changed_since(repository, "HEAD")
    assert not (canary.parent / "ran").exists()


def test_a_filter_that_cannot_be_switched_off_is_refused(repository: Path, run_git: RunGit) -> None:
    run_git(repository, "config", "--add", "filter.a=b.clean", "true")
    with pytest.raises(GitFailedError, match="equals sign"):
        Git().changed_since(repository, "HEAD")
