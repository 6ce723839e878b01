"""The source roots that Hatch and Poetry are told: packages that are listed by their paths."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.source_roots.project import root_of
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.source_roots.model import SourceRoot
    from rrr_optimize.facts.source_roots.project import BuiltProject


def read_hatch(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow Hatch's build configuration: `packages`, `only-include` and `sources` of the wheel target."""
    build = table(data, "tool", "hatch", "build")
    wheel = table(build, "targets", "wheel")
    listed = [path for path in wheel.get("packages", build.get("packages", ())) if isinstance(path, str)]
    by_folder: dict[str, set[str]] = {}
    for path in listed:
        folder, name = posixpath.split(path.strip("/"))
        by_folder.setdefault(folder or ".", set()).add(name)
    sources = wheel.get("sources", build.get("sources"))
    if isinstance(sources, list):
        by_folder |= {path: set() for path in sources if isinstance(path, str) and path not in by_folder}
    elif isinstance(sources, dict):
        by_folder |= {path: set() for path, prefix in sources.items() if prefix == "" and path not in by_folder}
    for folder, names in by_folder.items():
        yield from root_of(project, folder, "pyproject.toml", "hatch", names)


def read_poetry(project: BuiltProject, data: Mapping[str, Any]) -> Iterator[SourceRoot]:
    """Follow Poetry's `packages`: each with `include` and, where it is not the project's folder, `from`."""
    packages = table(data, "tool", "poetry").get("packages")
    by_folder: dict[str, set[str]] = {}
    for entry in packages if isinstance(packages, list) else ():
        include = entry.get("include") if isinstance(entry, dict) else None
        if isinstance(include, str) and not include.startswith("*"):
            top = include.partition("/")[0].removesuffix(".py")
            by_folder.setdefault(str(entry.get("from", ".")), set()).add(top)
    for folder, names in by_folder.items():
        yield from root_of(project, folder, "pyproject.toml", "poetry", names)
