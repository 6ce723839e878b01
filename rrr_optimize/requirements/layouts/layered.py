"""The layout `layered`: root files by layer, and projects that reference them and keep what is theirs alone."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.model import ChangeGroup, Lane, Location
from rrr_optimize.phrases import counted
from rrr_optimize.requirements.layouts.choosing import LayerChooser
from rrr_optimize.requirements.layouts.draft import Draft
from rrr_optimize.requirements.layouts.group_words import (
    group_id,
    refuse,
    title_of_project,
    title_of_root,
    widening_hint,
)
from rrr_optimize.requirements.layouts.hindrances import Hindrance
from rrr_optimize.requirements.layouts.locks import warn_of_stale
from rrr_optimize.requirements.layouts.project_edits import edit_project_file
from rrr_optimize.requirements.layouts.references import Referencing
from rrr_optimize.requirements.layouts.root_file import create_root_file, edit_root_file, write_shared_lines

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Edit
    from rrr_optimize.requirements.layouts.flattening import Flattener
    from rrr_optimize.requirements.layouts.layer import ChosenLayer
    from rrr_optimize.requirements.layouts.layout_plan import LeftPackage
    from rrr_optimize.requirements.layouts.options import LayoutOptions
    from rrr_optimize.requirements.layouts.project_files import ProjectFile
    from rrr_optimize.requirements.layouts.references import Rewriting
    from rrr_optimize.requirements.layouts.refusals import Refusals

_WHY = "What several files say is said once, in a file that they all include."


@dataclass(frozen=True, eq=False)
class LayeredPlanner:
    """Plans the layout for `files`, all requirements files that people write."""

    repository: Repository
    files: Mapping[str, ProjectFile]
    flattener: Flattener
    options: LayoutOptions
    refusals: Refusals

    @cached_property
    def _paths(self) -> dict[str, str]:
        """The layers by the paths of their root files."""
        return {self.options.file_of(name): name for name in self.options.names}

    @cached_property
    def _roots(self) -> dict[str, ProjectFile]:
        return {name: self.files[path] for path, name in self._paths.items() if path in self.files}

    @cached_property
    def _members(self) -> dict[str, ProjectFile]:
        left_out = {*self._paths, *self.refusals.hindered}
        return {path: file for path, file in self.files.items() if path not in left_out}

    @cached_property
    def _chosen(self) -> tuple[tuple[ChosenLayer, ...], dict[str, Hindrance], tuple[LeftPackage, ...]]:
        """The layers, why root files do not get more, and what is left to each project.

        A layer whose root file would be widened too far is chosen once more.
        """
        full: dict[str, Hindrance] = {}
        bystanders = {path: self.files[path] for path in self.refusals.hindered}
        while True:
            chooser = LayerChooser(
                self.repository,
                self._members,
                bystanders,
                self._roots,
                self.flattener,
                self.options,
                self.refusals,
                frozenset(full),
            )
            layers = chooser.choose()
            fresh = {layer.file.name: each for layer in layers if (each := self._find_fullness(layer))}
            if not fresh:
                return layers, full, chooser.left
            full |= fresh

    def _find_fullness(self, layer: ChosenLayer) -> Hindrance | None:
        path, growth, lock = layer.file.path, layer.grows, self.refusals.locks.get(layer.file.path)
        limit = self.options.max_added
        if growth and lock:
            reason = f"{lock} is compiled from it and would get {counted(len(growth), 'package')} more"
            return Hindrance(reason, "what a lock is made from is never widened", Location(path))
        if limit is not None and len(growth) > limit:
            reason = f"it would get {counted(len(growth), 'package')}, more than {limit}"
            return Hindrance(reason, f"--max-added {len(growth)} would allow it", Location(path))
        return None

    @cached_property
    def _decided(self) -> tuple[tuple[ChosenLayer, ...], dict[str, Rewriting], dict[str, Hindrance]]:
        """The layers that files of several projects come to reference, or whose root file is there already."""
        layers = self._chosen[0]
        while True:
            referencing = Referencing(
                self._members, layers, self.flattener, self.refusals.locks, self.options.max_added
            )
            rewritings, refused = referencing.decided
            kept = tuple(layer for layer in layers if layer.file.root or self._is_shared(layer, rewritings))
            if kept == layers:
                return layers, rewritings, refused
            layers = kept

    def _is_shared(self, layer: ChosenLayer, rewritings: Mapping[str, Rewriting]) -> bool:
        paths = [path for path, each in rewritings.items() if layer.file.path in each.references]
        return len({self._members[path].facts.project.path for path in paths}) > 1

    def plan(self) -> Draft:
        """Return the groups: those of root files in the order of the layers, those of projects by path, the refused."""
        layers, rewritings, refused = self._decided
        edits: dict[str, tuple[Edit, ...]] = {}
        for path, rewriting in rewritings.items():
            found = edit_project_file(self._members[path], rewriting)
            if isinstance(found, Refusal):
                refused = refused | {path: Hindrance(found.reason, "change this line by hand", Location(path))}
            else:
                edits[path] = found
        roots: dict[str, ChangeGroup] = {}
        for layer in layers:
            group = self._plan_root(layer, edits, rewritings)
            if isinstance(group, Refusal):
                return self._without_changing(layer.file.path, group.reason).plan()
            if group:
                roots[layer.file.path] = group
        projects = [self._plan_project(path, rewritings[path], edits[path], roots) for path in sorted(edits)]
        whole = dict(refused)
        for layer in layers:
            whole |= {path: each for path, each in layer.missed.items() if path in self.refusals.hindered}
        groups = (*roots.values(), *projects, *self._refused(layers, whole, edits))
        return Draft(groups, {path: each.reason for path, each in whole.items() if path not in edits}, self._chosen[2])

    def _without_changing(self, root: str, reason: str) -> LayeredPlanner:
        """Return a planner that takes one root file as it is, because it cannot be edited."""
        fixed = {**self.refusals.fixed, root: Hindrance(reason, "change it by hand", Location(root))}
        return replace(self, refusals=replace(self.refusals, fixed=fixed))

    def _plan_root(
        self, layer: ChosenLayer, edits: Mapping[str, object], rewritings: Mapping[str, Rewriting]
    ) -> ChangeGroup | Refusal | None:
        users = [path for path in sorted(edits) if layer.file.path in rewritings[path].layers]
        if not users or layer.file.path in self.refusals.fixed:
            return None
        moved = [(self._members[path], self._moved(path, rewritings[path], layer)) for path in users]
        shared = write_shared_lines(layer.lines, moved)
        group = ChangeGroup(group_id(layer.file.path), Lane.SAFE, "", _WHY, location=Location(layer.file.path))
        if layer.file.root is None:
            made = create_root_file(layer.file.path, _header(layer), shared)
            if isinstance(made, Refusal):
                return made
            lane = min((self._lane(rewritings[path]) for path in users), key=list(Lane).index)
            group = replace(group, lane=lane, creations=(made,))
        else:
            changed = edit_root_file(layer.file.root, shared)
            if isinstance(changed, Refusal):
                return changed
            if not changed:
                return None
            widens = bool(layer.grows) and self.options.max_added is None
            group = replace(group, lane=Lane.REVIEW if widens else Lane.SAFE, edits=changed)
            group = replace(group, hint=widening_hint(layer.grows))
        return replace(group, title=title_of_root(layer, len(users)))

    def _moved(self, path: str, rewriting: Rewriting, layer: ChosenLayer) -> list[int]:
        entries = {entry.number: entry for entry in self._members[path].entries}
        return [number for number in rewriting.removed if entries[number].package in layer.lines]

    def _lane(self, rewriting: Rewriting) -> Lane:
        return Lane.REVIEW if rewriting.added and self.options.max_added is None else Lane.SAFE

    def _plan_project(
        self, path: str, rewriting: Rewriting, edits: tuple[Edit, ...], roots: Mapping[str, ChangeGroup]
    ) -> ChangeGroup:
        needed = [roots[name] for name in (*rewriting.references, *sorted(rewriting.layers)) if name in roots]
        specifiers = [
            (package, text)
            for layer in self._decided[0]
            if layer.file.path in {*rewriting.references, *rewriting.layers}
            for package, keys in layer.lines.items()
            for text in keys.values()
        ]
        stale = warn_of_stale(self.refusals.locks.get(path), self.flattener, specifiers)
        lanes = [Lane.REVIEW if stale else self._lane(rewriting), *(group.lane for group in needed)]
        through = {group_id(name) for name in rewriting.through if name in self._decided[1]}
        return ChangeGroup(
            group_id(path),
            max(lanes, key=list(Lane).index),
            title_of_project(path, rewriting),
            _WHY,
            hint=stale or widening_hint(package for package, _ in rewriting.added),
            location=Location(path),
            edits=edits,
            requires=frozenset({group.id for group in needed} | through),
        )

    def _refused(
        self, layers: tuple[ChosenLayer, ...], whole: Mapping[str, Hindrance], edited: Collection[str]
    ) -> Iterator[ChangeGroup]:
        """Yield why root files are not used or do not grow, why files stay, and why some miss one layer."""
        roots = dict(self.refusals.unusable)
        roots |= {self.options.file_of(name): each for name, each in self._chosen[1].items()}
        fixed = self.refusals.fixed
        roots |= {layer.file.path: fixed[layer.file.path] for layer in layers if layer.is_missing_lines}
        for path, hindrance in sorted(roots.items()):
            yield refuse(path, hindrance)
        for path, hindrance in sorted(whole.items()):
            yield refuse(path, hindrance, is_narrowed=path in edited)
        for layer in layers:
            for path, hindrance in sorted(layer.missed.items()):
                if path not in whole:
                    yield refuse(path, hindrance, layer.file.path)


def _header(layer: ChosenLayer) -> tuple[str, ...]:
    return (
        f"What the projects of this repository share: {layer.file.name}.",
        "Their requirements files include this one with -r, so that a version is set in one place.",
    )
