"""Read everything a repository says about requirements, once, and put it together."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.facts.includes import find_include_problems
from rrr_optimize.facts.install_sets import find_install_sets
from rrr_optimize.facts.interpreters import find_pythons
from rrr_optimize.facts.parsed_requirements import canonical
from rrr_optimize.facts.requirement_facts import RequirementFacts
from rrr_optimize.facts.source_kinds import Role, find_roles, find_unread
from rrr_optimize.facts.source_reading import Reading
from rrr_optimize.model import NotAnalysed
from rrr_optimize.workspace.members import match_folders

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rrr_optimize.config import Settings
    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.project_metadata import ProjectMetadata
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.snapshot import Snapshot

_SCRIPT_MARK = "# /// script"


def read_requirement_facts(
    snapshot: Snapshot,
    projects: Projects,
    settings: Settings,
    find_scripts: Callable[[str], Iterable[str]],
    on_file: Callable[[int, int], None] | None = None,
    earlier: RequirementFacts | None = None,
) -> RequirementFacts:
    """Return all that the files of a snapshot say about requirements.

    A file that cannot be read or is not in its format becomes a problem; the rest goes on. `find_scripts`
    returns the Python files that hold a string, and `on_file` is told how many files are read, of how many. `earlier`
    are the facts of a snapshot that this one lies over; the result is the same without them.
    """
    reading = Reading(snapshot, projects, earlier.files if earlier else None)
    # Metadata come first: a requirements file that names a folder asks for the project that calls this folder its own.
    roles = sorted(find_roles(snapshot.files), key=lambda entry: entry[1] is Role.REQUIREMENTS)
    for number, (path, role) in enumerate(roles, start=1):
        reading.read(path, role)
        if on_file:
            on_file(number, len(roles))
    scripts = tuple(find_scripts(_SCRIPT_MARK)) if earlier is None else _find_again(earlier.scripts, snapshot)
    reading.read_scripts(scripts)
    reading.read_included()
    workspaces = _workspaces(reading.metadata, projects)
    internal = _internal_packages(reading.metadata, workspaces)
    found = (_complete(source, snapshot, internal) for source in reading.sources.values())
    sources = tuple(sorted(found, key=lambda source: source.path))
    problems = [problem for source in sources for problem in source.problems]
    problems += [*reading.problems, *find_include_problems(sources, snapshot)]
    pythons = find_pythons(projects, reading.metadata, reading.evidence, settings.python_versions)
    return RequirementFacts(
        sources=sources,
        install_sets=find_install_sets(sources, reading.metadata, workspaces, reading.installations, pythons),
        problems=tuple(sorted(problems, key=lambda item: (item.location, item.message))),
        pythons=pythons,
        internal={
            canonical(metadata.name): project
            for project in projects
            if (metadata := reading.metadata.get(project.path)) and metadata.name
        },
        unread=tuple(NotAnalysed(path, reason) for path, reason in find_unread(snapshot.files)),
        files=reading.files,
        scripts=scripts,
    )


def _find_again(scripts: tuple[str, ...], snapshot: Snapshot) -> tuple[str, ...]:
    """Return the scripts that may have a block of metadata, those among the changed files included."""
    changed = (path for path in sorted(snapshot.changed) if path.endswith(".py") and path not in scripts)
    fresh = (path for path in changed if (source := snapshot.text(path)) and _SCRIPT_MARK in source.text)
    return (*scripts, *fresh)


def _workspaces(metadata: Mapping[str, ProjectMetadata], projects: Projects) -> dict[str, tuple[str, ...]]:
    """Return the member folders of each uv workspace, by the folder of its root."""
    found: dict[str, tuple[str, ...]] = {}
    for folder, own in metadata.items():
        prefix = "" if folder == "." else f"{folder}/"
        if own.members:
            found[folder] = tuple(
                project.path
                for project in projects
                if project.path.startswith(prefix)
                and project.path in metadata
                and _is_named(own.members, project.path.removeprefix(prefix))
                and not _is_named(own.excluded, project.path.removeprefix(prefix))
            )
    return found


def _is_named(globs: Iterable[str], folder: str) -> bool:
    return any(match_folders(glob, [folder]) for glob in globs)


def _internal_packages(
    metadata: Mapping[str, ProjectMetadata], workspaces: Mapping[str, tuple[str, ...]]
) -> dict[str, frozenset[str]]:
    """Return, by project folder, what uv takes from folders; the sources of a workspace's root hold for its members."""
    found = {folder: own.internal for folder, own in metadata.items()}
    for folder, members in workspaces.items():
        for member in members:
            found[member] |= metadata[folder].internal
    return found


def _complete(source: Source, snapshot: Snapshot, internal: Mapping[str, frozenset[str]]) -> Source:
    """Return a source whose includes name the files that links lead to, and that knows what comes from folders."""
    targets = [snapshot.canonical(item.target) or item.target for item in source.includes]
    if targets != [item.target for item in source.includes]:
        pairs = zip(source.includes, targets, strict=True)
        source = replace(source, includes=tuple(replace(item, target=target) for item, target in pairs))
    own = internal.get(source.project.path) if source.kind is Kind.PYPROJECT else None
    if own and any(item.package in own and not item.internal for item in source.declarations):
        marked = (replace(item, internal=item.internal or item.package in own) for item in source.declarations)
        source = replace(source, declarations=tuple(marked))
    return source
