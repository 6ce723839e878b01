"""Search for top-level names, each search once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.imports.resolution import resolve

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.module_index import ModuleIndex
    from rrr_optimize.imports.resolution import Origin
    from rrr_optimize.imports.search_path import SearchPath


class Searches:
    """Searches one index and remembers what was found; origins that are equal are one object."""

    def __init__(self, index: ModuleIndex) -> None:
        self.index = index
        self._found: dict[SearchPath, dict[str, Origin]] = {}
        self._origins: dict[Origin, Origin] = {}

    def look_up(self, name: str, path: SearchPath) -> Origin:
        """Return what a top-level name leads to on a search path."""
        found = self._found.setdefault(path, {})
        if name not in found:
            origin = resolve(self.index, name, path)
            found[name] = self._origins.setdefault(origin, origin)
        return found[name]

    def agree(self, expected: Mapping[str, Origin], path: SearchPath) -> bool:
        """Tell whether each name leads to what is expected; those were found here, too."""
        found = self._found.setdefault(path, {})
        return all((found.get(name) or self.look_up(name, path)) is origin for name, origin in expected.items())
