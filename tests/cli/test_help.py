"""What the command says of itself: help, version, rules, completion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize import __version__
from rrr_optimize.rules import RULES

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_tells_its_version(option: str, cli: Cli, tmp_path: Path) -> None:
    assert cli(option, cwd=tmp_path) == (0, f"rrr-optimize {__version__}\n", "")
    # Not alone, it goes through the command line, and the answer is the same.
    assert cli(option, "audit", cwd=tmp_path) == (0, f"rrr-optimize {__version__}\n", "")


@pytest.mark.parametrize(
    ("command", "usage", "named"),
    [
        (
            (),
            "Usage: rrr-optimize [OPTIONS] COMMAND [ARGS]...",
            ("audit", "report", "undo", "rule", "--version", "--show-completion"),
        ),
        (("audit",), "Usage: rrr-optimize audit [OPTIONS] [PATH]", ("--since REV", "--fail-on SEVERITY", "--baseline")),
        (("undo",), "Usage: rrr-optimize undo [OPTIONS] [PATH]", ("--list", "interrupted")),
        (("rule",), "Usage: rrr-optimize rule [OPTIONS] [CODE]", ("code or name",)),
    ],
)
def test_explains_each_command(
    command: tuple[str, ...], usage: str, named: tuple[str, ...], cli: Cli, tmp_path: Path
) -> None:
    long, short = (cli(*command, option, cwd=tmp_path) for option in ("--help", "-h"))
    assert long == short
    assert (long.exit_code, long.stderr) == (0, "")
    assert long.stdout.splitlines()[0] == usage
    assert [words for words in named if words not in long.stdout] == []
    assert "\x1b" not in long.stdout


def test_lists_every_rule(cli: Cli, tmp_path: Path) -> None:
    run = cli("rule", cwd=tmp_path)
    assert (run.exit_code, run.stderr) == (0, "")
    rows = [line.split()[:3] for line in run.stdout.splitlines()]
    assert rows == [[rule.code, rule.name, rule.severity.label] for rule in RULES]


def test_explains_a_rule_by_code_or_name(cli: Cli, tmp_path: Path) -> None:
    by_code = cli("rule", "req001", cwd=tmp_path)
    assert (by_code.exit_code, by_code.stderr) == (0, "")
    assert by_code.stdout.startswith("REQ001 conflicting-pins (error)\n\n")
    assert cli("rule", "conflicting-pins", cwd=tmp_path) == by_code
    # One that only the engine makes has a page too.
    assert cli("rule", "RRR002", cwd=tmp_path).stdout.startswith("RRR002 unused-ignore (warning)\n\n")


@pytest.mark.parametrize(
    ("key", "stderr"),
    [
        ("REQ0001", "rrr-optimize: there is no rule 'REQ0001'\nhint: did you mean REQ001?\n"),
        ("conflictin-pins", "hint: did you mean conflicting-pins?\n"),
        ("\x1b[31m", "there is no rule '\\x1b[31m'\nhint: `rrr-optimize rule` lists them all\n"),
    ],
)
def test_suggests_a_rule_that_is_there(key: str, stderr: str, cli: Cli, tmp_path: Path) -> None:
    run = cli("rule", key, cwd=tmp_path)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr.endswith(stderr)
    assert "\x1b" not in run.stderr


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completes_its_commands_in_a_shell(shell: str, cli: Cli, tmp_path: Path) -> None:
    script = cli("--show-completion", shell, cwd=tmp_path)
    assert (script.exit_code, script.stderr) == (0, "")
    assert "_RRR_OPTIMIZE_COMPLETE" in script.stdout
    environment = {
        "_RRR_OPTIMIZE_COMPLETE": f"complete_{shell}",
        "COMP_WORDS": "rrr-optimize au",
        "COMP_CWORD": "1",
        "_TYPER_COMPLETE_ARGS": "rrr-optimize au",
        "_TYPER_COMPLETE_FISH_ACTION": "get-args",
    }
    answer = cli(cwd=tmp_path, environment=environment)
    assert (answer.exit_code, answer.stderr) == (0, "")
    assert "audit" in answer.stdout
    assert "rule" not in answer.stdout
