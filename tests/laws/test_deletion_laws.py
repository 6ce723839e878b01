"""What is taken out as safe changes no import of a real run, and what is proved is what the real Python does."""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import given, settings, strategies as st

from rrr_optimize.edits import apply_edits
from rrr_optimize.imports.deletion import plan_deletions
from rrr_optimize.imports.entries import as_module, as_script, as_tests
from rrr_optimize.imports.judging import Judge, judge_all
from rrr_optimize.imports.program import Mode
from rrr_optimize.imports.proof import prove_deletion
from rrr_optimize.model import Lane
from tests.imports.import_trees import write_file
from tests.imports.real_python import start, stop_servers
from tests.imports.trees import write_tree
from tests.opening import open_folder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.imports.program import Program
    from rrr_optimize.imports.verdicts import Judgement
    from rrr_optimize.model import Plan

NO_TESTS = 5
PYTEST = frozenset({Mode.PYTEST, Mode.PYTEST_MODULE})
BARE: tuple[str, ...] = ()
Files = dict[str, str]
Reached = frozenset[tuple[str, str, str, str, str]]

HACKS = st.builds(
    "sys.path.{}(ROOT + '/{}'){}".format,
    st.sampled_from(["insert", "append"]),
    st.sampled_from(["lib", "app", "nowhere"]),
    st.just(""),
).map(lambda text: text.replace("insert(", "insert(0, "))
GUARDED = HACKS.map(lambda text: f"if ROOT + '/lib' not in sys.path:\n    {text}")
CONDITIONS = st.builds(
    lambda condition, text: f"if {condition}:\n    " + text.replace("\n", "\n    "),
    st.sampled_from(["sys.maxsize", "not sys.maxsize", "__name__ == '__main__'", "__name__ != '__main__'"]),
    HACKS,
)
NAMES = st.sampled_from(
    ["m", "n", "pkg", "pkg.sub", "pkg.other", "app.tool", "lib.m", "tool", "colorsys", "tests", "json"]
)
IMPORTS = NAMES.map("try:\n    import {}\nexcept ImportError:\n    pass".format)
LATER = IMPORTS.map(lambda text: "@later\ndef f():\n    " + text.replace("\n", "\n    "))
LINES = st.lists(HACKS | GUARDED | CONDITIONS | IMPORTS | IMPORTS | LATER, min_size=1, max_size=4)
# Which statements under conditions run together nobody can foresee. A proof looks at some of the cases, and what the
# others may change is in doubt (same-offered-elsewhere, a condition that asks for another folder): it is never SAFE,
# which the first law shows for all lines. A proof itself is held to what stands under no condition.
TRIED = st.lists(HACKS | IMPORTS | IMPORTS | LATER, min_size=1, max_size=4)
# What a `try` loads may end half-way, so a proof may fail for the sake of a case that these runs do not show. There is
# no such case behind an import that the tests' own `missing_is_fine` saves: there it fails for a change alone.
SURE = NAMES.map("with missing_is_fine:\n    import {}".format)
SURE_LATER = NAMES.map("@later\ndef f():\n    with missing_is_fine:\n        import {}".format)
CERTAIN = st.lists(HACKS | SURE | SURE | SURE_LATER, min_size=1, max_size=4)
PATHS = (
    *("run.py", "app/run.py", "app/tool.py", "app/m.py", "lib/m.py", "lib/pkg/__init__.py", "lib/pkg/sub.py"),
    *("pkg/__init__.py", "pkg/other.py", "lib/colorsys.py", "tests/__init__.py", "tests/test_a.py", "tests/n.py"),
    *("tests/unit/test_b.py", "conftest.py", "tests/conftest.py", "n.py"),
)
HAVE_CODE = ("run.py", "app/run.py", "app/tool.py", "lib/m.py", "pkg/__init__.py", "tests/__init__.py", "conftest.py")


@st.composite
def repositories(draw: st.DrawFn, lines: st.SearchStrategy[list[str]] = LINES) -> Files:
    """Return a small repository with programs, packages and tests, some of which change the search path."""
    chosen = draw(st.lists(st.sampled_from(PATHS), min_size=3, max_size=9, unique=True))
    files = {path: draw(lines) if path in HAVE_CODE or "test" in path else [] for path in chosen}
    return {path: write_file(path, lines) + _ending(path) for path, lines in files.items()}


def _ending(path: str) -> str:
    return "def test_nothing(): pass\n" if "/test_" in path else "print()\n" if path.endswith("run.py") else ""


@pytest.fixture(autouse=True, scope="module")
def servers() -> Iterator[None]:
    yield
    stop_servers()


@dataclass(frozen=True, eq=False)
class Tree:
    """Files on disk, with what we and the real Python say about them."""

    root: Path
    files: Files

    def write(self) -> Codebase:
        write_tree(self.root, self.files)
        return open_folder(self.root).codebase

    def entries(self, codebase: Codebase) -> Iterator[Program]:
        """Yield all ways to enter a file: from the root and beside it, by name, and by pytest."""
        for path in self.files:
            if path.endswith("conftest.py"):
                continue
            if "/test_" in path:
                chosen = codebase.pytest.around(path)[0]
                yield as_tests([path], chosen, codebase.index)
                yield as_tests([path], chosen, codebase.index, directory=".")
                continue
            yield as_script(path)
            if program := as_module(path, codebase.index):
                yield program

    def reached(self, program: Program, installed: tuple[str, ...] = BARE) -> Reached | None:
        """Return what the imports of a program reach; None where pytest itself fails.

        A package without `__main__.py` is loaded as well before `python -m` gives up.
        """
        run = start(self.root, program, installed=installed)
        if program.mode in PYTEST and run.code not in {0, NO_TESTS}:
            return None
        # Which folders a namespace has is seen by what is found in them, and what asks for them by name is in doubt.
        return frozenset((*row[:4], "namespace" if row[4].startswith("namespace") else row[4]) for row in run.named)


