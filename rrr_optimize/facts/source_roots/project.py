"""A folder that may be a project that can be installed, as the readers of build backends ask it."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.source_roots.model import SourceRoot
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

_NAME = re.compile(r"[-_.]+")


@dataclass(frozen=True, slots=True)
class BuiltProject:
    """The files of one folder of a snapshot, by their names in it."""

    snapshot: Snapshot
    folder: str

    def path(self, name: str) -> str:
        """Return the path from the root of a file or folder."""
        return posixpath.normpath(posixpath.join(self.folder, name))

    def source(self, name: str) -> SourceText | None:
        """Return a file's text; None where there is no such file, or none that can be read."""
        path = self.path(name)
        return self.snapshot.text(path) if self.snapshot.is_file(path) else None

    def toml(self, name: str) -> Mapping[str, Any]:
        """Return what a TOML file says; nothing where it is missing or broken."""
        from rrr_optimize.formats.toml_spans import read_toml

        source = self.source(name)
        try:
            return read_toml(source).data if source else {}
        except UnreadableError:
            return {}

    def can_be_installed(self, data: Mapping[str, Any]) -> bool:
        """Tell whether pip would build it: a pyproject.toml that only sets tools up makes no project."""
        if "build-system" in data or "project" in data or table(data, "tool", "poetry").get("name"):
            return table(data, "tool", "uv").get("package") is not False
        setup = self.source("setup.py")
        return setup is not None and ("setuptools" in setup.text or "distutils" in setup.text)


def root_of(
    project: BuiltProject, folder: Any, config: str, backend: str, names: Any = (), packages: tuple[str, ...] = ()
) -> Iterator[SourceRoot]:
    """Yield the source root of a folder named in a project's configuration; none for one outside of the repository."""
    path = project.path(folder) if isinstance(folder, str) else ".."
    if not path.startswith(".."):
        offered = frozenset(name for name in names if isinstance(name, str))
        yield SourceRoot(path, project.path(config), backend, offered, packages)


def module_name(name: str) -> str:
    """Return what a backend makes of a distribution's name where it looks for its package; the case stays."""
    return _NAME.sub("_", name)
