"""Compare PEP 440 specifiers, whatever their spelling."""

from __future__ import annotations

from functools import cache

from packaging.specifiers import SpecifierSet
from packaging.utils import canonicalize_version
from packaging.version import Version


@cache
def specifier_set(text: str) -> SpecifierSet:
    """Return the parsed form of a PEP 440 specifier. Raises InvalidSpecifier."""
    return SpecifierSet(text)


@cache
def specifier_key(text: str) -> str:
    """Return a spelling that two PEP 440 specifiers share just when they are equal: `==1.0` and `== 1.0.0`."""
    clauses = (
        clause.operator + canonicalize_version(clause.version, strip_trailing_zero=clause.operator != "~=")
        if clause.operator != "==="
        else str(clause)
        for clause in specifier_set(text)
    )
    return ",".join(sorted(set(clauses)))


@cache
def exact_pin(specifier: str) -> Version | None:
    """Return the version an exact `==` or `===` clause names, or None; `==1.*` is a range, not a pin."""
    for clause in specifier_set(specifier):
        if clause.operator in {"==", "==="} and not clause.version.endswith(".*"):
            try:
                return Version(clause.version)
            except ValueError:
                return None
    return None
