"""Choose one version for the requirements of a package, by a policy, among the versions that they name.

Pure: specifiers in, a version out. It depends on nothing but which specifiers there are, and how many of each.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from packaging.version import Version

from rrr_optimize.facts.specifiers import exact_pin, specifier_set
from rrr_optimize.requirements.satisfiability import is_unsatisfiable, minimal_core
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterable

KEEPS_PINS_UP = frozenset(
    {PolicyName.LEAST_SATISFYING, PolicyName.HIGHEST, PolicyName.SAME_MINOR, PolicyName.SAME_RANGE}
)
"""The policies under which no pin ever goes down."""
_NAMING = frozenset({"==", "===", ">=", "~=", "<="})


@dataclass(frozen=True, slots=True)
class Wishes:
    """The specifiers that have to agree, one for each requirement, in any order.

    `pins` are exact, `ranges` are not, `locks` are the pins of compiled files that follow from some of them; `banned`
    are the versions that must not be chosen.
    """

    pins: tuple[str, ...]
    ranges: tuple[str, ...] = ()
    locks: tuple[str, ...] = ()
    banned: tuple[str, ...] = ()

    @property
    def floor(self) -> Version | None:
        """The highest version that is pinned: what was tested with it should not get an older one."""
        return max(self._pinned(), default=None)

    def admit(self, version: Version) -> bool:
        """Return whether a version is inside every range and not banned."""
        return all(admits(specifier, version) for specifier in set(self.ranges)) and not any(
            admits(specifier, version) for specifier in self.banned
        )

    def choose(self, policy: PolicyName, target: Version | None = None) -> str | None:
        """Return the version that a policy chooses, as it is spelled most often, or None where none will do.

        `target` is the version that `pinned` and `snap-to` name.
        """
        match policy:
            case PolicyName.PINNED | PolicyName.SNAP_TO:
                candidates = [target] if target else []
            case PolicyName.LOWEST | PolicyName.MOST_COMMON:
                candidates = [version for specifier in self.pins if (version := exact_pin(specifier))]
            case _:
                candidates = self._not_below_a_pin()
        # `===` compares spellings: of equal versions the one that would be written has to fit.
        spelled = {version: Version(self._spell(version)) for version in set(candidates)}
        fitting = [version for version in candidates if self.admit(spelled[version])]
        if not fitting:
            return None
        if policy is PolicyName.MOST_COMMON:
            uses = Counter(fitting)
            return self._spell(max(uses, key=lambda version: (uses[version], version)))
        return self._spell(max(fitting) if policy is PolicyName.HIGHEST else min(fitting))

    def in_the_way(self, policy: PolicyName, target: Version | None = None) -> frozenset[str]:
        """Return, where no version will do, the specifiers that keep it so: as few as can be told."""
        wanted = target or self.floor
        shut = frozenset(item for item in self.ranges if wanted and not admits(item, wanted))
        if wanted is None or target or policy not in KEEPS_PINS_UP:
            return shut or self._contradiction(self.ranges)
        at_least = f">={wanted.public}"
        highest = frozenset(item for item in (*self.pins, *self.locks) if exact_pin(item) == wanted)
        if alone := frozenset(item for item in shut if is_unsatisfiable([item, at_least])):
            return alone | highest
        core = self._contradiction(self.ranges) or self._contradiction((*self.ranges, at_least))
        # Satisfiable, but by no version that is named: what shuts out the highest pin has to say which.
        return core - {at_least} | (highest if at_least in core else frozenset()) if core else shut | highest

    def _contradiction(self, specifiers: Iterable[str]) -> frozenset[str]:
        asked = sorted(set(specifiers))
        return frozenset(minimal_core(asked) if is_unsatisfiable(asked) else ())

    def _not_below_a_pin(self) -> list[Version]:
        floor = self.floor
        pinned = set(self._pinned())
        bounds = {version for specifier in set(self.ranges) for version in named_versions(specifier)}
        # `>=2.0.dev0` admits what comes after 2.0.dev0; only a pin says that a pre-release is meant.
        named = pinned | {version for version in bounds if not version.is_prerelease}
        return [version for version in named if floor is None or version >= floor]

    def _pinned(self) -> list[Version]:
        return [version for specifier in (*self.pins, *self.locks) if (version := exact_pin(specifier))]

    def _spell(self, version: Version) -> str:
        """Return an equal version as most pins spell it, then most ranges: 12.0 and 12.0.0 are one version."""
        pins = Counter(str(pin) for pin in self._pinned() if pin == version)
        bounds = [str(bound) for item in self.ranges for bound in named_versions(item) if bound == version]
        ranges = Counter(bounds)
        return max((str(version), *pins, *ranges), key=lambda text: (pins[text], ranges[text], len(text), text))


def admits(specifier: str, version: Version) -> bool:
    """Return whether a specifier admits a version; a pre-release counts as any other version."""
    return specifier_set(specifier).contains(version, prereleases=True)


@cache
def named_versions(specifier: str) -> tuple[Version, ...]:
    """Return the versions that a specifier names as ones it admits: its pins and inclusive bounds."""
    versions = []
    for clause in specifier_set(specifier):
        if clause.operator in _NAMING:
            try:
                versions.append(Version(clause.version.removesuffix(".*")))
            except ValueError:
                continue
    return tuple(versions)


def wishes_of(specifiers: Iterable[str], locks: tuple[str, ...] = (), banned: tuple[str, ...] = ()) -> Wishes:
    """Return plain specifiers sorted into pins and ranges; an empty one asks for nothing."""
    asked = [specifier for specifier in specifiers if specifier]
    pins = tuple(specifier for specifier in asked if exact_pin(specifier))
    rests = (rest_of_pin(specifier) for specifier in pins if "," in specifier)
    return Wishes(pins, tuple(filter(None, [*(item for item in asked if not exact_pin(item)), *rests])), locks, banned)


def repin(specifier: str, version: str) -> str:
    """Return a specifier whose exact clause names another version, the rest as it was."""
    clauses = specifier.split(",")
    place = _exact_clause(clauses)
    clauses[place] = f"{'===' if clauses[place].startswith('===') else '=='}{version}"
    return ",".join(clauses)


def rest_of_pin(specifier: str) -> str:
    """Return the clauses that a pin has besides the exact one."""
    clauses = specifier.split(",")
    del clauses[_exact_clause(clauses)]
    return ",".join(clauses)


def _exact_clause(clauses: list[str]) -> int:
    return next(place for place, clause in enumerate(clauses) if exact_pin(clause))
