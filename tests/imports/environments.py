"""Virtual environments beside a repository: what their Python finds, and what we say without running it."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.imports.resolution import resolve
from rrr_optimize.imports.search_path import INSTALLED, begin, folder
from tests.opening import open_folder

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from rrr_optimize.imports.resolution import Origin

ASK = """
import importlib.util, json, sys
sys.path[:1] = sys.argv[2:]
found = {}
for name in json.loads(sys.argv[1]):
    spec = importlib.util.find_spec(name)
    places = list(spec.submodule_search_locations or []) if spec else []
    found[name] = [spec is not None, spec.origin if spec and spec.has_location else "", places]
print(json.dumps(found))
"""
# As setuptools writes it, without what only namespaces need.
FINDER = """
import sys
from importlib.util import spec_from_file_location
from pathlib import Path

MAPPING: dict[str, str] = {mapping!r}
NAMESPACES: dict[str, list[str]] = {{}}

class _EditableFinder:
    @classmethod
    def find_spec(cls, fullname, path=None, target=None):
        place = Path(MAPPING[fullname]) if fullname in MAPPING else None
        for each in (place / "__init__.py", place.with_name(place.name + ".py")) if place else ():
            if each.exists():
                return spec_from_file_location(fullname, each)

def install():
    sys.meta_path.append(_EditableFinder)
"""


@dataclass(frozen=True)
class Environment:
    """A repository, and a virtual environment beside it."""

    root: Path
    path: Path

    @property
    def packages(self) -> Path:
        below = "Lib" if sys.platform == "win32" else f"lib/python3.{sys.version_info.minor}"
        return self.path / below / "site-packages"

    @property
    def python(self) -> Path:
        return self.path / ("Scripts/python.exe" if sys.platform == "win32" else "bin/python")

    def ask_python(self, names: Iterable[str], *first: str) -> dict[str, str]:
        """Return what the interpreter finds, with some folders of the repository in front."""
        arguments = [json.dumps(list(names)), *(str(self.root / each) for each in first)]
        command = [str(self.python), "-c", ASK, *arguments]
        done = subprocess.run(command, cwd=self.path, capture_output=True, check=True, text=True, timeout=60)
        return {name: self._tell(*each) for name, each in json.loads(done.stdout).items()}

    def _tell(self, is_found: bool, origin: str, places: list[str]) -> str:  # noqa: FBT001 - a row of JSON
        top = f"{self.root.resolve()}/"
        if origin or not is_found:
            return origin.removeprefix(top) if origin.startswith(top) else "elsewhere" if is_found else "nowhere"
        inside = dict.fromkeys(place.removeprefix(top) for place in places if place.startswith(top))
        return f"namespace {' '.join(inside)}" if inside else "elsewhere"

    def resolve(self, names: Iterable[str], *first: str) -> dict[str, Origin]:
        """Return what we say: nothing is run."""
        repository = open_folder(self.root, {"fix-imports": {"site-packages": str(self.path)}})
        index = repository.codebase.index
        path = begin(*(folder(each) for each in first))
        return {name: resolve(index, name, path) for name in names}


def told(origins: Mapping[str, Origin]) -> dict[str, str]:
    return {name: _tell(origin) for name, origin in origins.items()}


def _tell(origin: Origin) -> str:
    if origin.found is not None:
        return origin.found.path or f"namespace {' '.join(origin.found.folders)}"
    if INSTALLED in origin.before:
        return "unknown"
    return "elsewhere" if origin.is_library or origin.before else "nowhere"


def make_environment(top: Path) -> Environment:
    """Make an empty environment, and an empty repository beside it."""
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(top / "env")], check=True, timeout=120)
    (top / "root").mkdir()
    return Environment(top / "root", top / "env")
