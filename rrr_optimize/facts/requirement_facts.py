"""All that is true of the requirements of a repository, as every domain may use it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import ALL_ROWS

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.declarations import Declaration, Problem, Source
    from rrr_optimize.facts.interpreters import Pythons
    from rrr_optimize.facts.source_reading import FileReading
    from rrr_optimize.model import NotAnalysed, Project


@dataclass(frozen=True, slots=True, eq=False)
class InstallSet:
    """Declarations that are installed together, in one environment.

    `label` says what installs them, `rows` are the environments that whoever installs them declares.
    """

    label: str
    members: tuple[Declaration, ...]
    rows: int = ALL_ROWS


@dataclass(frozen=True, slots=True, eq=False)
class RequirementFacts:
    """Sources in path order, their declarations, what is installed together, and which projects are whose.

    `pythons` maps a project's path to its environments; `internal` maps the canonical name of
    each project that is a distribution to the project. `unread` are files of kinds that are not read. `files` is what
    each text said by itself, for whoever reads the repository again after some texts have changed, and `scripts` are
    the Python files that were looked into.
    """

    sources: tuple[Source, ...] = ()
    install_sets: tuple[InstallSet, ...] = ()
    problems: tuple[Problem, ...] = ()
    pythons: Mapping[str, Pythons] = field(default_factory=dict)
    internal: Mapping[str, Project] = field(default_factory=dict)
    unread: tuple[NotAnalysed, ...] = ()
    files: Mapping[str, FileReading] = field(default_factory=dict, repr=False)
    scripts: tuple[str, ...] = field(default=(), repr=False)

    @property
    def declarations(self) -> tuple[Declaration, ...]:
        """Every declaration, in path order."""
        return tuple(declaration for source in self.sources for declaration in source.declarations)

    @property
    def declared_rows(self) -> int:
        """The environments that at least one project declares."""
        mask = 0
        for pythons in self.pythons.values():
            mask |= pythons.declared
        return mask or ALL_ROWS

    def rows_of(self, declaration: Declaration) -> int:
        """Return the environments in which a declaration can be active beside those of other projects.

        That is by its marker and by what its project admits; 0 where its project never runs where the marker holds.
        """
        pythons = self.pythons.get(declaration.scope.project.path)
        return declaration.marker_rows & pythons.admitted if pythons else declaration.marker_rows
