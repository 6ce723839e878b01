"""What keeps a Compose file from being judged at all: each a change that is refused, at the place where it stands."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.compose.uses import find_uses
from rrr_optimize.facts.compose.discovery import STANDARD
from rrr_optimize.model import ChangeGroup, Lane, Location

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.files import ComposeFile
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.reading import ComposeFacts

_SECTIONS = frozenset({"services", "include", "networks", "volumes", "configs", "secrets", "models", "name", "version"})


class Fault(NamedTuple):
    """Where, what is wrong, and what to do about it."""

    location: Location
    message: str
    hint: str = ""


def find_faults(facts: ComposeFacts) -> dict[str, list[Fault]]:
    """Return by path what Compose stops at, in the order of the files: nothing is planned under it."""
    found: dict[str, list[Fault]] = {}
    of_files = (fault for file in facts.files for fault in _of_file(file))
    of_projects = (fault for project in facts.projects for fault in _of_project(project))
    for fault in (*of_files, *of_projects):
        known = found.setdefault(fault.location.path, [])
        if fault not in known:
            known.append(fault)
    return {path: sorted(found[path]) for path in sorted(found)}


def name_fault(path: str) -> str:
    """Return the id of the refused change of a file that Compose stops at."""
    return f"broken:{path}"


def group_faults(faults: dict[str, list[Fault]]) -> tuple[ChangeGroup, ...]:
    """Return a refused group for each file, at its first fault."""
    return tuple(_group(path, each) for path, each in faults.items())


def _group(path: str, faults: list[Fault]) -> ChangeGroup:
    first, *more = faults
    rest = f"; and in line {', '.join(str(fault.location.line) for fault in more)}" if more else ""
    why = "Docker Compose stops at it, so the networks stay as they are"
    return ChangeGroup(name_fault(path), Lane.REFUSED, first.message + rest, why, first.hint, first.location)


def _of_file(file: ComposeFile) -> Iterator[Fault]:
    if file.error:
        yield Fault(file.location, f"not read: {file.error}")
    for document in file.documents:
        keys = document.mapping.keys()
        if not isinstance(document.data, dict) and document.data is not None:
            yield Fault(document.where, "a Compose file is a mapping")
        elif file.path.rpartition("/")[2] in STANDARD and keys and not keys & _SECTIONS:
            yield Fault(document.where, "this is not a Compose file: it has no services")
    for duplicate in file.duplicates:
        message = f"{duplicate.key} is given a second time, first in line {duplicate.first.location.line}"
        yield Fault(duplicate.place.location, message, "keep one of the two")


def _of_project(project: ComposeProject) -> Iterator[Fault]:
    # Nobody wrote a guessed set down: what is missing in it may be in another file.
    for problem in () if project.is_guess else project.loaded.problems:
        yield Fault(problem.location, problem.message, problem.hint)
    for use in find_uses(project) if project.is_complete else ():
        if use.kind == "networks" and use.name not in project.section("networks"):
            message = f"{use.service.name} uses the network {use.name}, which {project.label} does not declare"
            yield Fault(use.where, message, "declare it under networks:")
