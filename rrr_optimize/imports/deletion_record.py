"""What a run of `fix-imports` did, counted, as the plain data that its run record keeps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rrr_optimize.facts.import_facts import ImportFacts


def describe_deletions(before: ImportFacts, after: ImportFacts) -> dict[str, Any]:
    """Return what a record of `fix-imports` tells beyond what every record does."""
    return {"before": count_statements(before), "after": count_statements(after)}


def count_statements(facts: ImportFacts) -> dict[str, int]:
    """Return how many statements change the search path, and how many files hold one."""
    return {"statements": len(facts.statements), "files": len({each.location.path for each in facts.statements})}
