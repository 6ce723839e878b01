"""Whatever stands in a Compose file: bounded time, a finding or a listed skip, and the rest of the run goes on."""

from __future__ import annotations

import os
import time
from typing import TYPE_CHECKING

import pytest

from tests.compose.alias_bomb import BOMB

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository, Told

GOOD = "services: {web: {image: x, port: 1}}"
TOLD = "CMP003 good/compose.yml:1:28-1:32 services.web has no port"
BAD: dict[str, str | bytes] = {
    "tab": "services:\n\tweb: {image: x}\n",
    "merge-key bomb": BOMB,
    "cycle": "services: &a {web: {image: x, labels: *a}}",
    "python object": "services: {web: {image: !!python/object/apply:os.system [echo]}}",
    "deep": "services: " + "[" * 5_000 + "]" * 5_000,
    "deep mappings": "services: " + "{a: " * 300 + "1" + "}" * 300,
    "nul": b"services: {web: {image: x\0}}",
    "latin-1": "services: {web: {image: é}}".encode("latin-1"),
    "not a mapping": "- 1\n- 2\n",
    "no end": "services: {web: {image: 'x",
    "undefined alias": "services: {web: *gone}",
    "list as a key": "services: {[a, b]: {image: x}}",
    "wrong kinds": "services:\n  web: 1\n  api: [x]\n"
    "  a: {networks: 1, ports: x, depends_on: 5, build: [a], volumes: {a: b}, environment: 3, healthcheck: [x]}\n"
    "  b: {deploy: 1, profiles: x, env_file: {a: 1}, extends: [a], labels: 1, links: x, develop: [a], gpus: 1}\n"
    "networks: [a]\nvolumes: 5\nsecrets: x\nconfigs: {c: 1}\ninclude: 5\n",
    "nested variables": f"services: {{web: {{image: '{'${A:-' * 500}x{'}' * 500}'}}}}",
    "includes itself": "include: [compose.yml]\nservices: {web: {image: x}}",
    "many ports": "services: {web: {image: x, ports: ['1-65535:1-65535']}}",
}


@pytest.mark.parametrize("text", BAD.values(), ids=BAD)
def test_a_bad_file_is_told_and_the_rest_goes_on(text: str | bytes, told: Told) -> None:
    begin = time.perf_counter()
    found = told({"bad/compose.yml": text, "good/compose.yml": GOOD}, "CMP")
    assert time.perf_counter() - begin < 5
    assert [line for line in found if line.startswith("CMP003 good")] == [TOLD]
    assert any("bad/compose.yml" in line for line in found)


@pytest.mark.parametrize("encoding", ["utf-16", "utf-8-sig", "utf-32"])
def test_another_encoding_with_its_mark_is_read(encoding: str, told: Told) -> None:
    assert told({"good/compose.yml": GOOD.encode(encoding)}, "CMP") == [TOLD]


@pytest.mark.parametrize("end", ["\r\n", "\n"])
def test_lines_end_as_they_like(end: str, told: Told) -> None:
    text = f"services:{end}  web:{end}    image: x{end}    port: 1"
    assert told({"compose.yml": text}, "CMP") == ["CMP003 compose.yml:4:5-4:9 services.web has no port"]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="this system has no named pipes")
def test_a_pipe_is_not_waited_for(cli: Cli, repository: Repository) -> None:
    root = repository({"good/compose.yml": GOOD})
    os.mkfifo(root / "compose.yml")
    run = cli("audit", ".", "--select", "CMP", cwd=root)
    assert run.exit_code == 1
    assert "good/compose.yml:1:28 CMP003" in run.stdout


def test_a_secret_is_in_no_finding(told: Told) -> None:
    text = """
services:
  web:
    image: "x:${PASSWORD:-canary"
    environment: [PASSWORD=canary, PASSWORD=canary, "DB_URL=postgres://u:canary@gone/x"]
    healthcheck: {test: [CMD, x]}
"""
    found = told({"compose.yml": text}, "CMP")
    assert len(found) == 3
    assert not any("canary" in line for line in found)


def test_five_hundred_files_take_no_time(told: Told) -> None:
    services = "".join(
        f"  s{n}: {{image: 'x:${{TAG:-1}}', ports: ['{8000 + n}:80'], depends_on: [s0], environment: [A=1, B=2]}}\n"
        for n in range(1, 12)
    )
    text = f"services:\n  s0: {{image: x}}\n{services}"
    files = {f"d{number}/compose.yml": text for number in range(500)}
    begin = time.perf_counter()
    assert told(files, "CMP013", "CMP003") == []
    assert time.perf_counter() - begin < 20


def test_other_rules_do_not_read_compose_files(cli: Cli, repository: Repository) -> None:
    root = repository({"compose.yml": "services: [", "requirements.txt": "x==1\n"})
    run = cli("audit", ".", "--select", "REQ", "--format", "json", cwd=root)
    assert run.exit_code == 0
    assert '"compose"' not in run.stdout
    assert '"files_read": 1' in run.stdout
