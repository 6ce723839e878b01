"""What is installed together: files with their includes, projects with an extra or group, the files of one command."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Declaration, Kind, Layer, canonical
from rrr_optimize.facts.requirement_facts import InstallSet

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.project_metadata import ProjectMetadata
    from rrr_optimize.facts.sources.commands import Installation

PROJECT_KINDS = frozenset({Kind.PYPROJECT, Kind.SETUP_CFG, Kind.SETUP_PY})
_FILE_KINDS = frozenset({Kind.REQUIREMENTS, Kind.CONSTRAINTS, Kind.CONDA, Kind.PIPFILE})
_BASE_LAYERS = frozenset({Layer.RUNTIME, Layer.CONSTRAINT})


@dataclass(frozen=True, slots=True, eq=False)
class _Tables:
    """The sources by path, and by project folder those that describe the project itself."""

    by_path: Mapping[str, Source]
    of_project: Mapping[str, Sequence[Source]]
    metadata: Mapping[str, ProjectMetadata]


def find_install_sets(
    sources: Sequence[Source],
    metadata: Mapping[str, ProjectMetadata],
    workspaces: Mapping[str, tuple[str, ...]],
    installations: Iterable[Installation],
) -> tuple[InstallSet, ...]:
    """Return every install set that the files speak of; one that holds nothing or one declaration is left out.

    `metadata` and `workspaces` are by project folder; `workspaces` lists the members of each uv workspace.
    """
    of_project: defaultdict[str, list[Source]] = defaultdict(list)
    for source in sources:
        if source.kind in PROJECT_KINDS:
            of_project[source.project.path].append(source)
    tables = _Tables({source.path: source for source in sources}, of_project, metadata)
    found = [
        *_file_sets(tables),
        *_project_sets(tables),
        *_environment_sets(tables),
        *_workspace_sets(tables, workspaces),
        *_command_sets(tables, installations),
    ]
    return tuple(item for item in found if item.members)


def chain(path: str, by_path: Mapping[str, Source]) -> tuple[Declaration, ...]:
    """Return the declarations of a file and of all that it includes; a file that comes again counts once."""
    found: list[Declaration] = []
    seen = {path}
    waiting = [path]
    while waiting:
        source = by_path.get(waiting.pop())
        if source is not None:
            found += source.declarations
            fresh = [include.target for include in source.includes if include.target not in seen]
            seen.update(fresh)
            waiting += reversed(fresh)
    return tuple(found)


def _file_sets(tables: _Tables) -> Iterator[InstallSet]:
    for path, source in tables.by_path.items():
        if source.kind in _FILE_KINDS:
            yield InstallSet(path, chain(path, tables.by_path))


def _project_sets(tables: _Tables) -> Iterator[InstallSet]:
    for folder, sources in tables.of_project.items():
        metadata = tables.metadata.get(folder)
        base = _project_base(folder, tables)
        label = f"the project in {folder}" if folder != "." else "the root project"
        layers = _named_layers(sources)
        yield InstallSet(label, _override(base, sources))
        if metadata and metadata.locked_together:
            everything = [item for members in layers.values() for item in members]
            yield InstallSet(f"the lock of {label}", _override((*base, *everything), sources))
        for layer, name in dict.fromkeys((*layers, *_collective_layers(metadata, sources))):
            yield InstallSet(f"{label} with {layer} {name}", _override(_with(folder, tables, layer, name), sources))


def _environment_sets(tables: _Tables) -> Iterator[InstallSet]:
    """Yield what a tool installs by itself: build requirements, tox, nox and Hatch environments, hooks, scripts."""
    for path, source in tables.by_path.items():
        groups: defaultdict[tuple[str, str], list[Declaration]] = defaultdict(list)
        for item in source.declarations:
            if item.scope.is_isolated:
                groups[str(item.scope), item.part].append(item)
        for (name, _), members in groups.items():
            yield InstallSet(f"{name} of {path}", tuple(members))


def _workspace_sets(tables: _Tables, workspaces: Mapping[str, tuple[str, ...]]) -> Iterator[InstallSet]:
    for folder, members in workspaces.items():
        declarations: list[Declaration] = []
        everyone = tuple(dict.fromkeys((folder, *members)))
        keeps_apart = any(tables.metadata[member].keeps_apart for member in everyone)
        for member in everyone:
            base = _project_base(member, tables)
            declarations += [item for item in base if member == folder or item.scope.layer is not Layer.CONSTRAINT]
            if not keeps_apart:
                layers = _named_layers(tables.of_project.get(member, ()))
                declarations += [item for items in layers.values() for item in items]
        # Overrides and constraints are the workspace root's; those of members have no effect.
        label = f"the uv workspace in {folder}" if folder != "." else "the uv workspace"
        yield InstallSet(label, _override(tuple(declarations), tables.of_project.get(folder, ())))


def _command_sets(tables: _Tables, installations: Iterable[Installation]) -> Iterator[InstallSet]:
    for installation in installations:
        members = list(installation.declarations)
        for name in installation.files:
            if path := next((path for path in installation.paths(name) if path in tables.by_path), None):
                members += chain(path, tables.by_path)
        for project in installation.projects:
            folders = installation.paths(project.folder)
            if folder := next((folder for folder in folders if folder in tables.of_project), None):
                members += _project_base(folder, tables)
                for extra in project.extras:
                    members += _with(folder, tables, Layer.EXTRA, extra)
        extras = sum(len(project.extras) for project in installation.projects)
        parts = len(installation.files) + len(installation.projects) + extras + bool(installation.declarations)
        if parts > 1 or len(installation.declarations) > 1:
            yield InstallSet(
                f"the command at {installation.location}", tuple(dict.fromkeys(members)), installation.location
            )


def _project_base(folder: str, tables: _Tables) -> tuple[Declaration, ...]:
    """Return what installing a project without extras asks for, files that its metadata are read from included."""
    found: list[Declaration] = []
    for source in tables.of_project.get(folder, ()):
        found += [item for item in source.declarations if item.scope.layer in _BASE_LAYERS]
        for include in source.includes:
            if include.scope is None or include.scope.layer in _BASE_LAYERS:
                found += chain(include.target, tables.by_path)
    return tuple(found)


def _named_layers(sources: Iterable[Source]) -> dict[tuple[Layer, str], list[Declaration]]:
    """Return the declarations of each extra and group, by its canonical name (PEP 685, PEP 735)."""
    layers: defaultdict[tuple[Layer, str], list[Declaration]] = defaultdict(list)
    for source in sources:
        for item in source.declarations:
            if item.scope.layer in {Layer.EXTRA, Layer.GROUP}:
                layers[item.scope.layer, canonical(item.scope.name)].append(item)
    return layers


def _collective_layers(metadata: ProjectMetadata | None, sources: Iterable[Source]) -> Iterator[tuple[Layer, str]]:
    """Yield the groups that include others and the extras read from a file: they may have nothing of their own."""
    for include in (include for source in sources for include in source.includes):
        if include.scope and include.scope.layer is Layer.EXTRA:
            yield Layer.EXTRA, canonical(include.scope.name)
    for group, included in metadata.included_groups.items() if metadata else ():
        if included:
            yield Layer.GROUP, group


def _with(folder: str, tables: _Tables, layer: Layer, name: str) -> tuple[Declaration, ...]:
    """Return the project with one extra or group, and with those that it includes."""
    metadata = tables.metadata.get(folder)
    included = (metadata.self_extras if layer is Layer.EXTRA else metadata.included_groups) if metadata else {}
    sources = tables.of_project.get(folder, ())
    layers = _named_layers(sources)
    found = list(_project_base(folder, tables))
    seen: set[str] = set()
    waiting = [canonical(name)]
    while waiting:
        current = waiting.pop()
        if current not in seen:
            seen.add(current)
            found += layers.get((layer, current), ())
            found += _files_of(layer, current, sources, tables)
            waiting += included.get(current, ())
    return tuple(found)


def _files_of(layer: Layer, name: str, sources: Iterable[Source], tables: _Tables) -> Iterator[Declaration]:
    for include in (include for source in sources for include in source.includes if include.scope):
        if include.scope and include.scope.layer is layer and canonical(include.scope.name) == name:
            yield from chain(include.target, tables.by_path)


def _override(members: Sequence[Declaration], sources: Iterable[Source]) -> tuple[Declaration, ...]:
    """Replace what uv's `override-dependencies` replace: every other word on those packages is ignored."""
    overrides = [item for source in sources for item in source.declarations if item.scope.layer is Layer.OVERRIDE]
    overridden = {item.package for item in overrides}
    return (*(item for item in members if item.package not in overridden), *overrides)
