"""Write what was decided into a project's file: references come, and what the root files say goes."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements
from rrr_optimize.formats.requirements_lines import LineKind
from rrr_optimize.formats.requirements_operations import InsertLines, Operation, Place, RemoveLine, SetSpecifier
from rrr_optimize.formats.requirements_writing import write_include
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.requirements.layouts.project_files import ProjectFile
    from rrr_optimize.requirements.layouts.references import Rewriting


def edit_project_file(file: ProjectFile, rewriting: Rewriting) -> tuple[Edit, ...] | Refusal:
    """Return the edits that make a project's file reference root files and drop what these say.

    A `-c` to one of them becomes the `-r` in its place; the others come below the opening comment.
    """
    replaced = _find_constraints(file, rewriting.references)
    fresh = [target for target in rewriting.references if target not in replaced]
    lines = [write_include(_path_from(file.path, target)) for target in fresh]
    operations: list[Operation] = [RemoveLine(number) for number in rewriting.removed]
    operations += [SetSpecifier(number, "") for number in rewriting.bare]
    written = tuple(line for line in lines if isinstance(line, str))
    if refusal := next((line for line in lines if isinstance(line, Refusal)), None):
        return refusal
    if written:
        operations.append(InsertLines(Place.TOP, (*written, *_gap_below(file, rewriting))))
    edits = edit_requirements(file.source, operations)
    if isinstance(edits, Refusal):
        return edits
    return (*edits, *(Edit(file.path, span, "-r") for span in replaced.values()))


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


def _gap_below(file: ProjectFile, rewriting: Rewriting) -> tuple[str, ...]:
    """Return a blank line where something follows the new references that is not a reference itself."""
    leaving = set(rewriting.removed)
    said = [line for number, line in enumerate(file.file.lines) if number not in leaving]
    first = next((line for line in said if line.kind not in {LineKind.BLANK, LineKind.COMMENT}), None)
    follows = first is not None and first.kind not in {LineKind.INCLUDE, LineKind.CONSTRAINT}
    return ("",) if follows else ()


def _path_from(path: str, target: str) -> str:
    return posixpath.relpath(target, posixpath.dirname(path) or ".")
