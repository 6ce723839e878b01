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
