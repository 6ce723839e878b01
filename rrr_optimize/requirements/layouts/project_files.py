"""The requirements files of the projects, line by line, and those of the root that layers live in."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.facts.marker_rows import rows_of_marker
from rrr_optimize.facts.parsed_requirements import canonical
from rrr_optimize.formats.requirements_lines import LineKind, read_requirements

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from rrr_optimize.facts.declarations import Source
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.formats.requirements_lines import RequirementLine, RequirementsFile
    from rrr_optimize.source import SourceText

INDEX_OPTIONS = frozenset({"--index-url", "--extra-index-url", "--find-links", "--no-index"})
Key = tuple[frozenset[str], str | None]
"""The extras and the marker of a requirement: what two lines of one package have to share to say the same."""


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One line that names a package, by its number in the file.

    `marker` is in the spelling of `packaging`, so that equal ones are equal. A line is plain if it says no more than
    name, extras, versions and marker: only such a line can move to another file.
    """

    number: int
    line: RequirementLine
    package: str
    extras: frozenset[str]
    marker: str | None
    specifier: str
    is_plain: bool

    @property
    def key(self) -> Key:
        """What tells it from other lines of the same package."""
        return self.extras, self.marker

    @property
    def rows(self) -> int:
        """The environments in which its marker holds."""
        return rows_of_marker(self.marker)


@dataclass(frozen=True, slots=True, eq=False)
class ProjectFile:
    """A requirements file: its text, its lines, what the facts say of it, and its entries in order."""

    source: SourceText
    file: RequirementsFile
    facts: Source
    entries: tuple[Entry, ...]
    by_package: Mapping[str, tuple[Entry, ...]]

    @property
    def path(self) -> str:
        """The path of the file from the root."""
        return self.source.path

    @property
    def has_own_index(self) -> bool:
        """Whether it says where to look for packages: what it names may be nowhere else."""
        return any(name in INDEX_OPTIONS for line in self.file.lines for name, _ in line.options)

    def entries_of(self, package: str) -> tuple[Entry, ...]:
        """Return the entries that name a package."""
        return self.by_package.get(package, ())

    def lines_of(self, kind: LineKind) -> Iterator[tuple[int, RequirementLine]]:
        """Yield the lines of one kind with their numbers."""
        return ((number, line) for number, line in enumerate(self.file.lines) if line.kind is kind)


def read_project_file(source: SourceText, facts: Source) -> ProjectFile:
    """Return a requirements file by its lines."""
    file = read_requirements(source)
    entries = tuple(entry for number, line in enumerate(file.lines) if (entry := _read_entry(number, line)))
    by_package: dict[str, tuple[Entry, ...]] = {}
    for entry in entries:
        by_package[entry.package] = (*by_package.get(entry.package, ()), entry)
    return ProjectFile(source, file, facts, entries, by_package)


def find_project_files(repository: Repository) -> dict[str, ProjectFile]:
    """Return every requirements file by its path, sorted; not those for constraints, and none that a tool compiled."""
    found = {}
    for facts in repository.requirements.sources:
        source = repository.snapshot.text(facts.path)
        is_written = facts.kind is Kind.REQUIREMENTS and facts.compiled_by is None
        if source is not None and is_written:
            found[facts.path] = read_project_file(source, facts)
    return found


def find_constraints_file(repository: Repository, path: str) -> dict[str, ProjectFile]:
    """Return a constraints file by its path; nothing where there is none, or one that a tool compiled."""
    facts = next((source for source in repository.requirements.sources if source.path == path), None)
    source = repository.snapshot.text(path)
    if source is None or facts is None or facts.kind is not Kind.CONSTRAINTS or facts.compiled_by:
        return {}
    return {path: read_project_file(source, facts)}


def _read_entry(number: int, line: RequirementLine) -> Entry | None:
    named = line.requirement
    if named is None or line.kind not in {LineKind.REQUIREMENT, LineKind.EDITABLE}:
        return None
    says_more = named.url is not None or named.editable or line.options or line.variables
    return Entry(
        number,
        line,
        canonical(named.name),
        frozenset(canonical(extra) for extra in named.extras),
        normal_marker(named.marker),
        "".join(named.specifier.split()),
        not says_more,
    )


@cache
def normal_marker(marker: str | None) -> str | None:
    """Return a marker as `packaging` spells it."""
    from packaging.markers import Marker

    return str(Marker(marker)) if marker else None
