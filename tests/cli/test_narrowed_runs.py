"""A run about part of a repository: some projects, or what has changed since a revision."""

from __future__ import annotations

import subprocess
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from tests.conftest import Cli, Repository

_FILES = {
    "requirements.txt": "root==1.0\nroot==2.0\n",
    "apps/api/requirements.txt": "api==1.0\napi==2.0\nshared==1.0\n",
    "apps/web/requirements.txt": "web==1.0\nweb==2.0\nshared==2.0\n",
    "apps/api/pyproject.toml": '[project]\nname = "api-server"\n',
}


def _packages(stdout: str) -> set[str]:
    return {line.split(" ")[3] if " error: " in line else line.split(" ")[2] for line in stdout.splitlines()}


@pytest.mark.parametrize(
    ("names", "packages"),
    [
        (["apps/api"], {"api", "shared"}),
        (["api"], {"api", "shared"}),
        (["./apps/api/"], {"api", "shared"}),
        (["."], {"root"}),
        (["apps/api", "."], {"api", "shared", "root"}),
    ],
)
def test_tells_what_touches_the_projects(
    names: list[str], packages: set[str], repository: Repository, cli: Cli
) -> None:
    options = [word for name in names for word in ("--project", name)]
    run = cli("audit", ".", "-q", *options, cwd=repository(_FILES))
    assert (run.exit_code, run.stderr, _packages(run.stdout)) == (1, "", packages)


@pytest.mark.parametrize(
    ("name", "hint"), [("apps/apy", "did you mean 'apps/api'?"), ("nothing", "there are: api, "), ("", "there are: ")]
)
def test_suggests_a_project_that_is_there(name: str, hint: str, repository: Repository, cli: Cli) -> None:
    run = cli("audit", ".", "--project", name, cwd=repository(_FILES))
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(f"rrr-optimize: there is no project {name!r}\nhint: {hint}")


def test_tells_what_touches_files_that_changed(
    repository: Repository, cli: Cli, clean_environment: Mapping[str, str]
) -> None:
    root = repository(_FILES, git=True)
    nothing = cli("audit", "--since", "HEAD", cwd=root / "apps")
    assert (nothing.exit_code, nothing.stderr) == (0, "")
    (root / "apps/web/requirements.txt").write_text("# later\nweb==1.0\nweb==2.0\nshared==2.0\n", encoding="utf-8")
    (root / "apps/new-requirements.txt").write_text("new==1.0\nnew==2.0\n", encoding="utf-8")
    assert _packages(cli("audit", "-q", "--since", "HEAD", cwd=root).stdout) == {"web", "shared", "new"}
    # The root may lie below the top of the git repository.
    assert _packages(cli("audit", "apps", "-q", "--since", "main", cwd=root).stdout) == {"web", "shared", "new"}
    assert _packages(cli("audit", "apps/web", "-q", "--since", "HEAD", cwd=root).stdout) == {"web"}
    assert cli("audit", "apps/api", "-q", "--since", "HEAD", cwd=root) == (0, "", "")
    for arguments in (["add", "--all"], ["commit", "--message=Next"]):
        subprocess.run(["git", *arguments], cwd=root, env=clean_environment, check=True, capture_output=True)
    assert cli("audit", "-q", "--since", "HEAD", cwd=root) == (0, "", "")
    assert _packages(cli("audit", "-q", "--since", "HEAD~1", cwd=root).stdout) == {"web", "shared", "new"}


def _run_git(root: Path, environment: Mapping[str, str], *arguments: str) -> None:
    command = ["git", "-c", "protocol.file.allow=always", *arguments]
    subprocess.run(command, cwd=root, env=environment, check=True, capture_output=True)


_PINS = "n==1.0\nn==2.0\n"


