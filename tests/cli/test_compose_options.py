"""The options of `compose`: places, parts, pictures, formats, and Docker Compose as the second judge."""

from __future__ import annotations

import json
import os
import re
import shutil
import sysconfig
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

import jsonschema
import pytest

from tests.compose.conftest import ask_compose

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"
SCRIPTS = sysconfig.get_path("scripts")
NESTED = """\
services:
  web: {image: web, networks: [front, back]}
  api: {image: api, networks: [front, back]}
  db: {image: postgres, networks: [back]}
networks: {front: , back: }
"""
CHAIN = NESTED.replace("api, networks: [front, back]", "api, networks: [front]")


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository({"a/compose.yaml": NESTED, "b/compose.yaml": NESTED, "c/x.txt": ""}, git=True)


def planned(text: str) -> list[str]:
    return re.findall(r"networks:(\w)/compose.yaml", text)


@pytest.mark.parametrize(
    ("paths", "found"),
    [
        ((), ["a", "b"]),
        (("a/compose.yaml",), ["a"]),
        (("b/compose.yaml", "a"), ["a", "b"]),
        (("a", "a/compose.yaml"), ["a"]),
        (("a", "."), ["a", "b"]),
    ],
    ids=" ".join,
)
def test_is_narrowed_to_files_and_folders(paths: tuple[str, ...], found: list[str], root: Path, cli: Cli) -> None:
    run = cli("compose", "--check", *paths, cwd=root)
    assert (run.exit_code, run.stderr) == (1, "")
    assert planned(run.stdout) == found


def test_writes_only_there(root: Path, cli: Cli) -> None:
    assert cli("compose", "--write", "b", "b/compose.yaml", cwd=root).exit_code == 0
    assert (root / "a" / "compose.yaml").read_text("utf-8") == NESTED
    assert "front" not in (root / "b" / "compose.yaml").read_text("utf-8")


def test_one_folder_is_the_root(root: Path, cli: Cli) -> None:
    assert cli("compose", "--check", "a", cwd=root).stdout.startswith("compose.yaml:5:")


@pytest.mark.parametrize(
    ("paths", "told"),
    [
        (("gone",), "gone does not exist"),
        (("a", "gone"), "gone does not exist"),
        (("a", "c"), "no Compose project has a file at c"),
        (("c/x.txt",), "no Compose project has a file at c/x.txt"),
        (("a", "/"), "/ is not in "),
    ],
    ids=" ".join,
)
def test_a_place_without_a_project_is_an_error(paths: tuple[str, ...], told: str, root: Path, cli: Cli) -> None:
    run = cli("compose", *paths, cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert told in run.stderr


def test_only_names_a_part(root: Path, cli: Cli) -> None:
    assert cli("compose", "--check", "--only", "networks", cwd=root) == cli("compose", "--check", cwd=root)
    run = cli("compose", "--only", "networks", "--only", "pools", cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert run.stderr == "rrr-optimize: --only pools: there is no such part\nhint: choose networks\n"


def test_what_needs_nothing_is_left_to_verbose(repository: Repository, cli: Cli) -> None:
    root = repository({f"{name}/compose.yaml": CHAIN for name in "ab"}, git=True)
    run = cli("compose", cwd=root)
    assert run == (
        0,
        "note: 2 more projects have as few networks as can be; -v shows what fewer would add\n" + _end(2),
        "",
    )
    text = cli("compose", "-v", cwd=root).stdout
    assert text.count("today; fewer would add pairs") == 2
    assert text.count("a/compose.yaml today:\n  front  bridge, 2 services\n  ├── web\n  └── api\n") == 1


def _end(projects: int) -> str:
    return f"Nothing to change: {projects} files of 1 project read\n"


def test_a_long_table_begins_with_what_costs_least(repository: Repository, cli: Cli) -> None:
    services = "".join(f"  s{n}: {{image: x, networks: [n{n}]}}\n" for n in range(9))
    networks = "".join(f"  n{n}:\n" for n in range(9))
    root = repository({"compose.yaml": f"services:\n{services}networks:\n{networks}"}, git=True)
    run = cli("compose", cwd=root)
    assert "Networks of compose.yaml (4 of 9 rows; -v lists all):\n" in run.stdout
    assert len(re.findall(r"^ +\d", cli("compose", "-v", cwd=root).stdout, re.MULTILINE)) == 9
    chosen = cli("compose", "--check", "--networks", "2", cwd=root).stdout
    assert "(5 of 9 rows; -v lists all)" in chosen
    assert re.search(r"^ +2 .*\(chosen\)$", chosen, re.MULTILINE)


def test_markdown_draws_before_and_after(root: Path, cli: Cli) -> None:
    run = cli("compose", "--format", "markdown", cwd=root)
    assert run.exit_code == 1
    assert run.stdout.startswith("# Plan of `rrr-optimize compose`\n\n")
    assert run.stdout.count("```mermaid\nflowchart LR\n") == 4
    assert "## `a/compose.yaml` before\n" in run.stdout
    assert "| web | - | x |\n" in run.stdout
    assert "-networks: {front: , back: }\n" in run.stdout


def test_json_has_charts_and_what_was_not_run(root: Path, tmp_path: Path, cli: Cli) -> None:
    plan = json.loads(
        cli("compose", "--format", "json", cwd=root, environment={"PATH": path_with_git(tmp_path)}).stdout
    )
    schema = json.loads(resources.files("rrr_optimize.schemas").joinpath("plan.schema.json").read_text("utf-8"))
    jsonschema.validate(plan, schema)
    assert [picture["title"] for picture in plan["pictures"]][:2] == ["a/compose.yaml before", "a/compose.yaml after"]
    (proof,) = [proof for proof in plan["groups"][0]["proofs"] if not proof["was_run"]]
    assert proof["evidence"] == ["Docker Compose 2 or later was not found"]


def path_with_git(folder: Path) -> str:
    """Return a PATH on which there is git and nothing else."""
    git = shutil.which("git")
    assert git is not None
    (folder / "bin").mkdir()
    (folder / "bin" / Path(git).name).symlink_to(git)
    return str(folder / "bin")


def test_compose_agrees_on_the_sample_and_sees_just_what_was_planned(tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    variables = dict.fromkeys(("DATABASE_URL", "POLYGON_API_KEY", "COINBASE_API_KEY", "COINBASE_API_SECRET"), "x")
    before = ask_compose(root, (), variables, consistent=True)
    path = f"{path_with_git(tmp_path)}{os.pathsep}{SCRIPTS}"
    run = cli("compose", "-v", "--write", "--allow-no-vcs", ".", cwd=root, environment={"PATH": path})
    assert (run.exit_code, run.stderr) == (0, "")
    files = "docker-compose.yml + docker-compose.override.yml"
    assert (
        f"    proved: Docker Compose accepts {files} as edited, and its model differs just as planned\n" in run.stdout
    )
    after = ask_compose(root, (), variables, consistent=True)
    assert (before.error, after.error) == ("", "")
    gone = {"rrr-data", "rrr-ml", "rrr-trading"}
    planned = json.loads(json.dumps(before.model))
    for service in planned["services"].values():
        service["networks"] = {name: how for name, how in service["networks"].items() if name not in gone}
    planned["services"]["quantum-optimization"]["networks"]["rrr-backend"] = {"aliases": ["optimizer"]}
    # The anchor of both caches stands in an extension.
    planned["x-cache"]["networks"] = ["rrr-backend"]
    planned["networks"] = {name: value for name, value in planned["networks"].items() if name not in gone}
    assert after.model == planned
