"""Which lane a decision that can be carried out belongs to, and what to look at before saying yes."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.model import Lane
from rrr_optimize.phrases import listed
from rrr_optimize.requirements.versions.variants import find_variants, variants_glob
from rrr_optimize.requirements.wording import places
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.requirements.versions.decision import Decision, Step
    from rrr_optimize.unify_settings import UnifySettings

_SHOWN = 4


class Doubt(NamedTuple):
    """Why a change needs a yes, and what to do about it."""

    why: str
    hint: str


def find_doubts(decision: Decision, settings: UnifySettings) -> Iterator[Doubt]:
    """Yield the reasons why a decision is not carried out without being asked."""
    major = [step for step in decision.major_steps if not step.is_down]
    if major and not settings.allows_major(decision.package):
        hint = f'read what the new release changes, or say allow-major = ["{decision.package}"] in the configuration'
        yield Doubt(f"a major step for {_describe(major)}", hint)
    if down := [step for step in decision.steps if step.is_down]:
        yield Doubt(f"an older version for {_describe(down)}", "see that what was tested with the newer one works")
    if merged := _find_merged(decision):
        hint = f'see that it supports every Python there, or say policy = "pinned {decision.version}", or except one'
        yield Doubt(f"{places(merged, _SHOWN)} are kept apart by markers, and come to be one version", hint)
    if variants := find_variants(decision):
        paths = list(dict.fromkeys(item.location.path for item in variants))
        globs = list(dict.fromkeys(variants_glob(item) for item in variants))
        why = f"by {'its name' if len(paths) == 1 else 'their names'}, {listed(paths)} should differ"
        yield Doubt(why, f'leave such files as they are by a policy: in = "{globs[0]}", policy = "ignored"')
    if stale := decision.stale:
        locks = listed([f"{lock.path} ({pin.specifier})" for lock, pin in stale])
        anew = listed([_make_anew(lock.path, lock.compile_command) for lock, _ in stale])
        yield Doubt(f"out of date would be {locks}, which follows from what changes", f"then {anew}")


def lane_of(doubts: tuple[Doubt, ...]) -> Lane:
    """Return SAFE where there is no doubt."""
    return Lane.REVIEW if doubts else Lane.SAFE


def _describe(steps: list[Step]) -> str:
    """Return who takes which step: `engine and backtesting (from 1.4 and 1.5 to 2.0)`."""
    by_project: defaultdict[str, list[str]] = defaultdict(list)
    for step in steps:
        by_project[step.project.name].append(str(step.before))
    by_versions: defaultdict[tuple[str, ...], list[str]] = defaultdict(list)
    for name, before in by_project.items():
        by_versions[tuple(before)].append(name)
    after = steps[0].after
    said = [f"{listed(names)} (from {listed(before)} to {after})" for before, names in by_versions.items()]
    return listed(said, _SHOWN)


def _find_merged(decision: Decision) -> list[Declaration]:
    """Return the pins of one file that its markers keep apart, that differ, and that come to be the same."""
    if decision.policy.name is PolicyName.PINNED:
        # Whoever names the version has looked.
        return []
    by_file: defaultdict[tuple[object, ...], list[Declaration]] = defaultdict(list)
    for item in decision.declarations:
        if item.pin and item.marker:
            by_file[item.location.path, item.scope, item.part].append(item)
    moving = {change.declaration for change in decision.changes}
    return [
        item
        for items in by_file.values()
        if len({item.pin for item in items}) > 1 and not moving.isdisjoint(items)
        for item in items
    ]


def _make_anew(path: str, command: str) -> str:
    return f"make {path} anew: {command}" if command else f"make {path} anew"
