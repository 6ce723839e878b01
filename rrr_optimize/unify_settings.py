"""How `unify` decides: `[tool.rrr-optimize.unify]`, checked."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from rrr_optimize.package_globs import match_package


class PolicyName(StrEnum):
    """How one version is chosen for the requirements of a package."""

    LEAST_SATISFYING = "least-satisfying"
    HIGHEST = "highest"
    LOWEST = "lowest"
    MOST_COMMON = "most-common"
    PINNED = "pinned"
    SNAP_TO = "snap-to"
    SAME_MINOR = "same-minor"
    SAME_RANGE = "same-range"
    BANNED = "banned"
    IGNORED = "ignored"
    INTERNAL = "internal"


@dataclass(frozen=True, slots=True)
class Policy:
    """A policy; `argument` is the version of `pinned` and the project of `snap-to`."""

    name: PolicyName = PolicyName.LEAST_SATISFYING
    argument: str = ""

    def __str__(self) -> str:
        return f"{self.name} {self.argument}" if self.argument else self.name.value


@dataclass(frozen=True, slots=True)
class PolicyEntry:
    """The requirements that have a policy of their own: those that every selector matches; an empty one matches all.

    `packages` are globs of names, `projects` of names or folders, `where` is a glob of files, `layers` names layers
    (`dev`, `test`), extras and groups.
    """

    policy: Policy
    packages: tuple[str, ...] = ()
    projects: tuple[str, ...] = ()
    where: str = ""
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class UnifySettings:
    """What the configuration says of `unify`.

    The first of `policies` that matches a requirement holds for it, else `policy`. `allow_major` are globs of packages
    that may take a major step. `layout`, `layers` (by name, the globs of the packages in each), `threshold` (a share of
    projects, above 0 and up to 1) and `max_added` (packages that a project may get on top of its own) are for the
    layout.
    """

    policy: Policy = Policy()
    policies: tuple[PolicyEntry, ...] = ()
    allow_major: tuple[str, ...] = ()
    layout: str | None = None
    layers: tuple[tuple[str, tuple[str, ...]], ...] = ()
    threshold: float | None = None
    max_added: int | None = None

    def allows_major(self, package: str) -> bool:
        """Return whether a package may take a major step."""
        return any(match_package(glob, package) for glob in self.allow_major)
