"""What each project's file becomes: which root files it references, and which of its lines they make needless."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property, reduce
from operator import or_
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import rows_of_marker
from rrr_optimize.phrases import counted
from rrr_optimize.requirements.layouts.flattening import atoms_of_declarations, find_added
from rrr_optimize.requirements.layouts.hindrances import Hindrance

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from rrr_optimize.requirements.layouts.flattening import Flattener
    from rrr_optimize.requirements.layouts.layer import ChosenLayer
    from rrr_optimize.requirements.layouts.project_files import Entry, Key, ProjectFile


@dataclass(frozen=True, slots=True)
class Rewriting:
    """What happens to one file.

    `references` are the root files that it newly includes, `removed` the lines that leave it, and `bare` those that
    keep their name and leave their version to a root file. `added` is what it gets and did not ask for, in words, by
    package. `through` are the files that it includes and that bring root files along, `layers` all root files that its
    lines went to.
    """

    references: tuple[str, ...] = ()
    removed: tuple[int, ...] = ()
    bare: tuple[int, ...] = ()
    added: tuple[tuple[str, tuple[str, ...]], ...] = ()
    through: frozenset[str] = frozenset()
    layers: frozenset[str] = frozenset()

    def __bool__(self) -> bool:
        return bool(self.references or self.removed or self.bare)


@dataclass(frozen=True, eq=False)
class Referencing:
    """Decides for every member; `locks` maps a member to a lock that was compiled from it."""

    members: Mapping[str, ProjectFile]
    layers: Sequence[ChosenLayer]
    flattener: Flattener
    locks: Mapping[str, str]
    max_added: int | None

    @cached_property
    def decided(self) -> tuple[dict[str, Rewriting], dict[str, Hindrance]]:
        """The rewriting of each member that has something to change, and why some do not reference what they would.

        Those still reference the root files that give them nothing new.
        """
        rewritings: dict[str, Rewriting] = {}
        refused: dict[str, Hindrance] = {}
        reached: dict[str, frozenset[str]] = {}
        # A file comes after all that it includes.
        for path in sorted(self.members, key=lambda path: (len(self.flattener.includes(path)), path)):
            through = {name for name in self.flattener.includes(path) if reached.get(name)}
            given = reduce(or_, (reached[name] for name in through), self._held_by(path))
            wanted = self._without_given(self._wanted_by(path), given)
            added = self._find_added(path, wanted)
            hindrance = self._judge(path, added) if wanted else None
            if hindrance:
                refused[path] = hindrance
                wanted, added = [layer for layer in wanted if not self._find_added(path, [layer])], {}
            reached[path] = given | self._closure(wanted)
            rewriting = self._rewrite(path, wanted, reached[path])
            rewritings[path] = replace(rewriting, added=tuple(added.items()), through=frozenset(through))
        return {path: rewriting for path, rewriting in rewritings.items() if rewriting}, refused

    @cached_property
    def _by_path(self) -> dict[str, ChosenLayer]:
        return {layer.file.path: layer for layer in self.layers}

    def _wanted_by(self, path: str) -> list[ChosenLayer]:
        """Return the layers that a file would newly reference: those that make at least one of its lines shorter."""
        wanted = [layer for layer in self.layers if path in layer.paths and path not in layer.file.holders]
        return [layer for layer in wanted if self._rewrite(path, [layer], [layer.file.path]).layers]

    def _held_by(self, path: str) -> frozenset[str]:
        return self._closure([layer for layer in self.layers if path in layer.file.holders])

    def _closure(self, layers: Iterable[ChosenLayer]) -> frozenset[str]:
        """Return the root files of layers with those that they include."""
        paths = [layer.file.path for layer in layers]
        included = [self.flattener.includes(path) & self._by_path.keys() for path in paths]
        return frozenset(paths).union(*included)

    def _without_given(self, wanted: list[ChosenLayer], given: Collection[str]) -> list[ChosenLayer]:
        """Leave out the layers that come along with others."""
        brought = {name for layer in wanted for name in self._closure([layer]) - {layer.file.path}}
        return [layer for layer in wanted if layer.file.path not in given and layer.file.path not in brought]

    def _find_added(self, path: str, wanted: Sequence[ChosenLayer]) -> dict[str, tuple[str, ...]]:
        before = atoms_of_declarations(self.flattener.flatten(path).asked)
        after = dict(before)
        for name in self._closure(wanted):
            for atom, rows in self._by_path[name].atoms.items():
                after[atom] = after.get(atom, 0) | rows
        return find_added(before, after)

    def _judge(self, path: str, added: Mapping[str, tuple[str, ...]]) -> Hindrance | None:
        location = self.members[path].source.locate(self.members[path].file.lines[0].span)
        if added and path in self.locks:
            return Hindrance(
                f"{self.locks[path]} is compiled from it and would get {counted(len(added), 'package')} more",
                "what a lock is made from is never widened; the layout constraints widens nothing",
                location,
            )
        if self.max_added is not None and len(added) > self.max_added:
            return Hindrance(
                f"it would get {counted(len(added), 'package')} that it does not ask for, more than {self.max_added}",
                f"--max-added {len(added)} would allow it; a higher threshold makes smaller layers",
                location,
            )
        return None

    def _rewrite(self, path: str, wanted: Sequence[ChosenLayer], reached: Collection[str]) -> Rewriting:
        removed, bare, layers = [], [], set()
        for name in sorted(reached):
            layer = self._by_path[name]
            for package, lines in layer.lines.items():
                if path in layer.opponents.get(package, ()):
                    continue
                for entry in self.members[path].entries_of(package):
                    if entry.is_plain and entry.key in lines:
                        removed.append(entry.number)
                        layers.add(name)
                    elif _can_be_bare(entry, lines):
                        bare.append(entry.number)
                        layers.add(name)
        references = tuple(layer.file.path for layer in wanted)
        return Rewriting(references, tuple(sorted(removed)), tuple(sorted(bare)), layers=frozenset(layers))


def _can_be_bare(entry: Entry, lines: Iterable[Key]) -> bool:
    """Return whether the versions of a line say nothing that the shared lines do not say wherever it holds."""
    named = entry.line.requirement
    rows = reduce(or_, (rows_of_marker(marker) for _, marker in lines), 0)
    has_place = named is not None and named.specifier_span is not None
    return entry.is_plain and bool(entry.specifier) and has_place and not entry.rows & ~rows
