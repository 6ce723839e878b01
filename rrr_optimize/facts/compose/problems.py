"""What is wrong with a Compose project before its meaning is asked for."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

if TYPE_CHECKING:
    from rrr_optimize.formats.yaml_values import Place
    from rrr_optimize.model import Location

ProblemKind: TypeAlias = Literal[
    "syntax", "duplicate-key", "short-form", "template", "merge", "missing-file", "missing-service", "cycle", "remote"
]


@dataclass(frozen=True, slots=True)
class ComposeProblem:
    """Something that keeps a project, or a part of it, from being read; `subject` names it without a line."""

    kind: ProblemKind
    location: Location
    message: str
    subject: str
    hint: str = ""


class Problems:
    """Collects problems, each once."""

    def __init__(self) -> None:
        self._found: dict[ComposeProblem, None] = {}

    @property
    def all(self) -> tuple[ComposeProblem, ...]:
        """The problems in the order of their discovery."""
        return tuple(self._found)

    def add(self, kind: ProblemKind, place: Place, message: str, subject: str, hint: str = "") -> None:
        """Add a problem."""
        self._found[ComposeProblem(kind, place.location, message, subject, hint)] = None
