"""Modules that a statement may serve although nobody lists them: ignored by git, left out, or made by a build."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.module_index import join
from rrr_optimize.facts.standard_library import FIXED, STANDARD
from rrr_optimize.imports.made_modules import MadeModules

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.codebase import Codebase


@dataclass(frozen=True, slots=True)
class Unlisted:
    """A module or folder that may be there when a program runs, and whether it is now."""

    path: str
    is_here: bool

    def __str__(self) -> str:
        return f"{self.path} may be there: git ignores it, it is left out, or a build makes it"


class UnlistedModules:
    """Looks in the folders of one codebase for modules that the index of its listed files does not know."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._made = MadeModules(codebase)
        self._known: dict[tuple[str, str], bool] = {}

    def find(self, folders: Iterable[str], paths: Iterable[str]) -> Iterator[Unlisted]:
        """Yield what imports of some files may find in some folders; of a folder that is not there, just that.

        A name that the repository or the library has elsewhere is only looked for on the disk.
        """
        names = sorted({name for path in paths for name in self._names(path)})
        for folder in dict.fromkeys(folders):
            found = [name for name in names if self._may_hold(folder, name)]
            here = {name for name in found if self._made.is_on_disk(folder, name)}
            if found and not here and folder not in self._codebase.index.folders:
                yield Unlisted(f"{folder}/", is_here=False)
                continue
            yield from (Unlisted(join(folder, name), name in here) for name in found)

    def _may_hold(self, folder: str, name: str) -> bool:
        key = (folder, name)
        if key not in self._known:
            self._known[key] = self._is_unlisted(*key)
        return self._known[key]

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
