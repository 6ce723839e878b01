"""Plan a layout, prove it on the repository as it would be, and say what it costs."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Kind
from rrr_optimize.model import Lane, Plan
from rrr_optimize.requirements.layouts.flattening import Flattener, atoms_of_declarations, find_added
from rrr_optimize.requirements.layouts.layered import LayeredPlanner
from rrr_optimize.requirements.layouts.layout_plan import Duplication, LayoutPlan, ProjectCost
from rrr_optimize.requirements.layouts.project_files import find_project_files
from rrr_optimize.requirements.layouts.refusals import find_refusals

if TYPE_CHECKING:
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.options import LayoutOptions


def plan_layout(repository: Repository, options: LayoutOptions) -> LayoutPlan:
    files = find_project_files(repository)
    flattener = Flattener(repository.requirements.sources)
    refusals = find_refusals(repository, files, flattener, [options.file_of(n) for n in options.names])
    groups = LayeredPlanner(repository, files, flattener, options, refusals).plan()
    done = [g for g in groups if g.lane is not Lane.REFUSED]
    after = repository.overlay(done)
    f2 = Flattener(after.requirements.sources)
    costs = []
    for path in find_project_files(after):
        b, a = flattener.flatten(path), f2.flatten(path)
        added = find_added(atoms_of_declarations(b.asked), atoms_of_declarations(a.asked))
        costs.append(ProjectCost("", path, len(b.packages), len(a.packages), tuple(added)))
    return LayoutPlan(options.layout, Plan(groups), tuple(costs), count_duplication(repository), count_duplication(after))


def count_duplication(repository: Repository) -> Duplication:
    """Return how often the requirements and constraints files say what they say."""
    kinds = {Kind.REQUIREMENTS, Kind.CONSTRAINTS}
    items = [i for s in repository.requirements.sources if s.kind in kinds and not s.compiled_by for i in s.declarations]
    versions = [item for item in items if item.specifier or item.url]
    return Duplication(
        len(items), len({item.package for item in items}), len(versions), len({item.package for item in versions})
    )
