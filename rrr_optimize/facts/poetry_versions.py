"""Poetry's version constraints in the words of PEP 440.

Follows "Version constraints" of Poetry's documentation: caret, tilde, wildcard, bare and compared versions, joined by
commas or blanks (and) and by `||` (or).
"""

from __future__ import annotations

import re

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

from rrr_optimize.formats.requirement_syntax import find_endless_number

_CLAUSE = re.compile(r"(?P<operator>\^|~=|~|===|==|!=|<=|>=|<|>|=)?\s*(?P<version>(?:\d+!)?[^\s,|<>=!~^]+)")


class ConstraintError(ValueError):
    """The text is not a constraint of Poetry's; the message says why."""


def convert_constraint(text: str) -> tuple[str, ...]:
    """Return the PEP 440 specifiers whose union the constraint is: one, unless it has `||`.

    An empty specifier admits every version. Raises ConstraintError.
    """
    return tuple(_convert_conjunction(part) for part in re.split(r"\|\|?", text))


def _convert_conjunction(text: str) -> str:
    clauses: list[str] = []
    position = 0
    stripped = text.strip()
    if not stripped:
        raise ConstraintError("an empty constraint")
    if problem := find_endless_number(stripped):
        raise ConstraintError(problem.message)
    while position < len(stripped):
        match = _CLAUSE.match(stripped, position)
        if not match:
            raise ConstraintError(f"{text.strip()!r} is not a version constraint")
        clauses += _convert_clause(match["operator"] or "", match["version"])
        position = match.end()
        while position < len(stripped) and stripped[position] in ", \t":
            position += 1
    try:
        return str(SpecifierSet(",".join(clauses)))
    except InvalidSpecifier:
        raise ConstraintError(f"{text.strip()!r} is not a version constraint") from None


def _convert_clause(operator: str, version: str) -> list[str]:
    if version in {"*", "x", "X"}:
        return []
    version = re.sub(r"(?:\.[xX*])+$", ".*", version)
    if operator in {"^", "~"}:
        return _convert_range(operator, version.removesuffix(".*"))
    if operator in {"", "="}:
        return [f"=={version}"]
    if version.endswith(".*") and operator not in {"==", "!="}:
        return [f"{operator}{version.removesuffix('.*')}"]
    return [f"{operator}{version}"]


def _convert_range(operator: str, text: str) -> list[str]:
    try:
        version = Version(text)
    except InvalidVersion:
        raise ConstraintError(f"{text!r} is not a version") from None
    release = version.release
    if operator == "~":
        kept = 2 if len(release) > 1 else 1
    else:
        kept = next((index + 1 for index, part in enumerate(release) if part), len(release))
    upper = [*release[: kept - 1], release[kept - 1] + 1]
    epoch = f"{version.epoch}!" if version.epoch else ""
    return [f">={version}", f"<{epoch}{'.'.join(map(str, upper))}"]
