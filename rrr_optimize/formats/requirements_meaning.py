"""What the lines of a requirements file say, without where they stand, so that two files can be compared."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.requirements_lines import LineKind, read_requirements

if TYPE_CHECKING:
    from rrr_optimize.formats.requirement_line import RequirementLine
    from rrr_optimize.source import SourceText

HASH = "--hash"


class LineMeaning(NamedTuple):
    """Everything that a line says, its comment included; the specifier without blanks."""

    kind: LineKind
    name: str
    extras: tuple[str, ...]
    specifier: str
    url: str | None
    marker: str | None
    target: str | None
    options: tuple[tuple[str, str], ...]
    comment: str
    error: str | None

    def with_specifier(self, specifier: str) -> LineMeaning:
        """Return the meaning with another specifier."""
        return self._replace(specifier="".join(specifier.split()))

    def without_hashes(self) -> LineMeaning:
        """Return the meaning without its hashes."""
        return self._replace(options=tuple(option for option in self.options if option[0] != HASH))


def read_meanings(source: SourceText) -> list[LineMeaning]:
    """Return what each line of a requirements file says."""
    return [meaning_of(source, line) for line in read_requirements(source).lines]


def meaning_of(source: SourceText, line: RequirementLine) -> LineMeaning:
    """Return what a line says."""
    named = line.requirement
    return LineMeaning(
        line.kind,
        named.name if named else "",
        named.extras if named else line.extras,
        "".join(named.specifier.split()) if named else "",
        named.url if named else None,
        named.marker if named else line.marker,
        line.target,
        line.options,
        source.slice(line.comment) if line.comment else "",
        line.error,
    )
