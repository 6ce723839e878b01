"""What a program's imports reach is what they reach when the real Python runs it."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import assume, given, settings, strategies as st

from rrr_optimize.facts.module_index import ModuleIndex
from rrr_optimize.facts.pytest_settings import PytestSettings
from rrr_optimize.imports.entries import as_module, as_script, as_tests
from tests.imports.trees import differences, run_python, said_by, trace, write_file, write_tree

if TYPE_CHECKING:
    from rrr_optimize.imports.program import Program

FOLDERS = st.sampled_from(["", "a/", "b/", "a/b/", "lib/", "lib/a/", "lib/b/", "lib/a/c/"])
STEMS = st.sampled_from(["a", "b", "c", "colorsys", "__init__", "__init__"])
IMPORTS = st.sampled_from(
    [
        *("import a", "import b", "import c", "import colorsys", "import a.b", "import a.b.c", "import b.c"),
        *("from a import b", "from a import c", "from b import a", "from a.b import c", "from lib import a"),
        *("import lib.a.c", "from lib.a import b", "import os", "import lib.b"),
    ]
)
PATHS = st.sampled_from(
    [
        f"sys.path.{call}"
        for folder in ("lib", "a", "lib/a", "nowhere", ".")
        for call in (f"insert(0, ROOT + '/{folder}')", f"append(ROOT + '/{folder}')", f"insert(1, ROOT + '/{folder}')")
    ]
)


@st.composite
def trees(draw: st.DrawFn, entry: str) -> dict[str, str]:
    """Return a tree of packages, and the file that is run; each file knows the root of the tree."""
    places = draw(st.lists(st.tuples(FOLDERS, STEMS), max_size=9))
    files = {f"{folder}{stem}.py": draw(_lines(at_most=3)) for folder, stem in places if folder or stem != "__init__"}
    files[entry] = draw(_lines(at_most=9))
    return {path: write_file([_root(path), *lines]) for path, lines in files.items()}


def _lines(at_most: int) -> st.SearchStrategy[list[str]]:
    return st.lists(IMPORTS | PATHS, max_size=at_most)


def _root(path: str) -> str:
    return f"ROOT = str(pathlib.Path(__file__).resolve().parents[{path.count('/')}])"


def judge(files: dict[str, str], program: Program | None, *arguments: str) -> None:
    assert program is not None
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        write_tree(root, files)
        real = run_python(root, arguments, program.directory)
    assert differences(real, said_by(trace(program, files))) == []


@given(trees("lib/run.py"))
@settings(max_examples=25)
def test_a_script_imports_what_python_imports(files: dict[str, str]) -> None:
    judge(files, as_script("lib/run.py"), "-S", "lib/run.py")


@given(trees("lib/a/run.py"))
@settings(max_examples=25)
def test_a_module_imports_what_python_imports(files: dict[str, str]) -> None:
    program = as_module("lib/a/run.py", ModuleIndex.of_files(files))
    assume(program is not None)
    judge(files, program, "-S", "-m", "lib.a.run")


@given(trees("lib/a/test_run.py"), st.booleans(), st.sampled_from(["prepend", "append", "importlib"]))
@settings(max_examples=8)
def test_a_test_imports_what_pytest_imports(files: dict[str, str], is_module: bool, mode: str) -> None:  # noqa: FBT001
    judge_tests(files, mode, is_module=is_module)


def judge_tests(files: dict[str, str], mode: str, *, is_module: bool) -> None:
    files = files | {
        "lib/a/test_run.py": files["lib/a/test_run.py"] + "def test_nothing(): pass\n",
        "lib/conftest.py": write_file([_root("lib/conftest.py"), "import b", "import a"]),
        "pytest.ini": "",
    }
    program = as_tests(
        ["lib/a/test_run.py"],
        PytestSettings(import_mode=mode),
        ModuleIndex.of_files(files),
        directory="." if is_module else None,
    )
    pytest_arguments = ["lib/a/test_run.py", f"--import-mode={mode}", "-p", "no:cacheprovider", "-q"]
    start = ["-m", "pytest"] if is_module else ["-c", "import sys; sys.path.pop(0); import pytest; pytest.main()", "-"]
    if not is_module:
        start = ["-c", f"import sys; sys.path.pop(0); import pytest; pytest.main({pytest_arguments!r})"]
        pytest_arguments = []
    try:
        judge(files, program, *start, *pytest_arguments)
    except AssertionError as error:
        # Another `a` than the package of the test was imported first, so pytest itself cannot import the test.
        assume("is not a package" not in str(error))
        raise


@pytest.mark.long
@given(trees("lib/run.py"), trees("lib/a/run.py"), trees("lib/a/test_run.py"), st.booleans())
@settings(max_examples=400)
def test_many_programs_import_what_python_imports(
    script: dict[str, str],
    module: dict[str, str],
    test: dict[str, str],
    is_module: bool,  # noqa: FBT001
) -> None:
    judge(script, as_script("lib/run.py"), "-S", "lib/run.py")
    if (program := as_module("lib/a/run.py", ModuleIndex.of_files(module))) is not None:
        judge(module, program, "-S", "-m", "lib.a.run")
    judge_tests(test, "prepend", is_module=is_module)
