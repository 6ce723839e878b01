"""Measure what taking statements out of Python files costs, beside a codemod of LibCST that deletes the same ones.

Usage: python tests/benchmarks/deletion_times.py DIR...

Each DIR is a git repository. It is judged as `fix-imports` does; then the files that would change are edited again and
again, in memory. The codemod gets copies of them in a temporary folder. Nothing else is written.
"""

from __future__ import annotations

import argparse
import gc
import os
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.source import SourceText

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT))

from rrr_optimize.commands.opening import Target, open_repository  # noqa: E402 - from this checkout, installed or not
from rrr_optimize.edits import apply_edits  # noqa: E402
from rrr_optimize.formats.late_imports import find_stale_marks  # noqa: E402
from rrr_optimize.formats.python_removal import NotRemovableError, Remover  # noqa: E402
from rrr_optimize.formats.python_tree import parse_python  # noqa: E402
from rrr_optimize.imports.judging import Judge, judge_all  # noqa: E402
from rrr_optimize.imports.proof import same_deletion, same_tree  # noqa: E402
from rrr_optimize.model import Lane  # noqa: E402

RUNS = 5
GOAL = 15
CODEMOD = '''\
import libcst
from libcst.codemod import CodemodContext, VisitorBasedCodemodCommand
from libcst.metadata import PositionProvider

PLACES = {places!r}


class Delete(VisitorBasedCodemodCommand):
    """Delete the statements at some places."""

    METADATA_DEPENDENCIES = (PositionProvider,)

    def visit_Module(self, node):
        self.places = PLACES.get(self.context.filename, ())

    def leave_Expr(self, original, updated):
        return self.leave(original, updated)

    leave_AugAssign = leave_Expr

    def leave(self, original, updated):
        start = self.get_metadata(PositionProvider, original).start
        return libcst.RemoveFromParent() if (start.line, start.column) in self.places else updated
'''


@dataclass(frozen=True, slots=True)
class Changing:
    """A file that would change, and the places of the statements that go."""

    source: SourceText
    places: tuple[tuple[int, int], ...]

    def edit(self) -> str:
        """Return the edited text, proved as a plan proves it but for what its imports reach."""
        remover = Remover(parse_python(self.source))
        for place in self.places:
            remover.check(place)
        removal = remover.remove(self.places)
        marks = [each for each in find_stale_marks(remover.tree, removal.expected) if each.span.start < each.span.end]
        text = apply_edits(self.source.text, (*removal.edits, *marks))
        proofs = (
            same_tree(self.source.path, text, removal.expected, remover.tree),
            same_deletion(remover.tree, removal),
        )
        if not all(proof.holds for proof in proofs):
            raise AssertionError(proofs)
        return text


def find_changing(folder: Path) -> Iterator[Changing]:
    """Yield the files of a repository that `fix-imports --unsafe` would change."""
    codebase = open_repository(Target(str(folder)), {}, folder, os.environ).repository.codebase
    places: dict[str, list[tuple[int, int]]] = {}
    for judged in judge_all(codebase, Judge(codebase)):
        if judged.lane is not Lane.REFUSED:
            statement = judged.hack.statement
            places.setdefault(judged.hack.location.path, []).append((statement.line, statement.column))
    for path, found in places.items():
        source = codebase.snapshot.text(path)
        if source is not None and path.endswith(".py"):
            changing = Changing(source, tuple(found))
            try:
                changing.edit()
            except NotRemovableError:
                continue
            yield changing


def measure_edits(files: list[Changing]) -> list[float]:
    """Return the milliseconds of a processor that each file takes: the median of some runs."""
    times = []
    for file in files:
        runs = []
        for _ in range(RUNS):
            start = time.process_time()
            file.edit()
            runs.append((time.process_time() - start) * 1000)
        times.append(median(runs))
    return times


def seconds_of(*command: str, folder: Path | None = None) -> float:
    """Return how long a program takes: the median of two runs."""
    runs = []
    for _ in range(2):
        start = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=folder, check=True, capture_output=True)
        runs.append(time.perf_counter() - start)
    return median(runs)


def measure_codemod(files: list[Changing], *options: str) -> float:
    """Return how long LibCST's own driver takes to delete the same statements from the same files, written or not."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        places: dict[str, set[tuple[int, int]]] = {}
        for number, file in enumerate(files):
            path = folder / f"file{number}.py"
            path.write_bytes(file.source.encode())
            places[str(path)] = {(line, column - 1) for line, column in file.places}
        (folder / ".libcst.codemod.yaml").write_text("modules: ['.']\nrepo_root: '.'\n", encoding="utf-8")
        (folder / "delete.py").write_text(CODEMOD.format(places=places), encoding="utf-8")
        command = ["-m", "libcst.tool", "codemod", "-x", *options, "-u", "--hide-progress", "--no-format"]
        return seconds_of(*command, "delete.Delete", *sorted(places), folder=folder)


def measure(folders: list[Path]) -> Iterator[str]:
    """Yield the lines of the table."""
    start = seconds_of("-c", "pass")
    imported = seconds_of("-c", "import libcst") - start
    yield f"importing libcst               {imported * 1000:8.0f} ms"
    for folder in folders:
        files = list(find_changing(folder.resolve()))
        # As in a run of the tool, which does not look through its facts for cycles again and again.
        gc.collect()
        gc.freeze()
        times = measure_edits(files)
        whole = sum(times) / 1000 + imported
        yield f"{folder.name}: {len(files)} files change"
        yield f"  a file, median               {median(times):8.1f} ms   at most {GOAL} ms"
        yield f"  a file, the slowest          {max(times):8.1f} ms   at most {GOAL} ms"
        yield f"  all, and importing libcst    {whole * 1000:8.0f} ms"
        for options in (["-j1"], []):
            codemod = measure_codemod(files, *options) - start
            name = f"  codemod {' '.join(options) or 'on all cores'}"
            yield f"{name:30} {codemod * 1000:8.0f} ms   {codemod / whole:.1f} x as long; at least 3 x"


if __name__ == "__main__":
    arguments = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    arguments.add_argument("folders", nargs="+", type=Path, metavar="DIR")
    for line in measure(arguments.parse_args().folders):
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()
