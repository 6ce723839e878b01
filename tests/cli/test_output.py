"""What is printed where: formats, a file, a terminal, colours; data on stdout and nothing but talk on stderr."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.cli.conftest import OnTerminal
    from tests.conftest import Cli, Repository

_FILES = {
    "requirements.txt": "numpy==1.0\nnumpy==2.0\n",
    "a/requirements.txt": "scipy==1.0\n",
    "b/requirements.txt": "scipy==1.0\n",
}
_ESCAPE = re.compile(r"\x1b\[[0-9;]*m")


def test_text_is_one_line_a_finding_and_ends_in_a_summary(repository: Repository, cli: Cli) -> None:
    run = cli("audit", ".", cwd=repository(_FILES))
    assert (run.exit_code, run.stderr) == (1, "")
    finding, note, summary = run.stdout.splitlines()
    assert finding.startswith("requirements.txt:1:1 REQ001 error: numpy is pinned to 1.0 (requirements.txt:1) and 2.0")
    assert note.startswith("note: REQ006 repeated-requirement: ")
    assert summary == "1 error, 1 note in 3 files of 3 projects; none with an automatic fix"


def test_quiet_leaves_the_findings_and_verbose_adds_reasons(repository: Repository, cli: Cli) -> None:
    root = repository(_FILES)
    quiet, plain, verbose = (cli("audit", ".", *option, cwd=root).stdout for option in (("-q",), (), ("--verbose",)))
    assert quiet.splitlines() == plain.splitlines()[:1]
    assert "    why: " in verbose
    assert "a/requirements.txt:1:1 REQ006 note: " in verbose
    assert cli("audit", ".", "-q", cwd=repository({}, folder="clean")) == (0, "", "")
    # JSON is for programs, and always whole.
    whole = [cli("audit", ".", "--format", "json", *option, cwd=root).stdout for option in (("-q",), (), ("-v",))]
    assert len(set(whole)) == 1


def test_a_file_gets_the_same_report_and_stdout_stays_empty(repository: Repository, cli: Cli) -> None:
    root = repository(_FILES)
    for output_format in ("text", "json", "markdown", "sarif", "github"):
        printed = cli("audit", ".", "--format", output_format, cwd=root).stdout
        run = cli("audit", ".", "--format", output_format, "--output", "../report", cwd=root)
        assert run == (1, "", "")
        assert (root.parent / "report").read_bytes().decode("utf-8") == printed
    assert "--output" in cli("audit", "-h", cwd=root).stdout


@pytest.mark.parametrize(
    ("arguments", "environment", "escapes"),
    [
        ((), {}, 0),
        ((), {"FORCE_COLOR": "1"}, 2),
        ((), {"FORCE_COLOR": "", "RRR_OPTIMIZE_COLOR": "auto"}, 0),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, 0),
        (("--color", "always"), {"NO_COLOR": "1"}, 2),
        (("--color", "never"), {"FORCE_COLOR": "1"}, 0),
        ((), {"RRR_OPTIMIZE_COLOR": "always"}, 2),
        (("--color", "always", "--format", "json"), {}, 0),
        (("--color", "always", "--format", "markdown"), {}, 0),
    ],
)
def test_a_pipe_gets_colours_only_on_request(
    arguments: tuple[str, ...], environment: dict[str, str], escapes: int, repository: Repository, cli: Cli
) -> None:
    run = cli("audit", ".", *arguments, cwd=repository(_FILES), environment=environment)
    assert run.stdout.count("\x1b[") == escapes
    assert run.stderr == ""


def test_a_person_gets_a_page_with_reasons(repository: Repository, on_terminal: OnTerminal) -> None:
    root = repository(_FILES)
    code, page = on_terminal("audit", ".", cwd=root)
    assert code == 1
    assert _ESCAPE.search(page)
    plain = _ESCAPE.sub("", page)
    assert plain.startswith("Requirements: 1 error, 1 note\n")
    assert "\nrequirements.txt\n  1:1  error  REQ001  numpy is pinned to 1.0" in plain
    assert "why: " in plain
    assert all(len(line) <= 80 for line in plain.splitlines())
    for environment in ({"NO_COLOR": "1"}, {"RRR_OPTIMIZE_COLOR": "never"}):
        assert on_terminal("audit", ".", cwd=root, environment=environment) == (1, plain)


def test_a_dumb_terminal_gets_plain_lines(repository: Repository, on_terminal: OnTerminal, cli: Cli) -> None:
    root = repository(_FILES)
    code, page = on_terminal("audit", ".", cwd=root, environment={"TERM": "dumb"})
    assert (code, page) == cli("audit", ".", cwd=root)[:2]


def test_a_report_for_a_file_does_not_depend_on_the_terminal(repository: Repository, on_terminal: OnTerminal) -> None:
    root = repository(_FILES)
    assert on_terminal("audit", ".", "--output", "../report", cwd=root) == (1, "")
    assert "\x1b" not in (root.parent / "report").read_text(encoding="utf-8")
    code, page = on_terminal("audit", ".", "--format", "json", cwd=root)
    assert code == 1
    assert json.loads(page)["summary"]["errors"] == 1


@pytest.mark.parametrize(
    "environment",
    [{"LC_ALL": "C"}, {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}, {"PYTHONIOENCODING": "ascii"}],
)
def test_any_locale_will_do(environment: dict[str, str], repository: Repository, cli: Cli) -> None:
    root = repository({"sub/requirements.txt": "x=1é\n", "läs/requirements.txt": "y=1\n"}, git=True)
    run = cli("audit", ".", cwd=root, environment=environment)
    assert (run.exit_code, run.stderr) == (1, "")
    assert "sub/requirements.txt:1:2 REQ014 error: 'x=1é'" in run.stdout
    assert "s/requirements.txt:1:2 REQ014 error: 'y=1'" in run.stdout
    missing = cli("audit", "nö", cwd=root, environment=environment)
    assert (missing.exit_code, missing.stdout) == (2, "")
    assert "does not exist" in missing.stderr
