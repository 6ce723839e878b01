"""The hooks for pre-commit: when they run, and that they work as pre-commit itself installs and runs them."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import pytest
import yaml

from rrr_optimize.facts.source_kinds import _BY_NAME, find_roles

if TYPE_CHECKING:
    from tests.conftest import Repository

ROOT = Path(__file__).parents[1]
HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))}
AUDIT, CHECK, COMPOSE = "rrr-optimize-audit", "rrr-optimize-unify-check", "rrr-optimize-compose-check"
FIX = "rrr-optimize-fix-imports"
FILES = {name: re.compile(hook["files"]) for name, hook in HOOKS.items() if name != FIX}

PINNED = "numpy==1.24.0\n"
NAMED = (
    *_BY_NAME,
    *("requirements.txt", "requirements/dev.in", "constraints.txt", "dev-requirements-py3.11.txt"),
    *("Dockerfile", "Dockerfile.gpu", "api.dockerfile", "Containerfile", "dockerfile-dev", "Dockerfile.d/x.Dockerfile"),
    *("install.sh", "ci.bash", "rules.mk", "README.md", "Install.md", "environment-gpu.yml", "azure-pipelines-ci.yml"),
    *(".github/workflows/ci.yml", ".circleci/config.yml", "REQUIREMENTS.TXT"),
)


class Run(Protocol):
    """Run a command apart from ours and from the person who runs the tests; return its exit code and what it said."""

    def __call__(self, folder: Path, *command: str) -> tuple[int, str]: ...


@pytest.mark.parametrize(
    "path", ["logo.png", "src/main.rs", "LICENSE", "pipfile.d/a", "data.json", "a.pyc", "x.txt.gz"]
)
def test_does_not_run_for_what_the_audit_does_not_read(path: str) -> None:
    assert not any(files.search(path) for files in FILES.values())
    assert not list(find_roles([path]))


@pytest.mark.parametrize("path", NAMED)
def test_runs_for_everything_that_the_audit_reads(path: str) -> None:
    assert list(find_roles([path]))
    for name in (AUDIT, CHECK):
        assert FILES[name].search(path)
        assert FILES[name].search(f"apps/api/{path}")


@pytest.mark.parametrize("path", ["tools/script.py", "rrr-optimize.toml", "pinned/versions.txt"])
def test_runs_for_scripts_the_configuration_and_files_that_others_include(path: str) -> None:
    assert all(FILES[name].search(path) for name in (AUDIT, CHECK))


@pytest.mark.parametrize(
    "path",
    ["compose.yaml", "a/docker-compose.gpu.yml", ".env", "prod.env", "up.sh", "Makefile", "README.md", "api/tox.ini"],
)
def test_the_check_of_compose_runs_for_what_a_project_is_made_of(path: str) -> None:
    assert FILES[COMPOSE].search(path)
    assert not FILES[COMPOSE].search("requirements.txt")


def test_the_check_of_unify_runs_for_its_records_and_its_document() -> None:
    assert FILES[CHECK].search(".rrr-optimize/runs/0123456789abcdef.json")
    assert FILES[CHECK].search("docs/DEPENDENCY_AUDIT.md")


@pytest.mark.parametrize("name", [AUDIT, CHECK, COMPOSE])
def test_is_one_process_in_an_environment_of_its_own(name: str) -> None:
    wanted = {"language": "python", "pass_filenames": False, "require_serial": True}
    assert {key: HOOKS[name][key] for key in wanted} == wanted


@pytest.mark.parametrize("page", ["README.md", "docs/ci.md"])
def test_the_documentation_names_them_as_they_are(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    blocks = [yaml.safe_load(block) for block in re.findall(r"^```yaml\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)]
    hooks = [hook for block in blocks for repo in block.get("repos", ()) for hook in repo["hooks"]]
    assert hooks == [{"id": AUDIT}, {"id": CHECK}, {"id": COMPOSE}, {"id": FIX}]


@pytest.fixture
def source(tmp_path: Path, clean_environment: dict[str, str]) -> Path:
    """Return a repository with what the hook is built from, in one commit: not the checkout, which may be unclean."""
    folder = tmp_path / "source"
    for name in ("rrr_optimize", "pyproject.toml", "README.md", "LICENSE", ".pre-commit-hooks.yaml"):
        place = ROOT / name
        for path in (path for path in [place, *place.rglob("*")] if path.is_file() and path.suffix != ".pyc"):
            copy = folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(path.read_bytes())
    for arguments in (["init", "--initial-branch=main"], ["add", "--all"], ["commit", "--message=Begin"]):
        subprocess.run(["git", *arguments], cwd=folder, env=clean_environment, check=True, capture_output=True)
    return folder


@pytest.fixture
def run(tmp_path: Path, clean_environment: dict[str, str]) -> Run:
    # What pip needs to reach its index, and nothing of ours: the hook has to bring everything itself.
    settings = re.compile(r"(?:PIP|SSL)_.*|(?:HTTPS?|NO|ALL)_PROXY|HOME|USERPROFILE", re.IGNORECASE)
    outer = {name: value for name, value in os.environ.items() if settings.fullmatch(name)}
    ours = {name for name in clean_environment if name.startswith(("PYTHON", "COVERAGE_"))}
    kept = {name: value for name, value in clean_environment.items() if name not in ours}
    environment = kept | outer | {"PRE_COMMIT_HOME": str(tmp_path / "cache"), "PRE_COMMIT_COLOR": "never"}

    def run(folder: Path, *command: str) -> tuple[int, str]:
        done = subprocess.run(
            command,
            cwd=folder,
            env=environment,
            check=False,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            encoding="utf-8",
            timeout=600,
        )
        return done.returncode, done.stdout

    return run


@pytest.mark.long  # builds an environment from the package index
def test_pre_commit_tries_it_on_what_is_staged(source: Path, run: Run, repository: Repository) -> None:
    try_it = (sys.executable, "-m", "pre_commit", "try-repo", str(source), AUDIT)
    root = repository({"a/requirements.txt": PINNED, "b/requirements.txt": PINNED}, git=True)
    (root / "a" / "requirements.txt").write_text(f"{PINNED}scipy==1.10.0\n", encoding="utf-8")
    run(root, "git", "add", "--all")
    # Neither an untracked file nor a change that is not staged belongs to the commit.
    (root / "untracked").mkdir()
    (root / "untracked" / "requirements.txt").write_text("numpy==2.0.0\n", encoding="utf-8")
    (root / "b" / "requirements.txt").write_text("numpy==2.1.0\n", encoding="utf-8")
    code, output = run(root / "a", *try_it)
    assert (code, "Passed" in output) == (0, True), output

    run(root, "git", "add", "b/requirements.txt")
    code, output = run(root, *try_it)
    assert (code, "exit code: 1" in output) == (1, True), output
    assert "a/requirements.txt:1:1 REQ003 numpy is pinned to 2 versions" in output
    assert "untracked" not in output

    run(root, "git", "reset", "--hard", "--quiet")
    (root / "logo.png").write_bytes(b"PNG")
    run(root, "git", "add", "logo.png")
    code, output = run(root, *try_it)
    assert (code, "Skipped" in output) == (0, True), output


@pytest.mark.long  # builds an environment from the package index
def test_a_commit_with_a_clash_is_held_up(source: Path, run: Run, repository: Repository) -> None:
    _, revision = run(source, "git", "rev-parse", "HEAD")
    hook = {"repo": str(source), "rev": revision.strip(), "hooks": [{"id": AUDIT}]}
    files = {"a/requirements.txt": PINNED, "b/requirements.txt": PINNED}
    root = repository({**files, ".pre-commit-config.yaml": yaml.safe_dump({"repos": [hook]})}, git=True)
    code, output = run(root, sys.executable, "-m", "pre_commit", "install", "--install-hooks")
    assert code == 0, output

    # All of the following must come from the environment that was made above: there is no index any more.
    commit = ("env", "PIP_NO_INDEX=1", "git", "commit", "--all", "--message=Next")
    (root / "b" / "requirements.txt").write_text("numpy==2.1.0\n", encoding="utf-8")
    # In a folder and with --all, git tells its hooks of another index and of the folder (GIT_INDEX_FILE, GIT_PREFIX).
    code, output = run(root / "b", *commit)
    assert code == 1, output
    assert "a/requirements.txt:1:1 REQ003 numpy is pinned to 2 versions" in output

    (root / "a" / "requirements.txt").write_text("numpy==2.1.0\n", encoding="utf-8")
    code, output = run(root / "b", *commit)
    assert (code, "Passed" in output) == (0, True), output


@pytest.mark.long  # builds an environment from the package index
def test_the_check_of_unify_holds_up_what_is_not_unified(source: Path, run: Run, repository: Repository) -> None:
    try_it = (sys.executable, "-m", "pre_commit", "try-repo", str(source), CHECK, "--all-files")
    root = repository({"a/requirements.txt": PINNED, "b/requirements.txt": PINNED}, git=True)
    code, output = run(root, *try_it)
    assert (code, "Passed" in output) == (0, True), output
    (root / "b" / "requirements.txt").write_text("numpy==1.24.1\n", encoding="utf-8")
    run(root, "git", "add", "--all")
    code, output = run(root, *try_it)
    assert (code, "exit code: 1" in output) == (1, True), output
    assert "a/requirements.txt:1:1 unify/version/numpy" in output
    assert (root / "a" / "requirements.txt").read_text(encoding="utf-8") == PINNED


TWO_NETWORKS = """\
services:
  api: {image: alpine, networks: [front, back]}
  db: {image: alpine, networks: [front, back]}
