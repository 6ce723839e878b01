"""`rrr-optimize fix-imports`: take out changes of the search path that are proved to change nothing."""

from __future__ import annotations

import json
import os
import shutil
from contextlib import closing
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.commands.run_record import describe_course, digest_inputs, plan_record
from rrr_optimize.commands.scope import is_within
from rrr_optimize.commands.stages import Staged
from rrr_optimize.commands.writing import run_writing
from rrr_optimize.errors import ConfigurationError, UsageError
from rrr_optimize.facts.source_roots import find_told_root
from rrr_optimize.imports.deletion import plan_deletions
from rrr_optimize.imports.deletion_record import describe_deletions
from rrr_optimize.imports.judging import Judge, judge_all
from rrr_optimize.imports.replay_proof import prove_by_replay
from rrr_optimize.model import Plan
from rrr_optimize.tools.replay import PythonReplayer
from rrr_optimize.workspace.root import path_below
from rrr_optimize.workspace.site_packages import find_site_packages

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.commands.opening import Target
    from rrr_optimize.commands.stages import Course, Stage
    from rrr_optimize.commands.writing import WritingOptions
    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.tools.replay import Replayer
    from rrr_optimize.workspace.root import Root


@dataclass(frozen=True, slots=True)
class Decisions:
    """What the command line decides of the imports; paths count from the working directory.

    `prove_run` asks for a second proof by a replay, and `python` names the Python for it.
    """

    cwd: tuple[str, ...] = ()
    roots: tuple[str, ...] = ()
    site_packages: str | None = None
    prove_run: bool = False
    python: str | None = None


def run_fix_imports(options: WritingOptions, decisions: Decisions, cwd: Path, environ: Mapping[str, str]) -> int:
    """Plan, and show, check or write the plan; return the exit code.

    Raises RrrOptimizeError for everything that keeps the plan from being made or written.
    """
    root, within = options.target.find(cwd)
    options = replace(options, target=decide(options.target, decisions, root, cwd))
    replayer = find_replayer(decisions, cwd)
    # A hook changes what is about to be committed; a record would have to be added to it by hand.
    records: tuple[Stage, ...] = () if options.hook else (partial(_record, options.verify),)
    return run_writing("fix-imports", (_Deleting(within, replayer).plan, *records), options, {}, cwd, environ)


def decide(target: Target, decisions: Decisions, root: Root, cwd: Path) -> Target:
    """Return the target with the decisions as settings. Raises UsageError for one that cannot be meant."""
    return replace(target, config=(*target.config, *_overrides(decisions, root, cwd)))


def find_replayer(decisions: Decisions, cwd: Path) -> Replayer | None:
    """Return what replays programs; None where nobody asked for it. Raises UsageError for a Python that is missing."""
    if decisions.python is None:
        return PythonReplayer() if decisions.prove_run else None
    if not decisions.prove_run:
        raise UsageError("--python says nothing without --prove-run", "add --prove-run, or leave --python out")
    # A bare name is looked for as a shell does it; a path counts from the working directory.
    found = shutil.which(decisions.python if os.sep not in decisions.python else str(cwd / decisions.python))
    if found is None:
        raise UsageError(f"--python {decisions.python}: there is no such program", "name a Python, 3.8 or later")
    return PythonReplayer(found)


def plan_proved(codebase: Codebase, hacks: Iterable[PathHack], replayer: Replayer | None) -> Plan:
    """Return the plan to take out what does nothing of some statements, proved a second time if there is a replayer."""
    judge = Judge(codebase)
    judgements = judge_all(codebase, judge, hacks)
    plan = plan_deletions(codebase, judge, judgements)
    if replayer is None:
        return plan
    with closing(replayer):
        return prove_by_replay(codebase, judge, judgements, plan, replayer)


def require_sense(repository: Repository) -> None:
    """Raise ConfigurationError where a decision, of the configuration or the command line, names what there is not."""
    said, snapshot = repository.settings.fix_imports, repository.snapshot
    for folder in said.cwd:
        if not snapshot.is_folder(folder):
            raise ConfigurationError(
                f"{folder} is no folder with files of the repository", "--cwd and fix-imports.cwd name those"
            )
    if said.site_packages:
        find_site_packages(said.site_packages, snapshot.root)
    for name, path in said.roots:
        if find_told_root(snapshot, name, path) is None:
            raise ConfigurationError(
                f"{path} neither holds nor is a package or module called {name}",
                "--root and fix-imports.roots name the folder from which it is imported",
            )


def _overrides(decisions: Decisions, root: Root, cwd: Path) -> Iterator[str]:
    if decisions.cwd:
        yield f"fix-imports.cwd={json.dumps([_from_root(path, root, cwd) for path in decisions.cwd])}"
    if decisions.site_packages is not None:
        # It may be outside of the repository, and the links of a virtual environment are part of its name.
        yield f"fix-imports.site-packages={json.dumps(str((cwd / decisions.site_packages).absolute()))}"
    for said in decisions.roots:
        name, equals, path = said.partition("=")
        if not (equals and name.isidentifier() and path):
            raise UsageError(f"--root {said}: it takes NAME=PATH, and NAME is that of a top-level module or package")
        yield f"fix-imports.roots.{json.dumps(name)}={json.dumps(_from_root(path, root, cwd))}"


def _from_root(path: str, root: Root, cwd: Path) -> str:
    return path_below(root, (cwd / path).resolve(), path)


@dataclass(frozen=True, slots=True)
class _Deleting:
    """The stage that takes out what does nothing; of statements outside of `within` nothing is said."""

    within: tuple[str, ...] | None
    replayer: Replayer | None = None

    def plan(self, course: Course) -> Staged:
        require_sense(course.now)
        hacks = [each for each in course.now.imports.statements if is_within(each.location.path, self.within)]
        if not hacks:
            return Staged(Plan())
        plan = plan_proved(course.now.codebase, hacks, self.replayer)
        course.now.memory.save()
        return Staged(plan)


def _record(checks: tuple[str, ...], course: Course) -> Staged:
    if not course.now.snapshot.changes:
        return Staged(Plan())
    facts = course.now.imports
    paths = [change.path for change in course.now.snapshot.changes]
    inputs = digest_inputs(course.now.snapshot, [*paths, *(each.location.path for each in facts.statements)])
    content = {**describe_course(course, checks), **describe_deletions(course.before.imports, facts)}
    return plan_record("fix-imports", course, inputs, content)
