"""Imports that surely mean the repository's own code and lead to nothing in it."""

from __future__ import annotations

import posixpath
import re
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from rrr_optimize.facts.module_index import INIT, Found, ModuleKind, join
from rrr_optimize.formats.python_imports import ImportSite, Timing
from rrr_optimize.imports.foreign import foreign_names
from rrr_optimize.imports.import_sites import read_sites
from rrr_optimize.imports.missing import Gap, Missing, ModuleSearch
from rrr_optimize.imports.nearness import nearest
from rrr_optimize.imports.set_apart import is_template, is_test, is_test_data

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.own_modules import OwnModules
    from rrr_optimize.facts.repository import Repository

# A file that tests importing itself, does without, or puts modules of its own making where others are looked for.
_MEDDLING = re.compile(
    rb"(?:suppress|raises|assertRaises\w*)\([^)]{0,200}(?:Import|ModuleNotFound)Error|importorskip|find_spec\("
    rb"|sys\.modules(?:\[|\.(?:pop|update|setdefault)|[\"'],)|patch\.dict\([\"']?sys\.modules|collect_ignore"
    rb"|meta_path|path_hooks"
)


class Survey:
    """Looks at the imports of one codebase; only files with an import that looks missing are parsed."""

    def __init__(
        self, codebase: Codebase, own: OwnModules, foreign: frozenset[str], project_of: Callable[[str], object]
    ) -> None:
        self._codebase = codebase
        self._project_of = project_of
        self._meddling: dict[str, bool] = {}
        self._foreign = foreign
        self.search = ModuleSearch(codebase, own)
        self.own = own

    def missing(self) -> Iterator[Missing]:
        """Yield what is missing, in path order."""
        for path in sorted(self._codebase.texts):
            if path.endswith(".py") and not is_template(path) and not is_test_data(path):
                yield from self._read_file(path)

    def lacking(self, module: str, names: tuple[str, ...] = ()) -> Missing | None:
        """Return what is missing of a module of the repository that a text names, wherever the text is read.

        None where some folder has all of it, and where the name may be somebody else's.
        """
        top = module.partition(".")[0]
        if top in self._foreign or top not in self.used:
            return None
        gap = self.search.first_gap("", module, names, self.own.offering[top])
        return _missing("", ImportSite(1, 1, module, names=names), gap) if gap else None

    def lacking_target(self, text: str) -> Missing | None:
        """Return the same for a text that may go on behind the module with a class and an attribute."""
        parts = text.split(".")
        top = parts[0]
        if top in self._foreign or top not in self.used:
            return None
        ends = {folder: self._module_end(parts, folder) for folder in self.own.offering[top]}
        best: Missing | None = None
        for folder, end in sorted(ends.items(), key=lambda item: (-item[1], item[0])):
            gap = self.search.find_gap("", ".".join(parts[:end]), tuple(parts[end : end + 1]), folder)
            if gap is None:
                return None
            best = best or _missing("", ImportSite(1, 1, text), gap)
        return best

    def _module_end(self, parts: list[str], folder: str) -> int:
        """Return how many parts of a dotted text are packages and modules."""
        ends = range(len(parts), 1, -1)
        return next((end for end in ends if self.own.find(".".join(parts[:end]), folder) is not None), 1)

    def _read_file(self, path: str) -> Iterator[Missing]:
        doubtful = {
            text.module
            for text in self._codebase.texts[path]
            if not text.is_text and self._is_suspicious(path, text.module, text.names)
        }
        snapshot = self._codebase.snapshot
        # A link to a file of the repository is the file.
        if not doubtful or self.is_about_importing(path) or snapshot.canonical(path) != path:
            return
        for site in read_sites(snapshot, path, doubtful):
            is_run = not (site.is_text or site.tolerates or site.timing is Timing.NEVER)
            if is_run and "." * site.level + site.module in doubtful and (found := self._look_up(path, site)):
                yield found

    def is_about_importing(self, path: str) -> bool:
        """Return whether a file, or a conftest.py above it, tests importing or puts other modules in place of some."""
        folder = posixpath.dirname(path)
        while True:
            if self._meddles(path) or (
                self._codebase.snapshot.is_file(conftest := posixpath.join(folder, "conftest.py"))
                and self._meddles(conftest)
            ):
                return True
            if not folder:
                return False
            folder = posixpath.dirname(folder)

    def _meddles(self, path: str) -> bool:
        if path not in self._meddling:
            self._meddling[path] = _MEDDLING.search(self._codebase.snapshot.peek(path) or b"") is not None
        return self._meddling[path]

    def _is_suspicious(self, path: str, module: str, names: tuple[str, ...]) -> bool:
        name = module.lstrip(".")
        level = len(module) - len(name)
        if level:
            folder = climb(path, level)
            return folder is not None and self.search.first_gap(path, name, names, (folder,)) is not None
        top = name.partition(".")[0]
        if not top or top in self._foreign:
            return False
        offering = self.own.offering.get(top, frozenset())
        places = offering & self.own.near(path)
        if places:
            return self.search.first_gap(path, name, names, places) is not None
        has_all = (self.own.find(name, folder) for folder in offering)
        return ("." in name or bool(names)) and any(each is not None and each.path for each in has_all)

    def _look_up(self, path: str, site: ImportSite) -> Missing | None:
        if site.level:
            folder = climb(path, site.level)
            if folder is None or self._is_portion(folder):
                return None
            return self._describe(path, site, (folder,))
        top = site.module.partition(".")[0]
        if top in self._foreign or top not in self.own.offering:
            return None
        near = self.own.offering[top] & self.own.near(path)
        if not near:
            return self._look_elsewhere(path, site, top)
        if self.search.first_gap(path, site.module, site.names, near) is None:
            return None
        around = self.own.around(path)
        if around.is_open or top not in self.used:
            return None
        return self._describe(path, site, self.own.offering[top] & around.folders)

    @cached_property
    def used(self) -> frozenset[str]:
        """The top-level names of which some import finds what it asks for: they are plainly the repository's own."""
        found: set[str] = set()
        for path, texts in self._codebase.texts.items():
            for text in texts:
                top, _, rest = text.module.partition(".")
                if text.is_text or not top or top in found or not (rest or text.names):
                    continue
                places = self.own.offering.get(top, frozenset()) & self.own.near(path)
                if any(self._has(text.module, text.names, place) for place in places):
                    found.add(top)
        return frozenset(found)

    def _has(self, module: str, names: tuple[str, ...], folder: str) -> bool:
        found = self.own.find(module, folder)
        if found is None:
            return False
        if "." in module and found.kind is not ModuleKind.NAMESPACE:
            return True
        return any(self.own.index.find(name, found.folders) for name in names)

    def _describe(self, path: str, site: ImportSite, places: Iterable[str]) -> Missing | None:
        """Return what an import does not find, unless it may be there when the program runs."""
        gap = self.search.first_gap(path, site.module, site.names, places)
        return _missing(path, site, gap) if gap else None

    def _look_elsewhere(self, path: str, site: ImportSite, top: str) -> Missing | None:
        """Return an import that finds nothing although the same project has a module of that name somewhere else."""
        around = self.own.around(path)
        if around.is_open or around.folders & self.own.offering[top]:
            return None
        project = self._project_of(path)
        if self._added.get(project, frozenset()) & self.own.offering[top]:
            return None
        found = [
            each.path
            for folder in sorted(self.own.offering[top])
            if (each := self.own.find(site.module, folder)) is not None and self._is_meant(each, site)
        ]
        inside = [each for each in found if self._project_of(each) == project]
        return Missing(path, site, (top,), elsewhere=nearest(path, inside)) if inside else None

    @cached_property
    def _added(self) -> Mapping[object, frozenset[str]]:
        """The folders that the programs of each project put on the search path: whatever they load may be found there.

        Plug-ins and what other programs load for them import nobody, and nobody imports them.
        """
        found: dict[object, set[str]] = {}
        for hack in self._codebase.hacks:
            if not is_test(hack.location.path):
                found.setdefault(self._project_of(hack.location.path), set()).update(self.own.added(hack))
        return {project: frozenset(folders) for project, folders in found.items()}

    def _is_meant(self, found: Found, site: ImportSite) -> bool:
        """Tell whether a module has all that an import asks for: one name alone may be anybody's."""
        if found.kind is ModuleKind.NAMESPACE or ("." not in site.module and not site.names):
            return False
        names = [name for name in site.names if name != "*"]
        return all(
            self.search.bound.surely_binds(found.path, name) or self.own.index.find(name, found.folders) is not None
            for name in names
        )

    def _is_portion(self, folder: str) -> bool:
        """Tell whether a folder may be one of several that merge under one name."""
        if join(folder, f"{INIT}.py") in self.own.index.files:
            return False
        name = posixpath.basename(folder)
        return len(self.own.offering.get(name, ())) > 1


def _missing(path: str, site: ImportSite, gap: Gap) -> Missing:
    return Missing(path, site, gap.names, gap.folder, gap.holder)


def survey_of(repository: Repository) -> Survey:
    """Return the survey of a repository; the rules share it."""
    if repository not in _SURVEYS:
        foreign, projects = foreign_names(repository), repository.projects
        _SURVEYS[repository] = Survey(
            repository.codebase, repository.own_modules, foreign, lambda path: projects.of(path).path
        )
    return _SURVEYS[repository]


_SURVEYS: WeakKeyDictionary[Repository, Survey] = WeakKeyDictionary()


def climb(path: str, level: int) -> str | None:
    """Return the folder that a relative import begins in; None above the root."""
    folder = posixpath.dirname(path)
    for _ in range(level - 1):
        if not folder:
            return None
        folder = posixpath.dirname(folder)
    return folder or "."
