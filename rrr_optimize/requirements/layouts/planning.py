"""Plan a layout, prove it on the repository as it would be, and say what it costs."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.model import ChangeGroup, Lane, Plan
from rrr_optimize.requirements.layouts.constraints import ConstraintsPlanner
from rrr_optimize.requirements.layouts.costs import count_duplication, find_costs
from rrr_optimize.requirements.layouts.flattening import Flattener
from rrr_optimize.requirements.layouts.layered import LayeredPlanner
from rrr_optimize.requirements.layouts.layout_plan import LayoutPlan
from rrr_optimize.requirements.layouts.options import CONSTRAINTS_FILE, Layout
from rrr_optimize.requirements.layouts.project_files import find_constraints_file, find_project_files
from rrr_optimize.requirements.layouts.proofs import LayoutProofs
from rrr_optimize.requirements.layouts.refusals import find_refusals

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Proof
    from rrr_optimize.requirements.layouts.draft import Draft
    from rrr_optimize.requirements.layouts.options import LayoutOptions


def plan_layout(repository: Repository, options: LayoutOptions) -> LayoutPlan:
    """Return the plan of a layout, with its proofs and costs.

    What packages disagree about stays with each project, so that versions are best unified before; nothing is changed
    that the options or the repository forbid, and each such thing is a REFUSED group with its reason. A plan on the
    repository as this plan leaves it, with the same options, has nothing to change.
    """
    roots = _roots_of(options)
    draft = _draft(repository, options, roots)
    groups = draft.groups
    while True:
        chosen = [group for group in groups if group.lane is not Lane.REFUSED]
        after = repository.overlay(chosen)
        proofs = LayoutProofs(repository, after, roots)
        proved = {group.id: replace(group, proofs=_prove(group, proofs)) for group in chosen}
        failed = _with_dependents(
            {name for name, group in proved.items() if not all(proof.holds for proof in group.proofs)}, chosen
        )
        if not failed:
            break
        groups = tuple(_withdraw(proved[group.id]) if group.id in failed else group for group in groups)
    return LayoutPlan(
        options.layout,
        Plan(tuple(proved.get(group.id, group) for group in groups)),
        find_costs(repository, after, draft.refused),
        count_duplication(repository),
        count_duplication(after),
        draft.left,
    )


def _roots_of(options: LayoutOptions) -> tuple[str, ...]:
    if options.layout is Layout.CONSTRAINTS:
        return (CONSTRAINTS_FILE,)
    return tuple(options.file_of(name) for name in options.names)


def _draft(repository: Repository, options: LayoutOptions, roots: Sequence[str]) -> Draft:
    files = find_project_files(repository)
    flattener = Flattener(repository.requirements.sources)
    if options.layout is Layout.CONSTRAINTS:
        root = find_constraints_file(repository, CONSTRAINTS_FILE)
        refusals = find_refusals(repository, {**files, **root}, flattener, roots)
        return ConstraintsPlanner(repository, files, root.get(CONSTRAINTS_FILE), flattener, refusals).plan()
    refusals = find_refusals(repository, files, flattener, roots)
    return LayeredPlanner(repository, files, flattener, options, refusals).plan()


def _prove(group: ChangeGroup, proofs: LayoutProofs) -> tuple[Proof, ...]:
    return tuple(proof for path in group.paths for proof in proofs.prove(path))


def _with_dependents(failed: set[str], groups: Iterable[ChangeGroup]) -> set[str]:
    """Return the groups that failed and all that require one of them, directly or not."""
    found = set(failed)
    while fresh := {group.id for group in groups if group.id not in found and group.requires & found}:
        found |= fresh
    return found


def _withdraw(group: ChangeGroup) -> ChangeGroup:
    """Return a group that is only told, because it or one that it needs does not keep its promise."""
    broken = [f"{proof.claim}: {', '.join(proof.evidence)}" for proof in group.proofs if not proof.holds]
    why = "; ".join(broken) or "it needs a change that does not keep its promise"
    return replace(group, lane=Lane.REFUSED, why=f"not so: {why}", edits=(), creations=(), requires=frozenset())
