"""A file that is much longer than any person would write takes seconds, not minutes."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository, Told

# Generous: a slow machine takes a fifth of it, and what grows with the square of the lines many times as long.
SECONDS = 30

_NUMBERS = range(3_000)


@pytest.mark.parametrize(
    ("lines", "codes"),
    [
        ([f"package-{number}=={number}" for number in range(20_000)], set()),
        ([f"n=={number}" for number in _NUMBERS], {"REQ001"}),
        ([f"n=={number}.*" for number in _NUMBERS], {"REQ002"}),
        ([f"n[e{number}]==1" for number in _NUMBERS], set()),
    ],
    ids=["many packages", "many pins", "many ranges", "many extras"],
)
def test_a_file_takes_time_by_its_length(lines: list[str], codes: set[str], repository: Repository, cli: Cli) -> None:
    root = repository({"requirements.txt": "".join(f"{line}\n" for line in lines)})
    begin = time.monotonic()
    run = cli("audit", ".", "-q", cwd=root)
    assert time.monotonic() - begin < SECONDS
    assert ({line.split(" ")[1] for line in run.stdout.splitlines()}, run.stderr) == (codes, "")


@pytest.mark.parametrize("entry", ["n=={}", "n=={}.*", "n[e{}]==1", "n=={}; sys_platform == 'linux'"])
def test_a_list_is_not_compared_pair_by_pair(entry: str, told: Told) -> None:
    begin = time.monotonic()
    assert told({"requirements.txt": "".join(f"{entry.format(number)}\n" for number in range(6_000))}, "REQ009") == []
    assert time.monotonic() - begin < SECONDS
