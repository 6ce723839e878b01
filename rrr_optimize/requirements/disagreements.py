"""Where the repository's requirements disagree: conflicts inside an install set, clashes between them, and drift.

A *conflict* is between declarations that are installed together: that installation fails. A *clash* is the same
disagreement between parts that are installed apart: it works today, but one set of versions cannot serve all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.requirements.exceptions import without_excepted
from rrr_optimize.requirements.satisfiability import Contradiction, find_contradiction, propose_version

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.facts.requirement_facts import InstallSet


@dataclass(frozen=True, slots=True)
class Disagreement:
    """Declarations of one package that no version meets.

    `core` is a minimal part of the specifiers that already contradicts itself, `rows` are the environments in which
    it does, out of `within`; `proposal` is the least version named anywhere that is below no pin and inside every
    range. `install_set` is what installs them together, or None for a clash.
    """

    package: str
    declarations: tuple[Declaration, ...]
    core: tuple[str, ...]
    rows: int
    within: int
    proposal: str | None
    install_set: InstallSet | None = None

    @property
    def is_between_pins(self) -> bool:
        """Whether every part of the core is an exact pin."""
        pins = {item.specifier for item in self.declarations if item.pin}
        return len(self.core) > 1 and set(self.core) <= pins


@dataclass(frozen=True, slots=True)
class Disagreements:
    """Every conflict and clash, by package, and what the packages without any are required as."""

    conflicts: tuple[Disagreement, ...]
    clashes: tuple[Disagreement, ...]
    agreeing: tuple[tuple[str, tuple[Declaration, ...]], ...]


@lru_cache(maxsize=1)
def find_disagreements(repository: Repository) -> Disagreements:
    """Return all disagreements of the repository, and each package whose shared declarations agree."""
    conflicts = tuple(_find_conflicts(repository))
    clashes: list[Disagreement] = []
    agreeing: list[tuple[str, tuple[Declaration, ...]]] = []
    for package, declarations in sorted(group_by_package(shared_declarations(repository)).items()):
        found = _find_clash(declarations, repository)
        if found is None:
            agreeing.append((package, _required(declarations)))
        elif not _is_told(package, found[0], conflicts):
            clashes.append(_disagreement(repository, package, *found))
    return Disagreements(conflicts, tuple(clashes), tuple(agreeing))


def _find_clash(
    declarations: tuple[Declaration, ...], repository: Repository
) -> tuple[tuple[Declaration, ...], Contradiction] | None:
    """Return the declarations that clash, and why.

    A constraints file installs nothing. It is compared with what the repository requires, but not with another
    constraints file: two frozen environments differ by nature.
    """
    within = repository.requirements.declared_rows
    required = _required(declarations)
    files = dict.fromkeys(item.location.path for item in declarations if item.scope.layer is Layer.CONSTRAINT)
    candidates = [required] + [
        (*required, *(item for item in declarations if item.location.path == path and item not in required))
        for path in files
        if required
    ]
    for candidate in candidates:
        if contradiction := find_contradiction(active_specifiers(candidate, repository), within):
            return candidate, contradiction
    return None


def _required(declarations: Iterable[Declaration]) -> tuple[Declaration, ...]:
    return tuple(item for item in declarations if item.scope.layer is not Layer.CONSTRAINT)


def group_by_package(declarations: Iterable[Declaration]) -> dict[str, tuple[Declaration, ...]]:
    """Return the declarations of each package, in order."""
    groups: defaultdict[str, list[Declaration]] = defaultdict(list)
    for declaration in declarations:
        groups[declaration.package].append(declaration)
    return {package: tuple(items) for package, items in groups.items()}


def active_specifiers(declarations: Iterable[Declaration], repository: Repository) -> list[tuple[str, int]]:
    """Return each specifier with the rows in which it is active; what comes from a URL has none."""
    rows_of = repository.requirements.rows_of
    return [(item.specifier, rows_of(item)) for item in declarations if item.specifier and not item.url]


def shared_declarations(repository: Repository) -> tuple[Declaration, ...]:
    """Return the declarations that one set of versions would have to serve.

    Not those of isolated environments (build systems, hooks, scripts, test matrices), nor compiled files, which follow
    from their inputs, nor what the configuration excepts.
    """
    own = (
        item
        for item in repository.requirements.declarations
        if not item.compiled and not item.scope.is_isolated and item.scope.layer is not Layer.OVERRIDE
    )
    return without_excepted(own, repository)


def _find_conflicts(repository: Repository) -> Iterable[Disagreement]:
    told: set[frozenset[int]] = set()
    within = repository.requirements.declared_rows
    for install_set in sorted(repository.requirements.install_sets, key=lambda item: len(item.members)):
        for package, declarations in group_by_package(install_set.members).items():
            if len({item.specifier for item in declarations}) == 1 and not _may_be_empty(declarations[0]):
                continue
            contradiction = find_contradiction(active_specifiers(declarations, repository), within)
            if contradiction is None:
                continue
            involved = tuple(item for item in declarations if item.specifier in contradiction.core)
            key = frozenset(map(id, involved))
            if any(known <= key for known in told):
                continue
            told.add(key)
            yield _disagreement(repository, package, declarations, contradiction, install_set)


def _may_be_empty(declaration: Declaration) -> bool:
    """Tell whether one specifier could contradict itself: only when it has more than one clause."""
    return "," in declaration.specifier


def _is_told(package: str, declarations: tuple[Declaration, ...], conflicts: tuple[Disagreement, ...]) -> bool:
    """Tell whether one conflict names every specifier that a clash would name."""
    specifiers = {item.specifier for item in declarations if item.specifier}
    return any(
        conflict.package == package and specifiers <= {item.specifier for item in conflict.declarations}
        for conflict in conflicts
    )


def _disagreement(
    repository: Repository,
    package: str,
    declarations: tuple[Declaration, ...],
    contradiction: Contradiction,
    install_set: InstallSet | None = None,
) -> Disagreement:
    facts = repository.requirements
    active = tuple(item for item in declarations if facts.rows_of(item) & contradiction.rows)
    proposal = propose_version(item.specifier for item in active if item.specifier and not item.url)
    return Disagreement(
        package, active, contradiction.core, contradiction.rows, facts.declared_rows, proposal, install_set
    )
