"""The build backends themselves say which modules a wheel holds, and we say the same; this asks the package index."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.wheel_contents import read_wheel_packages

if TYPE_CHECKING:
    from pathlib import Path

    from tests.conftest import Facts

pytestmark = pytest.mark.long

BACKENDS = ("setuptools>=80", "hatchling", "poetry-core", "flit-core", "pdm-backend")
TREE = {
    "pkg/__init__.py": '"""A package."""\n__version__ = "1"\n',
    "pkg/main.py": "",
    "pkg/core/__init__.py": "",
    "pkg/core/errors.py": "",
    "pkg/core/deep/__init__.py": "",
    "pkg/plain/a.py": "",
    "pkg/plain/below/__init__.py": "",
    "pkg/plain/below/b.py": "",
    "pkg/not-a-name/c.py": "",
}
SETUPTOOLS = '[build-system]\nrequires = ["setuptools"]\nbuild-backend = "setuptools.build_meta"\n'
PROJECT = '[project]\nname = "pkg"\nversion = "1"\ndescription = "x"\n'
SCRIPT = "from setuptools import find_namespace_packages, find_packages, setup\nsetup(name='pkg', version='1', {})\n"


def declared(text: str) -> dict[str, str]:
    return {"pyproject.toml": SETUPTOOLS + PROJECT + text}


def built_by(backend: str, text: str) -> dict[str, str]:
    return {"pyproject.toml": f'[build-system]\nrequires = []\nbuild-backend = "{backend}"\n{PROJECT}{text}'}


LISTING = {
    "the top alone": declared('[tool.setuptools]\npackages = ["pkg"]\n'),
    "some of them": declared('[tool.setuptools]\npackages = ["pkg", "pkg.core"]\n'),
    "not the top": declared('[tool.setuptools]\npackages = ["pkg.core", "pkg.plain.below"]\n'),
    "another name": declared('[tool.setuptools]\npackages = ["app", "app.core"]\npackage-dir = { app = "pkg" }\n'),
    "a search": declared("[tool.setuptools.packages.find]\n"),
    "a search for one name": declared('[tool.setuptools.packages.find]\ninclude = ["pkg"]\n'),
    "a search without namespaces": declared("[tool.setuptools.packages.find]\nnamespaces = false\n"),
    "a search with an exclusion": declared('[tool.setuptools.packages.find]\nexclude = ["pkg.core*"]\n'),
    "setup.cfg, find:": {
        "setup.cfg": "[metadata]\nname = pkg\n[options]\npackages = find:\n",
        "setup.py": SCRIPT.format(""),
    },
    "setup.cfg, find_namespace:": {
        "setup.cfg": "[options]\npackages = find_namespace:\n"
        "[options.packages.find]\ninclude =\n    pkg\n    pkg.plain*\n",
        "setup.py": SCRIPT.format(""),
    },
    "setup.cfg, a list": {"setup.cfg": "[options]\npackages =\n    pkg\n    pkg.core\n", "setup.py": SCRIPT.format("")},
    "setup.py, find_packages": {"setup.py": SCRIPT.format("packages=find_packages()")},
    "setup.py, excluded": {"setup.py": SCRIPT.format("packages=find_packages(exclude=['pkg.core.*'])")},
    "setup.py, namespaces": {"setup.py": SCRIPT.format("packages=find_namespace_packages('.')")},
    "setup.py, a list": {"setup.py": SCRIPT.format("packages=['pkg', 'pkg.core.deep']")},
}
SILENT = {
    "automatic discovery": ("setuptools.build_meta", declared("")),
    "data patterns": (
        "setuptools.build_meta",
        declared('[tool.setuptools]\npackages = ["pkg"]\npackage-data = { pkg = ["**/*.py"] }\n'),
    ),
    "a manifest": (
        "setuptools.build_meta",
        declared('[tool.setuptools]\npackages = ["pkg"]\n') | {"MANIFEST.in": "recursive-include pkg *.py\n"},
    ),
    "hatchling": (
        "hatchling.build",
        built_by("hatchling.build", '[tool.hatch.build.targets.wheel]\npackages = ["pkg"]\n'),
    ),
    "poetry-core": (
        "poetry.core.masonry.api",
        built_by("poetry.core.masonry.api", '[tool.poetry]\npackages = [{ include = "pkg" }]\n'),
    ),
    "flit-core": ("flit_core.buildapi", built_by("flit_core.buildapi", "")),
    "pdm-backend": ("pdm.backend", built_by("pdm.backend", '[tool.pdm.build]\nincludes = ["pkg"]\n')),
}


@pytest.fixture(scope="module")
def python(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Return a Python with the build backends, of the index that pip is configured for."""
    folder = tmp_path_factory.mktemp("backends")
    subprocess.run([sys.executable, "-m", "venv", folder], check=True)
    interpreter = folder / "bin" / "python"
    subprocess.run([interpreter, "-m", "pip", "install", "-q", *BACKENDS], check=True)
    return str(interpreter)


def build(python: str, root: Path, backend: str) -> set[str]:
    """Return the paths of the Python files in the wheel that a backend builds of a folder."""
    code = f"import {backend} as backend, sys; backend.build_wheel(sys.argv[1])"
    folder = root.parent / "made"
    folder.mkdir()
    done = subprocess.run([python, "-c", code, str(folder)], cwd=root, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    (wheel,) = folder.glob("*.whl")
    return {name for name in zipfile.ZipFile(wheel).namelist() if name.endswith(".py")}


@pytest.mark.parametrize("files", LISTING.values(), ids=LISTING)
def test_says_what_setuptools_leaves_behind(files: dict[str, str], python: str, facts: Facts) -> None:
    repository = facts({**TREE, **files})
    (packages,) = read_wheel_packages(repository.snapshot)
    made = build(python, repository.snapshot.root, "setuptools.build_meta")
    ours = {
        f"{name.replace('.', '/')}/{path.rpartition('/')[2]}"
        for name, folder in packages.folders.items()
        for path in repository.snapshot.files_below(folder)
        if path.endswith(".py") and path.rpartition("/")[0] == folder
    }
    assert made == ours
    left = packages.left_behind(repository.snapshot)
    assert not {name.rpartition("/")[0] for name in made} & {name.replace(".", "/") for name in left}


@pytest.mark.parametrize(("backend", "files"), SILENT.values(), ids=SILENT)
def test_says_nothing_where_all_is_in_the_wheel(backend: str, files: dict[str, str], python: str, facts: Facts) -> None:
    repository = facts({**TREE, **files})
    assert [each for each in read_wheel_packages(repository.snapshot) if each.left_behind(repository.snapshot)] == []
    made = build(python, repository.snapshot.root, backend)
    modules = {path for path in TREE if "not-a-name" not in path}
    assert modules <= made
