"""`rrr-optimize fix-imports`: take out changes of the search path that are proved to change nothing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.commands.run_record import describe_course, digest_inputs, plan_record
from rrr_optimize.commands.stages import Staged
from rrr_optimize.commands.writing import run_writing
from rrr_optimize.imports.deletion import plan_deletions
from rrr_optimize.imports.deletion_record import describe_deletions
from rrr_optimize.imports.judging import Judge, judge_all
from rrr_optimize.model import Plan

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from rrr_optimize.commands.stages import Course
    from rrr_optimize.commands.writing import WritingOptions


def run_fix_imports(options: WritingOptions, cwd: Path, environ: Mapping[str, str]) -> int:
    """Plan, and show, check or write the plan; return the exit code.

    Raises RrrOptimizeError for everything that keeps the plan from being made or written.
    """
    stages = (_delete, partial(_record, options.verify))
    return run_writing("fix-imports", stages, options, {}, cwd, environ)


def _delete(course: Course) -> Staged:
    if not course.now.imports.statements:
        return Staged(Plan())
    codebase = course.now.codebase
    judge = Judge(codebase)
    return Staged(plan_deletions(codebase, judge, judge_all(codebase, judge)))


def _record(checks: tuple[str, ...], course: Course) -> Staged:
    if not course.now.snapshot.changes:
        return Staged(Plan())
    facts = course.now.imports
    paths = [change.path for change in course.now.snapshot.changes]
    inputs = digest_inputs(course.now.snapshot, [*paths, *(each.location.path for each in facts.statements)])
    content = {**describe_course(course, checks), **describe_deletions(course.before.imports, facts)}
    return plan_record("fix-imports", course, inputs, content)
