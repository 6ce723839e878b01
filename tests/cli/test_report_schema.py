"""The JSON of real audits is what schemas/report.schema.json says."""

from __future__ import annotations

import json
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from tests.conftest import FIXTURES

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository

_HOSTILE: dict[str, str | bytes] = {
    "requirements.txt": "-r missing.txt\n-r ../out.txt\na=1\nb @ https://u:s3cr3t@example.com/b.zip\nb==1\n",
    "\x1b[31m\u202e|`<b>/requirements.txt": "a\u00a0==1\nb==2\n",
    "pyproject.toml": "[project\n",
    "nul/requirements.txt": b"\0",
    "poetry.lock": "",
    "app/Dockerfile": "FROM python:3.12\nRUN pip install b==3 c>2\n",
}


def _audit(cli: Cli, root: Any, *arguments: str) -> dict[str, Any]:
    run = cli("audit", str(root), "--format", "json", *arguments, cwd=FIXTURES)
    assert run.stderr == ""
    document: dict[str, Any] = json.loads(run.stdout)
    schema = json.loads(files("rrr_optimize.schemas").joinpath("report.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(schema)
    errors = [f"{error.json_path}: {error.message}" for error in Draft202012Validator(schema).iter_errors(document)]
    assert errors == []
    return document


def test_of_the_sample_monorepo(cli: Cli) -> None:
    document = _audit(cli, FIXTURES / "trading-monorepo")
    summary = document["summary"]
    assert summary["projects"] == 9
    assert (
        summary["findings"] == len(document["findings"]) == summary["errors"] + summary["warnings"] + summary["infos"]
    )
    assert document["facts"]["requirements"]["files"] > 9


def test_of_a_repository_full_of_mistakes(cli: Cli, repository: Repository) -> None:
    root = repository(_HOSTILE, git=True)
    document = _audit(cli, root)
    assert {finding["code"] for finding in document["findings"]} >= {"REQ014", "REQ015", "REQ016", "REQ018", "RRR001"}
    assert {gap["path"] for gap in document["not_analysed"]} >= {"nul/requirements.txt", "poetry.lock"}
    _audit(cli, root, "--baseline", str(root / "b.json"), "--write-baseline")
    held_back = _audit(cli, root, "--baseline", str(root / "b.json"))
    assert held_back["findings"] == []
    assert held_back["summary"]["held_back"] == document["summary"]["findings"]


def test_of_nothing_at_all(cli: Cli, repository: Repository) -> None:
    document = _audit(cli, repository({}))
    assert (document["findings"], document["summary"]["files_read"]) == ([], 0)
