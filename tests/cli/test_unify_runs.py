"""`unify` on whole repositories: what it writes, notices, refuses and takes back."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import shutil
import subprocess
import sys
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pip._internal.network.session import PipSession
from pip._internal.req import parse_requirements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Cli, Repository

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"
DOCUMENT = "docs/DEPENDENCY_AUDIT.md"
WORKTREES = sorted(path.parent.name for path in SAMPLE.glob("worktrees/*/requirements.txt"))
ROOTS = ["requirements.txt", "requirements-dev.txt", "requirements-ml.txt", "requirements-trading.txt"]
CLASHES = "REQ001,REQ002,REQ003,REQ004"
PINS = {"a/requirements.txt": "numpy==1.26.3\n", "b/requirements.txt": "# why\nnumpy==1.26.4  # tested\n"}


@pytest.fixture
def sample(tmp_path: Path, clean_environment: dict[str, str]) -> Path:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    _commit(root, clean_environment)
    return root


def _commit(root: Path, environment: Mapping[str, str]) -> None:
    for words in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=x"]):
        command = ["git", "-c", "core.autocrlf=false", *words]
        subprocess.run(command, cwd=root, env=dict(environment), check=True, capture_output=True)


def _tree(root: Path) -> dict[str, tuple[str, int, int]]:
    """Return the digest, mode and time of each file, but not of git's and the journal's own."""
    found = {}
    for path in sorted(root.rglob("*")):
        name = path.relative_to(root).as_posix()
        if path.is_file() and not name.startswith((".git/", ".rrr-optimize/journal/")):
            status = path.stat()
            found[name] = (hashlib.sha256(path.read_bytes()).hexdigest(), status.st_mode, status.st_mtime_ns)
    return found


def _asked(root: Path, file: str) -> set[tuple[str, frozenset[str], str]]:
    """Return name, extras and marker of all that a file asks for, with what it includes, as pip reads it."""
    found: set[tuple[str, frozenset[str], str]] = set()
    for each in parse_requirements(str(root / file), PipSession()):
        if not each.constraint:
            requirement = Requirement(each.requirement)
            name = canonicalize_name(requirement.name)
            found.add((name, frozenset(requirement.extras), str(requirement.marker or "")))
    return found


def test_the_sample_is_unified_stays_so_and_comes_back(sample: Path, cli: Cli) -> None:
    before = _tree(sample)
    projects = [f"worktrees/{name}/requirements.txt" for name in WORKTREES]
    asked = {file: _asked(sample, file) for file in projects}

    written = cli("unify", "--write", cwd=sample)
    assert (written.exit_code, written.stderr) == (0, "")
    changed = {name for name, what in _tree(sample).items() if before.get(name) != what}
    records = {name for name in changed if name.startswith(".rrr-optimize/runs/")}
    assert len(records) == 1
    assert changed - records == {"pyproject.toml", DOCUMENT, *ROOTS, *projects}
    for file in projects:
        assert asked[file] <= _asked(sample, file), file
    told = cli("audit", "--select", CLASHES, cwd=sample)
    assert told.exit_code == 0, told.stdout

    after = _tree(sample)
    again = cli("unify", "--write", "--allow-dirty", cwd=sample)
    assert (again.exit_code, again.stderr) == (0, "")
    assert _tree(sample) == after
    assert cli("unify", "--check", cwd=sample).exit_code == 0

    undone = cli("undo", cwd=sample)
    assert (undone.exit_code, undone.stderr) == (0, "")
    assert _tree(sample) == before


@pytest.fixture(scope="module")
def unified(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the sample as `unify --write` leaves it; copy it before anything is changed."""
    root = tmp_path_factory.mktemp("unified") / "sample"
    shutil.copytree(SAMPLE, root)
    command = [sys.executable, "-m", "rrr_optimize", "unify", "--write", "--allow-no-vcs", "-q", str(root)]
    subprocess.run(command, check=True, capture_output=True, cwd=Path(__file__).parents[2])
    return root


