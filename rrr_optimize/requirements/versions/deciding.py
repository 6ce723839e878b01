"""Decide what the requirements of one component come to: the version, what changes, and why."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from packaging.version import Version

from rrr_optimize.facts.marker_rows import ALL_ROWS
from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.path_globs import match_glob
from rrr_optimize.requirements.joining import join_specifiers
from rrr_optimize.requirements.locks import find_excluding
from rrr_optimize.requirements.satisfiability import find_contradictions
from rrr_optimize.requirements.versions import wording
from rrr_optimize.requirements.versions.choice import Wishes, repin, wishes_of
from rrr_optimize.requirements.versions.decision import Change, Decision, StaleLock
from rrr_optimize.requirements.versions.parts import Component, Part, contradicts, find_components, names_project
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from rrr_optimize.config import Ban
    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.model import Project
from rrr_optimize.requirements.locks import LockedPin

_MINOR = 2
_FIXED = frozenset({PolicyName.PINNED, PolicyName.SNAP_TO})
_ASKED_FOR = _FIXED | {PolicyName.SAME_RANGE}
"""The policies that may want something of requirements that agree."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a decision has to know besides the requirements themselves."""

    rows_of: Callable[[Declaration], int]
    internal: Mapping[str, Project]
    banned: tuple[Ban, ...]
    locked_pins: Mapping[str, Sequence[LockedPin]]


def decide(part: Part, around: Surroundings) -> Iterator[Decision]:
    """Yield the decisions of a part; nothing for requirements that may stay as they are."""
    name = part.policy.name
    if name is PolicyName.BANNED:
        yield _refuse(part, part.declarations, wording.why_banned(part))
        return
    if name not in _ASKED_FOR and not contradicts(part.declarations, around.rows_of):
        return
    components = tuple(find_components(part, around.rows_of, by_ranges=name is PolicyName.SAME_RANGE))
    for component in components:
        if found := _Decider(part, component, around).decide():
            yield found


def _refuse(part: Part, declarations: tuple[Declaration, ...], reason: str) -> Decision:
    return Decision("", part.package, part.policy, declarations, None, reason, in_the_way=declarations)


