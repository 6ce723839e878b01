"""The source roots of backends that look for one package by its name: flit, PDM and uv."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.source_roots.project import module_name, root_of
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.source_roots.model import SourceRoot
    from rrr_optimize.facts.source_roots.project import BuiltProject


def read_flit(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow flit: the module that is named, or that of the project's name, in `src` or beside the pyproject.toml."""
    name = table(data, "tool", "flit", "module").get("name") or table(data, "project").get("name")
    if isinstance(name, str):
        top = module_name(name.partition(".")[0])
        for folder in ("src", "."):
            if project.snapshot.is_folder(project.path(f"{folder}/{top}")):
                yield from root_of(project, folder, "pyproject.toml", "flit", {top})
                return


def read_pdm(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow PDM's `package-dir`."""
    folder = table(data, "tool", "pdm", "build").get("package-dir")
    if isinstance(folder, str):
        yield from root_of(project, folder, "pyproject.toml", "pdm")


def read_uv_build(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow uv's build backend: `module-root` (src unless told) and `module-name` (one or several)."""
    options = table(data, "tool", "uv", "build-backend")
    name = options.get("module-name", table(data, "project").get("name", ""))
    names = [each for each in (name if isinstance(name, list) else [name]) if isinstance(each, str)]
    tops = {module_name(each.partition(".")[0]).lower() for each in names}
    yield from root_of(project, options.get("module-root", "src") or ".", "pyproject.toml", "uv_build", tops)
