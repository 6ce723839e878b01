"""What the JSON report says of Compose projects."""

from __future__ import annotations

import json
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

if TYPE_CHECKING:
    from tests.conftest import Cli, Facts, Repository

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"


def audit(cli: Cli, root: Path) -> list[dict[str, Any]]:
    document = json.loads(cli("audit", str(root), "--select", "CMP", "--format", "json", cwd=root).stdout)
    schema = json.loads(files("rrr_optimize.schemas").joinpath("report.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator(schema).validate(document)
    projects: list[dict[str, Any]] = document["facts"]["compose"]["projects"]
    return projects


def test_the_sample_is_one_project_of_eleven_services_on_six_networks(cli: Cli) -> None:
    (project,) = audit(cli, SAMPLE)
    assert project["files"] == ["docker-compose.yml", "docker-compose.override.yml"]
    assert (len(project["services"]), len(project["networks"]), project["pairs"]) == (11, 6, 39)
    (monitoring,) = [network for network in project["networks"] if network["name"] == "rrr-monitoring"]
    assert monitoring == {
        "name": "rrr-monitoring",
        "services": ["monitoring", "prometheus"],
        "driver": "bridge",
        "internal": False,
        "external": False,
    }
    (engine,) = [service for service in project["services"] if service["name"] == "trading-engine"]
    assert engine == {
        "name": "trading-engine",
        "path": "docker-compose.override.yml",
        "line": 4,
        "image": None,
        "build": ".",
        "networks": ["rrr-backend", "rrr-frontend", "rrr-trading"],
        "depends_on": ["api-integration", "redis-orders"],
        "profiles": [],
    }


def test_a_shared_namespace_joins_the_networks_of_its_service(cli: Cli, repository: Repository) -> None:
    text = """
services:
  web: {image: x, networks: [n]}
  side: {image: x, network_mode: "service:web", profiles: [p]}
  alone: {image: x, network_mode: none}
  db: {image: "y:${TAG}", networks: [n, out]}
networks: {n: {internal: true}, out: {external: true}}
"""
    (project,) = audit(cli, repository({"compose.yml": text}))
    assert [(n["name"], n["services"]) for n in project["networks"]] == [("n", ["db", "side", "web"]), ("out", ["db"])]
    assert project["pairs"] == 3
    assert [(n["internal"], n["external"]) for n in project["networks"]] == [(True, False), (False, True)]
    assert [service["image"] for service in project["services"]] == ["x", "x", "x", "y:${TAG}"]


SETS = {
    "compose.yml": "services: {web: {image: x}}",
    "compose.override.yml": "services: {web: {command: y}}",
    "compose.prod.yml": "services: {web: {command: z}}",
    "compose.test.yml": "services: {web: {command: t}}",
    "tools/alone.compose.yml": "services: {tool: {image: x}}",
    "tools/part.compose.yml": "services: {part: {command: x}}",
    "app/docker-compose.yml": "include: [../parts/compose.db.yml]\nservices: {app: {image: x}}",
    "parts/compose.db.yml": "services: {db: {image: x}}",
    "Makefile": "prod:\n\tdocker compose -f compose.yml -f compose.prod.yml up\n",
    "notes/compose.txt": "no file of Compose",
}


def test_files_go_together_as_names_commands_and_services_say(facts: Facts) -> None:
    found = facts(SETS).compose.projects
    assert [(project.files, project.directory, project.is_guess) for project in found] == [
        (("app/docker-compose.yml",), "app", False),
        (("compose.yml", "compose.override.yml"), ".", False),
        (("compose.yml", "compose.prod.yml"), ".", False),
        (("compose.yml", "compose.test.yml"), ".", True),
        (("tools/alone.compose.yml",), "tools", True),
    ]


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("tox.ini", "[testenv]\ncommands_pre =\n  docker compose -f compose.yml -f compose.prod.yml up -d\n"),
        ("ops/tox.ini", "[testenv]\ncommands = docker-compose -f ../compose.yml -f ../compose.prod.yml up -d\n"),
        ("up.sh", "docker compose -f compose.yml -f compose.prod.yml up -d\n"),
        ("README.md", "```\ndocker compose -f compose.yml -f compose.prod.yml up -d\n```\n"),
    ],
)
def test_a_command_names_files_that_go_together(path: str, text: str, facts: Facts) -> None:
    found = facts({**SETS, "Makefile": "", path: text}).compose.projects
    (named,) = [project for project in found if project.named_by]
    assert (named.files, named.named_by and named.named_by.path) == (("compose.yml", "compose.prod.yml"), path)


def test_what_an_image_runs_names_no_files_of_the_repository(facts: Facts) -> None:
    image = "FROM docker\nCMD docker compose -f compose.yml -f compose.prod.yml -f gone.yml up\n"
    compose = facts({**SETS, "Makefile": "", "Dockerfile": image}).compose
    assert not compose.missing
    assert not [project for project in compose.projects if project.named_by]


def test_a_template_is_listed_and_not_read(facts: Facts) -> None:
    found = facts({"compose.yml": "services:\n  {% if x %}web: {image: y}{% endif %}\n"}).compose
    assert (found.projects, found.files) == ((), ())
    assert [(item.path, item.reason) for item in found.unread] == [("compose.yml", "a template of a Compose file")]


def test_a_context_is_found_through_links_that_stay_in_the_root(cli: Cli, repository: Repository) -> None:
    text = "services: {a: {build: ./a}, b: {build: ./b}, c: {build: ./c}, d: {build: ./d}}\n"
    root = repository({"lab/compose.yml": text, "images/a/Dockerfile": "FROM x\n", "images/b/main.py": ""})
    for name, target in (("a", "../images/a"), ("b", "../images/b"), ("c", "../images/gone"), ("d", "/")):
        (root / "lab" / name).symlink_to(target)
    done = cli("audit", str(root), "--select", "CMP018", "--format", "json", cwd=root)
    told = [(finding["line"], finding["message"]) for finding in json.loads(done.stdout)["findings"]]
    assert told == [
        (1, "b is built by Dockerfile, which lab/b does not have"),
        (1, "c is built from lab/c, which is not in the repository"),
    ]
