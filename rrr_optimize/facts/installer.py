"""Follow what an installation pulls in: included files, a project's requirements, extras, groups, local projects."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Declaration, Kind, Layer
from rrr_optimize.facts.marker_rows import ALL_ROWS
from rrr_optimize.facts.parsed_requirements import canonical

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.project_metadata import ProjectMetadata

PROJECT_KINDS = frozenset({Kind.PYPROJECT, Kind.SETUP_CFG, Kind.SETUP_PY})
_BASE_LAYERS = frozenset({Layer.RUNTIME, Layer.CONSTRAINT})
NamedLayers = dict[tuple[Layer, str], list[Declaration]]


class Installer:
    """Knows the sources by path and the projects by folder, and what comes along with each."""

    def __init__(self, sources: Sequence[Source], metadata: Mapping[str, ProjectMetadata]) -> None:
        self.by_path = {source.path: source for source in sources}
        self.metadata = metadata
        self.of_project: defaultdict[str, list[Source]] = defaultdict(list)
        for source in sources:
            if source.kind in PROJECT_KINDS:
                self.of_project[source.project.path].append(source)
        self._folders = {canonical(own.name): folder for folder, own in metadata.items() if own.name}
        self._layers: dict[str, NamedLayers] = {}
        self._bases: dict[str, tuple[Declaration, ...]] = {}

    def chain(self, path: str) -> tuple[Declaration, ...]:
        """Return the declarations of a file and of all that it includes; a file that comes again counts once."""
        found: list[Declaration] = []
        seen = {path}
        waiting = [path]
        while waiting:
            source = self.by_path.get(waiting.pop())
            if source is not None:
                found += source.declarations
                fresh = [include.target for include in source.includes if include.target not in seen]
                seen.update(fresh)
                waiting += reversed(fresh)
        return tuple(found)

    def base(self, folder: str) -> tuple[Declaration, ...]:
        """Return what installing a project without extras asks for, with the files that it reads that from."""
        if folder not in self._bases:
            found: list[Declaration] = []
            for source in self.of_project.get(folder, ()):
                found += [item for item in source.declarations if item.scope.layer in _BASE_LAYERS]
                for include in source.includes:
                    if include.scope is None or include.scope.layer in _BASE_LAYERS:
                        found += self.chain(include.target)
            self._bases[folder] = tuple(found)
        return self._bases[folder]

    def named_layers(self, folder: str) -> NamedLayers:
        """Return the declarations of each extra and group of a project, by its canonical name (PEP 685, PEP 735).

        Extras that are read from a file and groups that only include others are there too, though empty.
        """
        if folder not in self._layers:
            layers: defaultdict[tuple[Layer, str], list[Declaration]] = defaultdict(list)
            for source in self.of_project.get(folder, ()):
                for item in source.declarations:
                    if item.scope.layer in {Layer.EXTRA, Layer.GROUP}:
                        layers[item.scope.layer, canonical(item.scope.name)].append(item)
                for include in source.includes:
                    if include.scope and include.scope.layer is Layer.EXTRA:
                        layers[Layer.EXTRA, canonical(include.scope.name)] += self.chain(include.target)
            own = self.metadata.get(folder)
            for group, included in own.included_groups.items() if own else ():
                if included:
                    layers[Layer.GROUP, group] += ()
            self._layers[folder] = dict(layers)
        return self._layers[folder]

    def layer(self, folder: str, layer: Layer, name: str) -> tuple[Declaration, ...]:
        """Return one extra or group of a project with those that it includes, without the project's base."""
        own = self.metadata.get(folder)
        included = (own.self_extras if layer is Layer.EXTRA else own.included_groups) if own else {}
        found: list[Declaration] = []
        seen: set[str] = set()
        waiting = [canonical(name)]
        while waiting:
            current = waiting.pop()
            if current not in seen:
                seen.add(current)
                found += self.named_layers(folder).get((layer, current), ())
                waiting += included.get(current, ())
        return tuple(found)

    def isolated_parts(self, source: Source) -> dict[tuple[str, str], list[Declaration]]:
        """Return, by name and part, what each isolated environment that a file describes asks for."""
        parts: defaultdict[tuple[str, str], list[Declaration]] = defaultdict(list)
        for item in source.declarations:
            if item.scope.is_isolated:
                parts[str(item.scope), item.part].append(item)
        for include in source.includes:
            if include.scope and include.scope.is_isolated:
                parts[str(include.scope), include.part] += self.chain(include.target)
        return dict(parts)

    def expand(self, members: Iterable[Declaration], *, by_pip: bool) -> tuple[Declaration, ...]:
        """Return the members and what the projects of this repository among them ask for in turn, each once.

        A project that is asked for under a marker is not followed: what it asks for would hold under the marker only.
        `by_pip` says that the tables of uv and Poetry, which name a folder for a package, play no part.
        """
        found = dict.fromkeys(members)
        waiting = [item for item in found if _comes_from_here(item, by_pip=by_pip)]
        seen: set[tuple[str, str]] = set()
        while waiting:
            item = waiting.pop()
            folder = self._folders.get(item.package)
            if folder is None or item.marker_rows != ALL_ROWS:
                continue
            for extra in ("", *sorted(item.extras)):
                if (folder, extra) not in seen:
                    seen.add((folder, extra))
                    asked = self.layer(folder, Layer.EXTRA, extra) if extra else self.base(folder)
                    waiting += [item for item in asked if item not in found and _comes_from_here(item, by_pip=by_pip)]
                    found |= dict.fromkeys(asked)
        return tuple(found)


def _comes_from_here(item: Declaration, *, by_pip: bool) -> bool:
    by_table = item.kind is Kind.PYPROJECT and item.url is None
    return item.internal and not (by_pip and by_table)


def override(members: Sequence[Declaration], sources: Iterable[Source]) -> tuple[Declaration, ...]:
    """Replace what uv's `override-dependencies` in the sources replace: every other word on them is ignored."""
    overrides = [item for source in sources for item in source.declarations if item.scope.layer is Layer.OVERRIDE]
    overridden = {item.package for item in overrides}
    return (*(item for item in members if item.package not in overridden), *overrides)
