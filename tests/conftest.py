"""What every test may ask for, and the rule that no test is left out in silence."""

from __future__ import annotations

import difflib
import os
import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest
from hypothesis import settings

from rrr_optimize.engine import run_rules
from tests.opening import open_folder

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from rrr_optimize.facts.repository import Repository as AuditedRepository
    from rrr_optimize.model import Finding

ROOT = Path(__file__).parents[1]
FIXTURES = ROOT / "fixtures"
ALLOWED_SKIPS = Path(__file__).with_name("allowed_skips.toml")

# A deadline would measure the machine and not the law. Where CI is set, Hypothesis itself makes its runs repeatable.
settings.register_profile("laws", settings(), deadline=None)
settings.load_profile("laws")


class Run(NamedTuple):
    """What a run of the real command left behind, with the platform's own line end told as a line feed."""

    exit_code: int
    stdout: str
    stderr: str


class Cli(Protocol):
    """Run `python -m rrr_optimize` with these arguments in a process of its own."""

    def __call__(
        self, *arguments: str, cwd: Path, stdin: bytes = b"", environment: Mapping[str, str] | None = None
    ) -> Run: ...


class Repository(Protocol):
    """Write these files below a new folder and return it; `git` also makes a repository of it, with one commit."""

    def __call__(self, files: Mapping[str, str | bytes], *, git: bool = False, folder: str = "repository") -> Path: ...


class Facts(Protocol):
    """Write these files and links below a new folder, without git, and return the repository as the rules see it."""

    def __call__(
        self,
        files: Mapping[str, str | bytes],
        config: Mapping[str, Any] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> AuditedRepository: ...


class Told(Protocol):
    """Return what these rules find in these files, each finding as a text: place and message, hint, related places."""

    def __call__(
        self, files: Mapping[str, str | bytes], *select: str, config: Mapping[str, Any] | None = None
    ) -> list[str]: ...


class Golden(Protocol):
    """Compare `text` with a file below fixtures/, character by character; `--accept` writes it instead."""

    def __call__(self, path: str, text: str) -> None: ...


@pytest.fixture(scope="session")
def slowdown() -> float:
    """Return how much longer code may take while coverage traces it: a bound is for the code, not for the tracer."""
    return 10.0 if sys.gettrace() or os.environ.get("COVERAGE_RUN") else 1.0


@pytest.fixture
def clean_environment(tmp_path: Path) -> dict[str, str]:
    """Return an environment that knows nothing of the person who runs the tests: no colours, no git, no home."""
    kept = {name: value for name, value in os.environ.items() if name in {"PATH", "SYSTEMROOT", "TEMP", "TMPDIR"}}
    # So that coverage follows our command into its own process.
    kept |= {name: value for name, value in os.environ.items() if name.startswith("COVERAGE_")}
    home = tmp_path / "home"
    home.mkdir(exist_ok=True)
    moment = "2024-01-01T00:00:00+00:00"
    return kept | {
        "COLUMNS": "80",
        "HOME": str(home),
        "USERPROFILE": str(home),
        "PYTHONPATH": str(ROOT),
        "PYTHONWARNINGS": "error",
        "GIT_CONFIG_GLOBAL": os.devnull,
        "GIT_CONFIG_NOSYSTEM": "1",
        "GIT_AUTHOR_NAME": "Author",
        "GIT_AUTHOR_EMAIL": "author@example.com",
        "GIT_AUTHOR_DATE": moment,
        "GIT_COMMITTER_NAME": "Author",
        "GIT_COMMITTER_EMAIL": "author@example.com",
        "GIT_COMMITTER_DATE": moment,
    }


@pytest.fixture
def cli(clean_environment: dict[str, str]) -> Cli:
    def run(*arguments: str, cwd: Path, stdin: bytes = b"", environment: Mapping[str, str] | None = None) -> Run:
        done = subprocess.run(
            [sys.executable, "-m", "rrr_optimize", *arguments],
            cwd=cwd,
            env=clean_environment | dict(environment or {}),
            input=stdin,
            capture_output=True,
            check=False,
            timeout=120,
        )
        stdout, stderr = (stream.decode("utf-8").replace(os.linesep, "\n") for stream in (done.stdout, done.stderr))
        return Run(done.returncode, stdout, stderr)

    return run


@pytest.fixture
def repository(tmp_path: Path, clean_environment: dict[str, str]) -> Repository:
    def write(files: Mapping[str, str | bytes], *, git: bool = False, folder: str = "repository") -> Path:
        root = tmp_path / folder
        root.mkdir()
        for name, content in files.items():
            path = root / name
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(content.encode("utf-8") if isinstance(content, str) else content)
        if git:
            for arguments in (["init", "--initial-branch=main"], ["add", "--all"], ["commit", "--message=Begin"]):
                command = ["git", "-c", "core.autocrlf=false", *arguments]
                subprocess.run(command, cwd=root, env=clean_environment, check=True, capture_output=True)
        return root

    return write


@pytest.fixture
def facts(repository: Repository) -> Facts:
    def read(
        files: Mapping[str, str | bytes],
        config: Mapping[str, Any] | None = None,
        links: Mapping[str, str] | None = None,
    ) -> AuditedRepository:
        folder = repository(files)
        for name, target in (links or {}).items():
            (folder / name).symlink_to(target)
        return open_folder(folder, config)

    return read


@pytest.fixture
def told(facts: Facts) -> Told:
    def tell(files: Mapping[str, str | bytes], *select: str, config: Mapping[str, Any] | None = None) -> list[str]:
        table = {"select": list(select), **(config or {})} if select else config
        return [tell_finding(finding) for finding in run_rules(facts(files, table)).findings]

    return tell


def tell_finding(finding: Finding) -> str:
    place = finding.location
    span = f"{place.line}:{place.column}-{place.end_line}:{place.end_column}"
    hint = [f"hint: {finding.hint}"] if finding.hint else []
    related = [f"with {item.location.path}:{item.location.line} {item.message}" for item in finding.related]
    return "\n".join([f"{finding.code} {place.path}:{span} {finding.message}", *hint, *related])


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Golden:
    def compare(path: str, text: str) -> None:
        file = FIXTURES / path
        if request.config.getoption("--accept"):
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text.encode("utf-8"))
        expected = file.read_bytes().decode("utf-8") if file.exists() else ""
        if text != expected:
            lines = expected.splitlines(keepends=True), text.splitlines(keepends=True)
            difference = "".join(difflib.unified_diff(*lines, f"fixtures/{path}", "what came out"))
            pytest.fail(f"{difference}\nIf this is right, accept it with pytest --accept.", pytrace=False)

    return compare


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--accept", action="store_true", help="rewrite the expectations below fixtures/")