@pytest.mark.parametrize(
    "name",
    [
        "pyproject.toml",
        "requirements.txt",
        "requirements-dev.txt",
        "worktrees/monitoring/requirements.txt",
        "worktrees/api-integration/requirements.lock.txt",
        DOCUMENT,
        ".rrr-optimize/runs/*.json",
    ],
)
def test_check_notices_one_changed_character(name: str, unified: Path, tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "copy"
    shutil.copytree(unified, root)
    assert cli("unify", "--check", ".", cwd=root).exit_code == 0
    (path,) = root.glob(name)
    text = path.read_bytes()
    at = text.index(b"e")
    path.write_bytes(text[:at] + b"E" + text[at + 1 :])
    assert cli("unify", "--check", ".", cwd=root).exit_code != 0


def test_the_document_is_made_from_the_records_and_told_of_every_run(unified: Path, tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "copy"
    shutil.copytree(unified, root)
    first = (root / DOCUMENT).read_text("utf-8")
    path = root / "worktrees/monitoring/requirements.txt"
    path.write_text(path.read_text("utf-8").replace("streamlit==1.29.0", "streamlit==1.30.0"), "utf-8")
    assert cli("unify", "--write", "--allow-no-vcs", ".", cwd=root).exit_code == 0
    second = (root / DOCUMENT).read_text("utf-8")
    assert first.startswith("<!-- Made by rrr-optimize.")
    assert "\n1 run of `rrr-optimize unify`" in first
    assert "\n2 runs of `rrr-optimize unify`" in second
    assert "| `numpy` |" in second
    assert len(list(root.glob(".rrr-optimize/runs/*.json"))) == 2
    assert cli("unify", "--check", ".", cwd=root).exit_code == 0


def test_a_document_of_somebody_else_is_not_written_over(repository: Repository, cli: Cli) -> None:
    root = repository({**PINS, DOCUMENT: "# Ours\n"}, git=True)
    run = cli("unify", "--write", cwd=root)
    assert run.exit_code == 0
    assert f"{DOCUMENT}:1:1 unify/document review: " in run.stdout
    assert (root / DOCUMENT).read_text("utf-8") == "# Ours\n"
    assert (root / "a/requirements.txt").read_text("utf-8") == "numpy==1.26.4\n"
    assert cli("unify", "--check", cwd=root).exit_code == 0
    assert cli("unify", "--write", "--unsafe", "--allow-dirty", cwd=root).exit_code == 0
    assert (root / DOCUMENT).read_text("utf-8").startswith("<!-- Made by rrr-optimize.")


def test_a_repository_that_agrees_gets_no_document(repository: Repository, cli: Cli) -> None:
    root = repository({"a/requirements.txt": "numpy==1.26.4\n", "b/requirements.txt": "numpy>=1.26\n"}, git=True)
    run = cli("unify", "--write", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout.splitlines()[-1] == "Nothing to change: 2 files of 2 projects read"
    assert not (root / ".rrr-optimize").exists()


def test_shows_a_plan_checks_it_and_says_it_as_json(repository: Repository, cli: Cli) -> None:
    root = repository(PINS, git=True)
    shown = cli("unify", cwd=root)
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert "a/requirements.txt:1:1 unify/version/numpy " in shown.stdout
    assert "-numpy==1.26.3\n+numpy==1.26.4\n" in shown.stdout
    checked = cli("unify", "--check", cwd=root)
    assert checked.exit_code == 1
    assert "+numpy" not in checked.stdout
    told = json.loads(cli("unify", "--format", "json", cwd=root).stdout)
    schema = json.loads(files("rrr_optimize.schemas").joinpath("plan.schema.json").read_text(encoding="utf-8"))
    jsonschema.validate(told, schema)
    assert (root / "a/requirements.txt").read_text("utf-8") == PINS["a/requirements.txt"]


def test_a_saved_plan_is_applied_as_it_is_or_not_at_all(repository: Repository, cli: Cli, tmp_path: Path) -> None:
    root = repository(PINS, git=True)
    plan = str(tmp_path / "plan.json")
    assert cli("unify", "--plan-out", plan, cwd=root).exit_code == 1
    (root / "b/requirements.txt").write_text("numpy==1.26.4\n", "utf-8")
    stale = cli("unify", "--apply", plan, cwd=root)
    assert stale.exit_code == 2
    assert "the plan is stale" in stale.stderr
    (root / "b/requirements.txt").write_text(PINS["b/requirements.txt"], "utf-8")
    applied = cli("unify", "--apply", plan, cwd=root)
    assert (applied.exit_code, applied.stderr) == (0, "")
    assert (root / "a/requirements.txt").read_text("utf-8") == "numpy==1.26.4\n"
    assert "written" in applied.stdout.splitlines()[-1]


def test_a_failed_verification_puts_everything_back(repository: Repository, cli: Cli) -> None:
    config = '[verify]\nfine = ["git", "--version"]\nbroken = ["git", "nonsense"]\n'
    root = repository({**PINS, "rrr-optimize.toml": config}, git=True)
    before = _tree(root)
    run = cli("unify", "--write", "--verify", "broken", cwd=root)
    assert run.exit_code == 2
    assert "--verify broken: git nonsense ended with 1; everything was put back" in run.stderr
    assert _tree(root) == before
    assert cli("unify", "--write", "--verify", "fine", cwd=root).exit_code == 0


def test_only_git_is_trusted_with_the_old_bytes(repository: Repository, cli: Cli) -> None:
    root = repository(PINS)
    run = cli("unify", "--write", ".", cwd=root)
    assert run.exit_code == 2
    assert "a/requirements.txt: it is in no git repository" in run.stderr
    assert "--allow-no-vcs" in run.stderr
    assert not (root / ".rrr-optimize").exists()
    assert cli("unify", "--write", "--allow-no-vcs", ".", cwd=root).exit_code == 0


@pytest.mark.parametrize(
    ("config", "message"),
    [
        ('[unify]\npolicy = "latest"\n', "latest"),
        ('[unify]\nlayout = "flat"\n', "layout"),
        ('[unify.layers]\nml = ["a"]\nML = ["b"]\n', "the layer 'ml' is named twice"),
        (
            '[[requirements.exceptions]]\nallow = "a==1"\nin = "**"\nreason = "x"\n' * 2,
            "exceptions",
        ),
    ],
)
def test_a_mistake_in_the_configuration_is_told_and_nothing_written(
    config: str, message: str, repository: Repository, cli: Cli
) -> None:
    root = repository({**PINS, "rrr-optimize.toml": config}, git=True)
    run = cli("unify", "--write", cwd=root)
    assert run.exit_code == 2
    assert message in run.stderr
    assert (root / "a/requirements.txt").read_text("utf-8") == PINS["a/requirements.txt"]


def test_files_that_cannot_be_read_are_left_alone_and_the_rest_goes_on(repository: Repository, cli: Cli) -> None:
    odd: dict[str, str | bytes] = {
        "cycle/requirements.txt": "-r ../cycle/requirements.txt\nscipy==1\n",
        "missing/requirements.txt": "-r gone.txt\nscipy==1\n",
        "invalid/requirements.txt": "google-api-core=2.5.0\nnumpy==1.26.0\n",
        "latin/requirements.txt": b"numpy==1.20.0  # caf\xe9\n",
    }
    root = repository({**PINS, **odd}, git=True)
    run = cli("unify", "--write", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert (root / "invalid/requirements.txt").read_text("utf-8") == "google-api-core=2.5.0\nnumpy==1.26.4\n"
    assert (root / "latin/requirements.txt").read_bytes() == odd["latin/requirements.txt"]
    assert "latin/requirements.txt" in run.stdout
    assert cli("unify", "--check", cwd=root).exit_code == 0


def test_credentials_stay_in_the_file(repository: Repository, cli: Cli) -> None:
    line = "--index-url https://me:s3cr3t@index.example/simple\n"
    root = repository({**PINS, "a/requirements.txt": line + "numpy==1.26.3\n"}, git=True)
    for arguments in (["-v"], ["--check"], ["--format", "json"], ["--write", "-v"]):
        run = cli("unify", *arguments, cwd=root)
        assert "s3cr3t" not in run.stdout + run.stderr
    assert (root / "a/requirements.txt").read_text("utf-8") == line + "numpy==1.26.4\n"
    kept = [path for path in root.glob("**/*") if path.is_file() and b"s3cr3t" in path.read_bytes()]
    assert {path.relative_to(root).parts[0] for path in kept} <= {"a", ".git", ".rrr-optimize"}
    assert not [path for path in kept if path.match("runs/*")]
    assert "s3cr3t" not in cli("undo", "--list", cwd=root).stdout


def test_a_person_is_asked_about_each_change(repository: Repository, clean_environment: dict[str, str]) -> None:
    both = {
        "a/requirements.txt": "numpy==1.26.3\nscipy==1.11.0\n",
        "b/requirements.txt": "numpy==1.26.4\nscipy==1.11.4\n",
    }
    root = repository(both, git=True)
    ours, theirs = os.openpty()
    command = [sys.executable, "-m", "rrr_optimize", "unify", "--interactive", "--write"]
    with subprocess.Popen(
        command, cwd=root, env=clean_environment, stdin=theirs, stdout=theirs, stderr=theirs
    ) as process:
        os.close(theirs)
        # No to numpy, something else first and then yes to scipy, no to the record and so to the document.
        os.write(ours, b"n\nwhat\ny\nn\nn\n")
        received = b""
        with contextlib.suppress(OSError):
            while part := os.read(ours, 65536):
                received += part
        os.close(ours)
        assert process.wait(timeout=60) == 0
    assert b"apply it? [y/N]" in received
    assert (root / "a/requirements.txt").read_text("utf-8") == "numpy==1.26.3\nscipy==1.11.4\n"
    assert not (root / DOCUMENT).exists()
