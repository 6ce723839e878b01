"""Read the source roots of every project, each by the reader of its build backend."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.source_roots.default import default_roots
from rrr_optimize.facts.source_roots.hatch_and_poetry import read_hatch, read_poetry
from rrr_optimize.facts.source_roots.one_package import read_flit, read_pdm, read_uv_build
from rrr_optimize.facts.source_roots.project import BuiltProject
from rrr_optimize.facts.source_roots.setuptools import read_setup_cfg, read_setup_script, read_setuptools
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from rrr_optimize.facts.source_roots.model import SourceRoot
    from rrr_optimize.workspace.snapshot import Snapshot


def read_source_roots(snapshot: Snapshot) -> tuple[SourceRoot, ...]:
    """Return the source roots of every project of a snapshot that can be installed, in path order.

    A project with a pyproject.toml and a setup.cfg or setup.py is read in that order; the first that names a folder
    counts. What only running a setup.py would tell is left out.
    """
    found: list[SourceRoot] = []
    folders = sorted(
        {
            posixpath.dirname(path) or "."
            for name in ("pyproject.toml", "setup.cfg", "setup.py")
            for path in snapshot.files_named(name)
        }
    )
    for folder in folders:
        found += _read_project(snapshot, folder)
    return tuple(found)


def _read_project(snapshot: Snapshot, folder: str) -> list[SourceRoot]:
    project = BuiltProject(snapshot, folder)
    data = project.toml("pyproject.toml")
    backend = _backend(data)
    reader = _READERS.get(backend, _read_nothing)
    found = list(reader(project, data))
    if backend == "setuptools":
        found = found or list(read_setup_cfg(project)) or list(read_setup_script(project))
    if not found and project.can_be_installed(data):
        found = list(default_roots(project, data, backend))
    return found


def _backend(data: Mapping[str, Any]) -> str:
    named = str(table(data, "build-system").get("build-backend", "setuptools"))
    known = {"hatchling": "hatch", "poetry": "poetry", "flit_core": "flit", "flit": "flit", "pdm": "pdm"}
    known |= {"setuptools": "setuptools", "uv_build": "uv_build", "poetry_core": "poetry"}
    return known.get(named.partition(".")[0].partition(":")[0], "other")


def _read_nothing(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    del project, data
    yield from ()


_READERS: Mapping[str, Callable[[BuiltProject, Mapping[str, Any]], Iterator[SourceRoot]]] = {
    "setuptools": read_setuptools,
    "hatch": read_hatch,
    "poetry": read_poetry,
    "flit": read_flit,
    "pdm": read_pdm,
    "uv_build": read_uv_build,
}
