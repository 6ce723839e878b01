"""Whole runs that write for a code host: SARIF and workflow commands."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any

import pytest

from tests.sarif_schema import VALIDATOR

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository

CLASH = {"a b/requirements.txt": "numpy==1.24.0\n", "c/requirements.txt": "\nnumpy==1.26.3\n"}
CANARY = "hunter2canary"


def read_sarif(text: str) -> dict[str, Any]:
    log: dict[str, Any] = json.loads(text)
    VALIDATOR.validate(log)
    run: dict[str, Any] = log["runs"][0]
    return run


def uris_of(run: dict[str, Any]) -> list[str]:
    places = [place for result in run["results"] for place in (*result["locations"], *result["relatedLocations"])]
    return [place["physicalLocation"]["artifactLocation"]["uri"] for place in places]


def test_a_clean_repository_is_a_valid_log_and_exit_code_0(cli: Cli, repository: Repository) -> None:
    run = cli("audit", "--format", "sarif", cwd=repository({"requirements.txt": "numpy\n"}, git=True))
    assert (run.exit_code, run.stderr) == (0, "")
    assert read_sarif(run.stdout)["results"] == []


def test_findings_are_a_valid_log_in_the_file_and_exit_code_1(cli: Cli, repository: Repository) -> None:
    root = repository(CLASH, git=True)
    run = cli("audit", "--format", "sarif", "--output", "x.sarif", cwd=root)
    assert run == (1, "", "")
    text = (root / "x.sarif").read_text("utf-8")
    log = read_sarif(text)
    assert [result["ruleId"] for result in log["results"]] == ["REQ003"]
    assert uris_of(log) == ["a%20b/requirements.txt", "c/requirements.txt"]
    region = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 14}
    assert log["results"][0]["locations"][0]["physicalLocation"]["region"] == region
    assert str(root) not in text


def test_a_rule_brings_its_page_through_the_command(cli: Cli, repository: Repository) -> None:
    root = repository(CLASH, git=True)
    rules = read_sarif(cli("audit", "--format", "sarif", cwd=root).stdout)["tool"]["driver"]["rules"]
    assert all(len(rule["help"]["text"]) > 2 * len(rule["shortDescription"]["text"]) for rule in rules)


def test_a_folder_of_a_repository_is_told_from_the_top(cli: Cli, repository: Repository) -> None:
    root = repository({f".apps/{name}": text for name, text in CLASH.items()}, git=True)
    log = read_sarif(cli("audit", ".apps", "--format", "sarif", cwd=root).stdout)
    assert uris_of(log) == [".apps/a%20b/requirements.txt", ".apps/c/requirements.txt"]
    commands = cli("audit", ".apps", "--format", "github", cwd=root).stdout
    assert ",file=.apps/a b/requirements.txt,line=1," in commands


def test_a_finding_is_known_again_however_it_was_audited(cli: Cli, repository: Repository) -> None:
    root = repository({f"apps/{name}": text for name, text in CLASH.items()}, git=True)
    whole, part = (read_sarif(cli("audit", *where, "--format", "sarif", cwd=root).stdout) for where in ([], ["apps"]))
    assert [each["partialFingerprints"] for each in whole["results"]] == [
        each["partialFingerprints"] for each in part["results"]
    ]


def test_workflow_commands_keep_the_exit_code(cli: Cli, repository: Repository) -> None:
    root = repository(CLASH, git=True)
    run = cli("audit", "--format", "github", cwd=root)
    assert (run.exit_code, run.stderr) == (1, "")
    first, *_, last = run.stdout.splitlines()
    assert first.startswith("::warning title=REQ003 clashing-pins,file=a b/requirements.txt,line=1,col=1,endLine=1,")
    assert last.startswith("1 warning in 2 files of 2 projects")
    assert cli("audit", "--format", "github", "--fail-on", "error", cwd=root).exit_code == 0


@pytest.mark.parametrize("output_format", ["sarif", "github"])
def test_no_secret_is_told(output_format: str, cli: Cli, repository: Repository) -> None:
    line = f"numpy @ git+https://user:{CANARY}@example.com/numpy@v1\n"
    broken = (
        f"--index-url https://user:{CANARY}@example.com/simple\nnot a requirement https://user:{CANARY}@example.com\n"
    )
    root = repository({"a/requirements.txt": line, "b/requirements.txt": f"numpy==1.0\n{broken}"}, git=True)
    run = cli("audit", "--format", output_format, cwd=root)
    assert run.exit_code == 1
    assert "***" in run.stdout
    assert CANARY not in run.stdout + run.stderr


@pytest.mark.parametrize("output_format", ["sarif", "github"])
def test_a_name_cannot_smuggle_in_a_command(output_format: str, cli: Cli, repository: Repository) -> None:
    name = "::error::x %0A{0}" if sys.platform != "win32" else "x %0A{0}"
    root = repository({f"{name}/requirements.txt": "numpy==1\nnumpy=2\n"}, git=True)
    run = cli("audit", "--format", output_format, cwd=root)
    assert run.exit_code == 1
    if output_format == "sarif":
        assert uris_of(read_sarif(run.stdout)) == [f"{encoded(name)}/requirements.txt"]
    else:
        told = name.replace("%", "%25").replace(":", "%3A")
        assert f",file={told}/requirements.txt,line=2," in run.stdout
        assert not [line for line in run.stdout.splitlines() if line.startswith("::error::")]


def encoded(name: str) -> str:
    return "".join(c if c.isalnum() else "".join(f"%{byte:02X}" for byte in os.fsencode(c)) for c in name)


def test_untracked_files_play_no_part_where_the_configuration_says_so(cli: Cli, repository: Repository) -> None:
    root = repository({"a/requirements.txt": "numpy==1.24.0\n"}, git=True)
    (root / "c").mkdir()
    (root / "c" / "requirements.txt").write_text("numpy==1.26.3\n", encoding="utf-8")
    assert cli("audit", cwd=root).exit_code == 1
    assert cli("audit", "--config", "untracked=false", cwd=root).exit_code == 0
    (root / "rrr-optimize.toml").write_text("untracked = false\n", encoding="utf-8")
    assert cli("audit", cwd=root).exit_code == 0
    wrong = cli("audit", "--config", "untracked=maybe", cwd=root)
    assert (wrong.exit_code, "'untracked' must be true or false, not 'maybe'" in wrong.stderr) == (2, True)


def test_scripts_below_a_folder_with_a_dot_are_found(cli: Cli, repository: Repository) -> None:
    script = '# /// script\n# dependencies = ["numpy==1", "numpy==2"]\n# ///\n'
    root = repository({".ci/tool.py": script}, git=True)
    assert "tool.py:2:" in cli("audit", ".ci", cwd=root).stdout
