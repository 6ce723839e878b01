"""Whether a text is a dependency specifier or a marker (PEP 508), as `packaging` judges it, and where it is not."""

from __future__ import annotations

import re
import warnings
from dataclasses import dataclass, replace

from packaging.markers import InvalidMarker, Marker
from packaging.requirements import InvalidRequirement, Requirement

_WORD = re.compile(r"[^\s;,]+")
# Python turns no more than 4,300 digits into a number, and `packaging` asks it to only when it compares versions.
_ENDLESS_NUMBER = re.compile(r"\d{1001}")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong with a text, and which part of it, as offsets."""

    message: str
    start: int
    end: int

    def shifted(self, distance: int) -> Problem:
        """Return the same problem in a text of which this one is a part that begins at `distance`."""
        return replace(self, start=self.start + distance, end=self.end + distance)


def find_endless_number(text: str) -> Problem | None:
    """Return the first number of more than 1,000 digits, with which no version can be compared, or None."""
    match = _ENDLESS_NUMBER.search(text)
    return Problem("a number of more than 1,000 digits", *match.span()) if match else None


def parse_specifier(text: str) -> Requirement | Problem:
    """Return the requirement, or what is wrong with the text; never raises."""
    if problem := find_endless_number(text):
        return problem
    try:
        with warnings.catch_warnings():
            # A marker's string is evaluated as Python's, which warns of `\d`.
            warnings.simplefilter("ignore")
            return Requirement(text)
    except (InvalidRequirement, ValueError, RecursionError) as error:
        return _problem(text, error)


def find_marker_problem(text: str) -> Problem | None:
    """Return what is wrong with a marker, or None; never raises."""
    if problem := find_endless_number(text):
        return problem
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            Marker(text)
    except (InvalidMarker, ValueError, RecursionError) as error:
        return _problem(text, error)
    return None


def _problem(text: str, error: Exception) -> Problem:
    message = str(error).partition("\n")[0] or "it is nested too deeply"
    # `packaging` keeps the place in the error that it began with: from what it was reading to where it gave up.
    begun, start = getattr(error.__cause__, "span", (0, 0))
    if start >= len(text):
        return Problem(message, min(begun, max(len(text) - 1, 0)), len(text))
    word = _WORD.match(text, start)
    return Problem(message, start, word.end() if word else start + 1)
