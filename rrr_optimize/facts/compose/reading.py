"""Read everything that a repository says about Compose, once, and put it together."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

from rrr_optimize.facts.command_kinds import COMMAND_DIALECTS
from rrr_optimize.facts.compose.discovery import (
    FileSet,
    MissingFile,
    find_single_sets,
    find_standard_sets,
    is_compose_name,
    is_template,
    relate_standard_sets,
    resolve_command,
)
from rrr_optimize.facts.compose.files import ComposeFile, ComposeFiles
from rrr_optimize.facts.compose.loading import load_project
from rrr_optimize.facts.compose.profiles import find_off_profiles
from rrr_optimize.facts.compose.project import ComposeProject
from rrr_optimize.facts.compose.scrape_targets import ScrapeTarget, find_scrape_targets
from rrr_optimize.facts.source_kinds import Role, find_roles
from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.compose_commands import find_compose_commands
from rrr_optimize.model import NotAnalysed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from rrr_optimize.facts.compose.files import Texts
    from rrr_optimize.workspace.snapshot import Snapshot

# A build and a container have no Compose files of the repository to work with.
_READ = COMMAND_DIALECTS.keys() - {Role.DOCKERFILE}
_MOST_PROJECTS = 2_000


@dataclass(frozen=True, slots=True, eq=False)
class ComposeFacts:
    """Projects in order of their files, every Compose file, and what was said about files that are not there.

    `unread` are templates, which something else makes into Compose files first.
    """

    projects: tuple[ComposeProject, ...] = ()
    files: tuple[ComposeFile, ...] = ()
    missing: tuple[MissingFile, ...] = ()
    targets: tuple[ScrapeTarget, ...] = ()
    unread: tuple[NotAnalysed, ...] = ()

    def projects_with(self, path: str) -> list[ComposeProject]:
        """Return the projects that a file is a part of."""
        return [project for project in self.projects if path in project.loaded.files]


class WithCompose(Protocol):
    """A repository, as far as its Compose projects go."""

    @property
    def compose(self) -> ComposeFacts:
        """What it says about Compose."""
        ...


def read_compose_facts(
    snapshot: Snapshot,
    find_documents: Callable[[str], Iterable[str]],
    find_holding: Callable[[Sequence[str], Sequence[str]], Iterable[str]] | None = None,
) -> ComposeFacts:
    """Return all that the files of a snapshot say about Compose.

    A file that cannot be read is told with its reason; the rest goes on. `find_documents` returns the Markdown files
    that hold a string, `find_holding` the files with one of some suffixes that hold one of some strings.
    """
    library = ComposeFiles(snapshot)
    standard = list(relate_standard_sets(list(find_standard_sets(snapshot)), library))
    named: list[FileSet] = []
    missing: list[MissingFile] = []
    if any(is_compose_name(path) for path in snapshot.files):
        named, missing = _read_commands(snapshot, find_documents)
    sets = {(each.files, each.directory): each for each in (*reversed(named), *standard)}
    projects = [_load(library, each) for each in list(sets.values())[:_MOST_PROJECTS]]
    used = frozenset(path for project in projects for path in project.loaded.files)
    projects += [_load(library, each) for each in find_single_sets(snapshot, library, used, standard)]
    off = find_off_profiles(projects, library, snapshot, find_holding)
    projects = [
        replace(project, off_profiles=names) if names else project for project, names in zip(projects, off, strict=True)
    ]
    names = {path for path in snapshot.files if is_compose_name(path)} | {
        path for project in projects for path in project.loaded.files
    }
    files = [file for path in sorted(names) if (file := library.get(path))]
    templates = {file.path for file in files if file.error and is_template(library.text(file.path) or "")}
    return ComposeFacts(
        projects=tuple(sorted(_without_parts(projects, templates), key=lambda project: project.files)),
        files=tuple(file for file in files if file.path not in templates),
        missing=tuple(dict.fromkeys(missing)),
        targets=tuple(find_scrape_targets(snapshot, library, projects)),
        unread=tuple(NotAnalysed(path, "a template of a Compose file") for path in sorted(templates)),
    )


def _load(library: ComposeFiles, files: FileSet) -> ComposeProject:
    return ComposeProject(
        files.files,
        files.directory,
        load_project(library, files.files, files.directory),
        files.named_by,
        files.is_guess,
    )


def reload_project(project: ComposeProject, texts: Texts) -> ComposeProject:
    """Return a project as other texts of its files make it."""
    files = FileSet(project.files, project.directory, project.named_by, project.is_guess)
    return replace(_load(ComposeFiles(texts), files), off_profiles=project.off_profiles)


def _without_parts(projects: list[ComposeProject], templates: set[str]) -> list[ComposeProject]:
    """Return the projects that have a model, are no template, and are not merely what others include.

    A file that is included may count on what includes it: by itself it is nothing, unless a command names it.
    """
    included = frozenset(path for project in projects for path in project.loaded.included)
    return [
        project
        for project in projects
        if project.model
        and not templates & set(project.files)
        and (project.named_by or not included.issuperset(project.files))
    ]


def _read_commands(
    snapshot: Snapshot, find_documents: Callable[[str], Iterable[str]]
) -> tuple[list[FileSet], list[MissingFile]]:
    sets: list[FileSet] = []
    missing: list[MissingFile] = []
    for path, dialect in _find_scripts(snapshot, find_documents):
        source = snapshot.text(path)
        if source is None:
            continue
        for command in find_compose_commands(source, dialect):
            found, lost = resolve_command(command, source.locate(command.span), snapshot)
            missing += lost
            sets += [found] if found else []
    return sets, missing


def _find_scripts(snapshot: Snapshot, find_documents: Callable[[str], Iterable[str]]) -> Iterator[tuple[str, Dialect]]:
    documents = set(find_documents("compose"))
    for path, role in find_roles(snapshot.files):
        if role in _READ and path not in documents:
            yield path, COMMAND_DIALECTS[role]
    for path in sorted(documents):
        yield path, Dialect.MARKDOWN