networks: {front: {}, back: {}}
"""


@pytest.mark.long  # builds an environment from the package index
def test_the_check_of_compose_holds_up_a_network_too_many(source: Path, run: Run, repository: Repository) -> None:
    try_it = (sys.executable, "-m", "pre_commit", "try-repo", str(source), COMPOSE, "--all-files")
    root = repository({"compose.yaml": TWO_NETWORKS}, git=True)
    code, output = run(root, *try_it)
    assert (code, "exit code: 1" in output) == (1, True), output
    assert "2 networks become 1" in output
    assert (root / "compose.yaml").read_text(encoding="utf-8") == TWO_NETWORKS
    (root / "compose.yaml").write_text("services:\n  api: {image: alpine}\n", encoding="utf-8")
    run(root, "git", "add", "--all")
    code, output = run(root, *try_it)
    assert (code, "Passed" in output) == (0, True), output


@pytest.mark.long  # builds an environment from the package index
def test_the_fixer_changes_the_files_of_the_commit_and_no_others(
    source: Path, run: Run, repository: Repository
) -> None:
    try_it = (sys.executable, "-m", "pre_commit", "try-repo", str(source), FIX)
    idle = "import sys\n\nsys.path.insert(0, 'gone')\n\nimport json\n\nprint(json.dumps([]), sys.argv)\n"
    root = repository({"README.md": "    python a.py\n    python b.py\n", "b.py": idle}, git=True)
    (root / "a.py").write_text(idle, encoding="utf-8")
    run(root, "git", "add", "--all")
    code, output = run(root, *try_it)
    assert (code, "files were modified by this hook" in output) == (1, True), output
    assert "sys.path" not in (root / "a.py").read_text(encoding="utf-8")
    assert (root / "b.py").read_text(encoding="utf-8") == idle
    run(root, "git", "add", "--all")
    code, output = run(root, *try_it)
    assert (code, "Passed" in output) == (0, True), output
