"""The ways in which a file is entered or loaded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.module_index import ModuleIndex
from rrr_optimize.formats.path_forms import PathBase, PathForm, PathStatement, PathValue, Placement, StatementKind
from rrr_optimize.formats.python_imports import ImportSite
from rrr_optimize.imports.entries import as_imported, as_served
from rrr_optimize.imports.search_path import apply_statement, begin, folder
from rrr_optimize.imports.serving import serves
from rrr_optimize.imports.ways import find_ways

if TYPE_CHECKING:
    from tests.conftest import Facts

PROJECT = """
[build-system]
requires = []
build-backend = "uv_build"
[project]
name = "app"
[project.scripts]
x = "app.run:main"
"""


def ways(facts: Facts, files: dict[str, str], path: str, *offered: str) -> list[str]:
    return [str(program) for program in find_ways(path, facts(files).codebase, offered).programs]


@pytest.mark.parametrize(
    ("files", "path", "expected"),
    [
        ({"run.py": ""}, "run.py", ["python run.py", "python -m run"]),
        ({"a-b/run.py": ""}, "a-b/run.py", ["python a-b/run.py"]),
        (
            {"start.sh": "PYTHONPATH=src python -m app.run\n", "src/app/run.py": ""},
            "src/app/run.py",
            ["python -m app.run", "python src/app/run.py", "python -m src.app.run"],
        ),
        (
            {"start.sh": "PYTHONPATH=src uvicorn app.run:app\n", "src/app/run.py": ""},
            "src/app/run.py",
            ["import app.run", "python src/app/run.py", "python -m src.app.run"],
        ),
        ({"lib.py": "", "run.py": "import lib"}, "lib.py", ["python lib.py", "python -m lib", "python run.py"]),
        (
            {"lib.py": "", "app/run.py": "import lib"},
            "lib.py",
            ["python lib.py", "python -m lib", "python app/run.py", "python -m app.run"],
        ),
        (
            {"lib.py": "", "mid.py": "import lib", "run.py": "import mid"},
            "lib.py",
            ["python lib.py", "python -m lib", "python run.py"],
        ),
        (
            {"lib.py": "", "mid.py": "import lib\nif __name__ == '__main__': pass", "run.py": "import mid"},
            "lib.py",
            ["python lib.py", "python -m lib", "python mid.py", "python run.py"],
        ),
        (
            {"lib.py": "", "tests/test_lib.py": "import lib"},
            "lib.py",
            ["python lib.py", "python -m lib", "pytest tests/test_lib.py"],
        ),
        (
            {"tests/test_a.py": ""},
            "tests/test_a.py",
            [
                "pytest tests/test_a.py",
                "python -m pytest tests/test_a.py",
                "python tests/test_a.py",
                "python -m tests.test_a",
            ],
        ),
        (
            {"conftest.py": "", "test_a.py": ""},
            "conftest.py",
            ["pytest test_a.py", "python -m pytest test_a.py"],
        ),
        ({"conftest.py": ""}, "conftest.py", ["pytest conftest.py", "python -m pytest conftest.py"]),
        (
            {"pyproject.toml": "[tool.pytest.ini_options]\ntestpaths = ['tests']\n", "other/test_a.py": ""},
            "other/test_a.py",
            [
                "python other/test_a.py",
                "python -m other.test_a",
                "pytest other/test_a.py",
                "python -m pytest other/test_a.py",
            ],
        ),
        (
            {"serve.md": "`uvicorn run:app`\n`pytest run.py`\n", "run.py": ""},
            "run.py",
            ["import run", "python run.py", "python -m run"],
        ),
        (
            {"a.md": "`python -m run`", "b.md": "`python run.py`", "c.md": "`python run.py`", "run.py": ""},
            "run.py",
            ["python run.py", "python -m run"],
        ),
        (
            {"pyproject.toml": PROJECT, "src/app/run.py": "", "src/app/__init__.py": ""},
            "src/app/run.py",
            [
                "import app.run",
                "python src/app/run.py",
                "python -m src.app.run",
                "python src/app/run.py, installed",
                "python -m src.app.run, installed",
            ],
        ),
    ],
)
def test_finds_the_ways_in(facts: Facts, files: dict[str, str], path: str, expected: list[str]) -> None:
    assert ways(facts, files, path) == expected


def test_tests_of_one_session_that_need_the_same_names_run_together(facts: Facts) -> None:
    files = {"test_a.py": "", "test_b.py": "import m", "sub/test_c.py": "from m import x", "test_d.py": "import other"}
    assert "pytest test_b.py and 2 more" in ways(facts, files, "test_a.py", "m")


def test_a_test_outside_testpaths_runs_with_its_folder(facts: Facts) -> None:
    files = {"test_a.py": "", "test_b.py": "import m", "sub/test_c.py": "from m import x"}
    files["pytest.ini"] = "[pytest]\ntestpaths = sub\n"
    assert "pytest test_b.py and 1 more" in ways(facts, files, "test_a.py", "m")


def test_more_callers_than_can_be_followed_are_told(facts: Facts) -> None:
    files = {"lib.py": "", **{f"run{number}.py": "import lib" for number in range(70)}}
    assert find_ways("lib.py", facts(files).codebase).is_cut


def test_a_name_must_lead_to_the_file() -> None:
    index = ModuleIndex.of_files(["a/b.py", "a.py"])
    assert as_imported("a/b.py", ".", index) is None
    assert as_served("a/b.py", ".", index) is None


def statement(kind: StatementKind, *paths: str, position: int | None = None, reason: str = "") -> PathStatement:
    values = tuple(PathValue(PathBase.FILE, path) for path in paths)
    return PathStatement(kind, 1, 1, 1, 1, PathForm.LITERAL, Placement.MODULE, values, reason=reason, position=position)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (statement(StatementKind.INSERT, "x", position=0), "x a library installed"),
        (statement(StatementKind.INSERT, "x", position=1), "a x library installed"),
        (statement(StatementKind.INSERT, "x", position=-1), "a library x installed"),
        (statement(StatementKind.INSERT, "x"), "x a library installed"),
        (statement(StatementKind.INSERT, "x", "y", position=0), "y x a library installed"),
        (statement(StatementKind.APPEND, "x"), "a library installed x"),
        (statement(StatementKind.EXTEND, "x", "y"), "a library installed x y"),
        (statement(StatementKind.ADDSITEDIR, "a", "x"), "a library installed x"),
        (statement(StatementKind.SLICE, "x"), "x a library installed"),
        (statement(StatementKind.APPEND, reason="it is a parameter"), "a library installed it is a parameter"),
        (statement(StatementKind.REMOVE, "a"), "a library installed"),
    ],
)
def test_a_statement_changes_the_path_as_python_does(change: PathStatement, expected: str) -> None:
    path = apply_statement(begin(folder("a")), change, ".")
    assert (
        " ".join(
            {"the standard library": "library", "installed packages": "installed"}.get(e.path, e.path) for e in path
        )
        == expected
    )


@pytest.mark.parametrize(
    ("site", "expected"),
    [
        (ImportSite(1, 1, "os"), False),
        (ImportSite(1, 1, "m", level=1), False),
        (ImportSite(1, 1, "m"), True),
        (ImportSite(1, 1, "m.x"), False),
        (ImportSite(1, 1, "ns"), False),
        (ImportSite(1, 1, "ns", names=("n",)), True),
        (ImportSite(1, 1, "ns", names=("other",)), False),
        (ImportSite(1, 1, "ns.n.attribute", is_text=True), True),
        (ImportSite(1, 1, "ns.other", is_text=True), False),
        (ImportSite(1, 1, "missing"), False),
    ],
)
def test_a_folder_serves_what_it_has_whole(site: ImportSite, expected: bool) -> None:  # noqa: FBT001
    index = ModuleIndex.of_files(["lib/m.py", "lib/ns/n.py", "lib/os.py"])
    assert serves(index, "lib", site) is expected


def test_the_tests_below_a_conftest_that_loads_the_file_are_ways(facts: Facts) -> None:
    files = {"setup_path.py": "", "conftest.py": "import setup_path", "tests/test_a.py": "import m", "lib/m.py": ""}
    assert "pytest tests/test_a.py" in ways(facts, files, "setup_path.py", "m")


def test_a_test_that_loads_the_file_is_run_with_the_others_of_its_session(facts: Facts) -> None:
    files = {"setup_path.py": "", "tests/test_a.py": "import setup_path", "tests/test_b.py": "import m", "lib/m.py": ""}
    assert "pytest tests/test_b.py and 1 more" in ways(facts, files, "setup_path.py", "m")
