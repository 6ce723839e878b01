"""Where each build backend takes modules from; what is none comes first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.source_roots import SourceRoot, read_source_roots

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Facts

FOLDERS = {"src/pkg/__init__.py": "", "pkg/__init__.py": "", "lib/pkg/__init__.py": "", "other/__init__.py": ""}


def project(backend: str, rest: str = "") -> dict[str, str]:
    build = f"[build-system]\nrequires = []\nbuild-backend = '{backend}'\n[project]\nname = 'My-Pkg'\n"
    return {"pyproject.toml": f"{build}{rest}"}


def roots(facts: Facts, files: Mapping[str, str]) -> list[str]:
    return [_tell(root) for root in read_source_roots(facts({**FOLDERS, **files}).snapshot)]


def _tell(root: SourceRoot) -> str:
    names = ",".join(sorted(root.names)) or "*"
    return f"{root.folder} {names}{' by default' if root.is_default else ''}"


@pytest.mark.parametrize(
    "files",
    [
        {"pyproject.toml": "[tool.ruff]\nline-length = 100\n"},
        {"pyproject.toml": "[tool.setuptools\n"},
        {"setup.cfg": "[flake8]\nmax-line-length = 100\n"},
        {"setup.py": "def setup_everything(): pass\n"},
        {"pyproject.toml": "[project]\nname = 'x'\n[tool.uv]\npackage = false\n"},
        project("setuptools.build_meta", "[tool.setuptools.package-dir]\n'' = '../outside'\n"),
    ],
)
def test_what_cannot_be_installed_has_no_root(facts: Facts, files: dict[str, str]) -> None:
    assert [root for root in roots(facts, files) if "default" not in root] == []


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        (project("setuptools.build_meta"), ["src * by default"]),
        (project("setuptools.build_meta", "[tool.setuptools]\npackage-dir = {'' = 'lib'}\n"), ["lib *"]),
        (project("setuptools.build_meta", "[tool.setuptools]\npackages = ['src', 'other']\n"), [". other,src"]),
        (project("setuptools.build_meta", "[tool.setuptools]\npy-modules = ['one']\n"), [". one"]),
        (
            project(
                "setuptools.build_meta", "[tool.setuptools]\npackages = ['pkg']\npackage-dir = {pkg = 'lib/pkg'}\n"
            ),
            ["lib pkg"],
        ),
        (
            project("setuptools.build_meta", "[tool.setuptools.packages.find]\nwhere = ['lib', 'src']\n"),
            ["lib *", "src *"],
        ),
        (project("setuptools.build_meta", "[tool.setuptools.packages.find]\ninclude = ['pkg', 'pkg.*']\n"), [". pkg"]),
        (project("setuptools.build_meta", "[tool.setuptools.packages.find]\ninclude = ['p*']\n"), [". *"]),
        (project("hatchling.build"), ["src my_pkg by default"]),
        (
            project("hatchling.build", "[tool.hatch.build.targets.wheel]\npackages = ['lib/pkg', 'other']\n"),
            ["lib pkg", ". other"],
        ),
        (project("hatchling.build", "[tool.hatch.build.targets.wheel]\nsources = ['lib']\n"), ["lib *"]),
        (project("hatchling.build", "[tool.hatch.build.targets.wheel.sources]\nlib = ''\nother = 'x'\n"), ["lib *"]),
        (
            project(
                "poetry.core.masonry.api",
                "[tool.poetry]\npackages = [{include = 'pkg', from = 'lib'}, {include = 'other'}]\n",
            ),
            ["lib pkg", ". other"],
        ),
        (project("flit_core.buildapi", "[tool.flit.module]\nname = 'pkg'\n"), ["src pkg"]),
        (project("pdm.backend", "[tool.pdm.build]\npackage-dir = 'lib'\n"), ["lib *"]),
        (project("uv_build"), ["src my_pkg"]),
        (
            project("uv_build", "[tool.uv.build-backend]\nmodule-root = ''\nmodule-name = ['pkg', 'other']\n"),
            [". other,pkg"],
        ),
        (project("unheard.of"), ["src my_pkg by default"]),
        (
            {"setup.cfg": "[options]\npackages = find:\npackage_dir =\n    = lib\n", "setup.py": "import setuptools"},
            ["lib *"],
        ),
        (
            {"setup.cfg": "[options]\npackages = find:\n[options.packages.find]\nwhere = lib\n", "setup.py": ""},
            ["lib *"],
        ),
        ({"setup.cfg": "[options]\npackages =\n    pkg\n    pkg.sub\n"}, [". pkg"]),
        (
            {"setup.py": "from setuptools import setup, find_packages\nsetup(packages=find_packages('lib'))\n"},
            ["lib *"],
        ),
        (
            {
                "setup.py": "from setuptools import *\n"
                "setup(package_dir={'': 'lib'}, packages=find_packages(where='lib'))\n"
            },
            ["lib *"],
        ),
        (
            {"setup.py": "from setuptools import setup\nsetup(packages=['pkg'], py_modules=['one'])\n"},
            [". one,pkg"],
        ),
        ({"setup.py": "from setuptools import setup\nsetup(packages=compute())\n"}, ["src * by default"]),
    ],
)
def test_the_root_is_where_the_backend_looks(facts: Facts, files: dict[str, str], expected: list[str]) -> None:
    assert roots(facts, files) == expected


def test_a_package_called_src_is_no_layout(facts: Facts) -> None:
    assert roots(facts, project("setuptools.build_meta") | {"src/__init__.py": ""}) == [". * by default"]


def test_a_root_knows_the_packages_that_are_listed(facts: Facts) -> None:
    files = project("setuptools.build_meta", "[tool.setuptools]\npackages = ['pkg', 'pkg.sub']\n")
    (root,) = read_source_roots(facts({**FOLDERS, **files}).snapshot)
    assert root.packages == ("pkg", "pkg.sub")
    assert (root.offers("pkg"), root.offers("other")) == (True, False)
    assert root.config == "pyproject.toml"


def test_each_project_has_its_own_roots(facts: Facts) -> None:
    files = {f"{folder}/{name}": text for folder in ("a", "b") for name, text in project("uv_build").items()}
    assert roots(facts, files) == ["a/src my_pkg", "b/src my_pkg"]
