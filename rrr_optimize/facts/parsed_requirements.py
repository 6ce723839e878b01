"""Take the text of a requirement apart (PEP 508)."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache

from packaging.utils import canonicalize_name

from rrr_optimize.formats.requirement_syntax import Problem, parse_specifier

_UP_TO_SPECIFIER = re.compile(r"\s*[A-Za-z0-9][\w.-]*\s*(?:\[[^\]]*\])?\s*\(?(?P<specifier>[^;)]*)")


@dataclass(frozen=True, slots=True)
class ParsedRequirement:
    """The parts of a PEP 508 requirement; the specifier has the order of the text, so that it can be searched for."""

    name: str
    extras: frozenset[str]
    specifier: str
    url: str | None
    marker: str | None


@cache
def parse_requirement(text: str) -> ParsedRequirement | str:
    """Return the parts of a PEP 508 requirement, or one line that says why it is none."""
    requirement = parse_specifier(text)
    if isinstance(requirement, Problem):
        return requirement.message
    return ParsedRequirement(
        requirement.name,
        frozenset(requirement.extras),
        _specifier_as_written(text) if requirement.specifier else "",
        requirement.url,
        str(requirement.marker) if requirement.marker else None,
    )


def _specifier_as_written(text: str) -> str:
    """Return the clauses of a valid requirement in their own order, without blanks."""
    match = _UP_TO_SPECIFIER.match(text)
    clauses = "".join(match["specifier"].split()).split(",") if match else []
    return ",".join(filter(None, clauses))


@cache
def canonical(name: str) -> str:
    """Return the canonical form of a project name (PEP 503)."""
    return canonicalize_name(name)


def is_local(url: str) -> bool:
    """Return whether the URL of a requirement is a folder or file of this machine; Hatch fills in `{root:uri}`."""
    return url.startswith(("file:", "{root:")) or ":" not in url
