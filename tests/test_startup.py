"""What a start imports is a promise; names of modules guard it, because a stopwatch lies on a busy machine."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from rrr_optimize import __version__
from rrr_optimize.__main__ import without_target

if TYPE_CHECKING:
    from tests.conftest import Repository

ROOT = Path(__file__).parents[1]
HEAVY = {"typer", "click", "rich", "yaml", "packaging", "pathspec", "pydantic", "libcst", "tomlkit"} | {
    "ruamel",
    "hypothesis",
    "jsonschema",
    "pytest",
}


def run_isolated(script: str) -> list[str]:
    command = [sys.executable, "-I", "-c", f"import sys; sys.path.insert(0, {str(ROOT)!r}); {script}"]
    return subprocess.run(command, check=True, capture_output=True, encoding="utf-8").stdout.splitlines()


@pytest.mark.parametrize("option", ["--version", "-V"])
def test_the_version_is_answered_without_a_heavy_import(option: str) -> None:
    answer, modules = run_isolated(
        f"from rrr_optimize.__main__ import main; code = main([{option!r}]); print(code, *sys.modules)"
    )
    code, *names = modules.split()
    assert (answer, code) == (f"rrr-optimize {__version__}", "0")
    assert "rrr_optimize.__main__" in names
    assert not HEAVY.intersection(names)


_CLEAN = {
    "pyproject.toml": '[project]\nname = "x"\ndependencies = ["numpy>=1.26"]\n',
    "requirements.txt": "numpy>=1.26\n",
}


@pytest.mark.parametrize(
    ("files", "git", "needed"),
    [
        ({}, "git", set()),
        ({"setup.py": "from setuptools import setup\nsetup()\n", "Dockerfile": "FROM python:3.12\n"}, "git", set()),
        ({".pre-commit-config.yaml": "repos: []\n", "app/deployment.yaml": "kind: Pod\n"}, "git", set()),
        ({"app/compose.yaml": "services: {}\n"}, "git", {"yaml"}),
        ({"environment.yml": "dependencies: []\n"}, "git", {"yaml"}),
        ({".pre-commit-config.yaml": "repos: [] # additional_dependencies\n"}, "git", {"yaml"}),
        ({".gitignore": "build/\n"}, "", {"pathspec"}),
    ],
    ids=["tiny", "scripts", "yaml that says nothing", "compose", "conda", "hooks", "without git"],
)
def test_a_piped_audit_imports_what_it_needs_and_no_more(
    files: dict[str, str], git: str, needed: set[str], repository: Repository
) -> None:
    root = repository({**_CLEAN, **files}, git=bool(git))
    script = (
        "from rrr_optimize.__main__ import main; "
        f"code = main(['audit', {str(root)!r}, '--ignore', 'REQ']); print(code, *sys.modules)"
    )
    *report, modules = run_isolated(script)
    code, *names = modules.split()
    assert code == "0"
    assert report[-1].startswith("All clear: ")
    assert HEAVY.intersection(names) == {"typer", "packaging"} | needed


def test_a_piped_plan_imports_what_it_needs_and_no_more(repository: Repository) -> None:
    root = repository({**_CLEAN, "a/requirements.txt": "scipy==1.0\n", "b/requirements.txt": "scipy==1.1\n"}, git=True)
    for words, needed in ((["unify"], {"packaging"}), (["fix-imports"], set[str]()), (["compose"], set[str]())):
        *_, modules = run_isolated(
            "from rrr_optimize.__main__ import main; "
            f"code = main([*{words!r}, '--check', {str(root)!r}]); print(code, *sys.modules)"
        )
        code, *names = modules.split()
        assert code == ("1" if words == ["unify"] else "0")
        assert HEAVY.intersection(names) <= {"typer", "packaging"} | needed


@pytest.mark.parametrize(
    ("line", "needed"),
    [
        ("sys.path.insert(0, 'lib')\nimport m\n", set()),
        ("[sys.path.append(x) for x in ('gone', 'missing')]\nprint()\n", set()),
        ("sys.path.insert(0, __file__ + '/../gone')\nimport lib.m\nprint(lib.m)\n", {"libcst"}),
    ],
    ids=["needed", "cannot be cut", "goes"],
)
def test_libcst_is_imported_only_where_a_file_changes(line: str, needed: set[str], repository: Repository) -> None:
    root = repository({"lib/m.py": "", "run.py": f"import sys\n{line}"}, git=True)
    *_, modules = run_isolated(
        "from rrr_optimize.__main__ import main; "
        f"code = main(['fix-imports', '--check', {str(root)!r}]); print(code, *sys.modules)"
    )
    code, *names = modules.split()
    assert code == str(len(needed))
    assert HEAVY.intersection(names) - {"packaging"} == {"typer"} | needed


def test_help_and_rules_import_nothing_that_an_audit_needs() -> None:
    for arguments in (["-h"], ["audit", "-h"], ["rule"]):
        *_, modules = run_isolated(
            f"from rrr_optimize.__main__ import main; code = main({arguments!r}); print(code, *sys.modules)"
        )
        code, *names = modules.split()
        assert code == "0"
        assert HEAVY.intersection(names) == {"typer"}


def test_an_undo_needs_no_library(repository: Repository) -> None:
    root = repository({"a.txt": "old\n"})
    change = "FileChange('a.txt', b'old\\n', b'new\\n')"
    script = (
        "from pathlib import Path; from rrr_optimize.model import FileChange; "
        "from rrr_optimize.transaction import Permissions, Request, write; "
        "from rrr_optimize.workspace.root import Root; "
        f"request = Request('unify', ({change},), {{}}); "
        f"write(Root(Path({str(root)!r}), None), request, None, Permissions(True, True)); "
        "from rrr_optimize.__main__ import main; "
        f"code = main(['undo', {str(root)!r}]); print(code, *sys.modules)"
    )
    *told, modules = run_isolated(script)
    code, *names = modules.split()
    assert (code, told[0]) == ("0", "restored a.txt")
    assert HEAVY.intersection(names) == {"typer"}


@pytest.mark.parametrize("options", [[], ["-P"]], ids=["plainly", "without the working directory on the path"])
def test_python_m_answers_the_version_too(options: list[str]) -> None:
    command = [sys.executable, *options, "-m", "rrr_optimize", "--version"]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=True, capture_output=True, encoding="utf-8")
    assert (done.stdout, done.stderr) == (f"rrr-optimize {__version__}\n", "")


def test_our_own_folder_stays_on_the_search_path(tmp_path: Path) -> None:
    path = [str(tmp_path), "/library"]
    assert without_target(path, str(tmp_path / "sub" / "..")) == path
    assert without_target([], str(tmp_path)) == []


def test_the_audited_folder_leaves_the_search_path(tmp_path: Path) -> None:
    assert without_target([str(tmp_path), "/library"], "/library") == ["/library"]


def test_a_module_of_the_audited_folder_is_not_run_in_place_of_a_library(tmp_path: Path) -> None:
    (tmp_path / "colorsys.py").write_text("raise SystemExit('the target was imported')\n", encoding="utf-8")
    script = (
        "import runpy, sys; sys.argv = ['x', '-V']\n"
        "try: runpy.run_module('rrr_optimize', run_name='__main__')\n"
        "except SystemExit as stop: import colorsys; sys.exit(stop.code)\n"
    )
    command = [sys.executable, "-c", script]
    done = subprocess.run(command, cwd=tmp_path, env=os.environ | {"PYTHONPATH": str(ROOT)}, check=False)
    assert done.returncode == 0
