"""Follow a dotted name through the folders of a repository, and say what of it is missing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.module_index import INIT, Found, ModuleKind, join
from rrr_optimize.imports.bound_names import BoundNames
from rrr_optimize.imports.made_modules import MadeModules

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.own_modules import OwnModules
    from rrr_optimize.formats.python_imports import ImportSite


@dataclass(frozen=True, slots=True)
class Missing:
    """What one import does not find: the part of the name that is missing, and where all before it leads.

    `names` are what is missing: one part of the name of the module, or names that it does not have. `folder` is where
    they were looked for and `holder` the file, if any, that was looked into; both are empty where not even the first
    part is on the search path, and `elsewhere` is then the module that has all of it.
    """

    path: str
    site: ImportSite
    names: tuple[str, ...]
    folder: str = ""
    holder: str = ""
    elsewhere: str = ""


class Gap(NamedTuple):
    """Where a name ends too early: how many parts are found, and the rest as in Missing."""

    depth: int
    folder: str
    holder: str
    names: tuple[str, ...]


class ModuleSearch:
    """Looks for modules of one codebase by name; what somebody may make when the program runs counts as there."""

    def __init__(self, codebase: Codebase, own: OwnModules) -> None:
        self._made = MadeModules(codebase)
        self.bound = BoundNames(codebase)
        self.own = own

    def first_gap(self, path: str, module: str, names: tuple[str, ...], places: Iterable[str]) -> Gap | None:
        """Return what is missing for an import in a file; None where one of the places has all of it.

        Of several places the one is told from which the most parts are found.
        """
        best: Gap | None = None
        for place in sorted(places):
            gap = self.find_gap(path, module, names, place)
            if gap is None:
                return None
            if best is None or gap.depth > best.depth:
                best = gap
        return best

    def find_gap(self, path: str, module: str, names: tuple[str, ...], place: str) -> Gap | None:
        """Return the same for one place."""
        folders: tuple[str, ...] = (place,)
        found: Found | None = None
        parts = module.split(".") if module else []
        for number, part in enumerate(parts):
            inner = self.own.index.find(part, folders)
            if inner is None:
                if self._may_appear(folders, found, part):
                    return None
                return Gap(number, folders[0] if folders else "", found.path if found else "", (part,))
            found, folders = inner, inner.folders
        if found is None and place:
            init = join(place, f"{INIT}.py")
            kind = ModuleKind.PACKAGE if init in self.own.index.files else ModuleKind.NAMESPACE
            found = Found(kind, init if kind is ModuleKind.PACKAGE else "", (place,))
        lacking = tuple(name for name in names if name != "*" and found and not self._offers(path, found, name))
        if lacking and found:
            return Gap(len(parts), found.folders[0] if found.folders else "", found.path, lacking)
        return None

    def _offers(self, importer: str, found: Found, name: str) -> bool:
        if found.folders and self.own.index.find(name, found.folders) is not None:
            return True
        if found.path and self.bound.may_bind(found.path, name, importer):
            return True
        return any(self._made.is_made(folder, name) for folder in found.folders)

    def _may_appear(self, folders: tuple[str, ...], found: Found | None, part: str) -> bool:
        if found is not None and found.kind is ModuleKind.MODULE:
            # `import m.x` of a plain module: an attribute of sys.modules at best.
            return True
        if found is not None and found.path and self.bound.is_dynamic_package(found.path):
            return True
        return any(self._made.is_made(folder, part) for folder in folders)
