"""Write a requirements file that did not exist: an opening comment, what it includes, and paragraphs of lines."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_lines import LineKind, read_requirements
from rrr_optimize.formats.specifier_text import find_specifier_problem
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rrr_optimize.formats.requirement_line import RequirementLine

_INCLUDES = {LineKind.INCLUDE: False, LineKind.CONSTRAINT: True}


def write_requirement(
    name: str, extras: Iterable[str] = (), specifier: str = "", marker: str | None = None
) -> str | Refusal:
    """Return one requirement as a line (PEP 508): `name[a,b]>=1; marker`, the extras in order."""
    if problem := find_specifier_problem(specifier):
        return Refusal(problem)
    listed = ",".join(sorted(extras))
    text = f"{name}[{listed}]{specifier}" if listed else f"{name}{specifier}"
    text += f"; {marker}" if marker else ""
    lines = _read(text)
    is_named = len(lines) == 1 and lines[0].kind is LineKind.REQUIREMENT and lines[0].comment is None
    return text if is_named else Refusal(f"{text!r} is no requirement")


def write_include(path: str, *, constraint: bool = False) -> str | Refusal:
    """Return a line `-r path`, or `-c path`, quoted where pip needs it; Refusal for a path that no line can hold."""
    text = f"{'-c' if constraint else '-r'} {shlex.quote(path)}"
    lines = _read(text)
    is_read = len(lines) == 1 and _INCLUDES.get(lines[0].kind) is constraint and lines[0].target == path
    return text if is_read and lines[0].comment is None else Refusal(f"{path!r} cannot be named in a requirements file")


def write_requirements(
    header: Sequence[str], includes: Sequence[str], paragraphs: Sequence[Sequence[str]], *, line_end: str = "\n"
) -> str | Refusal:
    """Return a whole file: comment, includes and paragraphs, a blank line between them; nothing makes an empty text.

    `header` is prose without the `#`; `includes` are lines that `write_include` made; a paragraph holds lines as they
    shall stand, comments among them. Refused where a line does not stay one line, or pip would not take it.
    """
    opening = [f"# {line}" if line else "#" for line in header]
    blocks = [list(block) for block in (opening, includes, *paragraphs) if block]
    if any(line.splitlines() not in ([], [line]) for block in blocks for line in block):
        return Refusal("a line has a line end in it")
    text = "\n\n".join("\n".join(block) for block in blocks)
    lines = _read(text)
    if wrong := next((line for line in lines if line.kind is LineKind.INVALID), None):
        return Refusal(f"{text[wrong.content.start : wrong.content.end]!r}: {wrong.error}")
    return text.replace("\n", line_end) + line_end if text else ""


def _read(text: str) -> Sequence[RequirementLine]:
    return read_requirements(SourceText("requirements.txt", text)).lines
