"""Which services are switched off, by profiles that nothing in the repository starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.compose.reading import read_compose_facts
from tests.opening import open_folder

if TYPE_CHECKING:
    from tests.conftest import Repository

STARTING = {
    "an option": ("run.sh", "docker compose --profile gate up"),
    "an option with =": ("Makefile", "up:\n\tdocker compose --profile=gate up"),
    "words of a program": ("run.py", 'run(["docker", "compose", "--profile", "gate", "up"])'),
    "a line of a document": ("README.md", "Run `docker-compose --profile 'gate' up`."),
    "a comment in a Compose file": ("other.yml", "# docker compose --profile gate up"),
    "a variable before a command": ("run.sh", "COMPOSE_PROFILES=web,gate docker compose up"),
    "a variable of CI": (".github/workflows/ci.yml", 'env:\n  COMPOSE_PROFILES: "web, gate"'),
    "a default": (".env.example", "COMPOSE_PROFILES=${COMPOSE_PROFILES:-gate}"),
    "the environment of a program": ("run.py", 'os.environ["COMPOSE_PROFILES"] = "gate"'),
}
OTHER = {
    "another profile": ("run.sh", "docker compose --profile gates --profile web up gate"),
    "a variable": ("run.sh", 'docker compose --profile "$GATE" up gate'),
    "another variable": ("run.sh", "COMPOSE_PROFILES=web docker compose up gate"),
    "no profile at all": ("run.sh", "COMPOSE_PROFILES= docker compose up gate"),
}
BASE = "services: {gate: {image: x, command: y}, web: {image: x}}"
OVER = "services: {gate: {profiles: [gate]}}"


def find_off(repository: Repository, files: dict[str, str]) -> list[str]:
    """Return the services of all projects that are switched off."""
    projects = open_folder(repository(files)).compose.projects
    return [service.name for project in projects for service in project.services.values() if service.is_off]


@pytest.mark.parametrize(("path", "text"), STARTING.values(), ids=STARTING)
def test_a_profile_that_something_starts_is_on(repository: Repository, path: str, text: str) -> None:
    assert find_off(repository, {"compose.yml": BASE, "compose.override.yml": OVER, path: text}) == []


@pytest.mark.parametrize(("path", "text"), OTHER.values(), ids=OTHER)
def test_a_profile_that_only_an_override_gives_is_off(repository: Repository, path: str, text: str) -> None:
    assert find_off(repository, {"compose.yml": BASE, "compose.override.yml": OVER, path: text}) == ["gate"]


NOT_LAID_OVER = {
    "the base has one": ("services: {gate: {image: x, profiles: [gate]}}", OVER),
    "the base has another": ("services: {gate: {image: x, profiles: [web]}}", OVER),
    "another service has it in the base": ("services: {gate: {image: x}, web: {image: x, profiles: [gate]}}", OVER),
    "a service of the override alone": (BASE, "services: {tool: {image: x, profiles: [tools]}}"),
    "a service of the override shares it": (
        BASE,
        "services: {gate: {profiles: [gate]}, tool: {image: x, profiles: [gate]}}",
    ),
}


@pytest.mark.parametrize(("base", "over"), NOT_LAID_OVER.values(), ids=NOT_LAID_OVER)
def test_a_profile_that_somebody_may_want_is_on(repository: Repository, base: str, over: str) -> None:
    assert find_off(repository, {"compose.yml": base, "compose.override.yml": over}) == []


def test_a_profile_that_comes_by_extending_is_on(repository: Repository) -> None:
    base = "services: {gate: {extends: {file: parts.yml, service: gate}}}"
    assert (
        find_off(repository, {"compose.yml": base, "parts.yml": "services: {gate: {image: x, profiles: [gate]}}"}) == []
    )


SAYS_OFF = ("disabled", "Disable", "never", "NEVER-solr", "ol-never", "donotrun", "do-not-run", "do_not_start", "off")


@pytest.mark.parametrize("name", SAYS_OFF)
def test_a_name_that_says_off_is_off(repository: Repository, name: str) -> None:
    assert find_off(repository, {"compose.yml": f'services: {{web: {{image: x, profiles: ["{name}"]}}}}'}) == ["web"]


@pytest.mark.parametrize("names", ["offline", "nevermore", "none", "manual", "old", "no-gpu", "disabled, tools"])
def test_a_name_that_may_mean_something_else_is_on(repository: Repository, names: str) -> None:
    assert find_off(repository, {"compose.yml": f"services: {{web: {{image: x, profiles: [{names}]}}}}"}) == []


def test_without_a_search_what_a_name_says_counts(repository: Repository) -> None:
    opened = open_folder(repository({"compose.yml": "services: {web: {image: x, profiles: [never]}}"}))
    (project,) = read_compose_facts(opened.snapshot, lambda _: ()).projects
    assert project.services["web"].is_off
