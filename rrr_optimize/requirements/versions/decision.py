"""What was decided for one package, in a form that plans, documents and run records are made from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.specifiers import exact_pin

if TYPE_CHECKING:
    from packaging.version import Version

    from rrr_optimize.facts.declarations import Declaration, Source
    from rrr_optimize.model import Project
    from rrr_optimize.unify_settings import Policy


@dataclass(frozen=True, slots=True, eq=False)
class Change:
    """A requirement that comes to have another specifier."""

    declaration: Declaration
    specifier: str

    @property
    def versions(self) -> tuple[Version, Version] | None:
        """The version pinned before and the one after; None where no pin becomes another pin."""
        before, after = self.declaration.pin, exact_pin(self.specifier)
        return (before, after) if before and after else None


class Step(NamedTuple):
    """A project whose pin of a package moves."""

    project: Project
    before: Version
    after: Version

    @property
    def is_major(self) -> bool:
        """Whether the first release segment changes, or the second while the first is 0."""
        return _series(self.before) != _series(self.after)

    @property
    def is_down(self) -> bool:
        """Whether the project gets an older version."""
        return self.after < self.before


class StaleLock(NamedTuple):
    """A compiled file whose pin is not what its input will ask for."""

    lock: Source
    pin: Declaration


@dataclass(frozen=True, slots=True, eq=False)
class Decision:
    """What one package comes to, in the environments where its requirements meet.

    `declarations` are all that take part, as they are before, in path order; `locked` are the pins of compiled files
    that follow from them. `version` is what they agree on: None where nothing will do, with who stands in the way, as
    few as can be told; `odd` are the fewer of those, without which the others would agree on `otherwise`. `changes` say
    which requirements change, and to what; `stale` are the compiled files that are then out of date. `reason` is a
    sentence: why this version, or why none. `group` is the id of the change group that carries the decision out or
    says why it is refused.
    """

    group: str
    package: str
    policy: Policy
    declarations: tuple[Declaration, ...]
    version: str | None
    reason: str
    changes: tuple[Change, ...] = ()
    in_the_way: tuple[Declaration, ...] = ()
    locked: tuple[Declaration, ...] = ()
    stale: tuple[StaleLock, ...] = ()
    odd: tuple[Declaration, ...] = ()
    otherwise: str | None = None

    @property
    def steps(self) -> tuple[Step, ...]:
        """The pins that move, each project and pair of versions once, by project."""
        found = {
            (change.declaration.scope.project, *versions): None
            for change in self.changes
            if (versions := change.versions)
        }
        return tuple(Step(*key) for key in sorted(found, key=lambda key: (key[0].path, key[1], key[2])))

    @property
    def major_steps(self) -> tuple[Step, ...]:
        """The steps over a border that a release with breaking changes crosses."""
        return tuple(step for step in self.steps if step.is_major)


def _series(version: Version) -> tuple[int, ...]:
    release = (*version.release, 0)
    return (version.epoch, *release[: 1 if release[0] else 2])
