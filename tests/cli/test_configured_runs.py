"""What configures a run, in which order, and what is said about a mistake."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository

_CONFLICT = {"requirements.txt": "numpy==1.0\nnumpy==2.0\n"}
_LIST_ERROR = "[tool.rrr-optimize]\nselect = [\n"


def _codes(stdout: str) -> set[str]:
    return {word for word in stdout.replace(":", " ").split() if word[:3] in {"REQ", "RRR"}}


@pytest.mark.parametrize(
    ("arguments", "environment", "codes"),
    [
        ((), {}, {"REQ001", "REQ014"}),
        (("--select", "REQ001"), {}, {"REQ001"}),
        (("--select", "req014, conflicting-pins"), {}, {"REQ001", "REQ014"}),
        (("--select", "REQ", "--ignore", "REQ001"), {}, {"REQ014"}),
        (("--select", "RRR", "--extend-select", "REQ001"), {}, {"REQ001"}),
        (("--ignore", "REQ0", "--select", "invalid-requirement"), {}, {"REQ014"}),
        (("--ignore", "REQ001,REQ014"), {}, set()),
        (("--ignore", "REQ001", "--ignore", "REQ014"), {}, set()),
        (("--config", 'ignore=["REQ014"]'), {}, {"REQ001"}),
        (("--config", "other.toml"), {}, {"REQ014"}),
        (("--config", "with blank.toml", "--config", 'ignore=["REQ001"]'), {}, {"REQ014"}),
        (("--config", "other.toml", "--ignore", "REQ014"), {}, {"REQ001"}),
        ((), {"RRR_OPTIMIZE_SELECT": "REQ001,REQ002 REQ003"}, {"REQ001"}),
        ((), {"RRR_OPTIMIZE_IGNORE": "REQ001"}, {"REQ014"}),
        (("--ignore", "REQ014"), {"RRR_OPTIMIZE_IGNORE": "REQ001"}, {"REQ001"}),
        ((), {"RRR_OPTIMIZE_CONFIG": 'with blank.toml\nignore = ["REQ001", "REQ009"]'}, {"REQ014"}),
        (("--config", "ignore=[]"), {"RRR_OPTIMIZE_CONFIG": "other.toml"}, {"REQ001", "REQ014"}),
        ((), {"RRR_OPTIMIZE_SELECT": "", "RRR_OPTIMIZE_CONFIG": "", "RRR_OPTIMIZE_BASELINE": ""}, {"REQ001", "REQ014"}),
    ],
)  # fmt: skip
def test_the_command_line_beats_the_environment(
    arguments: tuple[str, ...], environment: dict[str, str], codes: set[str], repository: Repository, cli: Cli
) -> None:
    files = {"requirements.txt": "numpy==1.0\nnumpy==2.0\nx=1\n", "other.toml": 'ignore = ["REQ001"]\n'}
    root = repository({**files, "with blank.toml": ""})
    run = cli("audit", ".", *arguments, cwd=root, environment=environment)
    assert (run.stderr, _codes(run.stdout)) == ("", codes)


def test_the_environment_beats_the_file(repository: Repository, cli: Cli) -> None:
    root = repository({**_CONFLICT, "rrr-optimize.toml": 'severity = {REQ001 = "warning"}\nfail-on = "error"\n'})
    assert cli("audit", ".", cwd=root).exit_code == 0
    assert cli("audit", ".", cwd=root, environment={"RRR_OPTIMIZE_FAIL_ON": "warning"}).exit_code == 1
    both = cli("audit", ".", "--fail-on=error", cwd=root, environment={"RRR_OPTIMIZE_FAIL_ON": "info"})
    assert both.exit_code == 0
    run = cli("audit", ".", cwd=root, environment={"RRR_OPTIMIZE_FORMAT": "json", "RRR_OPTIMIZE_COLOR": "always"})
    assert run.stdout.startswith("{")


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": '[tool.rrr-optimize]\nignore = ["REQ001"]\n'},
        {"rrr-optimize.toml": 'ignore = ["REQ001"]\n'},
        {"rrr-optimize.toml": 'ignore = ["REQ001"]\n', "pyproject.toml": "[tool.rrr-optimize-other]\n"},
        {"rrr-optimize.toml": b'\xef\xbb\xbfignore = ["REQ001"]\r\n'},
        # A pyproject.toml that does not configure us may be as broken as it likes.
        {"rrr-optimize.toml": 'ignore = ["REQ001", "RRR001"]\n', "pyproject.toml": "[tool\n# rrr-optimize\n"},
        {"rrr-optimize.toml": '[per-file-ignores]\n"*.txt" = ["conflicting-pins"]\n'},
    ],
)
def test_the_repository_configures_itself(files: dict[str, str | bytes], repository: Repository, cli: Cli) -> None:
    run = cli("audit", ".", cwd=repository({**_CONFLICT, **files}))
    assert (run.exit_code, run.stderr, _codes(run.stdout)) == (0, "", set())


@pytest.mark.parametrize(
    ("files", "arguments", "stderr"),
    [
        ({"pyproject.toml": "[tool.rrr-optimize]\n", "rrr-optimize.toml": ""}, (), "keep one of the two\n"),
        ({"pyproject.toml": _LIST_ERROR}, (), "pyproject.toml is not valid TOML: Invalid value"),
        ({"rrr-optimize.toml": "x = \n"}, (), "rrr-optimize.toml is not valid TOML: Invalid value (at line 1"),
        ({"rrr-optimize.toml": "x = " + "[" * 9000}, (), "rrr-optimize.toml is not valid TOML: "),
        ({"rrr-optimize.toml": b"\xff"}, (), "rrr-optimize.toml cannot be read: byte 0 (0xff) is not utf-8\n"),
        ({"rrr-optimize.toml/x": ""}, (), "rrr-optimize.toml cannot be read: a folder, not a file\n"),
        ({"pyproject.toml": "[tool]\nrrr-optimize = 3\n"}, (), "'tool.rrr-optimize' must be a table\n"),
        ({"pyproject.toml": "[[tool.rrr-optimize]]\n"}, (), "'tool.rrr-optimize' must be a table\n"),
        ({}, ("--config", "none.toml"), "--config none.toml: there is no such file\n"),
        ({}, ("--config", "=3"), "--config takes a file or KEY=VALUE, not '=3'\n"),
        ({"c.toml": b"\xff"}, ("--config", "c.toml"), "c.toml cannot be read: "),
        ({"c.toml": "= 1"}, ("--config", "c.toml"), "c.toml is not valid TOML: "),
        ({}, ("--config", "slect=[]"), "has 1 mistake:\n  - unknown key 'slect'; did you mean 'select'?"),
        ({}, ("--config", "ignore=REQ001"), "  - 'ignore' must be a list of strings, not 'REQ001'\n"),
        ({}, ("--select", "REQ0001"), "'select' names no rule: 'REQ0001'; did you mean 'REQ001'?\n"),
        ({}, ("--ignore", "conflictin-pins"), "did you mean 'conflicting-pins'?\n"),
        ({}, ("--extend-select", "REQ999,nothing"), "the command line has 2 mistakes:\n"),
    ],
)  # fmt: skip
def test_a_mistake_exits_with_2_and_nothing_is_audited(
    files: dict[str, str | bytes], arguments: tuple[str, ...], stderr: str, repository: Repository, cli: Cli
) -> None:
    run = cli("audit", ".", *arguments, cwd=repository({**_CONFLICT, **files}))
    assert (run.exit_code, run.stdout) == (2, "")
    assert stderr in run.stderr


def test_every_mistake_is_told_at_once_with_a_suggestion(repository: Repository, cli: Cli) -> None:
    table = """
        slect = ["REQ"]
        fail_on = "error"
        ignore = ["REQ01", "REQ999"]
        projects = 3
        python-versions = ["2.7"]
        baseline = ""
        severity = { conflicting-pins = "fatal" }
        per-file-ignores = { "a/**" = 3 }
        [requirements]
        bannd = []
        banned = [3, {}, { package = "!" }]
        exceptions = [{ allow = "jsii", in = "**", reason = "x" }]
    """
    run = cli("audit", ".", cwd=repository({**_CONFLICT, "rrr-optimize.toml": table}))
    assert (run.exit_code, run.stdout) == (2, "")
    head, *mistakes, hint = run.stderr.splitlines()
    assert head == f"rrr-optimize: rrr-optimize.toml has {len(mistakes)} mistakes:"
    assert hint == "hint: docs/configuration.md lists every key"
    assert mistakes == [
        "  - unknown key 'slect'; did you mean 'select'?",
        "  - unknown key 'fail_on'; did you mean 'fail-on'?",
        "  - 'ignore' names no rule: 'REQ999'; did you mean 'REQ019'?",
        "  - 'projects' must be a list of strings, not 3",
        "  - 'python-versions' must be Python versions such as '3.11', not '2.7'",
        "  - 'baseline' must be a string, not ''",
        "  - 'severity.conflicting-pins' must be 'error', 'warning' or 'info', not 'fatal'",
        "  - 'per-file-ignores.a/**' must be a list of strings, not 3",
        "  - unknown key requirements.'bannd'; did you mean 'banned'?",
        "  - 'requirements.banned' must be a list of tables, not 3",
        "  - requirements.banned: an entry lacks 'package'",
        "  - requirements.banned: '!' is not a requirement such as 'numpy' or 'numpy<2'",
        "  - requirements.exceptions: allow = 'jsii' must name a version, such as 'jsii==1.129.0'",
    ]


def test_a_configuration_that_is_no_file_is_refused_and_not_waited_for(
    repository: Repository, cli: Cli, tmp_path: Path
) -> None:
    outside = tmp_path / "outside.toml"
    outside.write_text('ignore = ["s3cr3t"]\n', encoding="utf-8")
    root = repository(_CONFLICT)
    (root / "rrr-optimize.toml").symlink_to(outside)
    run = cli("audit", ".", cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "rrr-optimize.toml cannot be read: a symbolic link that leaves the repository\n" in run.stderr
    assert "s3cr3t" not in run.stderr
    (root / "rrr-optimize.toml").unlink()
    os.mkfifo(root / "rrr-optimize.toml")
    run = cli("audit", ".", cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "rrr-optimize.toml cannot be read: a named pipe, not a file\n" in run.stderr
