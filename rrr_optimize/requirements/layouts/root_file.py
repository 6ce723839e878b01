"""Write the root file of a layer: its lines, and the comments that moved lines bring with them."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.errors import EditConflictError
from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements
from rrr_optimize.formats.requirements_operations import InsertLines, Operation, Place, SetSpecifier
from rrr_optimize.formats.requirements_removal import take_lines
from rrr_optimize.formats.requirements_writing import write_requirement, write_requirements
from rrr_optimize.model import Creation

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from rrr_optimize.model import Edit
    from rrr_optimize.requirements.layouts.project_files import Entry, Key, ProjectFile

_HEADING = "# Shared by the projects"


@dataclass(frozen=True, slots=True)
class SharedLine:
    """A line of a root file: the requirement, the comments above it, and the one behind it."""

    package: str
    key: Key
    text: str
    specifier: str
    above: tuple[str, ...]
    behind: str = ""

    @property
    def lines(self) -> tuple[str, ...]:
        """The line with its comments."""
        return (*self.above, f"{self.text}  {self.behind}" if self.behind else self.text)


def write_shared_lines(
    lines: Mapping[str, Mapping[Key, str]], moved: Sequence[tuple[ProjectFile, Iterable[int]]]
) -> tuple[SharedLine, ...]:
    """Return the lines of a layer, spelled as most of the moved lines spell them, with the comments that these bring.

    A comment that several of them bring comes once. One behind a line stays there if it is the only one.
    """
    spelled: dict[tuple[str, Key], Counter[tuple[str, str]]] = {}
    comments: dict[tuple[str, Key], tuple[dict[str, None], dict[str, None]]] = {}
    for file, numbers in moved:
        by_number = {entry.number: entry for entry in file.entries}
        for taken in take_lines(file.source, file.file, numbers):
            entry = by_number[taken.line]
            place = entry.package, entry.key
            spelled.setdefault(place, Counter())[_spelling(entry)] += 1
            above, behind = comments.setdefault(place, ({}, {}))
            above.update(dict.fromkeys(filter(_is_one_line, (line.strip() for line in (*taken.above, *taken.below)))))
            comment = file.source.slice(entry.line.comment).strip() if entry.line.comment else ""
            behind.update(dict.fromkeys(filter(_is_one_line, [comment])))
    return tuple(_write_shared(place, lines[place[0]][place[1]], spelled, comments) for place in _places(lines))


def _is_one_line(comment: str) -> bool:
    """Return whether a comment stays one line wherever it goes; a form feed in it ends a line for pip."""
    return comment.splitlines() == [comment]


def _places(lines: Mapping[str, Mapping[Key, str]]) -> Iterator[tuple[str, Key]]:
    for package in sorted(lines):
        for key in sorted(lines[package], key=lambda key: (key[1] or "", sorted(key[0]))):
            yield package, key


def _spelling(entry: Entry) -> tuple[str, str]:
    named = entry.line.requirement
    return (named.name, named.marker or "") if named else (entry.package, "")


def _write_shared(
    place: tuple[str, Key],
    specifier: str,
    spelled: Mapping[tuple[str, Key], Counter[tuple[str, str]]],
    comments: Mapping[tuple[str, Key], tuple[dict[str, None], dict[str, None]]],
) -> SharedLine:
    package, (extras, marker) = place
    counts = spelled.get(place) or Counter({(package, marker or ""): 1})
    name, said = min(counts, key=lambda spelling: (-counts[spelling], spelling))
    above, behind = comments.get(place, ({}, {}))
    alone = next(iter(behind)) if len(behind) == 1 else ""
    text = write_requirement(name, extras, specifier, said or None)
    if isinstance(text, Refusal):
        raise EditConflictError(f"{package}: {text.reason}")
    return SharedLine(
        package, place[1], text, specifier, tuple(dict.fromkeys((*above, *(() if alone else behind)))), alone
    )


def create_root_file(path: str, header: Sequence[str], shared: Iterable[SharedLine]) -> Creation | Refusal:
    """Return a new root file that opens with a header."""
    text = write_requirements(header, (), [[line for each in shared for line in each.lines]])
    return text if isinstance(text, Refusal) else Creation(path, text)


def edit_root_file(root: ProjectFile, shared: Iterable[SharedLine]) -> tuple[Edit, ...] | Refusal:
    """Return the edits that make a root file say the shared lines; what it says already stays as it is spelled.

    New lines come at the end under a heading, comments above the line that they speak of.
    """
    known = {(entry.package, entry.key) for entry in root.entries}
    operations: list[Operation] = []
    added: list[str] = []
    for each in shared:
        if (each.package, each.key) not in known:
            added += each.lines
            continue
        same = [entry for entry in root.entries_of(each.package) if entry.key == each.key]
        operations += [
            SetSpecifier(entry.number, each.specifier)
            for entry in same
            if specifier_key(entry.specifier) != specifier_key(each.specifier)
        ]
        if comments := _find_new_comments(root, each):
            operations.append(InsertLines(same[0].number, comments))
    if added:
        is_known = any(line.strip() == _HEADING for line in root.source.text.splitlines())
        operations.append(InsertLines(Place.END, tuple(added if is_known else ["", _HEADING, *added])))
    return edit_requirements(root.source, operations)


def _find_new_comments(root: ProjectFile, shared: SharedLine) -> tuple[str, ...]:
    """Return the comments of a shared line that the root file does not have anywhere."""
    known = {line.strip() for line in root.source.text.splitlines()}
    known |= {root.source.slice(line.comment).strip() for line in root.file.lines if line.comment}
    return tuple(line for line in (*shared.above, shared.behind) if line and line not in known)
