"""All that is true of the requirements of a repository, as every domain may use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import ALL_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.declarations import Declaration, Problem, Source
    from rrr_optimize.model import Location, NotAnalysed, Project


@dataclass(frozen=True, slots=True, eq=False)
class InstallSet:
    """Declarations that are installed together, in one environment.

    `label` says what installs them, `where` the command that does, if a command does.
    """

    label: str
    members: tuple[Declaration, ...]
    where: Location | None = None


@dataclass(frozen=True, slots=True, eq=False)
class RequirementFacts:
    """Sources in path order, their declarations, what is installed together, and which projects are whose.

    `pythons` maps a project's path to the mask of its declared environments; `internal` maps the canonical name of
    each project that is a distribution to the project. `unread` are files of kinds that are not read.
    """

    sources: tuple[Source, ...] = ()
    install_sets: tuple[InstallSet, ...] = ()
    problems: tuple[Problem, ...] = ()
    pythons: Mapping[str, int] = field(default_factory=dict)
    internal: Mapping[str, Project] = field(default_factory=dict)
    unread: tuple[NotAnalysed, ...] = ()

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """Every declaration, in path order."""
        return tuple(declaration for source in self.sources for declaration in source.declarations)

    @property
    def declared_rows(self) -> int:
        """The environments that at least one project declares."""
        mask = 0
        for rows in self.pythons.values():
            mask |= rows
        return mask or ALL_ROWS

    def rows_of(self, declaration: Declaration) -> int:
        """Return the environments in which a declaration is active: by its marker, and by the Pythons of its project.

        A marker that holds for none of the project's Pythons is taken by itself.
        """
        declared = self.pythons.get(declaration.scope.project.path, ALL_ROWS)
        return declaration.marker_rows & declared or declaration.marker_rows
