"""Docker Compose is found where it is new enough, sees a copy of the files alone, and is never waited for for long."""

from __future__ import annotations

import os
import sys
import sysconfig
import time
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.tools.docker_compose import ComposeQuestion, ComposeUnavailableError, DockerCompose

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

SCRIPTS = sysconfig.get_path("scripts")
TEXT = """\
services:
  web:
    image: "x:${TAG}"
    environment: ["PASSWORD=${SECRET}"]
    networks: [front]
networks: {front: }
"""
needs_scripts = pytest.mark.skipif(sys.platform == "win32", reason="the programs are shell scripts")


def ask(
    texts: Mapping[str, str], variables: Mapping[str, str] | None = None, *, directory: str = "."
) -> tuple[object, str]:
    files = tuple(name for name in texts if name.endswith(".yml"))[:1]
    given = {name: text.encode() for name, text in texts.items()}
    answer = DockerCompose({"PATH": SCRIPTS, "SECRET": "canary"}).ask(
        ComposeQuestion(given, files, directory, variables=variables or {})
    )
    return answer.model, answer.refusal


def put_program(folder: Path, name: str, script: str) -> dict[str, str]:
    folder.mkdir(exist_ok=True)
    program = folder / name
    program.write_text(f"#!/bin/sh\n{script}\n", encoding="utf-8")
    program.chmod(0o755)
    return {"PATH": f"{folder}{os.pathsep}{os.defpath}"}


def test_is_found_on_the_path() -> None:
    assert int(DockerCompose({"PATH": SCRIPTS}).version.partition(".")[0]) >= 2


def test_returns_the_model_with_its_variables_as_they_are_written() -> None:
    model, refusal = ask({"compose.yml": TEXT})
    assert refusal == ""
    assert isinstance(model, dict)
    assert model["services"]["web"]["environment"] == ["PASSWORD=${SECRET}"]
    assert model["services"]["web"]["networks"] == {"front": None}


def test_a_path_does_not_tell_where_the_copy_was() -> None:
    model, _ = ask({"compose.yml": "services: {web: {image: x, volumes: ['./a:/b']}}"})
    assert isinstance(model, dict)
    assert model["services"]["web"]["volumes"][0]["source"] == "/a"


def test_refuses_what_is_wrong_once_variables_are_filled_in() -> None:
    text = "services: {web: {image: x, ports: ['${PORT}:80']}}"
    assert ask({"compose.yml": text}, {"PORT": "1"})[1] == ""
    assert "invalid" in ask({"compose.yml": text}, {"PORT": "x"})[1]


def test_refuses_a_network_that_is_not_there() -> None:
    text = TEXT.replace("front: }", "back: }")
    assert ask({"compose.yml": text})[1] == 'service "web" refers to undefined network front: invalid compose project'


def test_a_file_that_is_no_model_is_refused_without_naming_the_folder_of_the_copy() -> None:
    model, refusal = ask({"compose.yml": "services: [\n"})
    assert model is None
    assert refusal
    assert "/1/2/3/4" not in refusal


@pytest.mark.parametrize("path", [".env", "../.env", "../../x/.env"])
def test_files_above_the_root_are_in_the_copy_too(path: str) -> None:
    text = f"services: {{web: {{image: x, env_file: {path}}}}}"
    assert ask({"compose.yml": text, path: ""})[1] == ""
    assert "not found" in ask({"compose.yml": text})[1]


def test_what_leads_further_up_is_not_written(tmp_path: Path) -> None:
    path = f"{'../' * 30}{tmp_path}/x".replace("//", "/")
    assert ask({"compose.yml": TEXT, path: "x"})[1] == ""
    assert not list(tmp_path.iterdir())


def test_nothing_is_fetched() -> None:
    begin = time.monotonic()
    model, refusal = ask({"compose.yml": "include: ['https://example.com/a.git#main:compose.yml']\nservices: {}"})
    assert model is None
    assert "disabled" in refusal
    assert time.monotonic() - begin < 10


