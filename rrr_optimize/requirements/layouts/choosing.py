"""Choose all layers of a repository: sort the packages by theme, choose each layer, and write down its lines."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import rows_of_marker
from rrr_optimize.facts.sources.requirement_files import layer_of
from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.requirements.disagreements import group_by_package
from rrr_optimize.requirements.layouts.choice import Candidates, choose_layer, find_joining
from rrr_optimize.requirements.layouts.flattening import atoms_of, atoms_of_declarations
from rrr_optimize.requirements.layouts.layer import ChosenLayer, LayerFile, contains
from rrr_optimize.requirements.layouts.quarrels import find_doubled, find_quarrel
from rrr_optimize.requirements.layouts.shareable import choose_form, find_contested, form_of, join_form
from rrr_optimize.requirements.layouts.themes import choose_theme

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Mapping

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.flattening import Atoms, Flattener
    from rrr_optimize.requirements.layouts.hindrances import Hindrance
    from rrr_optimize.requirements.layouts.layer import Lines
    from rrr_optimize.requirements.layouts.layout_plan import LeftPackage
    from rrr_optimize.requirements.layouts.options import LayoutOptions
    from rrr_optimize.requirements.layouts.project_files import Entry, Key, ProjectFile
    from rrr_optimize.requirements.layouts.refusals import Refusals
    from rrr_optimize.requirements.layouts.shareable import Form


@dataclass(frozen=True, eq=False)
class LayerChooser:
    """Chooses the layers that `members`, the files that may change, would share.

    `roots` are the root files that are there, by layer. Those in `fixed` must not be changed, and those in `full` must
    not get more packages.
    """

    repository: Repository
    members: Mapping[str, ProjectFile]
    bystanders: Mapping[str, ProjectFile]
    roots: Mapping[str, ProjectFile]
    flattener: Flattener
    options: LayoutOptions
    refusals: Refusals
    full: Collection[str]

    def choose(self) -> tuple[ChosenLayer, ...]:
        """Return the layers that hold something, in order."""
        found = (self._choose(file) for file in self.layer_files.values())
        return tuple(layer for layer in found if layer.lines or layer.file.root)

    @cached_property
    def layer_files(self) -> dict[str, LayerFile]:
        """The root file of each layer."""
        found = {}
        for name in self.options.names:
            path, root = self.options.file_of(name), self.roots.get(name)
            if path in self.refusals.unusable:
                continue
            held = atoms_of_declarations(self.flattener.flatten(path).asked) if root else {}
            holders = [each for each in self.members if root and path in self.flattener.includes(each)]
            found[name] = LayerFile(name, path, root, held, frozenset(holders))
        return found

    @cached_property
    def _projects(self) -> dict[str, str]:
        return {path: file.facts.project.path for path, file in self.members.items()}

    @cached_property
    def _packages(self) -> dict[str, dict[str, tuple[Entry, ...]]]:
        """What several projects name or a root file holds: the entries of the members, by package and path."""
        held = {package for file in self.layer_files.values() for package, _ in file.held}
        found: dict[str, dict[str, tuple[Entry, ...]]] = {package: {} for package in held}
        for path, file in self.members.items():
            for package, entries in file.by_package.items():
                found.setdefault(package, {})[path] = entries
        several = (len({self._projects[path] for path in by_path}) > 1 for by_path in found.values())
        return {
            package: found[package]
            for package, is_shared in zip(found, several, strict=True)
            if is_shared or package in held
        }

    @property
    def left(self) -> tuple[LeftPackage, ...]:
        """The packages that several projects ask for and each keeps for itself."""
        return tuple(left for package, left in self.contested.items() if self._is_of_several(package))

    def _is_of_several(self, package: str) -> bool:
        return len({self._projects[path] for path in self._packages[package]}) > 1

    @cached_property
    def contested(self) -> dict[str, LeftPackage]:
        """The packages that are left to each project, and why."""
        return self._judged[0]

    @cached_property
    def _judged(self) -> tuple[dict[str, LeftPackage], dict[str, frozenset[str]]]:
        asked = [item for root in self.roots.values() for item in self.flattener.flatten(root.path).asked]
        return find_contested(self.repository, self._packages, group_by_package(dict.fromkeys(asked)))

    @cached_property
    def _themes(self) -> dict[str, str]:
        found = {}
        for package, by_path in self._packages.items():
            holding = [name for name, root in self.roots.items() if root.entries_of(package)]
            files = {self._name_of(path) for path in by_path}
            found[package] = choose_theme(package, holding, files, self.options)
        return found

    def _name_of(self, path: str) -> tuple[str, str]:
        """Return the path of a file inside its project, and the layer that it speaks of."""
        project = self.members[path].facts.project
        return path.removeprefix("" if project.path == "." else f"{project.path}/"), layer_of(path, project)

    @cached_property
    def _forms(self) -> dict[str, Form]:
        """How a layer names each package that can be shared."""
        found: dict[str, Form] = {}
        for package, by_path in self._packages.items():
            if package in self.contested or self._is_of_an_index(package):
                continue
            root = self.roots.get(self._themes[package])
            if root and root.entries_of(package):
                form = form_of(root, package)
            else:
                form = choose_form((self.members[path] for path in by_path), package)
            if form and self._join(form, package, by_path) is not None:
                found[package] = form
        return found

    def _is_of_an_index(self, package: str) -> bool:
        """Return whether only files with an index of their own name a package: it may be nowhere else."""
        paths = self._packages[package]
        return bool(paths) and all(self.members[path].has_own_index for path in paths)

    def _join(self, form: Form, package: str, paths: Iterable[str]) -> dict[Key, str] | None:
        by_path, opponents = self._packages[package], self._judged[1].get(package, frozenset())
        entries = [entry for path in paths if path not in opponents for entry in by_path.get(path, ())]
        root = self.roots.get(self._themes[package])
        return join_form(form, [*entries, *(root.entries_of(package) if root else ())])

    def _choose(self, file: LayerFile) -> ChosenLayer:
        wanted = {package: form for package, form in self._forms.items() if self._themes[package] == file.name}
        forms = {package: form for package, form in wanted.items() if self._can_hold(file, package)}
        asked = {package: _atoms_of_keys(package, form) for package, form in forms.items()}
        for (package, extra), rows in file.held.items():
            asked.setdefault(package, {})[package, extra] = rows
        named = self._find_named(asked, self.members)
        barred = {path: found for path in named if (found := self._find_bar(path, file))}
        held = frozenset(package for package, _ in file.held)
        may_grow = file.path not in self.refusals.fixed and file.name not in self.full
        share = self.options.share
        candidates = Candidates(named, self._projects, held, file.holders, barred, self._member_users)
        choice = choose_layer(candidates, share, may_grow=may_grow)
        lines: Lines = {}
        for package in sorted(choice.packages & frozenset(forms)):
            if joined := self._join(forms[package], package, choice.paths):
                lines[package] = joined
        least = share * len(choice.packages)
        others = {path: (packages, barred[path]) for path, packages in named.items() if path in barred}
        hindered = self.refusals.hindered
        others |= {
            path: (packages, hindered[path])
            for path, packages in self._find_named(asked, self.bystanders).items()
            if not self.flattener.includes(path) & {file.path}
        }
        missed = {
            path: hindrance
            for path, (packages, hindrance) in others.items()
            if choice.packages and path not in choice.paths and len(packages & choice.packages) >= least
        }
        joining = find_joining(candidates, share, choice.packages)
        return ChosenLayer(file, lines, joining, missed, self._judged[1], len(forms) < len(wanted))

    def _find_named(self, asked: Mapping[str, Atoms], files: Mapping[str, ProjectFile]) -> dict[str, frozenset[str]]:
        """Return which of these packages each file names by itself, in all environments and with all extras."""
        return {
            path: frozenset(
                package
                for package, entries in file.by_package.items()
                if package in asked
                and contains(_atoms_of_keys(package, (each.key for each in entries)), asked[package])
            )
            for path, file in files.items()
        }

    def _find_bar(self, path: str, file: LayerFile) -> Hindrance | None:
        """Return why a member, or a file that includes it, cannot reference a layer; one that does already can."""
        if path in file.holders:
            return None
        refusals = self.refusals
        if found := refusals.closed.get(file.path) or refusals.barred.get(file.path, {}).get(path):
            return found
        held = frozenset(package for package, _ in file.held)
        if doubled := find_doubled(self.repository, self._projects[path], file.path, held):
            return doubled
        contested, opponents = self._judged
        disputed = {package for package in held if package in contested or package in opponents}
        quarrels = (find_quarrel(self.flattener, each, file.path, disputed) for each in (path, *self._users[path]))
        return next(filter(None, quarrels), None)

    @cached_property
    def _member_users(self) -> dict[str, list[str]]:
        return {path: [user for user in users if user in self.members] for path, users in self._users.items()}

    @cached_property
    def _users(self) -> dict[str, list[str]]:
        """The files that include each member, directly or not."""
        found: dict[str, list[str]] = {path: [] for path in self.members}
        for source in self.flattener.by_path.values():
            for name in self.flattener.includes(source.path) if source.includes else ():
                if name in found:
                    found[name].append(source.path)
        return found

    def _can_hold(self, file: LayerFile, package: str) -> bool:
        """Return whether the root file may say what is asked for: one that must stay as it is has to say it already."""
        if file.path not in self.refusals.fixed:
            return True
        joined = self._join(self._forms[package], package, self._packages[package])
        said = {entry.key: entry.specifier for entry in file.root.entries_of(package)} if file.root else {}
        return joined is not None and all(
            key in said and specifier_key(said[key]) == specifier_key(text) for key, text in joined.items()
        )


def _atoms_of_keys(package: str, keys: Iterable[Key]) -> Atoms:
    return atoms_of((package, extras, rows_of_marker(marker)) for extras, marker in keys)
