"""Edit a requirements file losslessly: many operations at once, by the lines of the reader.

The result is read again and compared with what the operations mean to say; where that differs nothing is edited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, assert_never

from rrr_optimize.formats.refusal import MISREAD, Refusal
from rrr_optimize.formats.requirement_line import LineKind
from rrr_optimize.formats.requirements_lines import read_requirements
from rrr_optimize.formats.requirements_meaning import HASH, meaning_of, read_meanings
from rrr_optimize.formats.requirements_operations import DropHashes, InsertLines, RemoveLine, SetSpecifier
from rrr_optimize.formats.requirements_regions import find_gap, find_regions
from rrr_optimize.formats.requirements_removal import blocks_of
from rrr_optimize.formats.specifier_text import find_specifier_problem, rewrite_at
from rrr_optimize.formats.text_edits import edit_text, make_edits
from rrr_optimize.model import Edit, Span
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.formats.requirement_line import RequirementLine
    from rrr_optimize.formats.requirements_meaning import LineMeaning
    from rrr_optimize.formats.requirements_operations import Operation


def edit_requirements(source: SourceText, operations: Sequence[Operation]) -> tuple[Edit, ...] | Refusal:
    """Return the edits that carry out the operations, in order and without overlap, or why one of them is refused.

    Lines keep what the operations do not speak of: names as spelled, extras, markers, options, comments, spacing, line
    ends. New lines end as the line before them does, and a file without a final line end stays one. A specifier that a
    line has already makes no edit. Refused: a specifier for a URL, for a line that is invalid, split by a continuation,
    or hashed unless its hashes are dropped in the same go; two operations that contradict each other; and whatever does
    not read as meant afterwards. Raises IndexError for a line that the file does not have.
    """
    editor = _Editor(source)
    for operation in operations:
        if refusal := editor.take(operation):
            return refusal
    if contradictions := editor.find_contradictions():
        return next(iter(contradictions.values()))
    edits = make_edits(source, editor.changes())
    return editor.find_misreading(edits) or edits


def set_line_specifiers(source: SourceText, specifiers: Mapping[int, str]) -> dict[int, Edit | Refusal | None]:
    """Return for each line and the specifier that it is to have the edit, why it is refused, or None if it has it.

    It is `edit_requirements` for many lines of which some may be refused. Raises IndexError as that does.
    """
    editor = _Editor(source)
    found: dict[int, Edit | Refusal | None] = {}
    for number, specifier in specifiers.items():
        found[number] = editor.take(SetSpecifier(number, specifier))
    found |= editor.find_contradictions()
    for number in [number for number, refusal in found.items() if refusal]:
        editor.specifiers.pop(number, None)
        editor.rewritings.pop(number, None)
    misreading = editor.find_misreading(make_edits(source, editor.changes()))
    found |= {number: misreading or Edit(source.path, *change) for number, change in editor.rewritings.items()}
    return found


class _Editor:
    """The operations on one file, sorted by what they do."""

    def __init__(self, source: SourceText) -> None:
        self.source = source
        self.file = read_requirements(source)
        self.blocks = blocks_of(source, self.file)
        self.specifiers: dict[int, str] = {}
        self.rewritings: dict[int, tuple[Span, str]] = {}
        self.unhashed: set[int] = set()
        self.removed: set[int] = set()
        self.inserted: dict[int, list[str]] = {}

    def take(self, operation: Operation) -> Refusal | None:
        if not isinstance(operation, InsertLines) and not 0 <= operation.line < len(self.file.lines):
            raise IndexError(f"{self.source.path} has no line {operation.line}")
        match operation:
            case SetSpecifier(number, specifier):
                return self.set_specifier(number, specifier)
            case DropHashes(number):
                self.unhashed.add(number)
            case RemoveLine(number):
                self.removed.add(number)
            case InsertLines(place, lines):
                if isinstance(place, int) and not 0 <= place <= len(self.file.lines):
                    raise IndexError(f"{self.source.path} has no line {place}")
                if any("\n" in line or "\r" in line for line in lines):
                    return Refusal("a line to insert has a line end in it")
                self.inserted.setdefault(find_gap(self.source, self.file, place), []).extend(lines)
            case _:
                assert_never(operation)
        return None

    def set_specifier(self, number: int, specifier: str) -> Refusal | None:
        line = self.file.lines[number]
        place = _find_specifier(line)
        problem = place if isinstance(place, str) else find_specifier_problem(specifier)
        if problem is None and self.specifiers.get(number, specifier) != specifier:
            problem = "the line is to have two specifiers"
        if isinstance(place, Span) and problem is None:
            self.specifiers[number] = specifier
            found = rewrite_at(self.source.text, place.start, place.end, specifier)
            if found:
                self.rewritings[number] = Span(found.start, found.end), found.replacement
        return Refusal(problem, line.content) if problem else None

    def find_contradictions(self) -> dict[int, Refusal]:
        found: dict[int, Refusal] = {}
        for number in sorted({*self.specifiers, *self.unhashed}):
            line = self.file.lines[number]
            if number in self.removed:
                found[number] = Refusal("the line is to be removed and to be changed", line.content)
            elif number not in self.unhashed and _hashes(line) and number in self.rewritings:
                found[number] = Refusal("its hashes belong to the version that it names now", line.content)
        return found

    def changes(self) -> Iterator[tuple[Span, str]]:
        yield from self.rewritings.values()
        for number in self.unhashed:
            for span in _hashes(self.file.lines[number]):
                yield Span(_skip_back(self.source.text, span.start), span.end), ""
        yield from find_regions(self.source, self.file, self.blocks.leaving(self.removed), self.inserted)

    def find_misreading(self, edits: Sequence[Edit]) -> Refusal | None:
        after = edit_text(self.source, edits)
        if isinstance(after, Refusal):
            return after
        return None if read_meanings(after) == list(self.expected()) else Refusal(MISREAD)

    def expected(self) -> Iterator[LineMeaning]:
        leaving = self.blocks.leaving(self.removed)
        for number in range(len(self.file.lines) + 1):
            if lines := self.inserted.get(number):
                yield from read_meanings(SourceText(self.source.path, "".join(f"{line}\n" for line in lines)))
            if number < len(self.file.lines) and number not in leaving:
                meaning = meaning_of(self.source, self.file.lines[number])
                if number in self.specifiers:
                    meaning = meaning.with_specifier(self.specifiers[number])
                yield meaning.without_hashes() if number in self.unhashed else meaning


def _find_specifier(line: RequirementLine) -> Span | str:
    """Return where the specifier of a line stands, or why it has no such place."""
    if line.kind is not LineKind.REQUIREMENT or line.requirement is None:
        return "the line is no requirement with a name and a version"
    if line.requirement.url is not None:
        return f"{line.requirement.name} is taken from a URL, so that it has no specifier"
    return line.requirement.specifier_span or "a continuation runs through its specifier"


def _hashes(line: RequirementLine) -> list[Span]:
    return [span for (name, _), span in zip(line.options, line.option_spans, strict=True) if name == HASH]


def _skip_back(text: str, offset: int) -> int:
    """Return where the blanks and continuations in front of an offset begin."""
    while True:
        before = text[max(offset - 3, 0) : offset]
        if before.endswith((" ", "\t")):
            offset -= 1
        elif before.endswith(("\\\n", "\\\r")):
            offset -= 2
        elif before == "\\\r\n":
            offset -= 3
        else:
            return offset
