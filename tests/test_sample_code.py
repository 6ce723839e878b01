"""The code of the sample monorepo runs, and its path hacks are those that its README speaks of."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli

SAMPLE = Path(__file__).parent.parent / "fixtures" / "trading-monorepo"
ROW = re.compile(r"^\| (?P<path>\S+\.py) \| .+ \|$", re.MULTILINE)
STAYING = sorted(match["path"] for match in ROW.finditer((SAMPLE / "README.md").read_text(encoding="utf-8")))
HACKED = sorted(
    path.relative_to(SAMPLE).as_posix()
    for path in SAMPLE.rglob("*.py")
    if re.search(r"sys\.path|addsitedir|from sys import path|import sys as", path.read_text(encoding="utf-8"))
)


@cache
def clean() -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE", "COV_"))}
    # The files start children, and none may leave anything in the sample.
    return kept | {"PYTHONDONTWRITEBYTECODE": "1"}


def audit(cli: Cli) -> dict[str, Any]:
    report: dict[str, Any] = json.loads(
        cli("audit", str(SAMPLE), "--select", "IMP", "--format", "json", cwd=SAMPLE).stdout
    )
    return report


@pytest.mark.parametrize("path", HACKED)
def test_every_file_runs_in_its_worktree(path: str) -> None:
    where = SAMPLE.joinpath(*path.split("/")[:2]) if path.startswith("worktrees/") else SAMPLE
    command = [sys.executable, "-W", "error", str(SAMPLE / path)]
    done = subprocess.run(command, cwd=where, env=clean(), capture_output=True, encoding="utf-8", check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_43_files_have_hacks_and_the_named_ones_stay() -> None:
    assert len(STAYING) == 7
    assert set(STAYING) <= set(HACKED)
    assert len(set(HACKED) - set(STAYING)) == 43
    assert "worktrees/trading-engine/src/engine/main.py" in HACKED


def test_the_audit_warns_of_the_43_and_of_no_other(cli: Cli) -> None:
    findings = [each for each in audit(cli)["findings"] if each["code"] == "IMP001"]
    warned = {each["path"] for each in findings if each["severity"] == "warning"}
    noted = {each["path"] for each in findings if each["severity"] == "info"}
    assert warned == set(HACKED) - set(STAYING)
    assert noted == set(STAYING) - {"worktrees/quantum-optimization/scripts/child_program.py"}


def test_every_form_and_base_is_there(cli: Cli) -> None:
    statements = audit(cli)["facts"]["imports"]["statements"]
    kinds = {"insert", "append", "extend", "augassign", "assign", "slice", "delete", "addsitedir", "pythonpath_env"}
    assert kinds == {each["kind"] for each in statements}
    assert {"pathlib", "os_path", "name", "literal", "concatenation", "f_string", "list"} <= {
        each["form"] for each in statements
    }
    assert {"module", "function", "class", "main", "guard", "try", "loop"} <= {each["placement"] for each in statements}
    assert {"file", "cwd"} <= {each["base"] for each in statements}
    assert [each["path"] for each in statements if each["exists"] is False] == [
        "worktrees/neural-network/src/network/train.py"
    ]


def test_everything_parses_and_nothing_is_hidden(cli: Cli) -> None:
    report = audit(cli)
    assert report["facts"]["imports"]["unparsable"] == []
    assert {each["code"] for each in report["findings"]} == {"IMP001"}
