"""Write another specifier where a requirement stands, and touch nothing else.

Only what is found literally, once, is edited; that the file then says what was meant is proved by reading it again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.model import Edit, Span

if TYPE_CHECKING:
    from rrr_optimize.requirements.versions.decision import Change
    from rrr_optimize.source import SourceText

_GAP = r"(?:[ \t]|\\\r?\n)*"
_CLAUSE = rf"(?:~=|===?|!=|<=|>=|<|>){_GAP}[\w.*+!-]+"
_CLAUSES = rf"{_CLAUSE}(?:{_GAP},{_GAP}{_CLAUSE})*"
_VERSION_KEY = r"\bversion[ \t]*=[ \t]*[\"']"
_IN_TABLES = frozenset({Kind.PIPFILE})


class Uneditable(NamedTuple):
    """Why a requirement cannot be given another specifier in place."""

    reason: str


def edit_specifier(source: SourceText, change: Change) -> Edit | Uneditable:
    """Return the edit that makes a change; of a pin that stays one only the version is replaced."""
    item = change.declaration
    if item.compiled:
        return Uneditable(f"{item.place} is in a compiled file, which is made anew and not edited")
    if item.hashed:
        return Uneditable(f"{item.place} is held by the hashes of {item.specifier}")
    span = source.span_of(item.location)
    matches = list(_pattern(change).finditer(source.slice(span)))
    if len(matches) != 1:
        return Uneditable(f"{item.place} does not say {item.specifier} in a form that can be edited in place")
    start, end = matches[0].span("old")
    return Edit(source.path, Span(span.start + start, span.start + end), _replacement(change))


def _pattern(change: Change) -> re.Pattern[str]:
    item = change.declaration
    old = re.escape(_pinned(item.specifier)) + r"(?![\w.*+!-])" if change.versions else _CLAUSES
    if item.kind in _IN_TABLES or item.part == "tool.poetry":
        operator = rf"={{0,3}}{_GAP}" if change.versions else ""
        value = rf"(?P<old>{old if change.versions else '[^"\']+'})"
        return re.compile(rf"(?:\A|{_VERSION_KEY})[ \t]*{operator}{value}(?=[ \t]*(?:\Z|[\"']))")
    name = rf"(?<![\w.-]){re.escape(item.spelled)}{_GAP}(?:\[[^\]]*\])?{_GAP}\(?{_GAP}"
    before = rf"(?:{_CLAUSE}{_GAP},{_GAP})*?===?{_GAP}" if change.versions else ""
    return re.compile(rf"{name}{before}(?P<old>{old})")


def _replacement(change: Change) -> str:
    return _pinned(change.specifier) if change.versions else change.specifier


def _pinned(specifier: str) -> str:
    """Return the version of the exact clause of a specifier, as it is written."""
    return next(
        clause.lstrip("=") for clause in specifier.split(",") if clause.startswith("==") and clause[-2:] != ".*"
    )


def repin(specifier: str, version: str) -> str:
    """Return a specifier whose exact clause names another version, the rest as it was."""
    clauses = specifier.split(",")
    number = next(index for index, clause in enumerate(clauses) if clause.startswith("==") and clause[-2:] != ".*")
    operator = "===" if clauses[number].startswith("===") else "=="
    clauses[number] = f"{operator}{version}"
    return ",".join(clauses)


def rest_of_pin(specifier: str) -> str:
    """Return the clauses that a pin has besides the exact one."""
    clauses = specifier.split(",")
    exact = next(clause for clause in clauses if clause.startswith("==") and clause[-2:] != ".*")
    return ",".join(clause for clause in clauses if clause is not exact)
