"""Requirements in pyproject.toml: PEP 621, PEP 735, build-system, uv, PDM, Hatch, tox and setuptools' dynamic files.

Source: the pyproject.toml specification of the Packaging User Guide and the tools' own documentation. Poetry's tables
are in a module of their own.
"""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.declarations import (
    Declaration,
    Include,
    Kind,
    Layer,
    Problem,
    ProblemKind,
    Scope,
    Source,
    declare,
    invalid,
)
from rrr_optimize.facts.parsed_requirements import canonical
from rrr_optimize.facts.sources.poetry import read_poetry
from rrr_optimize.facts.toml_places import locate
from rrr_optimize.toml_text import table

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.formats.toml_spans import TomlFile
    from rrr_optimize.model import Location, Project
    from rrr_optimize.source import SourceText

_FILE_URL_EDITABLE = re.compile(r"^\s*(?:-e|--editable)[\s=]+(?P<target>\S+)")


@dataclass(frozen=True, slots=True)
class Entry:
    """One PEP 508 string of a TOML file: where it stands, and what it is for."""

    path: tuple[str | int, ...]
    text: object
    layer: Layer
    name: str = ""


def read_pyproject(text: SourceText, toml: TomlFile, project: Project) -> Source:
    """Return every requirement of a pyproject.toml; what is not a valid one becomes a problem."""
    reader = _Reader(text, toml, project, Kind.PYPROJECT)
    declarations, problems = reader.read(_pyproject_entries(toml.data))
    poetry_declarations, poetry_problems = read_poetry(text, toml, project)
    return Source(
        text.path,
        Kind.PYPROJECT,
        project,
        (*declarations, *poetry_declarations),
        tuple(_dynamic_includes(text, toml, project)),
        (*problems, *poetry_problems, *_broken_groups(text, toml)),
    )


def read_hatch(text: SourceText, toml: TomlFile, project: Project) -> Source:
    """Return the requirements of a hatch.toml."""
    declarations, problems = _Reader(text, toml, project, Kind.HATCH).read(_hatch_entries(toml.data, ()))
    return Source(text.path, Kind.HATCH, project, tuple(declarations), (), tuple(problems))


def read_tox_toml(text: SourceText, toml: TomlFile, project: Project) -> Source:
    """Return the requirements of a tox.toml."""
    declarations, problems = _Reader(text, toml, project, Kind.TOX).read(_tox_entries(toml.data, ()))
    return Source(text.path, Kind.TOX, project, tuple(declarations), (), tuple(problems))


@dataclass(frozen=True, slots=True)
class _Reader:
    text: SourceText
    toml: TomlFile
    project: Project
    kind: Kind

    def read(self, entries: Iterator[Entry]) -> tuple[list[Declaration], list[Problem]]:
        declarations: list[Declaration] = []
        problems: list[Problem] = []
        for entry in entries:
            location = locate(self.text, self.toml, entry.path)
            match self._declare(entry, location):
                case Declaration() as declaration:
                    declarations.append(declaration)
                case Problem() as problem:
                    problems.append(problem)
        return declarations, problems

    def _declare(self, entry: Entry, location: Location) -> Declaration | Problem | None:
        scope = Scope(self.project, entry.layer, entry.name)
        if not isinstance(entry.text, str):
            return invalid(repr(entry.text)[:80], location, "a requirement must be a string")
        text = entry.text.strip()
        if editable := _FILE_URL_EDITABLE.match(text):
            name = editable["target"].partition("#egg=")[2]
            if not name:
                return None
            found = declare(name, location, scope, self.kind)
            return replace(found, editable=True, internal=True) if isinstance(found, Declaration) else found
        if text.startswith("{root:") or "{" in text.split(";")[0].split("@")[0]:
            # Hatch and tox fill these fields in when they run.
            return Problem(
                ProblemKind.DYNAMIC, location, f"{text!r} has a field that only the tool fills in", text, text=text
            )
        return declare(text, location, scope, self.kind)


def _strings(value: Any, path: tuple[str | int, ...], layer: Layer, name: str = "") -> Iterator[Entry]:
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield Entry((*path, index), item, layer, name)


