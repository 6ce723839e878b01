"""Open each file that may speak of requirements, have it read, and gather what all of them say."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Problem, ProblemKind
from rrr_optimize.facts.includes import is_outside
from rrr_optimize.facts.source_kinds import Role
from rrr_optimize.facts.source_readers import SourceReader
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.interpreters import Evidence
    from rrr_optimize.facts.project_metadata import ProjectMetadata
    from rrr_optimize.facts.sources.commands import Installation
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.snapshot import Snapshot

_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")


@dataclass(frozen=True, slots=True, eq=False)
class FileReading:
    """What one text said; `context` is what that depends on besides."""

    text: SourceText
    role: Role | None
    context: object
    source: Source | None
    metadata: tuple[ProjectMetadata, ...]
    evidence: tuple[Evidence, ...]
    installations: tuple[Installation, ...]
    problems: tuple[Problem, ...]


class Reading:
    """What was read so far: sources by path, metadata by project folder, and everything else the files said.

    `earlier` is what files said before some of them were changed: whatever still has the very text is not read again.
    """

    def __init__(
        self, snapshot: Snapshot, projects: Projects, earlier: Mapping[str, FileReading] | None = None
    ) -> None:
        self.files: dict[str, FileReading] = {}
        self.sources: dict[str, Source] = {}
        self.metadata: dict[str, ProjectMetadata] = {}
        self.evidence: list[Evidence] = []
        self.installations: list[Installation] = []
        self.problems: list[Problem] = []
        self._snapshot = snapshot
        self._projects = projects
        self._earlier = earlier or {}
        self._refused: set[str] = set()

    def read(self, path: str, role: Role) -> None:
        """Read one file, once however many names it has; what is wrong with it becomes a problem."""
        source = self._open(path)
        if source is not None and source.path not in self.files:
            self._read(source, role)

    def read_scripts(self, paths: Iterable[str]) -> None:
        """Read the inline metadata of Python files that may have some."""
        for path in paths:
            source = self._open(path)
            if source is not None and source.path not in self.files:
                self._read(source, None)

    def _read(self, text: SourceText, role: Role | None) -> None:
        """Let a text say what it says, or take over what it said before."""
        context = self._context(text, role)
        known = self._earlier.get(text.path)
        if not (known and known.text is text and known.role is role and known.context == context):
            known = self._read_anew(text, role, context)
        self.files[text.path] = known
        if known.source:
            self.sources[text.path] = known.source
        folder = self._projects.of(text.path).path
        for metadata in known.metadata:
            self.metadata[folder] = self.metadata[folder].merge(metadata) if folder in self.metadata else metadata
        self.evidence += known.evidence
        self.installations += known.installations
        self.problems += known.problems

    def _read_anew(self, text: SourceText, role: Role | None, context: object) -> FileReading:
        reader = SourceReader(
            self._names if role is Role.REQUIREMENTS else {},
            has_lock=role is Role.PYPROJECT and self._has_lock(text.path),
        )
        try:
            reader.read(text, role, self._projects.of(text.path))
        except UnreadableError as error:
            place = Location(text.path, error.line, error.column, error.line, error.column)
            what = "not read" if role else "its script block is not read"
            reader.problems.append(Problem(ProblemKind.UNREADABLE, place, f"{what}: {error.message}", error.message))
        return FileReading(
            text,
            role,
            context,
            reader.source,
            tuple(reader.metadata),
            tuple(reader.evidence),
            tuple(reader.installations),
            tuple(reader.problems),
        )

    def _context(self, text: SourceText, role: Role | None) -> object:
        """Return what a reader of this role looks at besides the text."""
        if role is Role.REQUIREMENTS:
            return self._names
        return self._has_lock(text.path) if role is Role.PYPROJECT else None

    @cached_property
    def _names(self) -> Mapping[str, str]:
        """The names of the distributions by folder; all files with metadata are read before this is asked for."""
        return {folder: metadata.name for folder, metadata in self.metadata.items() if metadata.name}

    def _has_lock(self, path: str) -> bool:
        return any(self._snapshot.is_file(posixpath.join(posixpath.dirname(path), name)) for name in _LOCKS)

    def read_included(self) -> None:
        """Read the files that commands name and that files include, whatever they are called, until none is new."""
        for installation in self.installations:
            for name in installation.files:
                path = next(filter(self._snapshot.is_file, installation.paths(name)), "")
                if path.endswith((".txt", ".in")):
                    self._read_named(path)
        waiting = list(self.sources)
        while waiting:
            source = self.sources.get(waiting.pop())
            for include in source.includes if source else ():
                if is_outside(include.target) or not self._snapshot.is_file(include.target):
                    continue
                if target := self._read_named(include.target, Role.CONSTRAINTS if include.constraint else None):
                    waiting.append(target)

    def _read_named(self, path: str, role: Role | None = None) -> str | None:
        """Read a file that another one names as requirements; return its own name if that is new."""
        target = self._snapshot.canonical(path) or path
        if target in self.files:
            return None
        self.read(target, role or Role.REQUIREMENTS)
        return target

    def _open(self, path: str) -> SourceText | None:
        source = self._snapshot.text(path)
        if source is None and path not in self._refused:
            self._refused.add(path)
            reasons = [item.reason for item in self._snapshot.not_analysed if item.path == path]
            for reason in reasons:
                self.problems.append(Problem(ProblemKind.UNREADABLE, Location(path), f"not read: {reason}", reason))
        return source
