"""The answer of an editor that will not make an edit: a value with the reason, so that a plan can show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.model import Span


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why an edit is not made, in one line without a full stop; `span` is what it is about, where that has a place."""

    reason: str
    span: Span | None = None


MISREAD = "the result does not read as it should; this is a bug in rrr-optimize"
"""The reason where our own second reading of a result disagrees: nothing is edited then."""
