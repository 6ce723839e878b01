"""Measure a write of many files and its undo, beside the goal.

Usage: python tests/benchmarks/run_write.py [DIR] [--files N] [--runs N]

The files are made below DIR, by default in the system's folder for temporary files: on the disk that is to be measured.
"""

from __future__ import annotations

import argparse
import hashlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from statistics import median

from rrr_optimize.model import FileChange
from rrr_optimize.tools.git import Git
from rrr_optimize.transaction import Permissions, Request, undo_last, write
from rrr_optimize.workspace.reader import Digest
from rrr_optimize.workspace.root import find_root

GOAL = "at most 2 s"
_FOLDERS = 400
_LINES = 40


def make_repository(folder: Path, files: int) -> Request:
    """Make a repository with so many requirements files, in one commit, and return a request to change them all."""
    changes, digests = [], {}
    for number in range(files):
        name = f"p{number % _FOLDERS}/requirements-{number}.txt"
        before = b"".join(b"package-%d==1.%d\n" % (line, number) for line in range(_LINES))
        path = folder / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(before)
        path.chmod(0o644)
        changes.append(FileChange(name, before, before.replace(b"==1.", b"==2.")))
        digests[name] = Digest(hashlib.sha256(before).hexdigest(), len(before), 0o644)
    git = ["git", "-c", "user.name=Author", "-c", "user.email=author@example.com"]
    for arguments in (["init", "--quiet"], ["add", "--all"], ["commit", "--quiet", "--message=Begin"]):
        subprocess.run([*git, *arguments], cwd=folder, check=True)
    return Request("unify", tuple(changes), digests)


def main() -> None:
    """Measure and print the medians."""
    parser = argparse.ArgumentParser(description="Measure a write of many files and its undo.")
    parser.add_argument("folder", metavar="DIR", type=Path, nargs="?", help="a folder on the disk to measure")
    parser.add_argument("--files", type=int, metavar="N", default=800, help="how many files; 800 unless told")
    parser.add_argument("--runs", type=int, metavar="N", default=7, help="how many times; 7 unless told")
    options = parser.parse_args()
    seconds: dict[str, list[float]] = {"write": [], "undo": []}
    with tempfile.TemporaryDirectory(dir=options.folder) as temporary:
        request = make_repository(Path(temporary), options.files)
        root = find_root(temporary, Path.cwd())
        for _ in range(options.runs):
            start = time.perf_counter()
            write(root, request, Git(), Permissions())
            middle = time.perf_counter()
            undo_last(root)
            seconds["write"].append(middle - start)
            seconds["undo"].append(time.perf_counter() - middle)
    for name, taken in seconds.items():
        sys.stdout.write(f"{name:<6} {median(taken):6.2f} s  {min(taken):6.2f} s at best  {GOAL}\n")
    sys.stdout.write(f"\nmedians of {options.runs} runs, {options.files} files, Python {sys.version.split()[0]}\n")


if __name__ == "__main__":
    main()