def changed(before: Reached | None, after: Reached | None, path: str = "") -> bool:
    """Tell whether a run reaches something else; what the statement itself imported of the library may be gone."""
    if before is None or after is None:
        return before is not after
    gone = {row for row in before - after if not (row[4] == "library" and row[0] == path)}
    return bool(gone or after - before)


def apply(files: Files, plan: Plan, *lanes: Lane) -> Files:
    edits = [edit for group in plan.groups if group.lane in lanes for edit in group.edits]
    return {path: apply_edits(text, [edit for edit in edits if edit.path == path]) for path, text in files.items()}


def plan_for(codebase: Codebase) -> tuple[Plan, tuple[Judgement, ...], Judge]:
    judge = Judge(codebase)
    judged = judge_all(codebase, judge)
    return plan_deletions(codebase, judge, judged), judged, judge


def judge_safety(files: Files) -> None:
    with tempfile.TemporaryDirectory() as place:
        tree = Tree(Path(place, "before"), files)
        codebase = tree.write()
        plan, _, _ = plan_for(codebase)
        safe = Tree(Path(place, "after"), apply(files, plan, Lane.SAFE))
        if safe.files == files:
            return
        second, _, _ = plan_for(safe.write())
        assert [group.title for group in second.groups if group.lane is Lane.SAFE] == []
        touched = [path for path, text in safe.files.items() if text != files[path]]
        for program in tree.entries(codebase):
            before, after = tree.reached(program), safe.reached(program)
            if before is None or after is None:
                assert before is after, f"{program} fails only before or only after {touched}"
                continue
            lost = {row for row in before - after if not (row[4] == "library" and row[0] in touched)}
            assert not lost | (after - before), f"{program}: {lost} and {after - before} by {touched}"


@given(repositories())
@settings(max_examples=8)
def test_what_is_safe_changes_no_import_of_a_real_run(files: Files) -> None:
    judge_safety(files)


@pytest.mark.long
@given(repositories())
@settings(max_examples=500)
def test_what_is_safe_changes_no_import_of_many_real_runs(files: Files) -> None:
    judge_safety(files)


def install_all(site: Path) -> Path:
    """Return a folder in which everything is installed that the files import; an import may reach it or not."""
    write_tree(site, {f"{name}.py": "" for name in ("m", "n", "tool")})
    write_tree(site, {f"{name}.py": "" for name in ("pkg/__init__", "pkg/sub", "pkg/other", "app/tool", "lib/m")})
    write_tree(site, {f"{name}/__init__.py": "" for name in ("app", "lib", "tests")})
    return site


def is_hidden(files: Files, bare: Reached | None, full: Reached | None) -> bool:
    """Return whether installed packages hide folders without `__init__.py` that a program loads: it is broken then."""
    lost = {(row[0], row[1]) for row in bare or ()} - {(row[0], row[1]) for row in full or ()}
    regular = {path.split("/")[-2] for path in files if path.endswith("/__init__.py")}
    return any("." in module and module.partition(".")[0] not in regular for _, module in lost)


def judge_proof(files: Files, *, is_certain: bool) -> None:
    """Take each statement out by hand; where a real run of one of its ways changes, the proof fails.

    Where all that runs is certain, it fails nowhere else: no function loads what changes the path, for which of two is
    called first nobody knows.
    """
    with tempfile.TemporaryDirectory() as place:
        tree = Tree(Path(place, "before"), files)
        codebase = tree.write()
        _, judgements, judge = plan_for(codebase)
        full = (str(install_all(Path(place, "site"))),)
        before = cache(tree.reached)
        for number, judged in enumerate(judgements):
            path, statement = judged.hack.location.path, judged.hack.statement
            rows = files[path].splitlines(keepends=True)
            row = rows[statement.line - 1]
            rows[statement.line - 1] = f"{row[: len(row) - len(row.lstrip())]}pass\n"
            without = Tree(Path(place, f"after{number}"), files | {path: "".join(rows)})
            proofs = list(prove_deletion(codebase, judge, [judged], path, without.files[path]))
            holds = all(proof.holds for proof in proofs)
            programs = judge.ways(judged.hack).programs
            if not holds and not (is_certain and not any(judge.comparison.follow(each).has_late for each in programs)):
                continue
            without.write()
            differs = (
                str(program)
                for program in programs
                for world in (BARE, full)
                if not is_hidden(files, before(program, BARE), before(program, world))
                and changed(before(program, world), without.reached(program, world), path)
            )
            first = next(differs, "")
            assert holds == (not first), "\n".join([f"{path}:{statement.line}", first, *map(str, proofs)])


@given(repositories(CERTAIN))
@settings(max_examples=3)
def test_a_proof_fails_where_a_real_run_changes_and_nowhere_else(files: Files) -> None:
    judge_proof(files, is_certain=True)


@given(repositories(TRIED))
@settings(max_examples=3)
def test_a_proof_fails_where_a_real_run_changes(files: Files) -> None:
    judge_proof(files, is_certain=False)


@pytest.mark.long
@given(repositories(CERTAIN))
@settings(max_examples=60)
def test_a_proof_fails_where_many_real_runs_change_and_nowhere_else(files: Files) -> None:
    judge_proof(files, is_certain=True)


@pytest.mark.long
@given(repositories(TRIED))
@settings(max_examples=60)
def test_a_proof_fails_where_many_real_runs_change(files: Files) -> None:
    judge_proof(files, is_certain=False)
