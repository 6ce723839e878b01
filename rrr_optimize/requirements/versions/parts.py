"""Which requirements are decided together: those of one package, under one policy, whose environments meet."""

from __future__ import annotations

from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import reduce
from operator import or_
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.facts.marker_rows import ALL_ROWS
from rrr_optimize.facts.parsed_requirements import canonical
from rrr_optimize.package_globs import match_package
from rrr_optimize.path_globs import match_glob
from rrr_optimize.requirements.disagreements import group_by_package, iter_comparable, shared_declarations
from rrr_optimize.requirements.satisfiability import find_contradictions
from rrr_optimize.unify_settings import PolicyEntry, PolicyName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.facts.requirement_facts import InstallSet
    from rrr_optimize.unify_settings import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """The requirements of a package that one policy holds for; `entry` is the one of the configuration, if any."""

    package: str
    policy: Policy
    entry: PolicyEntry | None
    declarations: tuple[Declaration, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Component:
    """Requirements that get one version: pins that meet in some environment, and all that meets them there."""

    declarations: tuple[Declaration, ...]
    pins: tuple[Declaration, ...]
    rows: int

    @property
    def ranges(self) -> tuple[Declaration, ...]:
        """The requirements that name a range."""
        return tuple(item for item in self.declarations if _is_range(item))

    @property
    def placed(self) -> tuple[Declaration, ...]:
        """The requirements that name a place to take the package from, whatever version is there."""
        return tuple(item for item in self.declarations if item.url or item.editable)


def find_parts(repository: Repository) -> Iterator[Part]:
    """Yield the requirements by package and policy; those that a policy ignores are left out.

    Isolated environments, compiled files, overrides and what the configuration excepts take no part, nor does a
    constraint that is never installed together with a requirement of its package: such a file is somebody's frozen
    environment.
    """
    settings = repository.settings.unify
    in_force = _constraints_in_force(repository.requirements.install_sets)
    taking_part = (
        item for item in shared_declarations(repository) if item.scope.layer is not Layer.CONSTRAINT or item in in_force
    )
    for package, declarations in sorted(group_by_package(taking_part).items()):
        entries = tuple(item for item in settings.policies if _names(item, package))
        groups: dict[PolicyEntry | None, list[Declaration]] = {}
        for item in declarations:
            entry = next((entry for entry in entries if _matches(entry, item)), None)
            groups.setdefault(entry, []).append(item)
        for entry, members in groups.items():
            policy = entry.policy if entry else settings.policy
            if policy.name is not PolicyName.IGNORED:
                yield Part(package, policy, entry, tuple(members))


def _constraints_in_force(install_sets: Iterable[InstallSet]) -> frozenset[Declaration]:
    """Return the constraints that hold for a requirement of their package in some installation."""
    found: set[Declaration] = set()
    for install_set in install_sets:
        constraints = [item for item in install_set.members if item.scope.layer is Layer.CONSTRAINT]
        if constraints:
            required = {item.package for item in install_set.members if item.scope.layer is not Layer.CONSTRAINT}
            found.update(item for item in constraints if item.package in required)
    return frozenset(found)


def find_idle_entries(repository: Repository) -> tuple[PolicyEntry, ...]:
    """Return the policies of the configuration that match no requirement at all."""
    everything = group_by_package(shared_declarations(repository))
    return tuple(
        entry
        for entry in repository.settings.unify.policies
        if not any(
            _matches(entry, item)
            for package, declarations in everything.items()
            if _names(entry, package)
            for item in declarations
        )
    )


def _names(entry: PolicyEntry, package: str) -> bool:
    return not entry.packages or any(match_package(glob, package) for glob in entry.packages)


def _matches(entry: PolicyEntry, item: Declaration) -> bool:
    """Tell whether an entry that names the package means this requirement."""
    project, scope = item.scope.project, item.scope
    return (
        (not entry.where or match_glob(entry.where, item.location.path))
        and (not entry.projects or any(names_project(glob, project.name, project.path) for glob in entry.projects))
        and (
            not entry.layers or not {scope.layer.value, canonical(scope.name)}.isdisjoint(map(canonical, entry.layers))
        )
    )


def names_project(glob: str, name: str, path: str) -> bool:
    """Return whether a glob means a project, by its name or its folder."""
    return glob == path or fnmatchcase(name, glob) or (path != "." and match_glob(glob, path))


def contradicts(declarations: Iterable[Declaration], rows_of: Callable[[Declaration], int]) -> bool:
    """Return whether requirements of one package disagree, the way an audit tells it."""
    return any(
        find_contradictions([(item.specifier, rows_of(item)) for item in candidate if not item.url], ALL_ROWS)
        for candidate in iter_comparable(tuple(declarations))
        if len({item.specifier for item in candidate}) > 1
    )


def find_components(
    part: Part, rows_of: Callable[[Declaration], int], *, by_ranges: bool = False
) -> Iterator[Component]:
    """Yield the components of a part: pins that meet, with all that meets one of them; then ranges that exclude others.

    A range that meets pins which markers keep apart belongs to the components of both. `by_ranges` lets ranges connect
    what they meet, so that each of them belongs to one component.
    """
    pins = [item for item in part.declarations if item.pin and not item.url]
    ranges = [item for item in part.declarations if _is_range(item)]
    connecting = [*pins, *ranges] if by_ranges else pins
    components = [_gather(part, rows, rows_of) for rows in _connect({rows_of(item) for item in connecting})]
    yield from components
    for contradiction in find_contradictions([(item.specifier, rows_of(item)) for item in ranges], ALL_ROWS):
        core = set(contradiction.core)
        if not any(core <= {item.specifier for item in component.ranges} for component in components):
            yield _gather(part, contradiction.rows, rows_of)


def _gather(part: Part, rows: int, rows_of: Callable[[Declaration], int]) -> Component:
    members = tuple(
        sorted((item for item in part.declarations if rows_of(item) & rows), key=lambda item: item.location)
    )
    return Component(members, tuple(item for item in members if item.pin and not item.url), rows)


def _connect(masks: Iterable[int]) -> Sequence[int]:
    """Return the rows of each set of masks that hang together, sorted."""
    connected: list[int] = []
    for mask in masks:
        meeting = [rows for rows in connected if rows & mask]
        connected = [rows for rows in connected if not rows & mask]
        if mask:
            connected.append(reduce(or_, meeting, mask))
    return sorted(connected)


def _is_range(item: Declaration) -> bool:
    return bool(item.specifier) and not item.pin and not item.url