def _pyproject_entries(data: Mapping[str, Any]) -> Iterator[Entry]:
    yield from _strings(table(data, "build-system").get("requires"), ("build-system", "requires"), Layer.BUILD)
    project = table(data, "project")
    yield from _strings(project.get("dependencies"), ("project", "dependencies"), Layer.RUNTIME)
    for extra, items in table(project, "optional-dependencies").items():
        yield from _strings(items, ("project", "optional-dependencies", extra), Layer.EXTRA, extra)
    for group, items in table(data, "dependency-groups").items():
        for entry in _strings(items, ("dependency-groups", group), Layer.GROUP, group):
            if not isinstance(entry.text, dict):
                yield entry
    uv = table(data, "tool", "uv")
    yield from _strings(uv.get("dev-dependencies"), ("tool", "uv", "dev-dependencies"), Layer.GROUP, "dev")
    for key, layer in (("constraint-dependencies", Layer.CONSTRAINT), ("override-dependencies", Layer.OVERRIDE)):
        yield from _strings(uv.get(key), ("tool", "uv", key), layer)
    pdm = table(data, "tool", "pdm")
    for group, items in table(pdm, "dev-dependencies").items():
        yield from _strings(items, ("tool", "pdm", "dev-dependencies", group), Layer.GROUP, group)
    yield from _hatch_entries(table(data, "tool", "hatch"), ("tool", "hatch"))
    yield from _tox_entries(table(data, "tool", "tox"), ("tool", "tox"))


def _broken_groups(text: SourceText, toml: TomlFile) -> Iterator[Problem]:
    """Yield each include-group that names no group, and one that closes a circle: PEP 735 makes both an error."""
    groups = table(toml.data, "dependency-groups")
    known = {canonical(group) for group in groups}
    places: dict[tuple[str, str], tuple[str, Location]] = {}
    for group, items in groups.items():
        for index, item in enumerate(items if isinstance(items, list) else ()):
            name = table(item).get("include-group")
            if not isinstance(name, str):
                continue
            location = locate(text, toml, ("dependency-groups", group, index, "include-group"))
            said = f'include-group = "{name}"'
            if canonical(name) in known:
                places.setdefault((canonical(group), canonical(name)), (said, location))
            else:
                yield invalid(said, location, "there is no such group")
    order: TopologicalSorter[str] = TopologicalSorter()
    for group, included in places:
        order.add(group, included)
    try:
        order.prepare()
    except CycleError as error:
        circle = error.args[1][::-1]
        said, location = places[circle[-2], circle[-1]]
        yield invalid(said, location, f"closes a circle: {' -> '.join(circle)}")


def _hatch_entries(hatch: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Entry]:
    for name, environment in table(hatch, "envs").items():
        for key in ("dependencies", "extra-dependencies"):
            items = table(environment).get(key)
            yield from _strings(items, (*path, "envs", name, key), Layer.ENVIRONMENT, f"hatch {name}")


def _tox_entries(tox: Mapping[str, Any], path: tuple[str, ...]) -> Iterator[Entry]:
    base = table(tox, "env_run_base").get("deps")
    yield from _tox_strings(base, (*path, "env_run_base", "deps"), "tox")
    for name, environment in table(tox, "env").items():
        deps = table(environment).get("deps")
        yield from _tox_strings(deps, (*path, "env", name, "deps"), f"tox {name}")


def _tox_strings(value: Any, path: tuple[str, ...], name: str) -> Iterator[Entry]:
    for entry in _strings(value, path, Layer.ENVIRONMENT, name):
        # Options (-r file) and substitution tables ({replace = ...}) are tox's own language.
        if isinstance(entry.text, str) and not entry.text.startswith(("-", ".")):
            yield entry


def _dynamic_includes(text: SourceText, toml: TomlFile, project: Project) -> Iterator[Include]:
    """Yield the files that setuptools reads dependencies and extras from: `dependencies = {file = [...]}`."""
    path = ("tool", "setuptools", "dynamic")
    extras = table(toml.data, *path, "optional-dependencies")
    places: list[tuple[tuple[str, ...], Scope]] = [((*path, "dependencies"), Scope(project, Layer.RUNTIME))]
    places += [((*path, "optional-dependencies", extra), Scope(project, Layer.EXTRA, extra)) for extra in extras]
    for place, scope in places:
        files = table(toml.data, *place).get("file")
        names = [files] if isinstance(files, str) else files if isinstance(files, list) else []
        for index, name in enumerate(names):
            if isinstance(name, str):
                where: tuple[str | int, ...] = (*place, "file") if isinstance(files, str) else (*place, "file", index)
                target = posixpath.normpath(posixpath.join(posixpath.dirname(text.path), name))
                yield Include(target, constraint=False, location=locate(text, toml, where), scope=scope)
