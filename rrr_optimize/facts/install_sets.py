"""What is installed together: files with their includes, projects with an extra or group, the files of one command."""

from __future__ import annotations

from functools import reduce
from operator import and_
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Declaration, Kind, Layer
from rrr_optimize.facts.installer import Installer, override
from rrr_optimize.facts.marker_rows import ALL_ROWS
from rrr_optimize.facts.requirement_facts import InstallSet
from rrr_optimize.facts.sources.environments import FACTOR

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.interpreters import Pythons
    from rrr_optimize.facts.project_metadata import ProjectMetadata
    from rrr_optimize.facts.sources.commands import Installation
    from rrr_optimize.model import Project

_FILE_KINDS = frozenset({Kind.REQUIREMENTS, Kind.CONSTRAINTS, Kind.CONDA})


def find_install_sets(
    sources: Sequence[Source],
    metadata: Mapping[str, ProjectMetadata],
    workspaces: Mapping[str, tuple[str, ...]],
    installations: Iterable[Installation],
    pythons: Mapping[str, Pythons],
) -> tuple[InstallSet, ...]:
    """Return every install set that the files speak of; one that holds nothing is left out.

    `metadata`, `workspaces` and `pythons` are by project folder; `workspaces` lists the members of each uv workspace.
    """
    finder = _Finder(Installer(sources, metadata), workspaces, pythons)
    found = [
        *finder.file_sets(),
        *finder.pipfile_sets(),
        *finder.project_sets(),
        *finder.environment_sets(),
        *finder.workspace_sets(),
        *finder.command_sets(installations),
    ]
    return tuple(item for item in found if item.members)


class _Finder:
    def __init__(
        self, installer: Installer, workspaces: Mapping[str, tuple[str, ...]], pythons: Mapping[str, Pythons]
    ) -> None:
        self.installer = installer
        self.workspaces = workspaces
        self.pythons = pythons
        self.root_of = {member: root for root, members in workspaces.items() for member in members}

    def file_sets(self) -> Iterator[InstallSet]:
        for path, source in self.installer.by_path.items():
            if source.kind in _FILE_KINDS:
                yield self._set(path, self.installer.chain(path), self._rows(source.project))

    def pipfile_sets(self) -> Iterator[InstallSet]:
        """Yield the packages, and with them each other category, as Pipenv locks them."""
        for path, source in self.installer.by_path.items():
            if source.kind is Kind.PIPFILE:
                base = [item for item in source.declarations if item.scope.layer is Layer.RUNTIME]
                names = dict.fromkeys(item.scope.name for item in source.declarations)
                for name in names:
                    category = [item for item in source.declarations if item.scope.name == name]
                    members = (*base, *(item for item in category if item not in base))
                    label = f"{path} with {name}" if name else path
                    yield self._set(label, members, self._rows(source.project))

    def project_sets(self) -> Iterator[InstallSet]:
        for folder, sources in self.installer.of_project.items():
            own = self.installer.metadata.get(folder)
            rows = self._rows(sources[0].project) & (own.locked_rows if own else ALL_ROWS)
            base = self.installer.base(folder)
            layers = self.installer.named_layers(folder)
            label = f"the project in {folder}" if folder != "." else "the root project"
            # In a workspace the overrides of its root hold for all, and those of members for none.
            root = self.root_of.get(folder)
            overriding = sources if root is None else self.installer.of_project.get(root, ())
            yield self._set(label, override(base, overriding), rows, by_pip=False)
            if own and own.locked_together:
                everything = [item for members in layers.values() for item in members]
                yield self._set(f"the lock of {label}", override((*base, *everything), overriding), rows, by_pip=False)
            for layer, name in layers:
                members = (*base, *self.installer.layer(folder, layer, name))
                yield self._set(f"{label} with {layer} {name}", override(members, overriding), rows, by_pip=False)

    def environment_sets(self) -> Iterator[InstallSet]:
        """Yield what a tool installs by itself: build requirements, tox, nox and Hatch environments, hooks, scripts."""
        for path, source in self.installer.by_path.items():
            rows = self._rows(source.project) if source.rows is None else source.rows or ALL_ROWS
            parts = self.installer.isolated_parts(source)
            for (name, part), members in parts.items():
                # The lines of a tox section without a factor hold for those with one too.
                section, factor, _ = name.partition(FACTOR)
                shared = parts.get((section, part), ()) if factor else ()
                yield self._set(f"{name} of {path}", (*shared, *members), rows)

    def workspace_sets(self) -> Iterator[InstallSet]:
        for folder, others in self.workspaces.items():
            everyone = tuple(dict.fromkeys((folder, *others)))
            keeps_apart = any(self.installer.metadata[member].keeps_apart for member in everyone)
            members: list[Declaration] = []
            for member in everyone:
                base = self.installer.base(member)
                # Constraints are the workspace root's; those of members have no effect.
                members += [item for item in base if member == folder or item.scope.layer is not Layer.CONSTRAINT]
                if not keeps_apart:
                    members += [item for items in self.installer.named_layers(member).values() for item in items]
            label = f"the uv workspace in {folder}" if folder != "." else "the uv workspace"
            rows = reduce(and_, (self._declared(member) for member in everyone)) or ALL_ROWS
            rows &= self.installer.metadata[folder].locked_rows
            overriding = self.installer.of_project.get(folder, ())
            yield self._set(label, override(members, overriding), rows, by_pip=False)

    def command_sets(self, installations: Iterable[Installation]) -> Iterator[InstallSet]:
        installer = self.installer
        for installation in installations:
            members = list(installation.declarations)
            for name in installation.files:
                if path := next((path for path in installation.paths(name) if path in installer.by_path), None):
                    members += installer.chain(path)
            for project in installation.projects:
                folders = installation.paths(project.folder)
                if folder := next((folder for folder in folders if folder in installer.of_project), None):
                    members += installer.base(folder)
                    for extra in project.extras:
                        members += installer.layer(folder, Layer.EXTRA, extra)
            extras = sum(len(project.extras) for project in installation.projects)
            parts = len(installation.files) + len(installation.projects) + extras + bool(installation.declarations)
            if parts > 1 or len(installation.declarations) > 1:
                label = f"the command at {installation.location}"
                yield self._set(label, members, self._rows(installation.project))

    def _set(self, label: str, members: Iterable[Declaration], rows: int, *, by_pip: bool = True) -> InstallSet:
        return InstallSet(label, self.installer.expand(members, by_pip=by_pip), rows)

    def _rows(self, project: Project) -> int:
        return self._declared(project.path) or ALL_ROWS

    def _declared(self, folder: str) -> int:
        return self.pythons[folder].declared if folder in self.pythons else ALL_ROWS
