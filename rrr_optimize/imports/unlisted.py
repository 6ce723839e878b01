"""Modules that a statement may serve although nobody lists them: ignored by git, left out, or made by a build."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import join
from rrr_optimize.facts.standard_library import FIXED, STANDARD
from rrr_optimize.imports.made_modules import MadeModules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.codebase import Codebase


class UnlistedModules:
    """Looks in the folders of one codebase for modules that the index of its listed files does not know."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._made = MadeModules(codebase)
        self._on_disk: dict[tuple[str, str], bool] = {}

    def find(self, folder: str, paths: Iterable[str]) -> Iterator[str]:
        """Yield, in words, what stands in a folder on the disk, is not listed, and is imported by some files."""
        for name in self._names(paths):
            key = (folder, name)
            if key not in self._on_disk:
                self._on_disk[key] = self._made.is_on_disk(folder, name)
            if self._on_disk[key] and self._codebase.index.look_in(folder, name) is None:
                yield f"{join(folder, name)} is there, and git does not list it"

    def suspect(self, folder: str, paths: Iterable[str]) -> str:
        """Return, in words, why a folder may get what some files import and nobody has; nothing where it will not."""
        known = self._codebase.index.names
        missing = [name for name in self._names(paths) if name not in known and name not in STANDARD]
        if missing and self._made.is_ignored_folder(folder):
            return f"git ignores {folder}/: see whether it is there when the program runs"
        made = next((name for name in missing if self._made.is_left_out(folder, name)), "")
        return f"a build may make {join(folder, made)}, or git ignores it" if made else ""

    def _names(self, paths: Iterable[str]) -> list[str]:
        files = (self._codebase.files.read(path) for path in paths)
        sites = (site for file in files if file for site in file.imports.sites)
        names = {site.module.partition(".")[0] for site in sites if not site.level and not site.is_text}
        return sorted(names - FIXED)
