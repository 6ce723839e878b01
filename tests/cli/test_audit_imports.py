"""Whole runs over Python files: what no selected rule asks for is not done, and bad input ends nothing."""

from __future__ import annotations

import json
import os
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.rules import PARSED, select_rules

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Cli, Repository, Run

HACK = "import sys\nsys.path.insert(0, 'src')\n"


def facts(run: Run) -> dict[str, Any]:
    assert run.stderr == ""
    found: dict[str, Any] = json.loads(run.stdout)["facts"]
    return found


@pytest.mark.parametrize("git", [True, False], ids=["git", "no git"])
def test_rules_about_requirements_look_at_no_python(cli: Cli, repository: Repository, *, git: bool) -> None:
    root = repository({"a.py": HACK, "b.py": "x = = 1\n"}, git=git)
    run = cli("audit", ".", "--format", "json", "--select", "REQ", cwd=root)
    assert run.exit_code == 0
    assert "imports" not in facts(run)


def test_the_scan_alone_parses_no_other_file(cli: Cli, repository: Repository) -> None:
    root = repository({"a.py": HACK, "b.py": "x = = 1\n"}, git=True)
    found = facts(cli("audit", ".", "--format", "json", "--select", "IMP001", cwd=root))["imports"]
    assert (found["files"], found["unparsable"], len(found["statements"])) == (2, None, 1)


@pytest.mark.parametrize("git", [True, False], ids=["git", "no git"])
def test_both_stages_tell_their_facts(cli: Cli, repository: Repository, *, git: bool) -> None:
    root = repository({"a.py": HACK, "b.py": "x = = 1\n", "src/c.py": ""}, git=git)
    found = facts(cli("audit", ".", "--format", "json", cwd=root))["imports"]
    assert [each["path"] for each in found["unparsable"]] == ["b.py"]
    assert found["statements"] == [
        {
            "path": "a.py",
            "line": 2,
            "kind": "insert",
            "form": "literal",
            "placement": "module",
            "base": "cwd",
            "value": "src",
            "values": ["src"],
            "reason": None,
            "exists": True,
            "undone": False,
            "judgement": {
                "verdict": "unused",
                "lane": "review",
                "reason": "loaded-by-nobody",
                "evidence": ["nothing in the repository loads this file, and it does nothing by itself"],
                "advice": "nothing in the repository loads this file, and it does nothing by itself",
                "ways": found["statements"][0]["judgement"]["ways"],
            },
        }
    ]
    alone = facts(cli("audit", ".", "--format", "json", "--select", "IMP003", cwd=root))["imports"]
    assert [each["judgement"] for each in alone["statements"]] == [None]


def test_says_when_a_file_last_parsed(cli: Cli, repository: Repository, clean_environment: dict[str, str]) -> None:
    root = repository({"a.py": "x = 1\n"}, git=True)
    (root / "a.py").write_text("x = = 1\n", encoding="utf-8")
    head = ["git", "rev-parse", "HEAD"]
    commit = subprocess.run(head, cwd=root, env=clean_environment, check=True, capture_output=True, text=True).stdout
    told = cli("audit", ".", cwd=root)
    assert told.exit_code == 1
    assert f"a.py:1:5 IMP002 error: does not parse: invalid syntax; it last did in {commit[:10]} (2024-01-01)\n" in (
        told.stdout
    )


def test_bad_input_is_a_finding_or_a_skip_and_the_rest_goes_on(cli: Cli, repository: Repository) -> None:
    hack = HACK.encode()
    root = repository(
        {
            "good.py": hack,
            "bom.py": b"\xef\xbb\xbf" + hack,
            "crlf.py": hack.replace(b"\n", b"\r\n"),
            "formfeed.py": b"\x0c" + hack,
            "latin.py": b"# coding: latin-1\n# \xe9\n" + hack,
            "nested.py": hack + b"(" * 5_000 + b")" * 5_000,
            "long.py": hack + b"x = 1" + b" + 1" * 50_000,
            "two.py": hack + b"print 'x'\n",
            "cookie.py": b"# coding: klingon\n" + hack,
            "bare_latin.py": b"# \xe9\n" + hack,
            "nul.py": hack + b"\0",
            "wide.py": HACK.encode("utf-16"),
            "huge.py": hack + b"#" * 3_000_000,
            "broken.ipynb": b'{"cells": [sys.path',
        }
    )
    os.mkfifo(root / "pipe.py")
    (root / "folder.py").mkdir()
    (root / "loop.py").symlink_to("loop.py")
    run = cli("audit", ".", "--format", "json", "--select", "IMP", cwd=root)
    document = json.loads(run.stdout)
    found = document["facts"]["imports"]
    assert (run.exit_code, run.stderr) == (1, "")
    scanned = {each["path"] for each in found["statements"]}
    refused = {each["path"] for each in found["unparsable"]}
    skipped = {each["path"] for each in document["not_analysed"]}
    assert scanned >= {"good.py", "bom.py", "crlf.py", "formfeed.py", "latin.py", "nested.py", "two.py"}
    assert refused >= {"nested.py", "two.py", "cookie.py", "nul.py", "wide.py"}
    assert skipped >= {"huge.py", "pipe.py", "loop.py", "cookie.py", "nul.py", "bare_latin.py"}
    assert "long.py" in scanned | refused


def test_the_audited_folder_stays_as_it_was(cli: Cli, repository: Repository, tmp_path: Path) -> None:
    root = repository({f"m{number}.py": f"x = {number}\n" for number in range(300)})
    before = sorted(path.name for path in root.rglob("*"))
    cache = tmp_path / "cache"
    for _ in range(2):
        assert cli("audit", ".", cwd=root, environment={"XDG_CACHE_HOME": str(cache)}).exit_code == 0
    assert sorted(path.name for path in root.rglob("*")) == before
    kinds = sorted(path.name.partition("-")[0] for path in (cache / "rrr-optimize").iterdir())
    assert kinds in (["imports", "syntax"], ["syntax"])


def test_every_rule_about_imports_says_what_it_needs() -> None:
    assert all("imports" in rule.needs for rule in select_rules(["IMP"], ["IMP005"]))
    assert [rule.code for rule in select_rules(["ALL"], []) if PARSED in rule.needs] == ["IMP002"]
    assert {need for rule in select_rules(["REQ", "RRR"], []) for need in rule.needs} == {"requirements"}
