"""Plan one version for each package whose requirements disagree: the first stage of `unify`."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from rrr_optimize.errors import ConfigurationError
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.model import ChangeGroup, Edit, Lane, Plan, Proof
from rrr_optimize.requirements.locks import find_locked_pins
from rrr_optimize.requirements.versions import wording
from rrr_optimize.requirements.versions.deciding import Surroundings, decide
from rrr_optimize.requirements.versions.edits import find_edits
from rrr_optimize.requirements.versions.lanes import find_doubts, lane_of
from rrr_optimize.requirements.versions.parts import find_idle_entries, find_parts, names_project
from rrr_optimize.requirements.versions.proofs import VersionProofs, failures
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.locks import LockedPin
    from rrr_optimize.requirements.versions.decision import Change, Decision
    from rrr_optimize.unify_settings import PolicyEntry

_BROKEN = "first change what stands in the way there"


@dataclass(frozen=True, slots=True)
class VersionPlan:
    """What to change, and what was decided for each package that disagrees, by package.

    Each decision belongs to the group of its id. `idle` are the policies of the configuration that match nothing.
    """

    plan: Plan
    decisions: tuple[Decision, ...]
    idle: tuple[PolicyEntry, ...] = ()


def plan_versions(repository: Repository) -> VersionPlan:
    """Return the version plan of a repository, by the policies of its settings; the plan counts in its snapshot.

    What can be had without breaking an installation is SAFE or REVIEW, with proofs that were computed on the
    repository as it would be; everything else is REFUSED with the reason. The order of files and of what stands in
    them makes no difference. Raises ConfigurationError where a policy names a project that does not exist.
    """
    _check_projects(repository)
    decisions = tuple(_number(_decide(repository)))
    edits = find_edits(decisions, repository.requirements.files)
    planner = _Planner(repository, edits)
    groups = {group.id: group for group in planner.plan(decisions)}
    return VersionPlan(
        Plan(tuple(groups[decision.group] for decision in decisions)), decisions, find_idle_entries(repository)
    )


def _check_projects(repository: Repository) -> None:
    settings = repository.settings.unify
    policies = (settings.policy, *(entry.policy for entry in settings.policies))
    models = dict.fromkeys(policy.argument for policy in policies if policy.name is PolicyName.SNAP_TO)
    globs = dict.fromkeys((*models, *(glob for entry in settings.policies for glob in entry.projects)))
    unknown = [
        glob for glob in globs if not any(names_project(glob, each.name, each.path) for each in repository.projects)
    ]
    if unknown:
        named = ", ".join(map(repr, unknown))
        raise ConfigurationError(
            f"unify: no project is called {named}",
            f"the projects are {', '.join(project.name for project in repository.projects)}",
        )


def _decide(repository: Repository) -> Iterator[Decision]:
    facts = repository.requirements
    locked: defaultdict[str, list[LockedPin]] = defaultdict(list)
    for each in find_locked_pins(facts):
        locked[each.pin.package].append(each)
    around = Surroundings(facts.rows_of, facts.internal, repository.settings.banned, locked)
    for part in find_parts(repository):
        yield from decide(part, around)


def _number(decisions: Iterator[Decision]) -> Iterator[Decision]:
    seen: defaultdict[str, int] = defaultdict(int)
    for decision in decisions:
        seen[decision.package] += 1
        number = seen[decision.package]
        yield replace(decision, group=f"unify/version/{decision.package}{f'/{number}' if number > 1 else ''}")


class _Planner:
    def __init__(self, repository: Repository, edits: Mapping[Change, Edit | Refusal]) -> None:
        self.repository = repository
        self.edits = edits

    def plan(self, decisions: Sequence[Decision]) -> Iterator[ChangeGroup]:
        """Yield a group for each decision; one whose proof fails is taken out, and the others are proved again."""
        possible: list[Decision] = []
        for decision in decisions:
            if problem := self._find_problem(decision):
                yield self._refuse(decision, *problem)
            else:
                possible.append(decision)
        while possible:
            groups = [self._draft(decision) for decision in possible]
            after = self.repository.overlay(groups)
            proofs = VersionProofs(self.repository.requirements, after.requirements, possible)
            proved = {decision: proofs.prove(decision) for decision in possible}
            failed = {decision: each for decision, each in proved.items() if failures(each)}
            for decision, each in failed.items():
                yield self._refuse(decision, "; ".join(failures(each)), _BROKEN, each)
            if not failed:
                for decision, group in zip(possible, groups, strict=True):
                    yield replace(group, proofs=proved[decision], requires=_find_required(decision, possible, proofs))
                return
            possible = [decision for decision in possible if decision not in failed]

    def _find_problem(self, decision: Decision) -> tuple[str, str] | None:
        """Return why a decision cannot be carried out, and what to do instead."""
        if not decision.changes:
            return decision.reason, wording.way_out(decision)
        refusals = [(each, found) for each in decision.changes if isinstance(found := self.edits[each], Refusal)]
        if refusals:
            change, refusal = refusals[0]
            by_hand = "change it by hand" + (", with its hashes" if change.declaration.hashed else "")
            return f"{change.declaration.place} cannot be edited: {refusal.reason}", by_hand
        return None

    def _draft(self, decision: Decision) -> ChangeGroup:
        doubts = tuple(find_doubts(decision, self.repository.settings.unify))
        found = (self.edits[change] for change in decision.changes)
        return ChangeGroup(
            decision.group,
            lane_of(doubts),
            wording.title_of(decision, refused=False),
            why="; ".join([decision.reason, *(doubt.why for doubt in doubts)]),
            hint="; ".join(doubt.hint for doubt in doubts),
            location=decision.changes[0].declaration.location,
            edits=tuple(dict.fromkeys(edit for edit in found if isinstance(edit, Edit))),
        )

    def _refuse(self, decision: Decision, why: str, hint: str, proofs: tuple[Proof, ...] = ()) -> ChangeGroup:
        place = (
            next((each.declaration for each in decision.changes), None)
            or (
                *decision.in_the_way,
                *decision.declarations,
            )[0]
        )
        title = wording.title_of(decision, refused=True)
        return ChangeGroup(decision.group, Lane.REFUSED, title, why, hint, place.location, proofs=proofs)


def _find_required(decision: Decision, possible: Sequence[Decision], proofs: VersionProofs) -> frozenset[str]:
    """Return the other decisions on a package that policies divide, where this one would break something alone."""
    others = frozenset(each.group for each in possible if each.package == decision.package and each is not decision)
    return frozenset() if not others or proofs.holds_alone(decision) else others
