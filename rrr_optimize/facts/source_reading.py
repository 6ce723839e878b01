"""Open each file that may speak of requirements and hand it to the reader of its format."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Problem, ProblemKind
from rrr_optimize.facts.includes import is_outside
from rrr_optimize.facts.project_metadata import (
    ProjectMetadata,
    classified_pythons,
    read_pyproject_metadata,
    rows_of_text,
)
from rrr_optimize.facts.source_kinds import Role
from rrr_optimize.formats.unreadable import UnreadableError
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.interpreters import Evidence
    from rrr_optimize.facts.sources.commands import Installation
    from rrr_optimize.formats.command_scripts import Dialect
    from rrr_optimize.formats.interpreter_texts import InterpreterFile
    from rrr_optimize.model import Project
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.projects import Projects
    from rrr_optimize.workspace.snapshot import Snapshot

_MINOR = re.compile(r"(?:python)?3\.(\d{1,2})(?!\d)")
_LOCKS = ("uv.lock", "poetry.lock", "pdm.lock")


@dataclass(frozen=True, slots=True, eq=False)
class FileReading:
    """What one text said; `context` is what that depends on besides."""

    text: SourceText
    role: Role | None
    context: object
    source: Source | None
    metadata: tuple[tuple[Project, ProjectMetadata], ...]
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
        self._described: list[tuple[Project, ProjectMetadata]] = []
        self._names: dict[str, str] | None = None
        self._refused: set[str] = set()
        self._readers: dict[Role, Callable[[SourceText, Project], None]] = {
            Role.REQUIREMENTS: self._read_requirements,
            Role.CONSTRAINTS: self._read_constraints,
            Role.PYPROJECT: self._read_pyproject,
            Role.SETUP_CFG: self._read_setup_cfg,
            Role.SETUP_PY: self._read_setup_py,
            Role.PIPFILE: self._read_pipfile,
            Role.CONDA: self._read_conda,
            Role.HATCH: self._read_hatch,
            Role.TOX_INI: self._read_tox_ini,
            Role.TOX_TOML: self._read_tox_toml,
            Role.NOX: self._read_nox,
            Role.PRE_COMMIT: self._read_pre_commit,
            Role.PYTHON_VERSION: self._read_python_version,
            Role.DOCKERFILE: self._read_dockerfile,
            Role.CI: self._read_ci,
            Role.SHELL: self._read_shell,
            Role.MAKEFILE: self._read_makefile,
            Role.MARKDOWN: self._read_markdown,
        }

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

    def _read(self, source: SourceText, role: Role | None) -> None:
        """Let a text say what it says, or take over what it said before."""
        context = self._context(source, role)
        known = self._earlier.get(source.path)
        if known and known.text is source and known.role is role and known.context == context:
            self.files[source.path] = known
            self._take_over(known)
            return
        kept = (self._described, self.evidence, self.installations, self.problems)
        before = [len(items) for items in kept]
        try:
            if role is None:
                self._read_script(source)
            else:
                self._readers[role](source, self._projects.of(source.path))
        except UnreadableError as error:
            location = Location(source.path, error.line, error.column, error.line, error.column)
            what = "its script block is not read" if role is None else "not read"
            self.problems.append(Problem(ProblemKind.UNREADABLE, location, f"{what}: {error.message}", error.message))
        described, evidence, installations, problems = before
        self.files[source.path] = FileReading(
            source,
            role,
            context,
            self.sources.get(source.path),
            tuple(self._described[described:]),
            tuple(self.evidence[evidence:]),
            tuple(self.installations[installations:]),
            tuple(self.problems[problems:]),
        )

    def _take_over(self, known: FileReading) -> None:
        if known.source:
            self._add(known.source)
        for project, metadata in known.metadata:
            self._describe(project, metadata)
        self.evidence += known.evidence
        self.installations += known.installations
        self.problems += known.problems

    def _context(self, source: SourceText, role: Role | None) -> object:
        """Return what a reader of this role looks at besides the text."""
        if role is Role.REQUIREMENTS:
            return self._names_by_folder()
        return self._has_lock(source.path) if role is Role.PYPROJECT else None

    def _names_by_folder(self) -> dict[str, str]:
        if self._names is None:
            self._names = {folder: metadata.name for folder, metadata in self.metadata.items() if metadata.name}
        return self._names

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

    def _add(self, source: Source) -> None:
        self.sources[source.path] = source

    def _describe(self, project: Project, metadata: ProjectMetadata) -> None:
        self._described.append((project, metadata))
        self._names = None
        known = self.metadata.get(project.path)
        self.metadata[project.path] = known.merge(metadata) if known else metadata

    def _note_pythons(self, source: SourceText, kind: InterpreterFile) -> None:
        from rrr_optimize.formats.interpreter_texts import find_interpreter_texts

        self.evidence += [(source.path, found.minor) for found in find_interpreter_texts(source, kind)]

    def _read_requirements(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.requirement_files import read_requirements_file

        self._add(read_requirements_file(source, project, self._names_by_folder()))

    def _read_constraints(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.requirement_files import read_requirements_file

        self._add(read_requirements_file(source, project, {}, as_constraints=True))

    def _read_pyproject(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.pyproject import read_pyproject
        from rrr_optimize.formats.toml_spans import read_toml

        toml = read_toml(source)
        self._add(read_pyproject(source, toml, project))
        metadata = read_pyproject_metadata(toml.data)
        if self._has_lock(source.path):
            metadata = replace(metadata, locked_together=not metadata.keeps_apart)
        self._describe(project, metadata)

    def _read_hatch(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.pyproject import read_hatch
        from rrr_optimize.formats.toml_spans import read_toml

        self._add(read_hatch(source, read_toml(source), project))

    def _read_tox_toml(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.pyproject import read_tox_toml
        from rrr_optimize.formats.toml_spans import read_toml

        self._add(read_tox_toml(source, read_toml(source), project))

    def _read_pipfile(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.poetry import read_pipfile
        from rrr_optimize.formats.toml_spans import read_toml

        toml = read_toml(source)
        self._add(read_pipfile(source, toml, project))
        python = toml.value("requires", "python_version")
        if isinstance(python, str):
            self._describe(project, ProjectMetadata(rows=rows_of_text(f"=={python}.*")))

    def _read_setup_cfg(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.setup_files import read_setup_cfg
        from rrr_optimize.formats.ini_lines import read_ini

        ini = read_ini(source)
        self._add(read_setup_cfg(source, ini, project))
        name, python = ini.option("metadata", "name"), ini.option("options", "python_requires")
        classifiers = ini.option("metadata", "classifiers")
        self._describe(
            project,
            ProjectMetadata(
                name=name.text.strip() if name else None,
                rows=rows_of_text(python.text.strip()) if python else None,
                classified=classified_pythons([line.text for line in classifiers.lines] if classifiers else []),
            ),
        )

    def _read_setup_py(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.setup_files import read_setup_py
        from rrr_optimize.formats.setup_script import read_setup
        from rrr_optimize.workspace.projects import is_packaging_script

        setup = read_setup(source) if is_packaging_script(source.text) else None
        if setup is None:
            return
        self._add(read_setup_py(source, setup, project))
        python = setup.python_requires
        self._describe(
            project,
            ProjectMetadata(
                name=setup.name.text if setup.name else None,
                rows=rows_of_text(python.text) if python else None,
                classified=classified_pythons([text.text for text in setup.classifiers]),
            ),
        )

    def _read_conda(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.environments import read_conda
        from rrr_optimize.formats.environment_file import read_environment_file

        self._add(read_conda(source, read_environment_file(source), project))

    def _read_tox_ini(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.environments import read_tox_ini
        from rrr_optimize.formats.ini_lines import read_ini
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        self._note_pythons(source, InterpreterFile.TOX)
        self._add(read_tox_ini(source, read_ini(source), project))

    def _read_nox(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.environments import read_nox
        from rrr_optimize.formats.nox_file import read_noxfile

        functions = read_noxfile(source)
        self._add(read_nox(source, functions, project))
        named = [_MINOR.match(python.text) for function in functions for python in function.pythons]
        self.evidence += [(source.path, (3, int(match[1]))) for match in named if match]

    def _read_pre_commit(self, source: SourceText, project: Project) -> None:
        if "additional_dependencies" not in source.text:
            return
        from rrr_optimize.facts.sources.environments import read_hooks
        from rrr_optimize.formats.pre_commit_file import read_pre_commit_file

        self._add(read_hooks(source, read_pre_commit_file(source), project))

    def _read_script(self, source: SourceText) -> None:
        from rrr_optimize.facts.sources.environments import read_script
        from rrr_optimize.formats.script_block import read_script_block

        if block := read_script_block(source):
            self._add(read_script(source, block, self._projects.of(source.path)))

    def _read_python_version(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        del project
        self._note_pythons(source, InterpreterFile.VERSION_FILE)

    def _read_dockerfile(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.command_scripts import Dialect
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        self._note_pythons(source, InterpreterFile.DOCKERFILE)
        self._read_commands(source, project, Dialect.DOCKERFILE)

    def _read_ci(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.command_scripts import Dialect
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        self._note_pythons(source, InterpreterFile.CI)
        self._read_commands(source, project, Dialect.CI)

    def _read_shell(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.command_scripts import Dialect

        self._read_commands(source, project, Dialect.SHELL)

    def _read_makefile(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.command_scripts import Dialect

        self._read_commands(source, project, Dialect.MAKEFILE)

    def _read_markdown(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.command_scripts import Dialect

        self._read_commands(source, project, Dialect.MARKDOWN)

    def _read_commands(self, source: SourceText, project: Project, dialect: Dialect) -> None:
        if "install" not in source.text and "sync" not in source.text:
            return
        from rrr_optimize.facts.sources.commands import read_commands

        found, installations = read_commands(source, dialect, project)
        self.installations += installations
        is_prose = source.path.endswith(".md")
        if is_prose:
            # What a README tells a reader to type shows what goes together; its versions are examples, not demands.
            found = replace(found, declarations=())
        if found.declarations or found.problems:
            self._add(found)
