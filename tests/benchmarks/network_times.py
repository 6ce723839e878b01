"""Measure the search for the fewest networks, and the whole command on a repository.

    PYTHONPATH=. python tests/benchmarks/network_times.py [DIR]

Each figure is the median and the slowest of its runs: the command as a user starts it, with and without Docker Compose
on the PATH, the table of each project of DIR, projects of 40 services on 20 networks, and dense graphs of 30 services,
which end at the cap.
"""

from __future__ import annotations

import argparse
import os
import random
import subprocess
import sys
import sysconfig
import time
from functools import partial
from itertools import combinations
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from rrr_optimize.compose.edge_cover import find_cover
from rrr_optimize.compose.network_rows import make_rows
from rrr_optimize.facts.compose.topology import read_topology
from tests.compose.cover_oracle import list_items
from tests.compose.test_edge_cover import draw_networks
from tests.opening import open_folder

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

RUNS = 20


def measure(name: str, goal: str, works: Iterable[Callable[[], object]]) -> None:
    """Do each of these once and print how long they took."""
    seconds = []
    for work in works:
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    told = f"{median(seconds) * 1000:9.1f} ms  slowest {max(seconds) * 1000:9.1f} ms  {len(seconds):3} runs"
    sys.stdout.write(f"{name:45}{told}  {goal}\n")


def find_sparse() -> Iterator[Callable[[], object]]:
    """Yield searches in projects of 40 services on 20 networks of 2 to 8."""
    for seed in range(RUNS):
        drawn = draw_networks(random.Random(seed), 40, 20, 2, 8)  # noqa: S311 - cases, not secrets
        items = list_items(drawn)
        yield lambda drawn=drawn, items=items: find_cover(items, items, drawn)  # type: ignore[misc]  # of defaults


def find_dense() -> Iterator[Callable[[], object]]:
    """Yield searches among 30 services most of which meet."""
    for seed in range(RUNS):
        dice = random.Random(seed)  # noqa: S311 - cases, not secrets
        pairs = [frozenset(pair) for pair in combinations([f"s{n}" for n in range(30)], 2) if dice.random() < 0.85]
        yield partial(find_cover, pairs, pairs, pairs)


def measure_repository(folder: Path) -> None:
    """Measure the command on a repository, and the tables of its projects."""
    command = [sys.executable, "-m", "rrr_optimize", "compose", "--check", str(folder)]
    for name, path in (("without", os.defpath), ("with", f"{sysconfig.get_path('scripts')}{os.pathsep}{os.defpath}")):
        environment = {**os.environ, "PATH": path, "PYTHONPATH": str(Path(__file__).parents[2])}
        work = partial(subprocess.run, command, env=environment, capture_output=True, check=False)
        measure(f"the command, {name} Docker Compose", "at most 1000 ms", [work] * RUNS)
    for project in open_folder(folder).compose.projects:
        topology = read_topology(project)
        if len(topology.networks) > 1:
            measure(f"the table of {project.label}", "at most 10 ms", [partial(make_rows, topology, ())] * RUNS)


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?")
    chosen = parser.parse_args(arguments)
    if chosen.folder:
        measure_repository(chosen.folder)
    measure("40 services on 20 networks", "at most 50 ms", find_sparse())
    measure("30 services, dense", "at most 1000 ms", find_dense())
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
