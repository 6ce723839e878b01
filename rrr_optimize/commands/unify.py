"""`rrr-optimize unify`: one version for each package, said in one place, and a document that tells of it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.commands.run_record import describe_course
from rrr_optimize.commands.stages import Staged
from rrr_optimize.commands.unify_document import plan_document
from rrr_optimize.commands.writing import run_writing
from rrr_optimize.model import Plan, Table
from rrr_optimize.requirements.layouts.options import Layout, LayoutOptions
from rrr_optimize.requirements.layouts.planning import plan_layout
from rrr_optimize.requirements.unify_record import UnifyRun
from rrr_optimize.requirements.versions.plan import plan_versions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.commands.stages import Course
    from rrr_optimize.commands.writing import WritingOptions
    from rrr_optimize.config import Settings
    from rrr_optimize.requirements.layouts.layout_plan import LayoutPlan
    from rrr_optimize.requirements.versions.decision import Decision


@dataclass(frozen=True, slots=True)
class Choices:
    """What the command line chooses in place of the configuration."""

    policy: str | None = None
    layout: str | None = None
    max_added: int | None = None

    def overrides(self) -> tuple[str, ...]:
        """Return the choices as `--config` takes them."""
        said = {"policy": self.policy, "layout": self.layout, "max-added": self.max_added}
        return tuple(f"unify.{key}={json.dumps(value)}" for key, value in said.items() if value is not None)


def run_unify(options: WritingOptions, choices: Choices, cwd: Path, environ: Mapping[str, str]) -> int:
    """Plan, and show, check or write the plan; return the exit code.

    Raises RrrOptimizeError for everything that keeps the plan from being made or written.
    """
    unifying = _Unifying(options.verify, compare=not (options.check or options.write or options.apply))
    stages = (unifying.versions, unifying.layout, unifying.document)
    return run_writing("unify", stages, options.with_config(choices.overrides()), {}, cwd, environ)


class _Unifying:
    """The three stages, and what the first decided for the last to tell.

    Where no layout is chosen, those that could be are compared only if somebody is there to `compare` them.
    """

    def __init__(self, checks: tuple[str, ...], *, compare: bool) -> None:
        self.decisions: tuple[Decision, ...] = ()
        self._checks = checks
        self._compare = compare

    def versions(self, course: Course) -> Staged:
        found = plan_versions(course.now)
        self.decisions = found.decisions
        idle = tuple(f"no requirement has the policy {entry.policy} of the configuration" for entry in found.idle)
        return Staged(found.plan, notes=idle)

    def layout(self, course: Course) -> Staged:
        chosen = course.now.settings.unify.layout
        layouts = (Layout(chosen),) if chosen else tuple(Layout) if self._compare else ()
        plans = [plan_layout(course.now, _layout_options(course.now.settings, layout)) for layout in layouts]
        tables = tuple(_cost_table(plan) for plan in plans)
        notes = tuple(_duplication(plan) for plan in plans)
        return Staged(plans[0].plan if chosen else Plan(), tables, notes)

    def document(self, course: Course) -> Staged:
        layout = course.now.settings.unify.layout or ""
        run = UnifyRun(course.before, course.now, course.accepted, self.decisions, layout)
        return plan_document(run, describe_course(course, self._checks))


def _layout_options(settings: Settings, layout: Layout) -> LayoutOptions:
    said = settings.unify
    options = LayoutOptions(layout, max_added=said.max_added)
    return LayoutOptions(layout, said.layers or options.layers, said.threshold or options.threshold, said.max_added)


def _cost_table(plan: LayoutPlan) -> Table:
    rows = tuple(
        (cost.path, str(cost.before), str(cost.after), str(len(cost.added)), cost.refused or ", ".join(cost.references))
        for cost in plan.costs
    )
    return Table(f"Packages with the layout {plan.layout}", ("file", "before", "after", "added", "refers to"), rows)


def _duplication(plan: LayoutPlan) -> str:
    return "; ".join(_shares(plan))


def _shares(plan: LayoutPlan) -> Iterator[str]:
    before, after = plan.before, plan.after
    if (share := plan.share_removed) is not None:
        yield (
            f"{plan.layout}: of {before.repeated} declarations beyond the first of each package {after.repeated} are "
            f"left, {share:.0%} removed"
        )
    if (share := plan.share_of_versions_removed) is not None:
        yield f"of {before.repeated_versions} versions said again {after.repeated_versions}, {share:.0%} removed"
