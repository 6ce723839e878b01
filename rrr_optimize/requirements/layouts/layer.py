"""One layer: its root file, what it will hold, and which files it could serve."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import rows_of_marker
from rrr_optimize.requirements.layouts.flattening import Atoms, atoms_of

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.requirements.layouts.hindrances import Hindrance
    from rrr_optimize.requirements.layouts.project_files import Key, ProjectFile

Lines = dict[str, dict["Key", str]]
"""For each package, the specifier of each line with which a layer names it."""


@dataclass(frozen=True, slots=True, eq=False)
class LayerFile:
    """The root file of a layer as it is: `root` is None where there is none yet.

    `held` is what it asks for with its includes; `holders` are the files that already include it by themselves.
    """

    name: str
    path: str
    root: ProjectFile | None
    held: Atoms
    holders: frozenset[str]


@dataclass(frozen=True, slots=True, eq=False)
class ChosenLayer:
    """A layer as it is to be: its lines that are shared, and the files that name enough of it.

    `missed` are those that name enough of it and cannot have it, `opponents` those whose lines for a package contradict
    what the root file says of it. `is_missing_lines` tells that the root file must not be changed, although more could
    be shared.
    """

    file: LayerFile
    lines: Lines
    paths: frozenset[str]
    missed: Mapping[str, Hindrance]
    opponents: Mapping[str, frozenset[str]]
    is_missing_lines: bool = False

    @property
    def atoms(self) -> Atoms:
        """What referencing the layer asks for."""
        found = dict(self.file.held)
        for atom, rows in atoms_of_lines(self.lines).items():
            found[atom] = found.get(atom, 0) | rows
        return found

    @property
    def grows(self) -> frozenset[str]:
        """The packages that a root file which is there gets."""
        held = {package for package, _ in self.file.held}
        return frozenset(self.lines) - held if self.file.root else frozenset()


def atoms_of_lines(lines: Mapping[str, Mapping[Key, str]]) -> Atoms:
    """Return where the lines ask for each package and extra."""
    return atoms_of(
        (package, extras, rows_of_marker(marker)) for package, keys in lines.items() for extras, marker in keys
    )


def contains(outer: Mapping[tuple[str, str], int], inner: Mapping[tuple[str, str], int]) -> bool:
    """Return whether everything that `inner` asks for is asked for by `outer`, in the same environments."""
    return all(not rows & ~outer.get(atom, 0) for atom, rows in inner.items())
