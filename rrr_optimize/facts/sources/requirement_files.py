"""Requirements in pip's requirements and constraints files."""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import (
    Declaration,
    Include,
    Kind,
    Layer,
    Problem,
    ProblemKind,
    Scope,
    Source,
    shorten,
)
from rrr_optimize.facts.marker_rows import rows_of_marker
from rrr_optimize.facts.parsed_requirements import canonical, is_local
from rrr_optimize.formats.requirements_lines import LineKind, read_requirements
from rrr_optimize.model import Location

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.formats.requirements_lines import RequirementLine, RequirementsFile
    from rrr_optimize.model import Project
    from rrr_optimize.source import SourceText

_COMPILE_COMMAND = re.compile(
    r"^#\s+(?P<command>(?:pip-compile|uv pip compile|python -m piptools compile)\s+(?P<arguments>.+))$", re.MULTILINE
)
_OPTIONS_WITH_A_FILE = frozenset({"-o", "--output-file", "-c", "--constraint", "--constraints", "--overrides"})
# A line with one of these was meant to be a requirement, or is the mark of a merge.
_OPERATOR = re.compile(r"[=<>~@]")
_LEAST_PROSE = 3
_PROSE = "most of its lines are no requirements"
_DEV_NAMES = re.compile(r"(?:^|[-_./])(?:dev|develop|development|lint|docs?|local)(?:[-_./]|$)")
_TEST_NAMES = re.compile(r"(?:^|[-_./])(?:tests?|testing|ci)(?:[-_./]|$)")


def read_requirements_file(
    source: SourceText, project: Project, internal: Mapping[str, str], *, as_constraints: bool = False
) -> Source:
    """Return the requirements of a file; `internal` maps the folder of each project to its distribution's name.

    It holds constraints if it or a folder of it is called so, or `as_constraints` says that others include it as such.
    Includes that name a file of the repository are returned as such; whether it exists is not asked here. A text that
    only has the name of such a file is not analysed.
    """
    file = read_requirements(source)
    if _is_prose(source, file):
        gap = Problem(ProblemKind.NOT_ANALYSED, Location(source.path), _PROSE, source.path)
        return Source(source.path, Kind.REQUIREMENTS, project, problems=(gap,))
    *folders, name = source.path.lower().split("/")
    is_constraints = as_constraints or "constraint" in name or "constraints" in folders
    scope = Scope(project, Layer.CONSTRAINT if is_constraints else layer_of(source.path, project))
    kind = Kind.CONSTRAINTS if is_constraints else Kind.REQUIREMENTS
    declarations: list[Declaration] = []
    includes: list[Include] = []
    problems: list[Problem] = [_quirk(quirk.message, source.locate(quirk.span)) for quirk in file.quirks]
    for line in file.lines:
        problems += [_quirk(quirk.message, source.locate(quirk.span)) for quirk in line.quirks]
        if line.kind is LineKind.INVALID:
            problems.append(_invalid(source, line))
        elif line.kind in {LineKind.INCLUDE, LineKind.CONSTRAINT}:
            includes += _include(source, line)
        elif declaration := _declare(source, line, scope, kind, internal, compiled=file.compiled_by is not None):
            declarations.append(declaration)
    command = _COMPILE_COMMAND.search(source.text) if file.compiled_by else None
    return Source(
        source.path,
        kind,
        project,
        tuple(declarations),
        tuple(includes),
        tuple(problems),
        file.compiled_by,
        tuple(_inputs(source, command)),
        command["command"].strip() if command else "",
    )


def _is_prose(source: SourceText, file: RequirementsFile) -> bool:
    """Tell whether most lines are sentences rather than requirements, be it with a slip of the pen."""
    said = [line for line in file.lines if line.kind not in {LineKind.BLANK, LineKind.COMMENT}]
    prose = [
        line
        for line in said
        if line.kind is LineKind.INVALID and "==" not in line.hint and not _OPERATOR.search(source.slice(line.content))
    ]
    return len(prose) >= _LEAST_PROSE and len(prose) > len(said) / 2


