"""What is installed together: files with their includes, projects with an extra or group, the files of one command."""

from __future__ import annotations

import posixpath
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

_PROJECT_KINDS = frozenset({Kind.PYPROJECT, Kind.SETUP_CFG, Kind.SETUP_PY})
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
        if source.kind in _PROJECT_KINDS:
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
        for layer, name in layers:
            yield InstallSet(f"{label} with {layer} {name}", _override(_with(folder, tables, layer, name), sources))


def _environment_sets(tables: _Tables) -> Iterator[InstallSet]:
    """Yield what a tool installs by itself: build requirements, tox, nox and Hatch environments, hooks, scripts."""
    for path, source in tables.by_path.items():
        groups: defaultdict[str, list[Declaration]] = defaultdict(list)
        for item in source.declarations:
            if item.scope.is_isolated:
                groups[str(item.scope)].append(item)
        for name, members in groups.items():
            yield InstallSet(f"{name} of {path}", tuple(members))


def _workspace_sets(tables: _Tables, workspaces: Mapping[str, tuple[str, ...]]) -> Iterator[InstallSet]:
    for folder, members in workspaces.items():
        declarations: list[Declaration] = []
        for member in dict.fromkeys((folder, *members)):
            layers = _named_layers(tables.of_project.get(member, ()))
            declarations += _project_base(member, tables)
            declarations += [item for items in layers.values() for item in items]
        # Overrides and constraints are the workspace root's; those of members have no effect.
        label = f"the uv workspace in {folder}" if folder != "." else "the uv workspace"
        yield InstallSet(label, _override(tuple(declarations), tables.of_project.get(folder, ())))


def _command_sets(tables: _Tables, installations: Iterable[Installation]) -> Iterator[InstallSet]:
    for installation in installations:
        members = list(installation.declarations)
        for name in installation.files:
            if path := _resolve(name, installation.folder, tables.by_path):
                members += chain(path, tables.by_path)
        for project in installation.projects:
            folder = _resolve(project.folder, installation.folder, tables.of_project)
            if folder is not None:
                members += _project_base(folder, tables)
                for extra in project.extras:
                    members += _with(folder, tables, Layer.EXTRA, extra)
        parts = len(installation.files) + len(installation.projects) + bool(installation.declarations)
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
            found += chain(include.target, tables.by_path)
    return tuple(found)


def _named_layers(sources: Iterable[Source]) -> dict[tuple[Layer, str], list[Declaration]]:
    layers: defaultdict[tuple[Layer, str], list[Declaration]] = defaultdict(list)
    for source in sources:
        for item in source.declarations:
            if item.scope.layer in {Layer.EXTRA, Layer.GROUP}:
                layers[item.scope.layer, item.scope.name].append(item)
    return layers


def _with(folder: str, tables: _Tables, layer: Layer, name: str) -> tuple[Declaration, ...]:
    """Return the project with one extra or group, and with those that it includes."""
    metadata = tables.metadata.get(folder)
    included = (metadata.self_extras if layer is Layer.EXTRA else metadata.included_groups) if metadata else {}
    layers = _named_layers(tables.of_project.get(folder, ()))
    found = list(_project_base(folder, tables))
    seen: set[str] = set()
    waiting = [name]
    while waiting:
        current = waiting.pop()
        if canonical(current) not in seen:
            seen.add(canonical(current))
            found += layers.get((layer, current), ())
            waiting += included.get(current, ())
    return tuple(found)


def _override(members: Sequence[Declaration], sources: Iterable[Source]) -> tuple[Declaration, ...]:
    """Replace what uv's `override-dependencies` replace: every other word on those packages is ignored."""
    overrides = [item for source in sources for item in source.declarations if item.scope.layer is Layer.OVERRIDE]
    overridden = {item.package for item in overrides}
    return (*(item for item in members if item.package not in overridden), *overrides)


def _resolve(name: str, folder: str | None, known: Mapping[str, object]) -> str | None:
    """Return which known path a command means: from its own folder, else from the root; None where that is unknown."""
    if folder is None:
        return None
    for base in (folder, "."):
        path = posixpath.normpath(posixpath.join(base, name))
        if path in known:
            return path
    return None
