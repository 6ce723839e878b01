"""Measure the stages of an audit one by one, beside their goals: scan, verdicts and parse of Python, and Compose.

Usage: python tests/benchmarks/stages.py [DIR]

Without DIR a repository is made up: 30,000 Python files, 1,000 of them with a path hack, and 500 Compose files. Nothing
is written outside a temporary folder.
"""

from __future__ import annotations

import argparse
import gc
import subprocess
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from random import Random
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from rrr_optimize.facts.import_facts import PathHack

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from rrr_optimize.commands.opening import OBJECTS_BETWEEN_COLLECTIONS  # noqa: E402 - from this checkout
from rrr_optimize.facts.codebase import Codebase  # noqa: E402
from rrr_optimize.facts.compose.reading import read_compose_facts  # noqa: E402 - from this checkout, installed or not
from rrr_optimize.facts.import_scan import SUFFIXES, scan_imports  # noqa: E402
from rrr_optimize.formats.telling_lines import NEEDLES  # noqa: E402
from rrr_optimize.imports.judging import judge_all  # noqa: E402
from rrr_optimize.tools.git import Git  # noqa: E402
from rrr_optimize.tools.import_memory import ImportMemory  # noqa: E402
from rrr_optimize.tools.syntax import PythonSyntax  # noqa: E402
from rrr_optimize.tools.syntax_cache import SyntaxCache  # noqa: E402
from rrr_optimize.tools.user_cache import UserCache  # noqa: E402
from rrr_optimize.workspace.reader import Reader  # noqa: E402
from rrr_optimize.workspace.root import Root  # noqa: E402
from rrr_optimize.workspace.search import find_holding  # noqa: E402
from rrr_optimize.workspace.snapshot import Snapshot, take_snapshot  # noqa: E402

PYTHON_FILES, HITS, COMPOSE_FILES = 30_000, 1_000, 500
RUNS = 5
HACK = """\
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[{0}]
sys.path.insert(0, str(ROOT / "src"))
import module{1}
"""
FUNCTION = '''

def step_{0}(values, limit={0}):
    """Return what is below the limit, doubled."""
    result = []
    for value in values:
        if value < limit and not isinstance(value, str):
            result.append({{"value": value * 2, "name": f"step-{{value}}"}})
    return sorted(result, key=lambda each: each["value"])
'''
SERVICE = """\
  service-{0}:
    build: ./service-{0}
    depends_on: [database]
    environment:
      DATABASE_URL: postgres://app:${{PASSWORD}}@database:5432/app
    ports: ["{1}:80"]
    networks: [front, back]
    healthcheck: {{test: [CMD, curl, -f, "http://localhost/"], interval: 10s}}
"""
PROJECT = """\
services:
  database:
    image: postgres:16
    volumes: [data:/var/lib/postgresql/data]
    networks: [back]
{0}
networks:
  front: {{}}
  back: {{internal: true}}
volumes:
  data: {{}}
"""


