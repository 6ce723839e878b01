"""Give declarations another specifier where they stand, whatever the kind of file: one way in for every planner."""

from __future__ import annotations

import re
from functools import cached_property, partial
from typing import TYPE_CHECKING, TypeAlias, assert_never

from rrr_optimize.facts.command_kinds import COMMAND_DIALECTS
from rrr_optimize.facts.declarations import Declaration, Kind
from rrr_optimize.facts.poetry_edits import MOVED, index_constraints, reword_constraint
from rrr_optimize.facts.source_kinds import Role, find_roles
from rrr_optimize.formats.command_scripts import Dialect
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirement_text import read_requirement
from rrr_optimize.formats.requirements_editing import set_line_specifiers
from rrr_optimize.formats.requirements_lines import read_requirements
from rrr_optimize.formats.rewording import Rewording, reword
from rrr_optimize.formats.said_texts import (
    command_texts,
    ini_texts,
    python_texts,
    script_texts,
    toml_texts,
    yaml_texts,
)
from rrr_optimize.formats.specifier_text import respecify
from rrr_optimize.formats.toml_spans import read_toml
from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rrr_optimize.facts.poetry_edits import ConstraintPaths
    from rrr_optimize.formats.said_texts import Said
    from rrr_optimize.formats.toml_spans import TomlFile
    from rrr_optimize.model import Location
    from rrr_optimize.source import SourceText

Outcome: TypeAlias = Edit | Refusal | None
Change: TypeAlias = tuple[Declaration, str]

_COMMENT = re.compile(r"\s+#.*")
_FACTOR = re.compile(r"[\w!{},.\-]+\s*:\s+")


def set_specifiers(source: SourceText, changes: Sequence[Change]) -> tuple[Outcome, ...]:
    """Return, for each declaration of one file and its new PEP 440 specifier, the edit, or why there is none.

    None says that the declaration has the specifier already; an empty one admits every version. Only the specifier
    changes: the name as spelled, extras, marker, quotes, comments and spacing stay. Constraints of Poetry and Pipenv
    are written in their language. The file as it would be is read again, and an edit that changes anything else is
    refused. Refused too: a URL, a compiled file, hashes, text with escapes, a declaration that is not there any more.
    Two declarations that one place makes, such as a list that a script uses twice, share one edit; apart from that the
    edits do not overlap. Never raises for what a file may hold.
    """
    outcomes: list[Outcome] = [_find_hindrance(source, declaration) for declaration, _ in changes]
    waiting: dict[bool, list[int]] = {True: [], False: []}
    firsts: dict[Location, int] = {}
    for number, (declaration, specifier) in enumerate(changes):
        first = firsts.setdefault(declaration.location, number)
        if outcomes[number] is None and first == number:
            waiting[declaration.kind in {Kind.REQUIREMENTS, Kind.CONSTRAINTS}].append(number)
        elif outcomes[number] is None and changes[first][1] != specifier:
            outcomes[number] = Refusal("one place is to have two specifiers")
    for in_lines, numbers in waiting.items():
        found = (_set_in_lines if in_lines else _set_in_strings)(source, [changes[number] for number in numbers])
        for number, outcome in zip(numbers, found, strict=True):
            outcomes[number] = outcome
    return tuple(
        outcome or outcomes[firsts[declaration.location]]
        for outcome, (declaration, _) in zip(outcomes, changes, strict=True)
    )


def set_specifier(source: SourceText, declaration: Declaration, specifier: str) -> Outcome:
    """Return what `set_specifiers` returns for one declaration."""
    return set_specifiers(source, [(declaration, specifier)])[0]


def _find_hindrance(source: SourceText, declaration: Declaration) -> Refusal | None:
    if declaration.location.path != source.path:
        return Refusal(MOVED)
    if declaration.compiled:
        return Refusal("the file is compiled: its source is to be changed, and the file made anew")
    is_folder = declaration.editable or (declaration.internal and not declaration.specifier)
    if declaration.url is not None or is_folder:
        return Refusal(f"{declaration.spelled} is taken from a URL or a folder, so that it has no specifier")
    return None


def _place(source: SourceText, declaration: Declaration) -> Span | None:
    try:
        return source.span_of(declaration.location)
    except ValueError:
        return None


