"""Hand a text to the reader of its format, and keep what it says."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.facts.project_metadata import (
    ProjectMetadata,
    classified_pythons,
    read_pyproject_metadata,
    rows_of_text,
)
from rrr_optimize.facts.source_kinds import Role

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from rrr_optimize.facts.declarations import Problem, Source
    from rrr_optimize.facts.interpreters import Evidence
    from rrr_optimize.facts.sources.commands import Installation
    from rrr_optimize.formats.interpreter_texts import InterpreterFile
    from rrr_optimize.model import Project
    from rrr_optimize.source import SourceText

_MINOR = re.compile(r"(?:python)?3\.(\d{1,2})(?!\d)")


class SourceReader:
    """Reads one text. `names` are those of the distributions by folder, `has_lock` says whether a lock lies beside it.

    After `read`: what it says is required, of its project, of Pythons, what its commands install, and what is odd.
    """

    def __init__(self, names: Mapping[str, str], *, has_lock: bool) -> None:
        self.source: Source | None = None
        self.metadata: list[ProjectMetadata] = []
        self.evidence: list[Evidence] = []
        self.installations: list[Installation] = []
        self.problems: list[Problem] = []
        self._names = names
        self._has_lock = has_lock
        self._readers: dict[Role | None, Callable[[SourceText, Project], None]] = {
            None: self._read_script,
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
            Role.SHELL: partial(self._read_commands, Role.SHELL),
            Role.MAKEFILE: partial(self._read_commands, Role.MAKEFILE),
            Role.MARKDOWN: partial(self._read_commands, Role.MARKDOWN),
        }

    def read(self, text: SourceText, role: Role | None, project: Project) -> None:
        """Read a text in its role; without one it is a Python file that may hold a block of metadata (PEP 723).

        Raises UnreadableError for a text that is not in its format.
        """
        self._readers[role](text, project)

    def _add(self, source: Source) -> None:
        self.source = source

    def _describe(self, metadata: ProjectMetadata) -> None:
        self.metadata.append(metadata)

    def _note_pythons(self, source: SourceText, kind: InterpreterFile) -> None:
        from rrr_optimize.formats.interpreter_texts import find_interpreter_texts

        self.evidence += [(source.path, found.minor) for found in find_interpreter_texts(source, kind)]

    def _read_requirements(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.requirement_files import read_requirements_file

        self._add(read_requirements_file(source, project, self._names))

    def _read_constraints(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.requirement_files import read_requirements_file

        self._add(read_requirements_file(source, project, {}, as_constraints=True))

    def _read_pyproject(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.pyproject import read_pyproject
        from rrr_optimize.formats.toml_spans import read_toml

        toml = read_toml(source)
        self._add(read_pyproject(source, toml, project))
        metadata = read_pyproject_metadata(toml.data)
        if self._has_lock:
            metadata = replace(metadata, locked_together=not metadata.keeps_apart)
        self._describe(metadata)

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
            self._describe(ProjectMetadata(rows=rows_of_text(f"=={python}.*")))

    def _read_setup_cfg(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.setup_files import read_setup_cfg
        from rrr_optimize.formats.ini_lines import read_ini

        ini = read_ini(source)
        self._add(read_setup_cfg(source, ini, project))
        name, python = ini.option("metadata", "name"), ini.option("options", "python_requires")
        classifiers = ini.option("metadata", "classifiers")
        self._describe(
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

    def _read_script(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.facts.sources.environments import read_script
        from rrr_optimize.formats.script_block import read_script_block

        if block := read_script_block(source):
            self._add(read_script(source, block, project))

    def _read_python_version(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        del project
        self._note_pythons(source, InterpreterFile.VERSION_FILE)

    def _read_dockerfile(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        self._note_pythons(source, InterpreterFile.DOCKERFILE)
        self._read_commands(Role.DOCKERFILE, source, project)

    def _read_ci(self, source: SourceText, project: Project) -> None:
        from rrr_optimize.formats.interpreter_texts import InterpreterFile

        self._note_pythons(source, InterpreterFile.CI)
        self._read_commands(Role.CI, source, project)

    def _read_commands(self, role: Role, source: SourceText, project: Project) -> None:
        if "install" not in source.text and "sync" not in source.text:
            return
        from rrr_optimize.facts.command_kinds import COMMAND_DIALECTS
        from rrr_optimize.facts.sources.commands import read_commands

        found, installations = read_commands(source, COMMAND_DIALECTS[role], project)
        self.installations += installations
        if role is Role.MARKDOWN:
            # What a README tells a reader to type shows what goes together; its versions are examples, not demands.
            found = replace(found, declarations=())
        if found.declarations or found.problems:
            self._add(found)