def make_repository(folder: Path) -> None:
    """Write the made-up repository, the same one every time, and stage it."""
    random = Random(3)  # noqa: S311 - a corpus must be the same every time; nothing here is a secret
    for number in range(PYTHON_FILES):
        path = folder / f"project{number % 300}" / "src" / f"module{number}.py"
        path.parent.mkdir(parents=True, exist_ok=True)
        # Hits are spread over the projects, and import a module that is none.
        is_hit = (number // 300 * 7 + number) % (PYTHON_FILES // HITS) == 0
        head = HACK.format(number % 3 + 1, (number + 300) % PYTHON_FILES) if is_hit else "import os\n"
        head = f"# module {number}\n{head}"
        path.write_text(head + "".join(FUNCTION.format(n) for n in range(random.randint(2, 40))), encoding="utf-8")
    for number in range(COMPOSE_FILES):
        path = folder / f"stack{number // 2}" / ("compose.yaml", "compose.override.yaml")[number % 2]
        path.parent.mkdir(parents=True, exist_ok=True)
        services = "".join(SERVICE.format(n, 8000 + n) for n in range(random.randint(1, 12)))
        path.write_text(PROJECT.format(services), encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=folder, check=True, capture_output=True)


def _snapshot(folder: Path) -> Snapshot:
    # As if it were later: what has just been written counts as certain.
    return take_snapshot(Root(folder, folder), Git(), reader=Reader(folder, time.time() + 10))


def _seconds(work: Callable[[Snapshot], object], folder: Path, runs: int = RUNS) -> float:
    """Return the median of some runs, each on a snapshot of its own; one more only warms up."""
    measured = []
    for _ in range(runs + 1):
        snapshot = _snapshot(folder)
        start = time.perf_counter()
        work(snapshot)
        measured.append(time.perf_counter() - start)
    return median(measured[1:])


def _grep(folder: Path, _snapshot: Snapshot) -> None:
    wanted = [argument for needle in NEEDLES for argument in ("-e", needle)]
    patterns = [f"*{suffix}" for suffix in SUFFIXES]
    subprocess.run(["git", "grep", "-lF", *wanted, "--", *patterns], cwd=folder, capture_output=True, check=False)


def _search(folder: Path, snapshot: Snapshot) -> tuple[str, ...]:
    return find_holding(snapshot, Root(folder, folder), Git(), NEEDLES, SUFFIXES)


def _parse(cache: Path | None, snapshot: Snapshot) -> None:
    paths = [path for path in snapshot.files if path.endswith(".py") and snapshot.canonical(path) == path]
    PythonSyntax(SyntaxCache.of_user({"XDG_CACHE_HOME": str(cache or "")})).check_files(snapshot, paths)


def _codebase(hacks: tuple[PathHack, ...], cache: Path | None, snapshot: Snapshot) -> Codebase:
    """Return what judges need, with the imports of every file, which are remembered if there is a cache."""
    memory = ImportMemory(UserCache.named("imports.json", {"XDG_CACHE_HOME": str(cache or "")}))
    codebase = Codebase(snapshot, hacks, memory=memory)
    codebase.importers("")
    memory.save()
    return codebase


def _judging(hacks: tuple[PathHack, ...], cache: Path, folder: Path) -> float:
    """Return the median of the seconds that the verdicts take when it is known who imports whom."""
    measured = []
    for _ in range(RUNS):
        codebase = _codebase(hacks, cache, _snapshot(folder))
        start = time.perf_counter()
        judge_all(codebase)
        measured.append(time.perf_counter() - start)
        codebase.memory.save()
    return median(measured)


def measure(folder: Path, cache: Path) -> Iterator[str]:
    """Yield the lines of the table."""
    hits = _search(folder, _snapshot(folder))
    grep = _seconds(partial(_grep, folder), folder)
    search = _seconds(partial(_search, folder), folder)
    files = sum(path.endswith(SUFFIXES) for path in _snapshot(folder).files)
    yield f"git grep -lF, {files} files        {grep * 1000:8.0f} ms"
    yield f"finding the files with a hit     {search * 1000:8.0f} ms   {search / grep:.2f} x git grep; at most 1.5 x"
    scan = _seconds(lambda snapshot: scan_imports(snapshot, lambda _needles, _suffixes: hits), folder)
    each = scan * 1000 / max(1, len(hits))
    yield f"looking at {len(hits)} of them          {scan * 1000:8.0f} ms   {each:.2f} ms a file; at most 1 ms"
    hacks = scan_imports(_snapshot(folder), lambda _needles, _suffixes: hits).statements
    mapping = _seconds(partial(_codebase, hacks, None), folder, 1)
    again = _seconds(partial(_codebase, hacks, cache), folder)
    yield f"who imports whom, first run      {mapping * 1000:8.0f} ms"
    yield f"who imports whom, second run     {again * 1000:8.0f} ms"
    judged = len({hack.location.path for hack in hacks})
    judging = _judging(hacks, cache, folder)
    each = judging * 1000 / max(1, judged)
    yield f"verdicts on {judged}                 {judging * 1000:8.0f} ms   {each:.2f} ms a file; at most 1 ms"
    first = _seconds(partial(_parse, None), folder, 1)
    second = _seconds(partial(_parse, cache), folder)
    yield f"parsing all, first run           {first * 1000:8.0f} ms"
    yield f"parsing all, second run          {second * 1000:8.0f} ms   {second / first:.3f} of the first; at most 0.1"
    found = read_compose_facts(_snapshot(folder), lambda _word: ())
    compose = _seconds(lambda snapshot: read_compose_facts(snapshot, lambda _word: ()), folder)
    yield f"{len(found.files)} Compose files                {compose * 1000:8.0f} ms   at most 5 s for 500"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Measure the stages of an audit beside their goals.")
    parser.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="a git repository to measure on")
    options = parser.parse_args()
    # As every command does.
    gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
    with tempfile.TemporaryDirectory() as temporary:
        folder = options.folder.resolve() if options.folder else Path(temporary, "made")
        if not options.folder:
            make_repository(folder)
        for line in measure(folder, Path(temporary, "cache")):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main()
