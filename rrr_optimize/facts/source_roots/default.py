"""Where a build backend looks when nothing is written."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.source_roots.model import SourceRoot
from rrr_optimize.facts.source_roots.project import module_name
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.source_roots.project import BuiltProject


def default_roots(project: BuiltProject, data: Mapping[str, Any], backend: str) -> Iterator[SourceRoot]:
    """Yield where a backend looks when nothing is written: `src` if there is one, else the folder of the project."""
    name = table(data, "project").get("name") or table(data, "tool", "poetry").get("name")
    top = module_name(name).lower() if isinstance(name, str) else ""
    config = "pyproject.toml" if data else "setup.py"
    src = project.path("src")
    # A package called src is an ordinary one, and the layout is flat.
    has_src = project.snapshot.is_folder(src) and not project.snapshot.is_file(f"{src}/__init__.py")
    folder = src if has_src else project.folder
    names = frozenset({top}) if backend != "setuptools" and top else frozenset()
    yield SourceRoot(folder, project.path(config), backend, names, is_default=True)
