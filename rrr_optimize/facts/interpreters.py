"""Which Pythons each project declares: by `requires-python`, else by every other place that names one."""

from __future__ import annotations

import posixpath
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import ALL_ROWS, PYTHONS, rows_of_pythons

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rrr_optimize.facts.project_metadata import ProjectMetadata
    from rrr_optimize.workspace.projects import Projects

Evidence = tuple[str, tuple[int, int]]
"""The path of a file and a Python minor version that it names."""


@dataclass(frozen=True, slots=True)
class Pythons:
    """The environments of one project, as masks; 0 where all its Pythons lie outside the grid.

    `declared` is what it says it runs on. `admitted` is what it can be installed on at all: only `requires-python` and
    the configuration exclude anything, a base image or a CI job is merely where it runs today.
    """

    declared: int = ALL_ROWS
    admitted: int = ALL_ROWS


def find_pythons(
    projects: Projects,
    metadata: Mapping[str, ProjectMetadata],
    evidence: Iterable[Evidence],
    configured: Iterable[str],
) -> dict[str, Pythons]:
    """Return the environments of each project, by its folder.

    The configuration decides for all; else a project's own `requires-python`; else what its classifiers, version
    files, Dockerfiles and CI jobs name together; else what the project around it declares, or the root folder, a
    project or not; else all of them.
    """
    versions = [(3, int(version.split(".")[1])) for version in configured]
    if fixed := rows_of_pythons(versions):
        return {project.path: Pythons(fixed, fixed) for project in projects}
    named: defaultdict[str, set[tuple[int, int]]] = defaultdict(set)
    for path, version in evidence:
        named[projects.of(path).path].add(version)
    found: dict[str, Pythons] = {}
    # A folder comes after the folders around it.
    for project in sorted({projects.root, *projects}, key=lambda item: (item.path != ".", item.path)):
        own = metadata.get(project.path)
        around = _around(project.path, found)
        if own and own.rows is not None:
            found[project.path] = Pythons(own.rows, own.rows)
            continue
        soft = named[project.path] | (own.classified if own else frozenset())
        rows = rows_of_pythons(version for version in soft if version in PYTHONS)
        found[project.path] = Pythons(rows, around.admitted) if rows else around
    return {project.path: found[project.path] for project in projects}


def _around(path: str, found: Mapping[str, Pythons]) -> Pythons:
    while path not in {"", "."}:
        path = posixpath.dirname(path) or "."
        if path in found:
            return found[path]
    return Pythons()
