"""Which folder a run is about, and what in it and around it is never listed twice, opened or executed."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Cli, Repository

_CONFLICT = "numpy==1.0\nnumpy==2.0\n"


def _document(cli: Cli, *arguments: str, cwd: Path) -> dict[str, Any]:
    run = cli("audit", *arguments, "--format", "json", cwd=cwd)
    assert run.stderr == ""
    document: dict[str, Any] = json.loads(run.stdout)
    return document


def _paths(document: Mapping[str, Any]) -> list[str]:
    return [finding["path"] for finding in document["findings"] if finding["code"] == "REQ001"]


def _git(root: Path, environment: Mapping[str, str], *arguments: str) -> None:
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)


def test_a_named_folder_is_the_root_also_inside_a_git_repository(repository: Repository, cli: Cli) -> None:
    top = repository({"requirements.txt": _CONFLICT, "sub/requirements.txt": _CONFLICT, ".gitignore": "no\n"}, git=True)
    document = _document(cli, "sub", cwd=top)
    assert document["root"] == str((top / "sub").resolve())
    assert _paths(document) == ["requirements.txt"]
    # A folder that git ignores was named, so it is looked at.
    (top / "no").mkdir()
    (top / "no/requirements.txt").write_text(_CONFLICT, encoding="utf-8")
    assert _paths(_document(cli, "no", cwd=top)) == ["requirements.txt"]
    assert _paths(_document(cli, ".", cwd=top)) == ["requirements.txt", "sub/requirements.txt"]


def test_without_a_path_the_repository_around_is_the_root(repository: Repository, cli: Cli) -> None:
    top = repository({"requirements.txt": _CONFLICT, "sub/deep/pyproject.toml": ""}, git=True)
    for folder in (top, top / "sub/deep"):
        assert _document(cli, cwd=folder)["root"] == str(top.resolve())
    # Without git it is the nearest folder that says what it is.
    plain = repository({"pyproject.toml": "", "a/.rrr-optimize/x": "", "a/b/c/x": "", "d/e/x": ""}, folder="plain")
    assert _document(cli, cwd=plain / "a/b/c")["root"] == str((plain / "a").resolve())
    assert _document(cli, cwd=plain / "d/e")["root"] == str(plain.resolve())


def test_nothing_around_is_an_error_with_a_hint(cli: Cli, tmp_path: Path) -> None:
    run = cli("audit", cwd=tmp_path)
    assert (run.exit_code, run.stdout) == (2, "")
    message, hint = run.stderr.splitlines()
    assert message == f"rrr-optimize: no repository around {tmp_path.resolve()}"
    assert hint.startswith("hint: ")


def test_git_variables_do_not_move_the_root(repository: Repository, cli: Cli) -> None:
    top = repository({"requirements.txt": _CONFLICT}, git=True)
    other = repository({"other/requirements.txt": _CONFLICT}, git=True, folder="other")
    environment = {"GIT_DIR": str(other / ".git"), "GIT_WORK_TREE": str(other), "GIT_INDEX_FILE": "/nowhere"}
    run = cli("audit", cwd=top, environment=environment)
    assert (run.exit_code, run.stderr) == (1, "")
    assert run.stdout.startswith("requirements.txt:1:1 REQ001 ")


def test_worktrees_and_submodules_are_listed_once(
    repository: Repository, cli: Cli, clean_environment: dict[str, str]
) -> None:
    library = repository({"requirements.txt": "lib==1.0\nlib==2.0\n"}, git=True, folder="library")
    top = repository({"requirements.txt": "top==1.0\ntop==2.0\n"}, git=True)
    _git(top, clean_environment, "submodule", "add", str(library), "libs/lib")
    _git(top, clean_environment, "commit", "--message=Submodule")
    _git(top, clean_environment, "worktree", "add", "worktrees/feature", "-b", "feature")
    found = _paths(_document(cli, cwd=top))
    errors = ["libs/lib/requirements.txt", "requirements.txt", "worktrees/feature/requirements.txt"]
    assert found == errors
    names = {project["path"] for project in _document(cli, cwd=top)["projects"]}
    assert names >= {".", "libs/lib", "worktrees/feature"}


def test_a_link_inside_is_read_once_and_one_that_leaves_is_never_opened(
    repository: Repository, cli: Cli, tmp_path: Path
) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "requirements.txt").write_text("s3cr3t==1\ns3cr3t==2\n", encoding="utf-8")
    root = repository({"real/requirements.txt": _CONFLICT})
    (root / "linked-requirements.txt").symlink_to("real/requirements.txt")
    (root / "folder").symlink_to(outside)
    (root / "requirements.txt").symlink_to(outside / "requirements.txt")
    (root / "loop-requirements.txt").symlink_to("loop-requirements.txt")
    for repeat in range(2):
        document = _document(cli, ".", cwd=root)
        assert "s3cr3t" not in json.dumps(document)
        assert document["summary"]["files_read"] == 1
        assert [path for path in _paths(document) if path.startswith("real/")] == ["real/requirements.txt"]
        assert {gap["path"] for gap in document["not_analysed"]} >= {"requirements.txt", "loop-requirements.txt"}
        if not repeat:
            _init(root)


def _init(root: Path) -> None:
    environment = {"PATH": os.environ["PATH"], "HOME": os.devnull, "GIT_CONFIG_GLOBAL": os.devnull}
    for arguments in (["init"], ["add", "--all"]):
        _git(root, environment, *arguments)


def test_a_hostile_git_configuration_runs_nothing(
    repository: Repository, cli: Cli, tmp_path: Path, clean_environment: dict[str, str]
) -> None:
    root = repository({"a/requirements.txt": _CONFLICT, ".gitattributes": "* filter=evil diff=evil\n"}, git=True)
    canary = tmp_path / "canary"
    canary.write_text('#!/bin/sh\ntouch "$(dirname "$0")/ran"\ncat\n', encoding="utf-8")
    canary.chmod(0o755)
    _git(root, clean_environment, "worktree", "add", "../linked")
    for key in ("core.fsmonitor", "filter.evil.clean", "filter.evil.smudge", "filter.evil.process", "diff.external"):
        _git(root, clean_environment, "config", key, str(canary))
    for key in ("diff.evil.command", "diff.evil.textconv", "core.pager", "core.sshCommand", "credential.helper"):
        _git(root, clean_environment, "config", key, str(canary))
    hooks = root / ".git/hooks"
    hooks.mkdir(exist_ok=True)
    for hook in ("post-index-change", "reference-transaction", "fsmonitor-watchman", "pre-auto-gc"):
        (hooks / hook).symlink_to(canary)
    (tmp_path / "ran").unlink(missing_ok=True)
    os.utime(root / "a/requirements.txt", (0, 0))
    (root / "a/tool.py").write_text("# /// script\n# dependencies = []\n# ///\n", encoding="utf-8")
    for arguments in (("audit",), ("audit", "--since", "HEAD"), ("audit", "a")):
        run = cli(*arguments, cwd=root)
        assert run.stderr == ""
        assert "REQ001" in run.stdout or "--since" in arguments
    assert not (tmp_path / "ran").exists()


def test_a_root_that_is_not_ours_to_run_in_works_all_the_same(repository: Repository, cli: Cli) -> None:
    # Nothing of the repository is imported, whatever it calls its modules, and nothing is written into it.
    evil = "raise SystemExit('imported')\n"
    names = ("yaml.py", "typer.py", "tomllib.py", "subprocess.py", "packaging/__init__.py", "rich/__init__.py")
    files = {
        **dict.fromkeys(names, evil),
        "environment.yml": "dependencies: [{pip: ['x==1']}]\n",
        "requirements.txt": "x==2\n",
    }
    root = repository(files, git=True)
    for environment in ({}, {"PYTHONSAFEPATH": "1"}):
        run = cli("audit", cwd=root, environment=environment)
        assert (run.exit_code, run.stderr) == (1, "")
        assert run.stdout.startswith("environment.yml:1:24 REQ003 x is pinned to 2 versions")
    status = subprocess.run(["git", "status", "--short"], cwd=root, check=True, capture_output=True)
    assert status.stdout == b""


def test_an_included_file_that_is_not_read_is_listed_and_none_is_sought_behind_a_link(
    repository: Repository, cli: Cli
) -> None:
    lines = ["-r made.txt", "-r no.txt", "-r link/secret.txt", "-c link/secret.txt", "-r link/gone.txt"]
    files = {"requirements.txt": "\n".join(lines), "made.txt": _CONFLICT, "no.txt": _CONFLICT, ".gitignore": "made.txt"}
    repository({"secret.txt": _CONFLICT}, folder="outside")
    root = repository(files, git=True)
    (root / "link").symlink_to("../outside")
    document = _document(cli, ".", "--config", "exclude=['no.txt']", cwd=root)
    assert [(finding["code"], finding["line"]) for finding in document["findings"]] == [("REQ018", 3), ("REQ018", 5)]
    assert {gap["path"]: gap["reason"] for gap in document["not_analysed"]} == {
        "made.txt": "included, but git ignores it",
        "no.txt": "included, but the configuration excludes it",
    }
