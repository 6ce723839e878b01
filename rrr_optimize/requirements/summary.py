"""The facts about requirements that the JSON report carries: the whole repository taken as one set."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.declarations import ProblemKind
from rrr_optimize.facts.marker_rows import ALL_ROWS, pythons_of_rows
from rrr_optimize.requirements.disagreements import group_by_package
from rrr_optimize.requirements.satisfiability import find_contradictions, is_unsatisfiable

if TYPE_CHECKING:
    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.requirement_facts import RequirementFacts


def summarize_requirements(facts: RequirementFacts) -> dict[str, Any]:
    """Return `facts.requirements` of the report, as its JSON schema describes it.

    Every declaration counts, compiled files and isolated environments too, and markers are taken over the whole grid
    of environments. An empty specifier is a specifier set as well; a requirement from a URL has none.
    """
    groups = dict(sorted(group_by_package(facts.declarations).items()))
    unsatisfiable = [package for package, items in groups.items() if _contradicts(items)]
    return {
        "files": len(facts.sources),
        "declarations": len(facts.declarations),
        "packages": len(groups),
        "multi_spec": [
            name for name, items in groups.items() if len({i.specifier_key for i in items if not i.url}) > 1
        ],
        "multi_pin": [name for name, items in groups.items() if len({i.pin for i in items if i.pin}) > 1],
        "unsatisfiable": unsatisfiable,
        "marker_separated": [
            package
            for package, items in groups.items()
            if package not in unsatisfiable and is_unsatisfiable(item.specifier for item in items if _asks(item))
        ],
        "invalid_lines": [
            {
                "path": problem.location.path,
                "line": problem.location.line,
                "text": problem.text,
                "error": problem.message,
            }
            for problem in facts.problems
            if problem.kind is ProblemKind.INVALID
        ],
        "sources": [
            {
                "path": source.path,
                "kind": source.kind.value,
                "project": source.project.path,
                "declarations": len(source.declarations),
                "compiled_by": source.compiled_by,
            }
            for source in facts.sources
        ],
        "install_sets": len(facts.install_sets),
        "pythons": [f"{major}.{minor}" for major, minor in pythons_of_rows(facts.declared_rows)],
    }


def _contradicts(items: tuple[Declaration, ...]) -> bool:
    asked = [(item.specifier, item.marker_rows) for item in items if _asks(item)]
    return bool(find_contradictions(asked, ALL_ROWS))


def _asks(item: Declaration) -> bool:
    return bool(item.specifier) and not item.url