@pytest.mark.parametrize("path", ["", "/nowhere/at/all", "relative:."])
def test_where_there_is_none_it_says_so(path: str) -> None:
    with pytest.raises(ComposeUnavailableError, match=r"2 or later was not found$"):
        _ = DockerCompose({"PATH": path}).version


@needs_scripts
def test_a_relative_folder_on_the_path_does_not_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put_program(tmp_path / "bin", "docker-compose", "echo 2.30.0")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ComposeUnavailableError):
        _ = DockerCompose({"PATH": f"bin{os.pathsep}."}).version
    assert DockerCompose({"PATH": str(tmp_path / "bin")}).version == "2.30.0"


@needs_scripts
def test_version_one_does_not_count(tmp_path: Path) -> None:
    environ = put_program(tmp_path / "bin", "docker-compose", "echo 1.29.2")
    with pytest.raises(ComposeUnavailableError, match=r"only 1\.29\.2"):
        _ = DockerCompose(environ).version


@needs_scripts
@pytest.mark.parametrize("said", ["echo v2.24.5-desktop.1", "echo 5.0.0"])
def test_the_plugin_comes_first(said: str, tmp_path: Path) -> None:
    put_program(tmp_path / "bin", "docker-compose", "echo 2.1.1")
    environ = put_program(tmp_path / "bin", "docker", f'[ "$1" = compose ] && {said}')
    assert DockerCompose(environ).version in {"2.24.5-desktop.1", "5.0.0"}


@needs_scripts
def test_docker_without_the_plugin_is_passed_over(tmp_path: Path) -> None:
    put_program(tmp_path / "bin", "docker-compose", "echo 2.1.1")
    environ = put_program(tmp_path / "bin", "docker", "echo 'docker: no such command' >&2; exit 1")
    assert DockerCompose(environ).version == "2.1.1"


@needs_scripts
def test_is_not_waited_for_for_ever(tmp_path: Path) -> None:
    environ = put_program(tmp_path / "bin", "docker-compose", 'case "$*" in *version*) echo 2.1.1;; *) sleep 60;; esac')
    begin = time.monotonic()
    with pytest.raises(ComposeUnavailableError, match=r"no answer in 0\.2 seconds"):
        DockerCompose(environ, time_limit=0.2).ask(ComposeQuestion({}, (), "."))
    assert time.monotonic() - begin < 20


@needs_scripts
def test_what_cannot_be_started_is_told(tmp_path: Path) -> None:
    environ = put_program(tmp_path / "bin", "docker-compose", "")
    (tmp_path / "bin" / "docker-compose").write_text("#!/nowhere/at/all\n", encoding="utf-8")
    with pytest.raises(ComposeUnavailableError, match="cannot be started"):
        _ = DockerCompose(environ).version


@needs_scripts
@pytest.mark.parametrize("printed", ["not JSON", "[]", ""])
def test_what_is_no_model_is_a_refusal(printed: str, tmp_path: Path) -> None:
    script = f'case "$*" in *version*) echo 2.1.1;; *) echo "{printed}";; esac'
    environ = put_program(tmp_path / "bin", "docker-compose", script)
    answer = DockerCompose(environ).ask(ComposeQuestion({}, ("a.yml",), "sub", ("p",)))
    assert (answer.model, answer.refusal) == (None, "it says nothing")


@needs_scripts
def test_inherits_nothing_but_how_programs_are_found(tmp_path: Path) -> None:
    script = 'case "$*" in *version*) echo 2.1.1;; *) env >&2; exit 1;; esac'
    environ = put_program(tmp_path / "bin", "docker-compose", script)
    said = (
        DockerCompose(environ | {"SECRET": "canary", "COMPOSE_FILE": "x", "HOME": "/h"})
        .ask(ComposeQuestion({}, ("a.yml",), "."))
        .refusal
    )
    assert "canary" not in said
    assert "COMPOSE_FILE" not in said
    assert "HOME=/h" in said
