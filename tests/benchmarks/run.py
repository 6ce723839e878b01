"""Measure what a user waits for, beside the goals, all in one run so that the figures can be compared.

Usage: python tests/benchmarks/run.py [DIR] [--runs N]

DIR is a repository of your own to measure on as well. Everything is started as a user starts it, one process each,
the cases taking turns; nothing is written outside a temporary folder.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
STARTS = 20
AUDITS = 5
GOALS = {"--version": "at most 3 x", "tiny": "at most 25 x", "corpus": "at most 1 s after start-up, under 150 MB"}
TINY = {
    "pyproject.toml": '[project]\nname = "tiny"\nversion = "1"\ndependencies = ["numpy>=1.26,<3"]\n',
    "requirements.txt": "numpy>=1.26,<3\nrequests==2.32.3\n",
    "tiny/__init__.py": '"""A tiny package."""\n',
}
# Started in a process of its own, because the system tells the peak of the largest child that one ever had.
_PEAK = (
    "import resource, subprocess, sys; subprocess.run(sys.argv[1:], capture_output=True); "
    "print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss)"
)


@dataclass(slots=True)
class Case:
    """One command and the seconds that each of its runs took."""

    name: str
    command: list[str]
    runs: int
    seconds: list[float] = field(default_factory=list)

    @property
    def median(self) -> float:
        return median(self.seconds)

    def run(self) -> None:
        """Run the command once and note how long it took; what it prints and its exit code play no part."""
        start = time.perf_counter()
        subprocess.run(self.command, env=_environment(), capture_output=True, check=False)
        self.seconds.append(time.perf_counter() - start)


def measure(cases: Iterable[Case]) -> None:
    """Run the cases in turns, so that a busy moment of the machine meets them all; the first turn only warms up."""
    waiting = list(cases)
    for case in waiting:
        case.run()
        case.seconds.clear()
    while waiting:
        for case in waiting:
            case.run()
        waiting = [case for case in waiting if len(case.seconds) < case.runs]


def peak_megabytes(command: list[str]) -> float:
    """Return the most memory that a command, or the git that it starts if that is larger, held at once."""
    done = subprocess.run([sys.executable, "-c", _PEAK, *command], env=_environment(), capture_output=True, check=True)
    # Linux tells kilobytes, macOS bytes.
    return int(done.stdout) / (1_000_000 if sys.platform == "darwin" else 1_000)


def _environment() -> dict[str, str]:
    return os.environ | {"PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": ""}


def _audit(folder: Path) -> list[str]:
    return [sys.executable, "-m", "rrr_optimize", "audit", str(folder)]


def _make_repositories(folder: Path) -> tuple[Path, Path]:
    tiny, corpus = folder / "tiny", folder / "corpus"
    for name, text in TINY.items():
        (tiny / name).parent.mkdir(parents=True, exist_ok=True)
        (tiny / name).write_text(text, encoding="utf-8")
    for arguments in (["init", "-q"], ["add", "-A"]):
        subprocess.run(["git", *arguments], cwd=tiny, check=True, capture_output=True)
    subprocess.run([sys.executable, str(HERE / "make_corpus.py"), str(corpus)], check=True, capture_output=True)
    return tiny, corpus


def _table(cases: dict[str, Case]) -> Iterable[str]:
    bare = cases["python -c pass"].median
    yield f"{'case':<16} {'median':>9} {'x python':>9} {'after start':>12} {'peak':>8}  goal"
    for name, case in cases.items():
        is_audit = "audit" in case.command
        after = f"{case.median - cases['tiny'].median:9.2f} s" if is_audit and name != "tiny" else ""
        peak = f"{peak_megabytes(case.command):5.0f} MB" if is_audit else ""
        yield (
            f"{name:<16} {case.median * 1000:6.0f} ms {case.median / bare:9.1f} {after:>12} {peak:>8}  "
            f"{GOALS.get(name, '')}"
        ).rstrip()
    counts = f"{cases['tiny'].runs} starts and {cases['corpus'].runs} audits"
    yield f"\nmedians of {counts}, Python {sys.version.split()[0]}"


def main() -> None:
    """Measure and print the table."""
    parser = argparse.ArgumentParser(description="Measure start-up and audits beside the goals.")
    parser.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="a repository of your own, audited as well")
    parser.add_argument("--runs", type=int, metavar="N", help=f"runs of each, in place of {STARTS} and {AUDITS}")
    options = parser.parse_args()
    starts, audits = (options.runs, options.runs) if options.runs else (STARTS, AUDITS)
    with tempfile.TemporaryDirectory() as temporary:
        tiny, corpus = _make_repositories(Path(temporary))
        cases = {
            "python -c pass": Case("python -c pass", [sys.executable, "-c", "pass"], starts),
            "--version": Case("--version", [sys.executable, "-m", "rrr_optimize", "--version"], starts),
            "tiny": Case("tiny", _audit(tiny), starts),
            "corpus": Case("corpus", _audit(corpus), audits),
        }
        if options.folder is not None:
            cases["DIR"] = Case("DIR", _audit(options.folder.resolve()), audits)
        measure(cases.values())
        sys.stdout.write("".join(f"{line}\n" for line in _table(cases)))


if __name__ == "__main__":
    main()
