"""Files that are imported under more than one name, told by where each import leads."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rrr_optimize.formats.python_imports import Timing
from rrr_optimize.imports.import_sites import read_sites
from rrr_optimize.imports.unresolved import climb

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.import_texts import ImportText
    from rrr_optimize.facts.own_modules import OwnModules
    from rrr_optimize.formats.python_imports import ImportSite


@dataclass(frozen=True, slots=True)
class Use:
    """An import of a file under one name, and the folder from which that name leads to it."""

    importer: str
    site: ImportSite
    name: str
    root: str


@dataclass(frozen=True, slots=True)
class DoubleName:
    """A file with the imports of its usual name and of another one.

    `together` is a file that loads both, or the folder of a test session that does; empty where nothing is known to.
    """

    path: str
    usual: tuple[Use, ...]
    other: tuple[Use, ...]
    together: str = ""

    def narrow(self, importers: frozenset[str]) -> DoubleName | None:
        """Return the same with the imports of some files alone; None where that leaves one name."""
        usual, other = (tuple(use for use in uses if use.importer in importers) for uses in (self.usual, self.other))
        return replace(self, usual=usual, other=other) if usual and other else None


@dataclass(slots=True)
class _Graph:
    """Who imports whom, and the names under which each file is imported: by name, importers with the root."""

    names: dict[str, dict[str, dict[str, str]]] = field(default_factory=dict)
    importers: defaultdict[str, set[str]] = field(default_factory=lambda: defaultdict(set))

    def above(self, paths: Iterable[str]) -> set[str]:
        """Return some files and all that load them."""
        found = set(paths)
        waiting = list(found)
        while waiting:
            new = self.importers[waiting.pop()] - found
            found |= new
            waiting += new
        return found


def find_double_names(codebase: Codebase, own: OwnModules, foreign: frozenset[str]) -> Iterator[DoubleName]:
    """Yield the files that two imports surely reach under different names, once for each name but the usual one.

    Only imports that lead to one file, from whatever folder may be searched, and from one that is searched for certain,
    count. Files are parsed only where two names seem to be used.
    """
    graph = _Graph()
    for path, texts in codebase.texts.items():
        if path.endswith(".py"):
            _read(path, texts, own, foreign, graph)
    for path, names in sorted(graph.names.items()):
        if len(names) > 1:
            confirmed = {name: tuple(_confirm(name, found, codebase)) for name, found in names.items()}
            yield from _compare(path, {name: uses for name, uses in confirmed.items() if uses}, graph, codebase)


def _read(path: str, texts: Iterable[ImportText], own: OwnModules, foreign: frozenset[str], graph: _Graph) -> None:
    near, certain = own.near(path), own.certain(path)
    for text in texts:
        module = text.module.lstrip(".")
        if text.is_text:
            continue
        if level := len(text.module) - len(module):
            folder = climb(path, level)
            for dotted in _dotted(module, text.names) if folder is not None else ():
                if (found := own.find(dotted, folder or ".")) is not None and found.path:
                    graph.importers[found.path].add(path)
            continue
        top = module.partition(".")[0]
        places = own.offering.get(top, frozenset()) & near
        if top in foreign or not places:
            continue
        for dotted in _dotted(module, text.names):
            reached = {place: found.path for place in places if (found := own.find(dotted, place)) and found.path}
            roots = sorted(certain & reached.keys())
            if len(set(reached.values())) == 1 and roots:
                target = reached[roots[0]]
                graph.importers[target].add(path)
                if target != path:
                    graph.names.setdefault(target, {}).setdefault(dotted, {}).setdefault(path, roots[0])


def _dotted(module: str, names: Iterable[str]) -> list[str]:
    return [*([module] if module else []), *(f"{module}.{name}" if module else name for name in names)]


def _confirm(name: str, found: Mapping[str, str], codebase: Codebase) -> Iterator[Use]:
    """Yield the imports of a name that a parser finds as well."""
    for importer, root in found.items():
        words = {text.module for text in codebase.texts[importer] if name in _dotted(text.module, text.names)}
        for site in read_sites(codebase.snapshot, importer, words):
            is_run = not site.is_text and not site.level and site.timing is not Timing.NEVER
            if is_run and name in _dotted(site.module, site.names):
                yield Use(importer, site, name, root)
                break


def _compare(
    path: str, names: Mapping[str, tuple[Use, ...]], graph: _Graph, codebase: Codebase
) -> Iterator[DoubleName]:
    usual, *others = sorted(names, key=lambda name: (-len(names[name]), -name.count("."), name)) or [""]
    for other in others:
        first, second = (graph.above({use.importer for use in names[name]}) for name in (usual, other))
        yield DoubleName(path, names[usual], names[other], _meet(first, second, codebase))


def _meet(first: set[str], second: set[str], codebase: Codebase) -> str:
    """Return a file that loads both, else a test session that does."""
    if both := first & second:
        return min(both, key=lambda path: (path.count("/"), path))
    sessions = [
        {codebase.pytest.around(path)[0].rootdir for path in paths if _is_collected(path, codebase)}
        for paths in (first, second)
    ]
    common = sessions[0] & sessions[1]
    return f"pytest in {min(common)}" if common else ""


def _is_collected(path: str, codebase: Codebase) -> bool:
    settings = codebase.pytest.around(path)[0]
    places = settings.testpaths or (settings.rootdir,)
    return settings.collects(path) and any(place == "." or path.startswith(f"{place}/") for place in places)
