"""Layouts: where the requirements that several projects share are written down."""

from rrr_optimize.requirements.layouts.layout_plan import Duplication, LayoutPlan, LeftPackage, ProjectCost
from rrr_optimize.requirements.layouts.options import Layout, LayoutOptions
from rrr_optimize.requirements.layouts.planning import plan_layout

__all__ = ["Duplication", "Layout", "LayoutOptions", "LayoutPlan", "LeftPackage", "ProjectCost", "plan_layout"]
