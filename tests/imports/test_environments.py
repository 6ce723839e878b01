"""What a name leads to in a real virtual environment: the interpreter is asked, and our look at its folders."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.imports.search_path import INSTALLED
from tests.imports.environments import FINDER, Environment, make_environment, told
from tests.imports.trees import write_tree

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def environment(tmp_path: Path) -> Environment:
    return make_environment(tmp_path)


FILES = {
    "src/app/__init__.py": "",
    "src/tool.py": "",
    "src/space/ours/__init__.py": "",
    "src/cgi_like/__init__.py": "",
    "flat/pkg/__init__.py": "",
    "flat/mod.py": "",
    "flat/named/__init__.py": "",
    "front/tool.py": "",
    "front/shared/__init__.py": "",
    "front/space/more/__init__.py": "",
    "unseen/gone.py": "",
}
NAMES = (
    "app",
    "tool",
    "space",
    "pkg",
    "mod",
    "renamed",
    "shared",
    "theirs",
    "one_file",
    "parts",
    "gone",
    "json",
    "outer",
)


@pytest.mark.parametrize("first", [(), ("front",), ("front", "flat")], ids=["nothing", "one folder", "two"])
def test_a_hand_made_environment_is_read_as_python_reads_it(environment: Environment, first: tuple[str, ...]) -> None:
    root, packages = environment.root, environment.packages
    write_tree(root, FILES)
    mapping = {"pkg": str(root / "flat/pkg"), "mod": str(root / "flat/mod"), "renamed": str(root / "flat/named")}
    outside = {"outer/outer/__init__.py": "", "outer/app/__init__.py": ""}
    write_tree(environment.path.parent, outside)
    write_tree(
        packages,
        {
            "__editable___flat_finder.py": FINDER.format(mapping=mapping),
            "a_flat.pth": "import __editable___flat_finder; __editable___flat_finder.install()\n",
            "b_src.pth": f"{root}/src\n{root}/nowhere\n# {root}/unseen\n",
            "c_outer.pth": "../../../../outer\n" if sys.platform != "win32" else "../../../outer\n",
            "theirs/__init__.py": "",
            "one_file.py": "",
            "parts/piece/__init__.py": "",
            "shared/__init__.py": "",
            "json/__init__.py": "",
        },
    )
    ours = environment.resolve(NAMES, *first)
    assert told(ours) == environment.ask_python(NAMES, *first)
    assert {name for name, origin in ours.items() if origin.before} == {"parts"}


def test_a_name_that_hooks_and_folders_have_is_that_of_the_folders(environment: Environment) -> None:
    root = environment.root
    write_tree(root, {"a/pkg/__init__.py": "", "b/pkg/__init__.py": "", "c/pkg/x.txt": "", "d/x.txt": ""})
    hook = {"__editable___x_finder.py": FINDER.format(mapping={"pkg": str(root / "a/pkg")})}
    line = "import __editable___x_finder; __editable___x_finder.install()\n"
    write_tree(environment.packages, {**hook, "x.pth": line})
    for first in ("b", "c", "d"):
        assert told(environment.resolve(["pkg"], first)) == environment.ask_python(["pkg"], first)
    write_tree(environment.packages, {"pkg/x.txt": ""})
    assert told(environment.resolve(["pkg"], "d")) == environment.ask_python(["pkg"], "d") == {"pkg": "elsewhere"}


@pytest.mark.parametrize(
    "files",
    [
        {"x.pth": "import os; os.getcwd()\n"},
        {"x.pth": "import hook\n", "hook.py": "import sys\nsys.meta_path.insert(0, object)\n"},
        {"x.pth": "import hook_that_is_not_there\n"},
        {"sitecustomize.py": ""},
    ],
    ids=["code", "a hook of another kind", "a hook that is not there", "sitecustomize"],
)
def test_what_may_have_installed_a_hook_leaves_everything_unknown(
    environment: Environment, files: dict[str, str]
) -> None:
    write_tree(environment.root, {"src/app.py": ""})
    write_tree(environment.packages, {**files, "y.pth": str(environment.root / "src"), "theirs.py": ""})
    origins = environment.resolve(["app", "theirs", "missing"])
    assert all(INSTALLED in origin.before for origin in origins.values())


def test_a_name_that_a_line_makes_is_unknown_and_others_are_not(environment: Environment) -> None:
    line = "import sys, types, os;p = os.path.join(sys._getframe(1).f_locals['sitedir'], *('zope',));x = 1\n"
    write_tree(environment.packages, {"zope.event-nspkg.pth": line, "zope/event/__init__.py": "", "other.py": ""})
    assert told(environment.resolve(["zope", "other", "none"])) == {
        "zope": "unknown",
        "other": "elsewhere",
        "none": "nowhere",
    }


def test_an_environment_that_sees_another_knows_only_its_own(environment: Environment) -> None:
    configuration = environment.path / "pyvenv.cfg"
    text = configuration.read_text(encoding="utf-8").replace("packages = false", "packages = true")
    configuration.write_text(text, encoding="utf-8")
    write_tree(environment.packages, {"theirs.py": ""})
    assert told(environment.resolve(["theirs", "missing"])) == {"theirs": "elsewhere", "missing": "unknown"}


def _project(backend: str, name: str, more: str = "") -> str:
    module = "setuptools.build_meta" if backend == "setuptools" else "hatchling.build"
    build = f'[build-system]\nrequires = ["{backend}"]\nbuild-backend = "{module}"\n'
    return f'{build}[project]\nname = "{name}"\nversion = "1"\n{more}'


PROJECTS = {
    "flat/pyproject.toml": _project(
        "setuptools", "flat", '[tool.setuptools]\npackages = ["pkg", "pkg.sub"]\npy-modules = ["mod"]\n'
    ),
    "flat/pkg/__init__.py": "",
    "flat/pkg/sub/__init__.py": "",
    "flat/mod.py": "",
    "flat/left_out.py": "",
    "moved/pyproject.toml": _project(
        "setuptools", "moved", '[tool.setuptools]\npackages = ["new"]\npackage-dir = {new = "old"}\n'
    ),
    "moved/old/__init__.py": "",
    "laid/pyproject.toml": _project("setuptools", "laid"),
    "laid/src/laid/__init__.py": "",
    "laid/src/beside.py": "",
    "space/pyproject.toml": _project("setuptools", "space", '[tool.setuptools]\npackages = ["team.part"]\n'),
    "space/team/part/__init__.py": "",
    "hatch/pyproject.toml": _project("hatchling", "hatched"),
    "hatch/src/hatched/__init__.py": "",
    "exact/pyproject.toml": _project(
        "hatchling",
        "exact",
        '[tool.hatch.build]\ndev-mode-exact = true\n[tool.hatch.build.targets.wheel]\npackages = ["src/exact"]\n',
    ),
    "exact/src/exact/__init__.py": "",
    "exact/src/hidden.py": "",
    "copied/pyproject.toml": _project("setuptools", "copied", '[tool.setuptools]\npy-modules = ["copied"]\n'),
    "copied/copied.py": "",
}
INSTALLABLE = (
    "pkg",
    "mod",
    "left_out",
    "new",
    "old",
    "laid",
    "beside",
    "hatched",
    "exact",
    "hidden",
    "copied",
    "pip",
    "six",
)


@pytest.mark.long
def test_installed_projects_are_found_where_python_finds_them(tmp_path: Path) -> None:
    root = tmp_path / "root"
    write_tree(root, PROJECTS)
    subprocess.run([sys.executable, "-m", "venv", str(tmp_path / "env")], check=True, timeout=300)
    environment = Environment(root, tmp_path / "env")
    edited = [f"--editable={root / name}" for name in ("flat", "moved", "laid", "space", "hatch", "exact")]
    strict = ["--config-settings=editable_mode=strict"]
    install = [str(environment.python), "-m", "pip", "install", "--quiet", *edited, str(root / "copied"), "six"]
    subprocess.run(install, check=True, timeout=600)
    ours = environment.resolve(INSTALLABLE)
    assert told(ours) == environment.ask_python(INSTALLABLE)
    assert {name for name, origin in ours.items() if origin.before} == set()
    assert told(environment.resolve(["team"])) == {"team": "unknown"}
    for mode in (strict, ["--config-settings=editable_mode=compat"]):
        again = [str(environment.python), "-m", "pip", "install", "--quiet", *mode, f"--editable={root / 'flat'}"]
        subprocess.run(again, check=True, timeout=600)
        # A strict installation makes a folder of links; those are the files that Python loads.
        assert told(environment.resolve(INSTALLABLE)) == environment.ask_python(INSTALLABLE)
