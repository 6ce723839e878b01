"""What a run of `unify` did, counted, as the plain data that its run record keeps."""

from __future__ import annotations

import hashlib
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.facts.declarations import Kind, Layer
from rrr_optimize.facts.marker_rows import pythons_of_rows
from rrr_optimize.requirements.disagreements import find_disagreements
from rrr_optimize.requirements.layouts.costs import count_duplication, find_costs

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts.layout_plan import ProjectCost
    from rrr_optimize.requirements.versions.decision import Decision


@dataclass(frozen=True, slots=True, eq=False)
class UnifyRun:
    """One run: the tree before it and after it, what was accepted and what decided."""

    before: Repository
    after: Repository
    accepted: frozenset[str]
    decisions: tuple[Decision, ...]
    layout: str


def find_inputs(repository: Repository) -> dict[str, str]:
    """Return the SHA-256 of each file that `unify` decides from, by path: requirements, locks, its configuration."""
    paths = {source.path for source in repository.requirements.sources}
    if (origin := repository.settings.origin) and repository.snapshot.is_file(origin):
        paths.add(origin)
    return {path: hashlib.sha256(repository.snapshot.read(path) or b"").hexdigest() for path in sorted(paths)}


def describe_run(run: UnifyRun) -> dict[str, Any]:
    """Return what a record of `unify` tells beyond what every record does; `documents.dependency_audit` shows it."""
    costs = find_costs(run.before, run.after, {})
    return {
        "policy": str(run.before.settings.unify.policy),
        "layout": run.layout,
        "engine": "static: PEP 440 and PEP 508 as the packaging library reads them",
        "pythons": [f"{major}.{minor}" for major, minor in pythons_of_rows(run.after.requirements.declared_rows)],
        "before": count_requirements(run.before),
        "after": count_requirements(run.after),
        "decisions": [_decision(each) for each in run.decisions if each.group in run.accepted and each.version],
        "layers": list(_layers(run.after, costs)),
        "projects": [_project(cost, run) for cost in costs],
        "marked": list(_marked(run.after)),
        "commands": [f"python -m pip install -r {shlex.quote(cost.path)}" for cost in costs if "/" in cost.path],
        "inputs_digest": _digest(find_inputs(run.after)),
    }


def count_requirements(repository: Repository) -> dict[str, int]:
    """Return what both documents count: declarations, packages, how many say again, conflicts and clashes."""
    disagreements = find_disagreements(repository)
    duplication = count_duplication(repository)
    return {
        "declarations": duplication.declarations,
        "packages": duplication.packages,
        "repeated": duplication.repeated,
        "conflicts": len({each.package for each in disagreements.conflicts}),
        "clashes": len(disagreements.clashes),
    }


def _decision(decision: Decision) -> dict[str, Any]:
    after = {id(change.declaration): change.specifier for change in decision.changes}
    return {
        "package": decision.package,
        "version": decision.version,
        "why": decision.reason,
        "asked": [
            {
                "place": item.place,
                "project": item.scope.project.path,
                "asks": item.specifier,
                "becomes": after.get(id(item), item.specifier),
            }
            for item in decision.declarations
        ],
    }


def _layers(repository: Repository, costs: Sequence[ProjectCost]) -> Iterator[dict[str, Any]]:
    users: dict[str, list[str]] = {}
    for cost in costs:
        for target in cost.references:
            users.setdefault(target, []).append(cost.path)
    for source in repository.requirements.sources:
        if source.path in users:
            packages = sorted({item.package for item in source.declarations})
            yield {"file": source.path, "packages": packages, "users": users[source.path]}


def _project(cost: ProjectCost, run: UnifyRun) -> dict[str, Any]:
    changed = {change.path for change in run.after.snapshot.changes}
    return {
        "project": cost.project,
        "path": cost.path,
        "packages_before": cost.before,
        "packages_after": cost.after,
        "added": list(cost.added),
        "state": "changed" if cost.path in changed else "as it was",
    }


def _marked(repository: Repository) -> Iterator[dict[str, str]]:
    for source in repository.requirements.sources:
        if source.compiled_by:
            continue
        for item in source.declarations:
            if item.marker and item.scope.layer is not Layer.BUILD and item.kind is not Kind.PRE_COMMIT:
                yield {"requirement": item.text, "marker": item.marker, "place": str(item.location)}


def _digest(inputs: dict[str, str]) -> str:
    lines: Iterable[str] = (f"{digest}  {path}\n" for path, digest in inputs.items())
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
