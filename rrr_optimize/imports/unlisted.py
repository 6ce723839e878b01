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
        self._known: dict[tuple[str, str], bool] = {}

    def find(self, folders: Iterable[str], paths: Iterable[str]) -> Iterator[str]:
        """Yield, in words, what imports of some files may find in some folders, each once.

        A name that the repository or the library has elsewhere is only looked for on the disk.
        """
        names = sorted({name for path in paths for name in self._names(path)})
        for folder in dict.fromkeys(folders):
            for name in names:
                key = (folder, name)
                if key not in self._known:
                    self._known[key] = self._is_unlisted(*key)
                if self._known[key]:
                    yield f"{join(folder, name)} may be there: git ignores it, it is left out, or a build makes it"

    def _names(self, path: str) -> Iterator[str]:
        file = self._codebase.files.read(path)
        for site in file.imports.sites if file else ():
            if not site.level and (site.is_target or not site.is_text):
                yield site.module.partition(".")[0]

    def _is_unlisted(self, folder: str, name: str) -> bool:
        index = self._codebase.index
        if name in FIXED or index.look_in(folder, name) is not None:
            return False
        is_elsewhere = name in index.names or name in STANDARD
        return self._made.is_on_disk(folder, name) or (not is_elsewhere and self._made.is_left_out(folder, name))