def test_sees_what_changed_in_a_worktree_below_the_root(
    repository: Repository, cli: Cli, clean_environment: Mapping[str, str]
) -> None:
    root = repository({"requirements.txt": _PINS, ".gitignore": "worktrees/\n"}, git=True)
    _run_git(root, clean_environment, "worktree", "add", "worktrees/feature")
    assert cli("audit", "-q", "--since", "HEAD", cwd=root) == (0, "", "")
    (root / "worktrees/feature/requirements.txt").write_text(f"# later\n{_PINS}", encoding="utf-8")
    run = cli("audit", "-q", "--since", "HEAD", cwd=root)
    assert run.stdout.startswith("worktrees/feature/requirements.txt:")
    _run_git(root / "worktrees/feature", clean_environment, "commit", "--all", "--message=Next")
    assert cli("audit", "-q", "--since", "HEAD", cwd=root) == (0, "", "")
    assert cli("audit", "-q", "--since", "main", cwd=root) == run


def test_sees_what_changed_in_a_submodule(
    repository: Repository, cli: Cli, clean_environment: Mapping[str, str]
) -> None:
    library = repository({"requirements.txt": _PINS}, git=True, folder="library")
    root = repository({"apps/a/x.txt": ""}, git=True)
    before = cli("audit", "apps", "-q", "--since", "HEAD", cwd=root)
    assert before == (0, "", "")
    _run_git(root, clean_environment, "submodule", "add", str(library), "apps/sub")
    # A submodule that the revision does not know is new as a whole.
    assert _packages(cli("audit", "-q", "--since", "HEAD", cwd=root).stdout) == {"n"}
    _run_git(root, clean_environment, "commit", "--all", "--message=Add")
    assert cli("audit", "-q", "--since", "HEAD", cwd=root) == (0, "", "")
    (root / "apps/sub/requirements.txt").write_text(f"# later\n{_PINS}", encoding="utf-8")
    assert _packages(cli("audit", "apps", "-q", "--since", "HEAD", cwd=root).stdout) == {"n"}
    _run_git(root / "apps/sub", clean_environment, "commit", "--all", "--message=Next")
    assert _packages(cli("audit", "-q", "--since", "HEAD", cwd=root).stdout) == {"n"}
    _run_git(root, clean_environment, "commit", "--all", "--message=Raise")
    assert cli("audit", "-q", "--since", "HEAD", cwd=root) == (0, "", "")
    assert _packages(cli("audit", "-q", "--since", "HEAD~1", cwd=root).stdout) == {"n"}


def test_a_repository_that_cannot_tell_has_changed_as_a_whole(repository: Repository, cli: Cli) -> None:
    root = repository({"x.txt": ""}, git=True)
    inner = repository({"requirements.txt": _PINS}, git=True, folder="repository/inner")
    deeper = repository({"requirements.txt": _PINS}, git=True, folder="repository/inner/deeper")
    paths = [line.split(":")[0] for line in cli("audit", "-q", "--since", "HEAD", cwd=root).stdout.splitlines()]
    assert paths == [f"{folder.relative_to(root).as_posix()}/requirements.txt" for folder in (deeper, inner)]


def test_a_narrowed_run_says_so(repository: Repository, cli: Cli) -> None:
    root = repository({**_FILES, "requirements.txt": "root==1.0\n"}, git=True)
    assert "note: --" not in cli("audit", cwd=root).stdout
    (root / "requirements.txt").write_text("root==2.0\n", encoding="utf-8")
    run = cli("audit", "--since", "HEAD", "--project", ".", cwd=root)
    assert run.stdout.splitlines()[:2] == [
        "note: --project: only findings with a place in . are told",
        "note: --since HEAD: only findings with a place in what has changed are told, 1 file",
    ]


@pytest.mark.parametrize("revision", ["no-such-branch", "--output=canary", "", "HEAD^{tree}"])
def test_a_revision_that_is_none_is_misuse(revision: str, repository: Repository, cli: Cli) -> None:
    root = repository(_FILES, git=True)
    run = cli("audit", f"--since={revision}", cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.startswith(f"rrr-optimize: --since: {revision!r} is not a commit of this repository\n")
    assert not (root / "canary").exists()


def test_a_repository_without_a_commit_has_no_revision(
    repository: Repository, cli: Cli, clean_environment: Mapping[str, str]
) -> None:
    root: Path = repository(_FILES)
    subprocess.run(["git", "init"], cwd=root, env=clean_environment, check=True, capture_output=True)
    run = cli("audit", "--since", "HEAD", cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "'HEAD' is not a commit" in run.stderr
    assert cli("audit", "-q", cwd=root).exit_code == 1