def pytest_configure(config: pytest.Config) -> None:
    allowed = tomllib.loads(ALLOWED_SKIPS.read_text(encoding="utf-8")) if ALLOWED_SKIPS.exists() else {}
    config.pluginmanager.register(NothingLeftOut(config, allowed), "nothing-left-out")


class NothingLeftOut:
    """Fails a session in which a test did not run, unless allowed_skips.toml says that it may, and with what reason.

    An expected failure counts as a skip, one that passes is never right, and the default and the long tier leave
    out exactly each other's tests. A choice made with -k, or with another -m, is the person's own.
    """

    def __init__(self, config: pytest.Config, allowed: Mapping[str, str]) -> None:
        self.tier = None if config.option.keyword else config.option.markexpr
        self.allowed = [(re.compile(".*".join(map(re.escape, glob.split("*")))), why) for glob, why in allowed.items()]
        self.complaints: list[str] = []

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        for item in items:
            own_tier = "not long" if item.get_closest_marker("long") is None else "long"
            if own_tier == self.tier:
                self.complaints.append(f"{item.nodeid} was deselected although it belongs to this tier")

    def pytest_collectreport(self, report: pytest.CollectReport) -> None:
        self._judge(report)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._judge(report)

    def _judge(self, report: pytest.CollectReport | pytest.TestReport) -> None:
        expected_failure: str | None = getattr(report, "wasxfail", None)
        if report.passed and expected_failure is not None:
            self.complaints.append(f"{report.nodeid} passed although it was expected to fail")
        if report.skipped:
            reason = expected_failure if expected_failure is not None else _reason(report)
            if not any(glob.fullmatch(report.nodeid) and why == reason for glob, why in self.allowed):
                self.complaints.append(f'{report.nodeid} did not run: "{reason}" is no declared reason for it')

    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        if self.complaints and session.exitstatus in {pytest.ExitCode.OK, pytest.ExitCode.NO_TESTS_COLLECTED}:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self.complaints:
            terminalreporter.section("left out, and not declared in tests/allowed_skips.toml", red=True)
            for complaint in self.complaints:
                terminalreporter.line(complaint)


def _reason(report: pytest.CollectReport | pytest.TestReport) -> str:
    """Return why a test was skipped; pytest reports a skip as (file, line, "Skipped: reason")."""
    skip = report.longrepr
    return str(skip[2]).removeprefix("Skipped: ") if isinstance(skip, tuple) else str(skip)
