"""What comes out of a layout: the changes, and what they cost and save."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.model import Location, Plan
    from rrr_optimize.requirements.layouts.options import Layout


@dataclass(frozen=True, slots=True)
class ProjectCost:
    """One install set, a requirements file with all that it includes: how many packages it asks for, before and after.

    `added` names what it did not ask for before, with the environments where that is not all of them. `references` are
    the root files that its file names after. `refused` says why the file stays as it is, and is empty where it does
    not or where the layout has nothing for it.
    """

    project: str
    path: str
    before: int
    after: int
    added: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    refused: str = ""


@dataclass(frozen=True, slots=True)
class Duplication:
    """How often the requirements files say what they say.

    `declarations` are all lines that ask for a package, `packages` the different packages among them; `versions` are
    the lines that say which version, those of constraints included, and `versioned` the different packages among those.
    Compiled files do not count.
    """

    declarations: int
    packages: int
    versions: int
    versioned: int

    @property
    def repeated(self) -> int:
        """The declarations beyond the first of each package."""
        return self.declarations - self.packages

    @property
    def repeated_versions(self) -> int:
        """The versions said beyond the first time for each package."""
        return self.versions - self.versioned


@dataclass(frozen=True, slots=True)
class LeftPackage:
    """A package that several projects ask for and each keeps for itself: why, and where that shows best."""

    package: str
    reason: str
    location: Location


@dataclass(frozen=True, slots=True)
class LayoutPlan:
    """A layout of the repository, as a plan on the snapshot that it was made from.

    The costs, in path order, and `after` are those of the whole plan: every group that is not REFUSED accepted. `left`
    are packages in order of their names.
    """

    layout: Layout
    plan: Plan
    costs: tuple[ProjectCost, ...]
    before: Duplication
    after: Duplication
    left: tuple[LeftPackage, ...] = ()

    @property
    def share_removed(self) -> float | None:
        """The part of the repeated declarations that goes, from 0 to 1; None where nothing was repeated."""
        return _share(self.before.repeated, self.after.repeated)

    @property
    def share_of_versions_removed(self) -> float | None:
        """The part of the repeated versions that goes, from 0 to 1; None where none was repeated."""
        return _share(self.before.repeated_versions, self.after.repeated_versions)


def _share(before: int, after: int) -> float | None:
    return (before - after) / before if before else None
