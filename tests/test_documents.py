"""What the documents and settings claim is what the project does."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]


def read(name: str) -> str:
    return (ROOT / name).read_text(encoding="utf-8")


def project_table() -> dict[str, Any]:
    table: dict[str, Any] = tomllib.loads(read("pyproject.toml"))
    return table


def test_every_dependency_is_explained_and_nothing_else() -> None:
    table = project_table()
    project = table["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"], *table["build-system"]["requires"]]
    names = {re.split(r"[\[<>=]", requirement)[0] for requirement in wanted}
    assert set(re.findall(r"^### (.+)$", read("docs/choices.md"), re.MULTILINE)) == names


@pytest.mark.parametrize("name", ["sample", "tests"])
def test_the_readme_has_each_command_once_and_on_one_line(name: str) -> None:
    found = re.findall(
        rf"^<!-- command: {name} -->\n```console\n(.*?)^```$", read("README.md"), re.MULTILINE | re.DOTALL
    )
    assert len(found) == 1
    assert len(found[0].splitlines()) == 1


def test_the_commit_hooks_use_the_ruff_that_ci_uses() -> None:
    declared = next(r for r in project_table()["project"]["optional-dependencies"]["test"] if r.startswith("ruff"))
    hooks = re.findall(r"additional_dependencies: \[\"(.+)\"\]", read(".pre-commit-config.yaml"))
    assert hooks == [declared, declared]


def test_every_python_we_name_is_tried_by_ci() -> None:
    classifiers = project_table()["project"]["classifiers"]
    named = [c.rpartition(" ")[2] for c in classifiers if re.fullmatch(r".*Python :: 3\.\d+", c)]
    assert f"python: {named}".replace("'", '"') in read(".github/workflows/ci.yml")
