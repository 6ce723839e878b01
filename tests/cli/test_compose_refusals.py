"""`compose` on files that cannot be judged: where and what, nothing written, and the rest of the repository goes on."""

from __future__ import annotations

import json
import time
from typing import TYPE_CHECKING

import pytest

from tests.compose.alias_bomb import BOMB

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository

NESTED = """\
services:
  web: {image: web, networks: [front, back]}
  api: {image: api, networks: [front, back]}
networks: {front: , back: }
"""
BAD: dict[str, tuple[str | bytes, str]] = {
    "bomb": (BOMB, ":5:37 not read: its aliases make more than 100000 values"),
    "alias of itself": ("services: &a {web: {image: x, labels: *a}}", ":1:39 not read: the alias lies inside its own"),
    "include cycle": ("include: [compose.yaml]\nservices: {web: {image: x}}\n", ":1:11 compose.yaml includes itself"),
    "extends cycle": (
        "services:\n  a: {extends: b}\n  b: {extends: a}\n",
        ":2:16 a extends itself; and 1 mistake more",
    ),
    "dependency cycle": (
        NESTED.replace("web,", "web, depends_on: [api],").replace("api,", "api, depends_on: [web],"),
        ":3:21 api -> web -> api: each waits for the next",
    ),
    "duplicate key": (NESTED.replace("api:", "web:"), ":3:3 web is given a second time, first in line 2"),
    "undefined network": (
        NESTED.replace("front: ,", ""),
        ":2:32 web uses the network front, which compose.yaml does not",
    ),
    "undefined volume": (NESTED.replace("web,", "web, volumes: ['data:/v'],"), ":2:31 web uses the volume data, which"),
    "undefined dependency": (NESTED.replace("web,", "web, depends_on: [db],"), ":2:34 web depends on db, and"),
    "two ways to be on networks": (
        NESTED.replace("web,", "web, network_mode: host,"),
        ":2:21 web has a network_mode and",
    ),
    "undefined alias": ("services: {web: *gone}", ":1:17 not read: the alias *gone has no anchor before it"),
    "not Compose at all": ("apiVersion: v1\nkind: Pod\n", ":1:1 this is not a Compose file: it has no services"),
    "a list": ("- 1\n", ":1:1 a Compose file is a mapping"),
    "a word": ("hello\n", ":1:1 a Compose file is a mapping"),
    "a wrong type": (
        NESTED.replace("[front, back]", "5", 1),
        ":2:21 services.web.networks has to be a list or a mapping",
    ),
    "remote include": (
        f"include:\n  - https://example.com/a.git\n{NESTED}",
        ":2:5 https://example.com/a.git is fetched",
    ),
    "tab": ("services:\n\tweb: {image: x}\n", ":2:1 not read: a tab cannot indent"),
    "open bracket": ("services: [\n", ":2:1 not read: did not find expected node content"),
    "UTF-16 with a network too few": (
        NESTED.replace("front: ,", "").encode("utf-16"),
        ":2:32 web uses the network front, which",
    ),
    "UTF-16 without a mark": (NESTED.encode("utf-16-le"), ":1:1 not read: it holds a NUL character"),
    "latin-1": ("services: {web: {image: é}}".encode("latin-1"), ":1:1 not read: byte 24 (0xe9) is not utf-8"),
    "NUL": (b"services: {web: {image: 'x\0'}}", ":1:1 not read: it holds a NUL character"),
    "deep": ("services: " + "[" * 5_000 + "]" * 5_000, ":1:1010 not read: nested more than 100 deep"),
    "a Python object": (
        "services: {web: {image: !!python/object/apply:os.system [echo]}}",
        ":1:18 services.web.image has",
    ),
}


@pytest.mark.parametrize(("text", "told"), BAD.values(), ids=BAD)
def test_is_told_with_its_place_and_the_rest_goes_on(
    text: str | bytes, told: str, repository: Repository, cli: Cli
) -> None:
    root = repository({"bad/compose.yaml": text, "good/compose.yaml": NESTED}, git=True)
    before = (root / "bad" / "compose.yaml").read_bytes()
    begin = time.perf_counter()
    run = cli("compose", "--write", "--unsafe", cwd=root)
    assert time.perf_counter() - begin < 10
    assert (run.exit_code, run.stderr) == (0, "")
    place, message = told.split(" ", 1)
    first = run.stdout.splitlines()[0].replace("bad/compose.yaml does", "compose.yaml does")
    assert first.startswith(f"bad/compose.yaml{place} broken:bad/compose.yaml refused: ")
    assert message in first.replace("bad/", "")
    assert (root / "bad" / "compose.yaml").read_bytes() == before
    assert "back" not in (root / "good" / "compose.yaml").read_text("utf-8")


def test_utf_16_with_a_mark_is_edited_in_its_own_encoding(repository: Repository, cli: Cli) -> None:
    root = repository({"compose.yaml": NESTED.encode("utf-16")}, git=True)
    assert cli("compose", "--write", cwd=root).exit_code == 0
    text = (root / "compose.yaml").read_bytes()
    assert text[:2] in {b"\xff\xfe", b"\xfe\xff"}
    assert "back" not in text.decode("utf-16")


@pytest.mark.parametrize(
    "override",
    ["services: [\n", "services: {web: {image: é}}".encode("latin-1"), "services:\n  web: {networks: [gone]}\n"],
    ids=["syntax", "latin-1", "an undefined network"],
)
def test_an_override_that_cannot_be_judged_stops_its_project(
    override: str | bytes, repository: Repository, cli: Cli
) -> None:
    root = repository({"compose.yaml": NESTED, "compose.override.yaml": override}, git=True)
    run = cli("compose", "--write", "--unsafe", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert run.stdout.startswith("compose.override.yaml:")
    assert (root / "compose.yaml").read_text("utf-8") == NESTED


def test_a_file_of_another_set_that_cannot_be_judged_holds_the_change_back(repository: Repository, cli: Cli) -> None:
    files = {
        "compose.yaml": NESTED,
        "compose.prod.yaml": "services: {web: {image: x}, web: {image: y}}\n",
        "run.sh": "docker compose -f compose.yaml -f compose.prod.yaml up\n",
    }
    root = repository(files, git=True)
    run = cli("compose", "--write", "--unsafe", "--format", "json", cwd=root)
    broken, change = json.loads(run.stdout)["groups"]
    assert (broken["id"], broken["lane"], broken["line"]) == ("broken:compose.prod.yaml", "refused", 1)
    assert (change["requires"], change["accepted"]) == (["broken:compose.prod.yaml"], False)
    assert (root / "compose.yaml").read_text("utf-8") == NESTED


def test_no_secret_of_a_file_that_cannot_be_judged_is_told(repository: Repository, cli: Cli) -> None:
    text = "services:\n  web:\n    image: 'x:${PASSWORD:-canary'\n    environment: [PASSWORD=canary]\n"
    run = cli("compose", "-v", cwd=repository({"compose.yaml": text}, git=True))
    assert "compose.yaml:3:" in run.stdout
    assert "x:${PASSWORD:-canary" not in run.stdout
