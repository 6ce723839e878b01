"""Write what was decided into a project's file: references come, and what the root files say goes."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements
from rrr_optimize.formats.requirements_lines import LineKind
from rrr_optimize.formats.requirements_operations import InsertLines, Operation, Place, RemoveLine, SetSpecifier
from rrr_optimize.formats.requirements_regions import find_gap
from rrr_optimize.formats.requirements_removal import blocks_of
from rrr_optimize.formats.requirements_writing import write_include
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.requirements.layouts.project_files import ProjectFile
    from rrr_optimize.requirements.layouts.references import Rewriting

_REFERENCES = frozenset({LineKind.INCLUDE, LineKind.CONSTRAINT})


def edit_project_file(
    file: ProjectFile, rewriting: Rewriting, *, constraint: bool = False
) -> tuple[Edit, ...] | Refusal:
    """Return the edits that make a project's file reference root files and drop what these say.

    A `-c` to one of them becomes the `-r` in its place. The others come below the first reference that the file has,
    else below its opening comment. `constraint` makes them `-c`.
    """
    operations: list[Operation] = [RemoveLine(number) for number in rewriting.removed]
    operations += [SetSpecifier(number, "") for number in rewriting.bare]
    replaced = {} if constraint else _find_constraints(file, rewriting.references)
    added: list[Edit] = [Edit(file.path, span, "-r") for span in replaced.values()]
    fresh = [target for target in rewriting.references if target not in replaced]
    lines: list[str] = []
    for target in fresh:
        line = write_include(posixpath.relpath(target, posixpath.dirname(file.path) or "."), constraint=constraint)
        if isinstance(line, Refusal):
            return line
        lines.append(line)
    place = _first_reference(file)
    if lines and place is not None:
        operations.append(InsertLines(place + 1, tuple(lines)))
    elif lines:
        operations.append(InsertLines(Place.TOP, _part_from_neighbours(file, rewriting, lines)))
    edits = edit_requirements(file.source, operations)
    return edits if isinstance(edits, Refusal) else (*edits, *added)


def _first_reference(file: ProjectFile) -> int | None:
    """Return the number of the first line with a `-r` or `-c`, if it stands before all requirements."""
    for number, line in enumerate(file.file.lines):
        if line.kind in _REFERENCES:
            return number
        if line.kind not in {LineKind.BLANK, LineKind.COMMENT, LineKind.OPTION}:
            return None
    return None


def _find_constraints(file: ProjectFile, targets: Iterable[str]) -> dict[str, Span]:
    """Return the places of the `-c` to turn into `-r`, by the target."""
    found: dict[str, Span] = {}
    for _, line in file.lines_of(LineKind.CONSTRAINT):
        target = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), line.target or ""))
        if target in targets and target not in found and line.option_spans:
            start = line.option_spans[0].start
            length = len("--constraint") if file.source.text.startswith("--constraint", start) else len("-c")
            found[target] = Span(start, start + length)
    return found


def _part_from_neighbours(file: ProjectFile, rewriting: Rewriting, lines: list[str]) -> tuple[str, ...]:
    """Return new lines for the top with a blank line towards a comment before them, and towards what follows."""
    leaving = blocks_of(file.source, file.file).leaving(set(rewriting.removed))
    gap = find_gap(file.source, file.file, Place.TOP)
    kinds = [(number, line.kind) for number, line in enumerate(file.file.lines) if number not in leaving]
    before = [kind for number, kind in kinds if number < gap]
    after = [kind for number, kind in kinds if number >= gap]
    above = [""] if before and before[-1] is LineKind.COMMENT else []
    below = [""] if after and after[0] is not LineKind.BLANK else []
    return (*above, *lines, *below)