def layer_of(path: str, project: Project) -> Layer:
    """Return the layer that the name of a requirements file speaks of, in its part below the project's folder."""
    inner = path if project.path == "." else path.removeprefix(f"{project.path}/")
    words = posixpath.splitext(inner.lower())[0]
    if _TEST_NAMES.search(words):
        return Layer.TEST
    return Layer.DEV if _DEV_NAMES.search(words) else Layer.RUNTIME


def _declare(
    source: SourceText, line: RequirementLine, scope: Scope, kind: Kind, internal: Mapping[str, str], *, compiled: bool
) -> Declaration | None:
    requirement = line.requirement
    if requirement is None:
        return _declare_local(source, line, scope, kind, internal)
    return Declaration(
        package=canonical(requirement.name),
        spelled=requirement.name,
        specifier="".join(requirement.specifier.split()),
        location=source.locate(requirement.span or line.content),
        scope=scope,
        kind=kind,
        extras=frozenset(canonical(extra) for extra in requirement.extras),
        url=requirement.url,
        marker=requirement.marker,
        marker_rows=rows_of_marker(requirement.marker),
        editable=requirement.editable,
        compiled=compiled,
        internal=requirement.url is not None and is_local(requirement.url),
        hashed=any(name == "--hash" for name, _ in line.options),
    )


def _declare_local(
    source: SourceText, line: RequirementLine, scope: Scope, kind: Kind, internal: Mapping[str, str]
) -> Declaration | None:
    """Return what a path such as `-e ../common` asks for: the project whose folder it is."""
    if line.target is None or line.kind not in {LineKind.EDITABLE, LineKind.PATH_OR_URL}:
        return None
    for base in (posixpath.dirname(source.path), ""):
        # pip resolves the path from the working directory: the file's folder or the root are the likely ones.
        folder = posixpath.normpath(posixpath.join(base, line.target))
        if name := internal.get(folder):
            return Declaration(
                package=canonical(name),
                spelled=name,
                specifier="",
                location=source.locate(line.content),
                scope=scope,
                kind=kind,
                extras=frozenset(canonical(extra) for extra in line.extras),
                editable=line.kind is LineKind.EDITABLE,
                internal=True,
            )
    return None


def _include(source: SourceText, line: RequirementLine) -> Iterator[Include]:
    if line.target is None or "://" in line.target or line.variables:
        return
    name = line.target.replace("\\", "/")
    # A drive of Windows makes a path absolute.
    folder = "" if name[1:3] == ":/" else posixpath.dirname(source.path)
    target = posixpath.normpath(posixpath.join(folder, name))
    location = source.locate(line.target_span or line.content)
    yield Include(target, constraint=line.kind is LineKind.CONSTRAINT, location=location)


def _invalid(source: SourceText, line: RequirementLine) -> Problem:
    text = source.slice(line.content).strip()
    location = source.locate(line.error_span or line.content)
    return Problem(ProblemKind.INVALID, location, f"{shorten(text)!r}: {line.error}", text, line.hint, text)


def _quirk(message: str, location: Location) -> Problem:
    return Problem(ProblemKind.AMBIGUOUS, location, message, message)


def _inputs(source: SourceText, command: re.Match[str] | None) -> Iterator[tuple[str, ...]]:
    """Yield the inputs that the header of a compiled file names: the paths from the root that each may mean."""
    # What is overridden may stand there in any version.
    if command is None or "--override" in command["arguments"]:
        return
    words = iter(command["arguments"].split())
    for word in words:
        if word in _OPTIONS_WITH_A_FILE:
            next(words, None)
        elif not word.startswith("-") and word.endswith((".in", ".txt", ".toml", ".cfg", ".py")):
            # The command ran beside the file or in the root.
            bases = (posixpath.dirname(source.path), "")
            yield tuple(dict.fromkeys(posixpath.normpath(posixpath.join(base, word)) for base in bases))
