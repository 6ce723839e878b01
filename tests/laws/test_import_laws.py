"""What a program's imports reach is what they reach when the real Python runs it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings, strategies as st

from rrr_optimize.facts.module_index import ModuleIndex
from rrr_optimize.facts.pytest_settings import read_pytest_settings
from rrr_optimize.imports.entries import as_imported, as_module, as_script, as_tests
from rrr_optimize.imports.search_path import folder
from rrr_optimize.source import SourceText
from tests.imports.agreement import disagreements
from tests.imports.import_trees import CHANGES, trees
from tests.imports.real_python import start, stop_servers
from tests.imports.trees import trace, write_tree

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.imports.program import Program

TEST = "lib/a/test_run.py"
CONFTESTS = ("conftest.py", "lib/conftest.py", "lib/a/conftest.py")
FOLDERS = st.sampled_from(["lib", "b", "a", "."])
INI = st.builds(
    "[pytest]\naddopts = --import-mode={}\npythonpath ={}\n".format,
    st.sampled_from(["prepend", "prepend", "append", "importlib"]),
    st.sampled_from(["", " lib", " lib a", " . b"]),
)
# From another folder a path that is relative to the working directory is another one.
FROM_ANYWHERE = (*CHANGES, "sys.path.append('lib')", "sys.path.insert(0, 'a')", "sys.path.insert(0, '..')")


@pytest.fixture(autouse=True, scope="module")
def servers() -> Iterator[None]:
    yield
    stop_servers()


def judge(files: dict[str, str], program: Program | None) -> None:
    assume(program is not None)
    assert program is not None
    with tempfile.TemporaryDirectory() as place:
        root = Path(place, "tree")
        write_tree(root, files)
        run = start(root, program)
    # What pytest itself cannot collect, because the names of two files clash, says nothing.
    assume(not program.mode.value.startswith(("pytest", "python -m pytest")) or run.code == 0)
    found = disagreements(run, trace(program, files))
    assert not found, "\n".join([str(program), *found, run.output])


Files = dict[str, str]


def judge_script(files: Files, directory: str, before: list[str], behind: list[str]) -> None:
    directory = directory if any(path.startswith(f"{directory}/") for path in files) else "."
    environment, installed = (tuple(dict.fromkeys(map(folder, each))) for each in (before, behind))
    judge(files, as_script("lib/run.py", directory, environment=environment, behind=installed))


def judge_module(files: Files, path: str, directory: str) -> None:
    judge(files, as_module(path, ModuleIndex.of_files(files), directory))


def judge_tests(files: Files, ini: str, directory: str | None, left_out: list[str]) -> None:
    files = {path: text for path, text in files.items() if path not in left_out}
    if "importlib" in ini:
        # pytest gives a test the folder as a package, and then mixes it up with a module of that name.
        files = {path: text for path, text in files.items() if path not in {"a.py", "lib/a.py"}}
    files |= {"pytest.ini": ini, TEST: files[TEST] + "def test_nothing(): pass\n"}
    chosen = read_pytest_settings(SourceText("pytest.ini", ini))
    assert chosen is not None
    judge(files, as_tests([TEST], chosen, ModuleIndex.of_files(files), directory=directory))


SCRIPTS = (
    trees("lib/run.py", forms=FROM_ANYWHERE),
    FOLDERS,
    st.lists(FOLDERS, max_size=2),
    st.lists(FOLDERS, max_size=2),
)
PATHS = st.sampled_from(["lib/a/run.py", "lib/a/__main__.py", "lib/run.py"])
MODULES = trees("lib/a/run.py", "lib/a/__main__.py", "lib/run.py"), PATHS, st.sampled_from([".", "lib"])
STARTED = st.sampled_from([None, ".", "lib"])
TESTS = trees(TEST, *CONFTESTS), INI, STARTED, st.lists(st.sampled_from(CONFTESTS), max_size=2)


@given(*SCRIPTS)
@settings(max_examples=30)
def test_a_script_imports_what_python_imports(
    files: Files, directory: str, before: list[str], behind: list[str]
) -> None:
    judge_script(files, directory, before, behind)


@given(*MODULES)
@settings(max_examples=20)
def test_a_module_imports_what_python_imports(files: Files, path: str, directory: str) -> None:
    judge_module(files, path, directory)


@given(trees("lib/a/run.py"), st.sampled_from([".", "lib", "lib/a"]))
@settings(max_examples=12)
def test_an_installed_module_imports_what_python_imports(files: Files, root: str) -> None:
    judge(files, as_imported("lib/a/run.py", root, ModuleIndex.of_files(files)))


@given(*TESTS)
@settings(max_examples=20)
def test_a_test_imports_what_pytest_imports(files: Files, ini: str, directory: str | None, left_out: list[str]) -> None:
    judge_tests(files, ini, directory, left_out)


@pytest.mark.long
@given(*SCRIPTS, *MODULES, *TESTS)
@settings(max_examples=400)
def test_many_programs_import_what_python_imports(  # noqa: PLR0913, PLR0917
    script: Files,
    script_directory: str,
    before: list[str],
    behind: list[str],
    module: Files,
    path: str,
    directory: str,
    test: Files,
    ini: str,
    started: str | None,
    left_out: list[str],
) -> None:
    judge_script(script, script_directory, before, behind)
    if as_module(path, ModuleIndex.of_files(module), directory):
        judge_module(module, path, directory)
    judge_tests(test, ini, started, left_out)
