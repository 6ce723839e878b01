"""Compose projects that share files: what is edited for one of them is edited for all."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.compose.wording import list_names
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.facts.compose.project import ComposeProject


@dataclass(frozen=True, slots=True, eq=False)
class Family:
    """The project that a plan is made for, and those that have a file in common with it or with each other."""

    principal: ComposeProject
    siblings: tuple[ComposeProject, ...] = ()

    @property
    def files(self) -> frozenset[str]:
        """The files of all its projects."""
        return frozenset(path for each in (self.principal, *self.siblings) for path in each.loaded.files)


@dataclass(frozen=True, slots=True)
class Staleness:
    """Why Compose would refuse a set of files: the file that is to blame, what is wrong with it, what to do, where.

    `files` is how many there are in the set.
    """

    path: str
    title: str
    hint: str
    location: Location
    files: int = 1


def find_families(projects: Sequence[ComposeProject]) -> list[Family]:
    """Return the families in the order of their first projects.

    The principal is what Compose takes by itself, else the project with the most files.
    """
    groups: list[list[ComposeProject]] = []
    for project in projects:
        files = set(project.loaded.files)
        kin = [group for group in groups if any(files & set(each.loaded.files) for each in group)]
        joined = [*(each for group in kin for each in group), project]
        groups = [group for group in groups if group not in kin]
        groups.append(joined)
    found: list[Family] = []
    for group in groups:
        first = min(group, key=_rank)
        found.append(Family(first, tuple(each for each in group if each is not first)))
    return sorted(found, key=lambda family: family.principal.files)


def _rank(project: ComposeProject) -> tuple[bool, bool, int, tuple[str, ...]]:
    return project.is_guess, project.named_by is not None, -len(project.files), project.files


def find_staleness(project: ComposeProject) -> Staleness | None:
    """Return why the files of a project cannot be laid over each other, None where they can."""
    undefined = [service for service in project.services.values() if not service.is_defined]
    if undefined:
        path = undefined[0].where.path
        names = list_names([service.name for service in undefined])
        title = f"{path} names {names}, and nothing says what {'that runs' if len(undefined) == 1 else 'they run'}"
        if path != project.files[0]:
            title = f"{project.files[0]} has no {names}{left_networks(project, path)}: {path} cannot be laid over it"
        hint = f"take {names} out of {path}, say what runs there, or delete the file if nobody uses it"
        return Staleness(path, title, hint, undefined[0].where, len(project.files))
    if project.loaded.problems:
        problem = project.loaded.problems[0]
        return Staleness(problem.location.path, problem.message, problem.hint, problem.location)
    if project.loaded.is_whole:
        return None
    path = project.files[-1]
    return Staleness(path, f"a file of {project.label} cannot be read", "", Location(path))


def left_networks(project: ComposeProject, path: str) -> str:
    """Return in words the networks that only a file still declares and no service is on, empty where there are none."""
    left = [
        name
        for name, network in project.section("networks").items()
        if network.where.path == path and not project.members.get(name)
    ]
    return f", and {list_names(left)} belong{'s' if len(left) == 1 else ''} to no service" if left else ""
