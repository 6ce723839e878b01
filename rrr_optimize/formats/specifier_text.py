"""Write another version specifier into a requirement, and touch nothing else of it (PEP 508, PEP 440)."""

from __future__ import annotations

import re
from typing import NamedTuple

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirement_text import read_requirement

_CLAUSE = r"(?:~=|===?|!=|<=|>=|<|>)[ \t]*[A-Za-z0-9.*+!_-]+"
_SPECIFIER = re.compile(rf"{_CLAUSE}(?:[ \t]*,[ \t]*{_CLAUSE})*", re.ASCII)
_OPERATOR = re.compile(r"[~=!<>]=?=?(?P<blanks>[ \t]*)")
_COMMA = re.compile(r"[ \t]*,[ \t]*")
_BLANKS = " \t"


class Rewriting(NamedTuple):
    """Replace `text[start:end]` by `replacement`."""

    start: int
    end: int
    replacement: str

    def apply(self, text: str) -> str:
        """Return the text after the replacement."""
        return text[: self.start] + self.replacement + text[self.end :]


def find_specifier_problem(specifier: str) -> str | None:
    """Return why a text cannot be written as a specifier, or None; the empty one asks for any version."""
    from packaging.specifiers import InvalidSpecifier, SpecifierSet

    if not specifier:
        return None
    if _SPECIFIER.fullmatch(specifier):
        try:
            SpecifierSet(specifier)
        except InvalidSpecifier:
            return f"{specifier!r} is not a version specifier"
        return None
    return f"{specifier!r} is not a version specifier that can be written in every file"


def respecify(text: str, specifier: str) -> Rewriting | Refusal | None:
    """Return how a PEP 508 requirement, blanks around it allowed, comes to have another specifier.

    Name, extras, marker and spacing stay as they are spelled: a specifier without blanks takes those of the one that it
    replaces. An empty one goes with the blanks or parentheses around it. None where the requirement has the specifier
    already. A Refusal for a URL, for a text that is no requirement, and where the result would not say what it should.
    """
    if problem := find_specifier_problem(specifier):
        return Refusal(problem)
    start = len(text) - len(text.lstrip())
    reading = read_requirement(text.strip())
    if reading.problem or not reading.name:
        return Refusal(f"{text.strip()!r} is no requirement with a name")
    if reading.specifier_at is None:
        return Refusal(f"{reading.name} is taken from a URL, so that it has no specifier")
    found = rewrite_at(text, start + reading.specifier_at[0], start + reading.specifier_at[1], specifier)
    if found is None:
        return None
    after = read_requirement(found.apply(text).strip())
    expected = (reading.name, reading.extras, reading.marker, _squeeze(specifier))
    if after.problem or (after.name, after.extras, after.marker, _squeeze(after.specifier)) != expected:
        return Refusal(f"{specifier} cannot be written into {text.strip()!r}")
    return found


def rewrite_at(text: str, start: int, end: int, specifier: str) -> Rewriting | None:
    """Return how the specifier at `text[start:end]` is replaced, or None where it is the same but for blanks."""
    old = text[start:end]
    if _squeeze(old) == _squeeze(specifier):
        return None
    if specifier:
        return Rewriting(start, end, _in_the_style_of(old, specifier))
    return Rewriting(*_widen(text, start, end), "")


def _widen(text: str, start: int, end: int) -> tuple[int, int]:
    """Return what goes when a specifier goes: the parentheses around it, and the blanks before."""
    while start and text[start - 1] in _BLANKS:
        start -= 1
    if start and text[start - 1] == "(":
        start -= 1
        end = text.index(")", end) + 1
        while start and text[start - 1] in _BLANKS:
            start -= 1
    return start, end


def _in_the_style_of(old: str, specifier: str) -> str:
    if any(blank in specifier for blank in _BLANKS):
        return specifier
    operator, comma = _OPERATOR.match(old), _COMMA.search(old)
    if operator and operator["blanks"]:
        specifier = _OPERATOR.sub(lambda match: match[0] + operator["blanks"], specifier)
    return specifier.replace(",", comma[0]) if comma else specifier


def _squeeze(specifier: str) -> str:
    return "".join(specifier.split())
