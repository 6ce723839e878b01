"""Commands of Docker Compose that name files, wherever they are written down."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.compose_commands import find_compose_commands
from rrr_optimize.source import SourceText


def read(text: str, dialect: Dialect = Dialect.SHELL) -> list[tuple[list[str], str | None]]:
    found = find_compose_commands(SourceText("x", text), dialect)
    return [(list(command.files), command.directory) for command in found]


@pytest.mark.parametrize(
    "text",
    [
        "docker compose up",
        "docker-compose up -f x.yml",
        "docker compose -f $FILE up",
        'docker compose -f "a-$STAGE.yml" up',
        "docker compose -f",
        "docker compose --profile -f up",
        "# docker compose -f a.yml up",
        "echo docker",
        "docker run -f a.yml compose",
    ],
)
def test_names_no_file(text: str) -> None:
    assert read(text) == []


@pytest.mark.parametrize(
    ("text", "files"),
    [
        ("docker compose -f a.yml -f 'b c.yml' up -d", ["a.yml", "b c.yml"]),
        ("sudo TAG=1 /usr/bin/docker-compose --file=a.yml --profile x --file b.yml down", ["a.yml", "b.yml"]),
        ("docker compose \\\n  -p name \\\n  -f a.yml \\\n  up", ["a.yml"]),
    ],
)
def test_names_files_in_order(text: str, files: list[str]) -> None:
    assert read(text) == [(files, ".")]


def test_runs_where_the_script_has_moved_to() -> None:
    text = "cd deploy\ndocker compose -f a.yml up\n(cd x && docker-compose -f b.yml up)\ndocker compose -f c.yml up\n"
    assert read(text) == [(["a.yml"], "deploy"), (["b.yml"], "deploy/x"), (["c.yml"], "deploy")]


def test_tells_the_project_directory_and_the_place() -> None:
    text = "x; docker compose --project-directory .. -f a.yml up"
    (command,) = find_compose_commands(SourceText("x", text), Dialect.SHELL)
    assert command.project_directory == ".."
    assert text[command.span.start : command.span.end] == "docker compose --project-directory .. -f a.yml"


def test_is_found_in_ci_makefiles_and_documents() -> None:
    ci = "jobs:\n  a:\n    steps:\n      - run: docker compose -f a.yml up\n        working-directory: d\n"
    assert read(ci, Dialect.CI) == [(["a.yml"], "d")]
    assert read("up:\n\t@docker compose -f a.yml up\n", Dialect.MAKEFILE) == [(["a.yml"], ".")]
    assert read("Run\n\n```sh\ndocker compose -f a.yml up\n```\n", Dialect.MARKDOWN) == [(["a.yml"], ".")]
