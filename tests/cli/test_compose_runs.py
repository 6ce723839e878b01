"""`compose` on whole repositories: the table, the write, and what asks for more than there is."""

from __future__ import annotations

import shutil
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"
NESTED = """\
services:
  web:
    image: web
    networks: [front, back]  # both
  api:
    image: api
    networks: [front, back]
  db:
    image: postgres
    networks: [back]
networks:
  front: {}
  back: {}
"""


@pytest.fixture
def root(repository: Repository) -> Path:
    return repository({"compose.yaml": NESTED}, git=True)


def test_the_sample_keeps_who_reaches_whom_on_three_networks(tmp_path: Path, cli: Cli) -> None:
    root = tmp_path / "sample"
    shutil.copytree(SAMPLE, root)
    before = (root / "docker-compose.yml").read_bytes()
    run = cli("compose", "--write", "--allow-no-vcs", ".", cwd=root)
    assert (run.exit_code, run.stderr) == (0, "")
    assert "6 networks become 3" in run.stdout
    after = (root / "docker-compose.yml").read_text("utf-8")
    assert "rrr-data" not in after
    assert cli("compose", "--check", ".", cwd=root).exit_code == 0
    assert cli("undo", ".", cwd=root).exit_code == 0
    assert (root / "docker-compose.yml").read_bytes() == before


def test_shows_the_table_and_writes_the_row_that_adds_nothing(root: Path, cli: Cli) -> None:
    shown = cli("compose", cwd=root)
    assert (shown.exit_code, shown.stderr) == (1, "")
    assert "2 networks become 1" in shown.stdout
    assert cli("compose", "--write", cwd=root).exit_code == 0
    text = (root / "compose.yaml").read_text("utf-8")
    assert "front" not in text
    assert "# both" in text


def test_a_number_of_networks_that_cannot_be_had_fails_by_name(root: Path, cli: Cli) -> None:
    run = cli("compose", "--write", "--networks", "7", cwd=root)
    assert run.exit_code == 1
    assert "7 networks are not to be had" in run.stdout
    assert (root / "compose.yaml").read_text("utf-8") == NESTED


@pytest.mark.parametrize("pair", ["web", "web,web", "web,", "a,b,c"])
def test_a_pair_is_two_services(pair: str, root: Path, cli: Cli) -> None:
    run = cli("compose", "--allow-pair", pair, cwd=root)
    assert (run.exit_code, run.stdout) == (2, "")
    assert "not a pair of services" in run.stderr