def _set_in_lines(source: SourceText, changes: Sequence[Change]) -> list[Outcome]:
    """Set specifiers in a requirements or constraints file."""
    lines = read_requirements(source).lines
    starts = {named.span or line.content: number for number, line in enumerate(lines) if (named := line.requirement)}
    numbers: list[int | None] = []
    for declaration, _ in changes:
        number = starts.get(place) if (place := _place(source, declaration)) else None
        named = lines[number].requirement if number is not None else None
        numbers.append(number if named and _says(declaration, named.name, named.specifier) else None)
    wanted = {n: specifier for n, (_, specifier) in zip(numbers, changes, strict=True) if n is not None}
    found = set_line_specifiers(source, wanted)
    return [Refusal(MOVED) if number is None else found[number] for number in numbers]


def _set_in_strings(source: SourceText, changes: Sequence[Change]) -> list[Outcome]:
    """Set specifiers in files that hold requirements in strings of their own format."""
    outcomes: list[Outcome] = []
    rewordings: list[Rewording] = []
    places: list[int] = []
    constraints = _Constraints(source)
    for number, (declaration, specifier) in enumerate(changes):
        is_constraint = declaration.kind is Kind.PIPFILE or declaration.part == "tool.poetry"
        found = (constraints.reword if is_constraint else partial(_reword, source))(declaration, specifier)
        outcomes.append(None if isinstance(found, Rewording) else found)
        if isinstance(found, Rewording):
            rewordings.append(found)
            places.append(number)
    if rewordings:
        read = _reader_of(source, changes[0][0].kind)
        for number, outcome in zip(places, reword(source, read, rewordings), strict=True):
            outcomes[number] = outcome
    return outcomes


def _reword(source: SourceText, declaration: Declaration, specifier: str) -> Rewording | Refusal | None:
    place = _place(source, declaration)
    if place is None:
        return Refusal(MOVED)
    text = source.slice(place)
    start = 0
    if declaration.kind is Kind.TOX and (factor := _FACTOR.match(text)):
        start = factor.end()
    if declaration.kind in {Kind.TOX, Kind.SETUP_CFG}:
        text = _COMMENT.sub("", text)
    text = text[start:]
    reading = read_requirement(text.strip())
    if reading.problem or not _says(declaration, reading.name, reading.specifier):
        return Refusal(MOVED, place)
    found = respecify(text, specifier)
    if found is None or isinstance(found, Refusal):
        return found
    base = place.start + start
    edit = Edit(source.path, Span(base + found.start, base + found.end), found.replacement)
    return Rewording(edit, text, found.apply(text))


class _Constraints:
    """The constraints of one file, read when the first of them is asked for."""

    def __init__(self, source: SourceText) -> None:
        self.source = source

    @cached_property
    def _file(self) -> tuple[TomlFile, ConstraintPaths] | None:
        try:
            toml = read_toml(self.source)
        except TomlError:
            return None
        return toml, index_constraints(toml)

    def reword(self, declaration: Declaration, specifier: str) -> Rewording | Refusal | None:
        return reword_constraint(*self._file, declaration, specifier) if self._file else Refusal(MOVED)


def _says(declaration: Declaration, name: str, specifier: str) -> bool:
    return name == declaration.spelled and "".join(specifier.split()) == declaration.specifier


def _reader_of(source: SourceText, kind: Kind) -> Callable[[SourceText], list[Said]]:
    match kind:
        case Kind.PYPROJECT | Kind.PIPFILE | Kind.HATCH:
            return toml_texts
        case Kind.TOX:
            return toml_texts if source.path.endswith(".toml") else ini_texts
        case Kind.SETUP_CFG:
            return ini_texts
        case Kind.SETUP_PY | Kind.NOX:
            return python_texts
        case Kind.SCRIPT:
            return script_texts
        case Kind.CONDA | Kind.PRE_COMMIT:
            return yaml_texts
        case Kind.COMMAND:
            role = next((role for _, role in find_roles([source.path])), Role.SHELL)
            return partial(command_texts, dialect=COMMAND_DIALECTS.get(role, Dialect.SHELL))
        case Kind.REQUIREMENTS | Kind.CONSTRAINTS:  # pragma: no cover - they are edited by lines
            raise AssertionError(kind)
        case _:
            assert_never(kind)
