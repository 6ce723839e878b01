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
    from rrr_optimize.model import ChangeGroup
    from rrr_optimize.requirements.layouts.layout_plan import ProjectCost
    from rrr_optimize.requirements.versions.decision import Decision


@dataclass(frozen=True, slots=True, eq=False)
class UnifyRun:
    """One run: the tree before it and after it, what was proposed, accepted and decided."""

    before: Repository
    after: Repository
    groups: tuple[ChangeGroup, ...]
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
    """Return the content of the run record; `documents.dependency_audit` makes the document from it."""
    costs = find_costs(run.before, run.after, {})
    return {
        "policy": str(run.before.settings.unify.policy),
        "layout": run.layout,
        "engine": "static: PEP 440 and PEP 508 as the packaging library reads them",
        "pythons": [f"{major}.{minor}" for major, minor in pythons_of_rows(run.after.requirements.declared_rows)],
        "before": _count(run.before),
        "after": _count(run.after),
        "decisions": [_decision(each) for each in run.decisions if each.group in run.accepted and each.version],
        "left": list(_left(run)),
        "layers": list(_layers(run.after, costs)),
        "projects": [_project(cost, run) for cost in costs],
        "marked": list(_marked(run.after)),
        "files": list(_files(run)),
        "proofs": [_proofs(group) for group in run.groups if group.id in run.accepted and group.proofs],
        "commands": [f"python -m pip install -r {shlex.quote(cost.path)}" for cost in costs if "/" in cost.path],
        "inputs_digest": _digest(find_inputs(run.after)),
    }


def _count(repository: Repository) -> dict[str, int]:
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


def _left(run: UnifyRun) -> Iterator[dict[str, Any]]:
    for group in run.groups:
        if group.id not in run.accepted:
            yield {
                "id": group.id,
                "lane": group.lane.value,
                "title": group.title,
                "why": group.why,
                "hint": group.hint,
                "place": str(group.location or ""),
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


def _files(run: UnifyRun) -> Iterator[dict[str, Any]]:
    for change in run.after.snapshot.changes:
        before, after = change.before, change.after or b""
        yield {
            "path": change.path,
            "lines_before": None if before is None else len(before.splitlines()),
            "lines_after": len(after.splitlines()),
        }


def _proofs(group: ChangeGroup) -> dict[str, Any]:
    return {
        "group": group.id,
        "title": group.title,
        "claims": [{"claim": proof.claim, "holds": proof.holds} for proof in group.proofs],
    }


def _digest(inputs: dict[str, str]) -> str:
    lines: Iterable[str] = (f"{digest}  {path}\n" for path, digest in inputs.items())
    return hashlib.sha256("".join(lines).encode("utf-8", "surrogateescape")).hexdigest()