class _Decider:
    def __init__(self, part: Part, component: Component, around: Surroundings) -> None:
        self.part = part
        self.component = component
        self.around = around
        self.policy = part.policy.name
        self.locked = tuple(self._locked_pins())

    def decide(self) -> Decision | None:
        disagree = self._disagree()
        if not disagree and not self._is_asked_for():
            return None
        if self.part.package in self.around.internal or self.policy is PolicyName.INTERNAL:
            reason = wording.why_internal(self.part, self.around.internal.get(self.part.package))
            return _refuse(self.part, self.component.declarations, reason) if disagree else None
        if placed := self.component.placed:
            return _refuse(self.part, self.component.declarations, wording.why_placed(placed))
        if builds := [item for item in self.component.pins if item.pin and item.pin.local]:
            return _refuse(self.part, self.component.declarations, wording.why_builds(builds))
        return self._agree()

    def _disagree(self) -> bool:
        asked = [(item.specifier, self.around.rows_of(item)) for item in self.component.declarations if not item.url]
        return bool(find_contradictions(asked, ALL_ROWS))

    def _is_asked_for(self) -> bool:
        """Tell whether the policy wants something of requirements that agree."""
        if self.policy is PolicyName.SAME_RANGE:
            return len({item.specifier_key for item in self.component.ranges}) > 1
        return self.policy in _FIXED

    def _target(self) -> Version | None:
        if self.policy is PolicyName.PINNED:
            return Version(self.part.policy.argument)
        if self.policy is PolicyName.SNAP_TO:
            pins = {item.pin for item in self.component.pins if item.pin and self._is_model(item)}
            return pins.pop() if len(pins) == 1 else None
        return None

    def _is_model(self, item: Declaration) -> bool:
        project = item.scope.project
        return names_project(self.part.policy.argument, project.name, project.path)

    def _wishes(self, without: frozenset[str] = frozenset()) -> Wishes:
        asked = (*self.component.pins, *self.component.ranges)
        return wishes_of(
            (item.specifier for item in asked if item.specifier not in without),
            tuple(pin.specifier for _, pin, _ in self.locked),
            tuple(ban.specifier for ban in self.around.banned if self._bans(ban)),
        )

    def _bans(self, ban: Ban) -> bool:
        paths = (item.location.path for item in self.component.pins)
        return ban.package == self.part.package and bool(ban.specifier) and any(match_glob(ban.where, p) for p in paths)

    def _locked_pins(self) -> Iterator[LockedPin]:
        """Yield the pins of compiled files that follow from what takes part, where they are active together."""
        members = {id(item) for item in self.component.declarations}
        for locked in self.around.locked_pins.get(self.part.package, ()):
            follows = any(id(item) in members for item in locked.asked)
            if follows and self.around.rows_of(locked.pin) & self.component.rows:
                yield locked

    def _agree(self) -> Decision | None:
        target = self._target()
        policy = PolicyName.LEAST_SATISFYING if self.policy in _FIXED and target is None else self.policy
        wishes = self._wishes()
        version = wishes.choose(policy, target)
        changes = [*(self._repin(version, wishes) if version else ()), *self._narrow()]
        if version is None and (self.component.pins or not changes):
            return self._stay(policy, wishes, target)
        if not changes:
            return None
        asked = (*self.component.declarations, *(pin for _, pin, _ in self.locked))
        reason = wording.why_version(self.part.policy, asked, wishes, version, changes)
        return self._decision(version, reason, changes=tuple(changes), stale=tuple(self._stale(changes)))

    def _repin(self, version: str, wishes: Wishes) -> Iterator[Change]:
        chosen = Version(version)
        for item in self.component.pins:
            if item.pin is None or item.pin == chosen:
                continue
            of_one_minor = (item.pin.epoch, item.pin.release[:_MINOR]) == (chosen.epoch, chosen.release[:_MINOR])
            if self.policy is PolicyName.SAME_MINOR and of_one_minor and wishes.admit(item.pin):
                continue
            yield Change(item, repin(item.specifier, version))

    def _narrow(self) -> Iterator[Change]:
        if self.policy is PolicyName.SAME_RANGE:
            common = join_specifiers(item.specifier for item in self.component.ranges)
            for item in self.component.ranges if common else ():
                if common and item.specifier_key != specifier_key(common):
                    yield Change(item, common)

    def _stay(self, policy: PolicyName, wishes: Wishes, target: Version | None) -> Decision:
        core = wishes.in_the_way(policy, target)
        members = (*self.component.declarations, *(pin for _, pin, _ in self.locked))
        in_the_way = tuple(item for item in members if item.specifier in core and not item.url)
        odd, otherwise = self._find_odd(in_the_way, policy, target)
        reason = wording.why_none(self.part, self.component, in_the_way, wishes, target)
        return self._decision(None, reason, in_the_way=in_the_way, odd=odd, otherwise=otherwise)

    def _find_odd(
        self, in_the_way: tuple[Declaration, ...], policy: PolicyName, target: Version | None
    ) -> tuple[tuple[Declaration, ...], str | None]:
        """Return those in the way that are the fewer, and what the others would agree on without them.

        A compiled file cannot give way: it follows. Of sides alike ranges give way before pins.
        """
        sides: defaultdict[str, list[Declaration]] = defaultdict(list)
        for item in in_the_way:
            sides[item.specifier_key].append(item)
        locked = {pin for _, pin, _ in self.locked}
        options = [side for _, side in sorted(sides.items()) if locked.isdisjoint(side)]
        options.sort(key=lambda side: (len(side), bool(side[0].pin)))
        for side in options if self.component.pins else ():
            if version := self._wishes(frozenset(item.specifier for item in side)).choose(policy, target):
                return tuple(side), version
        return tuple(options[0]) if options else (), None

    def _stale(self, changes: Sequence[Change]) -> Iterator[StaleLock]:
        after = {id(change.declaration): change.specifier for change in changes}
        for lock, pin, asked in self.locked:
            moved = any(id(item) in after for item in asked)
            if moved and find_excluding(pin, [(item, after.get(id(item), item.specifier)) for item in asked]):
                yield StaleLock(lock, pin)

    def _decision(self, version: str | None, reason: str, **rest: Any) -> Decision:
        locked = tuple(pin for _, pin, _ in self.locked)
        declarations = self.component.declarations
        return Decision("", self.part.package, self.part.policy, declarations, version, reason, locked=locked, **rest)
