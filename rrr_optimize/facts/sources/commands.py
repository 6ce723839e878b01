"""Install commands in Dockerfiles, CI files, scripts and READMEs: what they pin, and what they install together."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.command_kinds import starting_folders
from rrr_optimize.facts.declarations import (
    Declaration,
    Kind,
    Layer,
    Problem,
    ProblemKind,
    Scope,
    Source,
    declare,
)
from rrr_optimize.facts.sources.environments import is_versioned
from rrr_optimize.formats.install_commands import find_install_commands

if TYPE_CHECKING:
    from rrr_optimize.formats.command_scripts import Dialect
    from rrr_optimize.formats.install_commands import InstallCommand
    from rrr_optimize.model import Location, Project
    from rrr_optimize.source import SourceText

_LOCAL = re.compile(r"^(?P<folder>[^\[]*?)(?:\[(?P<extras>[^\]]*)\])?$")


@dataclass(frozen=True, slots=True)
class LocalProject:
    """A project's own folder as a command installs it, relative to the folder of the command."""

    folder: str
    extras: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Installation:
    """What one command installs at once: requirements of its own, files, folders.

    `folders` are those it may run in, relative to the root, the likeliest first; none where the text does not tell.
    """

    location: Location
    folders: tuple[str, ...]
    declarations: tuple[Declaration, ...]
    files: tuple[str, ...]
    projects: tuple[LocalProject, ...]
    project: Project

    def paths(self, name: str) -> tuple[str, ...]:
        """Return the paths from the root that a name in the command may mean, the likeliest first."""
        return tuple(posixpath.normpath(posixpath.join(folder, name)) for folder in self.folders)


def read_commands(source: SourceText, dialect: Dialect, project: Project) -> tuple[Source, tuple[Installation, ...]]:
    """Return the versions that the commands of a file name (a bare name asks for nothing), and what each installs."""
    declarations: list[Declaration] = []
    problems: list[Problem] = []
    installations: list[Installation] = []
    for command in find_install_commands(source, dialect):
        own = _declare(source, command, project)
        declarations += own
        problems += _lost(source, command)
        installations.append(
            Installation(
                source.locate(command.span),
                _folders(source, command, dialect),
                tuple(own),
                tuple(file.path for file in command.files),
                tuple(_local(editable.text) for editable in command.editables),
                project,
            )
        )
    found = Source(source.path, Kind.COMMAND, project, tuple(declarations), (), tuple(problems))
    return found, tuple(installations)


def _declare(source: SourceText, command: InstallCommand, project: Project) -> list[Declaration]:
    # What a shell word says need not be a requirement at all, so one that is none is not reported.
    scope = Scope(project, Layer.RUNTIME)
    found = [
        declare(word.text, source.locate(word.span), scope, Kind.COMMAND, part=f"command {command.span.start}")
        for word in command.requirements
        if is_versioned(word.text)
    ]
    return [item for item in found if isinstance(item, Declaration)]


def _lost(source: SourceText, command: InstallCommand) -> list[Problem]:
    names = {word.span.end: word.text for word in command.requirements}
    problems = []
    for span in command.lost_specifiers:
        specifier = source.slice(span).strip()
        text = names.get(span.start, "") + specifier
        message = f"{text} stands outside quotes: a shell takes the {specifier[0]} for a redirection"
        problems.append(Problem(ProblemKind.UNQUOTED, source.locate(span), message, text, "quote the requirement"))
    return problems


def _folders(source: SourceText, command: InstallCommand, dialect: Dialect) -> tuple[str, ...]:
    """Return where a command may run, beside its file sooner than in the root."""
    if command.directory is None:
        return ()
    # A directory of an image says nothing about the repository; its files were most likely copied from here.
    inner = "" if command.directory.startswith("/") else command.directory
    bases = reversed(starting_folders(source.path, dialect))
    return tuple(dict.fromkeys(posixpath.normpath(posixpath.join(base, inner)) for base in bases))


def _local(text: str) -> LocalProject:
    match = _LOCAL.match(text.strip())
    folder, extras = (match["folder"], match["extras"]) if match else (text, None)
    return LocalProject(folder or ".", tuple(filter(None, re.split(r"\s*,\s*", extras or ""))))
