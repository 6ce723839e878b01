"""Where the repository's requirements disagree: conflicts inside an install set, clashes between them, and drift.

A *conflict* is between declarations that are installed together: that installation fails. A *clash* is the same
disagreement between parts that are installed apart: it works today, but one set of versions cannot serve all.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import lru_cache, reduce
from operator import or_
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.facts.marker_rows import ALL_ROWS
from rrr_optimize.requirements.exceptions import without_excepted
from rrr_optimize.requirements.satisfiability import find_contradictions
from rrr_optimize.requirements.versions.choice import wishes_of
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

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
        clash = _find_clash(package, declarations, repository)
        if clash is None:
            agreeing.append((package, _required(declarations)))
        elif not _is_told(clash, conflicts):
            clashes.append(clash)
    return Disagreements(conflicts, tuple(clashes), tuple(agreeing))


def _find_clash(package: str, declarations: tuple[Declaration, ...], repository: Repository) -> Disagreement | None:
    """Return how the declarations of one package clash, in the most environments if there is more than one way."""
    rows_of = repository.requirements.rows_of
    for candidate in iter_comparable(declarations):
        if found := _disagree(package, [(item, rows_of(item)) for item in candidate], ALL_ROWS):
            return found[0]
    return None


def iter_comparable(declarations: tuple[Declaration, ...]) -> Iterator[tuple[Declaration, ...]]:
    """Yield the declarations of one package that have to agree.

    A constraints file installs nothing. It is compared with what the repository requires, but not with another
    constraints file: two frozen environments differ by nature.
    """
    required = _required(declarations)
    if not required:
        return
    yield required
    for path in dict.fromkeys(item.location.path for item in declarations if item.scope.layer is Layer.CONSTRAINT):
        yield (*required, *(item for item in declarations if item.location.path == path and item not in required))


def _required(declarations: Iterable[Declaration]) -> tuple[Declaration, ...]:
    return tuple(item for item in declarations if item.scope.layer is not Layer.CONSTRAINT)


def group_by_package(declarations: Iterable[Declaration]) -> dict[str, tuple[Declaration, ...]]:
    """Return the declarations of each package, in order."""
    groups: defaultdict[str, list[Declaration]] = defaultdict(list)
    for declaration in declarations:
        groups[declaration.package].append(declaration)
    return {package: tuple(items) for package, items in groups.items()}


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


def _find_conflicts(repository: Repository) -> Iterator[Disagreement]:
    told: set[frozenset[int]] = set()
    for install_set in sorted(repository.requirements.install_sets, key=lambda item: len(item.members)):
        for package, declarations in group_by_package(install_set.members).items():
            if not _may_conflict(declarations):
                continue
            active = [(item, item.marker_rows) for item in declarations]
            for conflict in _disagree(package, active, install_set.rows, install_set):
                key = frozenset(id(item) for item in conflict.declarations if item.specifier in conflict.core)
                if not any(known <= key for known in told):
                    told.add(key)
                    yield conflict


def _may_conflict(declarations: tuple[Declaration, ...]) -> bool:
    """Tell whether to ask at all: constraints alone install nothing, and one plain specifier agrees with itself."""
    if not _required(declarations):
        return False
    specifiers = {item.specifier for item in declarations}
    return len(specifiers) > 1 or "," in specifiers.pop()


def _is_told(clash: Disagreement, conflicts: tuple[Disagreement, ...]) -> bool:
    """Tell whether one conflict names every specifier that a clash would name."""
    specifiers = {item.specifier for item in clash.declarations if item.specifier}
    return any(
        conflict.package == clash.package and specifiers <= {item.specifier for item in conflict.declarations}
        for conflict in conflicts
    )


def _disagree(
    package: str, active: Sequence[tuple[Declaration, int]], within: int, install_set: InstallSet | None = None
) -> tuple[Disagreement, ...]:
    """Return how declarations, each with the rows in which it is active, disagree; what comes from a URL does not."""
    asked = [(item.specifier, rows) for item, rows in active if not item.url]
    found = []
    for contradiction in find_contradictions(asked, within):
        involved = tuple(item for item, rows in active if rows & contradiction.rows)
        wishes = wishes_of(item.specifier for item in involved if not item.url)
        proposal = wishes.choose(PolicyName.LEAST_SATISFYING)
        core, rows = contradiction.core, contradiction.rows
        around = reduce(or_, (rows for _, rows in active)) & within
        found.append(Disagreement(package, involved, core, rows, around, proposal, install_set))
    return tuple(found)
