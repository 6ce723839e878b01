"""Requirements of isolated environments: conda, tox, nox, pre-commit hooks, scripts with inline metadata."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Declaration, Include, Kind, Layer, Problem, Scope, Source, declare
from rrr_optimize.facts.parsed_requirements import ParsedRequirement, parse_requirement
from rrr_optimize.facts.project_metadata import rows_of_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.formats.environment_file import EnvironmentFile
    from rrr_optimize.formats.ini_lines import IniFile
    from rrr_optimize.formats.nox_file import NoxFunction
    from rrr_optimize.formats.pre_commit_file import PreCommitFile
    from rrr_optimize.formats.script_block import ScriptBlock
    from rrr_optimize.model import Location, Project
    from rrr_optimize.source import SourceText

FACTOR = ", factor "
"""Stands in the name of a scope between a tox section and the factors that a line of it is for."""
_TOX_FACTOR = re.compile(r"^(?P<factors>[\w!{},.\-]+)\s*:\s+(?P<rest>.+)$")
_TOX_INCLUDE = re.compile(r"^-(?P<option>[rc])\s*(?P<target>\S+)$")


class _Collector:
    """Gathers what one file declares; a place that is no requirement becomes a problem."""

    def __init__(self, source: SourceText, kind: Kind, project: Project) -> None:
        self.source = source
        self.kind = kind
        self.project = project
        self.declarations: list[Declaration] = []
        self.includes: list[Include] = []
        self.problems: list[Problem] = []

    def add(self, text: str, location: Location, scope: Scope, part: str = "") -> None:
        found = declare(text, location, scope, self.kind, part=part)
        if isinstance(found, Declaration):
            self.declarations.append(found)
        else:
            self.problems.append(found)

    def include(
        self, name: str, location: Location, scope: Scope | None = None, part: str = "", *, constraint: bool
    ) -> None:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(self.source.path), name))
        self.includes.append(Include(target, constraint, location, scope, part))

    def result(self, rows: int | None = None) -> Source:
        return Source(
            self.source.path,
            self.kind,
            self.project,
            tuple(self.declarations),
            tuple(self.includes),
            tuple(self.problems),
            rows=rows,
        )


def read_conda(source: SourceText, environment: EnvironmentFile, project: Project) -> Source:
    """Return what the `pip:` list of an environment.yml asks for; conda's own names are another namespace."""
    found = _Collector(source, Kind.CONDA, project)
    scope = Scope(project, Layer.RUNTIME)
    for entry in environment.pip:
        text = entry.text.strip()
        if include := _TOX_INCLUDE.match(text):
            found.include(include["target"], source.locate(entry.span), constraint=include["option"] == "c")
        elif text and not text.startswith(("-", ".", "/", "#")) and not _is_bare_url(text):
            found.add(text, source.locate(entry.span), scope)
    return found.result()


def _is_bare_url(text: str) -> bool:
    """Return whether a place stands here without the name of what is there, unlike in `name @ https://...`."""
    return "://" in text.partition("@")[0]


def read_tox_ini(source: SourceText, ini: IniFile, project: Project) -> Source:
    """Return the `deps` of each tox environment; a factor in front of a dependency stays part of the scope's name."""
    found = _Collector(source, Kind.TOX, project)
    for title, section in ini.sections.items():
        option = section.options.get("deps")
        if not title.startswith("testenv") or option is None:
            continue
        environment = f"tox {title.partition(':')[2]}".strip()
        for line in option.lines:
            factor = _TOX_FACTOR.match(line.text)
            # The comment goes first: a URL in it says nothing about the requirement before it.
            text = (factor["rest"] if factor else line.text).partition(" #")[0].strip()
            name = f"{environment}{FACTOR}{factor['factors']}" if factor else environment
            scope = Scope(project, Layer.ENVIRONMENT, name)
            if include := _TOX_INCLUDE.match(text):
                if "{" not in include["target"]:
                    location = source.locate(line.span)
                    found.include(include["target"], location, scope, constraint=include["option"] == "c")
            elif text and not text.startswith(("#", "-", ".", "/")) and "{" not in text and not _is_bare_url(text):
                found.add(text, source.locate(line.span), scope)
    return found.result()


def read_nox(source: SourceText, functions: Iterable[NoxFunction], project: Project) -> Source:
    """Return what each session of a noxfile installs by a literal name, one call at a time.

    A later call changes what an earlier one installed, and of two branches one runs: only what one call names has to
    agree.
    """
    found = _Collector(source, Kind.NOX, project)
    for function in functions:
        scope = Scope(project, Layer.ENVIRONMENT, f"nox {function.name}")
        for install in function.installs:
            part = f"call {install.span.start}"
            for text in install.requirements:
                if is_versioned(text.text):
                    found.add(text.text, source.locate(text.span), scope, part)
            for text in (*install.files, *install.constraints):
                location = source.locate(text.span)
                found.include(text.text, location, scope, part, constraint=text in install.constraints)
    return found.result()


def read_hooks(source: SourceText, file: PreCommitFile, project: Project) -> Source:
    """Return the additional dependencies of the hooks that have a Python environment.

    The language of a hook stands in its own repository; an entry that is no Python requirement (`eslint@8`) belongs to
    another one and is passed over.
    """
    found = _Collector(source, Kind.PRE_COMMIT, project)
    for number, hook in enumerate(file.hooks):
        if hook.language not in {None, "python"}:
            continue
        scope = Scope(project, Layer.ENVIRONMENT, f"hook {hook.id}")
        for entry in hook.additional_dependencies:
            if isinstance(parse_requirement(entry.text), ParsedRequirement):
                # pre-commit makes an environment for each hook, two of one name included.
                found.add(entry.text, source.locate(entry.span), scope, f"hook {number}")
    return found.result()


def read_script(source: SourceText, block: ScriptBlock, project: Project) -> Source:
    """Return the dependencies of a script's own metadata block (PEP 723)."""
    found = _Collector(source, Kind.SCRIPT, project)
    scope = Scope(project, Layer.ENVIRONMENT, f"script {posixpath.basename(source.path)}")
    for text in block.dependencies:
        found.add(text.text, source.locate(text.span), scope)
    return found.result(rows_of_text(block.requires_python.text) if block.requires_python else None)


def is_versioned(text: str) -> bool:
    """Return whether a word of an install command is a requirement that says more than a name."""
    parsed = parse_requirement(text)
    return isinstance(parsed, ParsedRequirement) and bool(parsed.specifier or parsed.url)
