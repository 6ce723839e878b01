"""Requirements written as tables of names and constraints: Poetry's and Pipenv's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.declarations import Declaration, Kind, Layer, Problem, ProblemKind, Scope, Source, invalid
from rrr_optimize.facts.marker_rows import ALL_ROWS, rows_of_marker, rows_of_requires_python
from rrr_optimize.facts.parsed_requirements import canonical
from rrr_optimize.facts.poetry_versions import ConstraintError, convert_constraint
from rrr_optimize.facts.toml_places import locate
from rrr_optimize.toml_text import strings, table

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.formats.toml_spans import TomlFile
    from rrr_optimize.model import Location, Project
    from rrr_optimize.source import SourceText

_PATH_KEYS = ("path", "file")
# Pipenv takes each variable of a marker as a key of its own: sys_platform = "== 'win32'".
_MARKER_KEYS = (
    *("os_name", "sys_platform", "platform_machine", "platform_python_implementation", "platform_system"),
    *("python_version", "python_full_version", "implementation_name"),
)
_URL_KEYS = ("git", "url", "hg", "svn", "ref")


def read_poetry(
    text: SourceText, toml: TomlFile, project: Project
) -> tuple[tuple[Declaration, ...], tuple[Problem, ...]]:
    """Return the requirements of `[tool.poetry]`, their constraints in PEP 440 form, and what could not be read."""
    poetry = ("tool", "poetry")
    tables: list[tuple[tuple[str, ...], Layer, str]] = [
        ((*poetry, "dependencies"), Layer.RUNTIME, ""),
        ((*poetry, "dev-dependencies"), Layer.GROUP, "dev"),
    ]
    groups = table(toml.data, *poetry, "group")
    tables += [((*poetry, "group", group, "dependencies"), Layer.GROUP, group) for group in groups]
    return _read_tables(text, toml, project, Kind.PYPROJECT, tables)


def read_pipfile(text: SourceText, toml: TomlFile, project: Project) -> Source:
    """Return the requirements of a Pipfile: `packages`, `dev-packages` and its other categories."""
    reserved = {"source", "requires", "pipenv", "scripts"}
    tables = [
        ((name,), Layer.RUNTIME if name == "packages" else Layer.GROUP, "" if name == "packages" else name)
        for name, value in toml.data.items()
        if isinstance(value, dict) and name not in reserved
    ]
    declarations, problems = _read_tables(text, toml, project, Kind.PIPFILE, tables)
    return Source(text.path, Kind.PIPFILE, project, declarations, (), problems)


def _read_tables(
    text: SourceText,
    toml: TomlFile,
    project: Project,
    kind: Kind,
    tables: Sequence[tuple[tuple[str, ...], Layer, str]],
) -> tuple[tuple[Declaration, ...], tuple[Problem, ...]]:
    declarations: list[Declaration] = []
    problems: list[Problem] = []
    for path, layer, group in tables:
        for name, value in table(toml.data, *path).items():
            if kind is Kind.PYPROJECT and name.lower() == "python":
                continue
            for place, item in _alternatives((*path, name), value):
                location = locate(text, toml, place)
                match _declare(name, item, location, Scope(project, layer, group), kind):
                    case Declaration() as declaration:
                        declarations.append(declaration)
                    case Problem() as problem:
                        problems.append(problem)
    return tuple(declarations), tuple(problems)


def _alternatives(path: tuple[str, ...], value: Any) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    """Poetry lets one name have a list of constraints, each for its own environments."""
    if isinstance(value, list):
        for index, item in enumerate(value):
            yield (*path, index), item
    else:
        yield path, value


@dataclass(frozen=True, slots=True)
class _Fields:
    constraint: str
    extras: frozenset[str]
    marker: str | None
    rows: int
    url: str | None
    internal: bool


def _declare(name: str, value: Any, location: Location, scope: Scope, kind: Kind) -> Declaration | Problem:
    fields = _read_fields(value) if isinstance(value, dict) else None
    written = value if isinstance(value, str) else fields.constraint if fields else None
    if written is None:
        reason, hint = "neither a constraint nor a table of one", 'a constraint is a string, such as "^1.2"'
        return invalid(f"{name} = {value!r}"[:80], location, reason, hint)
    try:
        alternatives = convert_constraint(written)
    except ConstraintError as error:
        return invalid(f"{name} = {written!r}", location, str(error))
    if len(alternatives) > 1:
        return Problem(
            ProblemKind.DYNAMIC,
            location,
            f"{name} = {written!r} is a choice of ranges (||), which is not compared with other requirements",
            canonical(name),
            text=written,
        )
    marker_rows = fields.rows if fields else ALL_ROWS
    return Declaration(
        package=canonical(name),
        spelled=name,
        specifier=alternatives[0],
        location=location,
        scope=scope,
        kind=kind,
        extras=fields.extras if fields else frozenset(),
        url=fields.url if fields else None,
        marker=fields.marker if fields else None,
        marker_rows=marker_rows,
        internal=fields.internal if fields else False,
        # Poetry's tables may add to what `[project]` asks for.
        part="tool.poetry" if kind is Kind.PYPROJECT else "",
    )


def _read_fields(value: dict[str, Any]) -> _Fields:
    markers = [
        value.get("markers"),
        *(f"{key} {value[key]}" for key in _MARKER_KEYS if isinstance(value.get(key), str)),
    ]
    marker = " and ".join(f"({text})" for text in markers if isinstance(text, str)) or None
    url = next((str(value[key]) for key in _URL_KEYS if key in value), None)
    version = value.get("version", "*")
    return _Fields(
        constraint=version if isinstance(version, str) else "*",
        extras=frozenset(strings(value.get("extras"))),
        marker=marker,
        rows=rows_of_marker(marker) & _rows_of_python(value.get("python")) & _rows_of_platform(value.get("platform")),
        url=url,
        internal=any(key in value for key in _PATH_KEYS),
    )


def rows_of_constraint(text: str) -> int:
    """Return the environments whose Python a Poetry constraint admits; all, where it cannot be read."""
    try:
        mask = 0
        for specifier in convert_constraint(text):
            mask |= rows_of_requires_python(specifier)
    except ValueError:
        return ALL_ROWS
    return mask


def _rows_of_python(value: Any) -> int:
    return rows_of_constraint(value) if isinstance(value, str) else ALL_ROWS


def _rows_of_platform(value: Any) -> int:
    return rows_of_marker(f"sys_platform == {value!r}") if isinstance(value, str) else ALL_ROWS
