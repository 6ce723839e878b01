"""What a layout costs each install set, and what it saves the repository."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.requirements.layouts.flattening import Flattener, atoms_of_declarations, find_added
from rrr_optimize.requirements.layouts.layout_plan import Duplication, ProjectCost

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.repository import Repository


def find_costs(before: Repository, after: Repository, refused: Mapping[str, str]) -> tuple[ProjectCost, ...]:
    """Return the cost of each requirements file that people write, in path order; `refused` says why one stays."""
    old, new = Flattener(before.requirements.sources), Flattener(after.requirements.sources)
    found = []
    for source in after.requirements.sources:
        if source.kind is not Kind.REQUIREMENTS or source.compiled_by:
            continue
        path = source.path
        asked_before, asked_after = old.flatten(path), new.flatten(path)
        added = find_added(atoms_of_declarations(asked_before.asked), atoms_of_declarations(asked_after.asked))
        known = {include.target for include in old.by_path[path].includes} if path in old.by_path else set()
        found.append(
            ProjectCost(
                source.project.path,
                path,
                len(asked_before.packages),
                len(asked_after.packages),
                tuple(", ".join(words) for words in added.values()),
                tuple(each.target for each in source.includes if each.target not in known or not each.constraint),
                refused.get(path, ""),
            )
        )
    return tuple(found)


def count_duplication(repository: Repository) -> Duplication:
    """Return how often the requirements and constraints files that people write say what they say."""
    written = [source for source in repository.requirements.sources if not source.compiled_by]
    asking = [item for source in written if source.kind is Kind.REQUIREMENTS for item in source.declarations]
    limiting = [item for source in written if source.kind is Kind.CONSTRAINTS for item in source.declarations]
    versions = [item.package for item in (*asking, *limiting) if item.specifier or item.url]
    return Duplication(len(asking), len({item.package for item in asking}), len(versions), len(set(versions)))
