"""Say why a version was chosen, or why none will do, in sentences that can stand in a document."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.phrases import counted, listed
from rrr_optimize.requirements.versions.choice import admits
from rrr_optimize.requirements.wording import group_by_specifier, places
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from packaging.version import Version

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.model import Project
    from rrr_optimize.requirements.versions.choice import Wishes
    from rrr_optimize.requirements.versions.decision import Change, Decision
    from rrr_optimize.requirements.versions.parts import Component, Part
    from rrr_optimize.unify_settings import Policy


def why_version(
    policy: Policy, asked: Sequence[Declaration], wishes: Wishes, version: str | None, changes: Sequence[Change]
) -> str:
    """Return why this version is the one; `asked` are the requirements and the pins of compiled files."""
    said = [_why(policy, asked, wishes, version)] if version and wishes.floor else []
    if narrowed := next((change.specifier for change in changes if not change.versions), None):
        said.append(f"the ranges have {narrowed} in common")
    return "; ".join(said)


def _why(policy: Policy, asked: Sequence[Declaration], wishes: Wishes, version: str) -> str:
    from packaging.version import Version

    same = [item for item in asked if item.pin == Version(version)]
    match policy.name:
        case PolicyName.PINNED:
            return f"{version} is what the configuration pins"
        case PolicyName.SNAP_TO if same:
            return f"{version} is what {policy.argument} pins"
        case PolicyName.LOWEST:
            return f"{version} is the lowest pin that every range admits ({places(same)})"
        case PolicyName.MOST_COMMON:
            return f"{version} is pinned most often, by {len(same)} of {counted(len(wishes.pins), 'pin')}"
        case _:
            return _why_not_below(policy, asked, wishes, version)


def _why_not_below(policy: Policy, asked: Sequence[Declaration], wishes: Wishes, version: str) -> str:
    from packaging.version import Version

    floor = wishes.floor
    highest = [item for item in asked if item.pin == floor]
    if floor == Version(version):
        return (
            f"{version} is the highest pin ({places(highest)}){', and every range admits it' if wishes.ranges else ''}"
        )
    least = "highest version named" if policy.name is PolicyName.HIGHEST else "least version"
    reason = f"{version} is the {least} that is below no pin and inside every range"
    if floor is None or wishes.admit(floor):
        return reason
    shut = [item for item in asked if item.specifier and not item.pin and not admits(item.specifier, floor)]
    return f"{reason}; the highest pin, {floor}, is {f'outside {by_specifier(shut)}' if shut else 'banned'}"


def why_none(
    part: Part, component: Component, in_the_way: Sequence[Declaration], wishes: Wishes, target: Version | None
) -> str:
    """Return what keeps the requirements from agreeing."""
    pins = [item for item in in_the_way if item.pin]
    ranges = [item for item in in_the_way if not item.pin]
    if target is not None:
        who = "the configuration pins" if part.policy.name is PolicyName.PINNED else f"{part.policy.argument} pins"
        return f"{who} {target}, which {f'is outside {by_specifier(ranges)}' if ranges else 'is banned'}"
    if pins and ranges:
        return f"the highest pin, {pins[0].pin} ({places(pins)}), is outside {by_specifier(ranges)}"
    if not ranges:
        return f"every version from the highest pin, {wishes.floor}, on that is named is banned"
    if component.pins and part.policy.name in {PolicyName.LOWEST, PolicyName.MOST_COMMON}:
        return f"no pin is inside {by_specifier(ranges)}"
    return f"no version is {by_specifier(ranges)}"


def why_banned(part: Part) -> str:
    """Return that a policy bans a package, and where it is asked for."""
    return f"a policy of the configuration bans {part.package}; it is asked for in {places(part.declarations, 4)}"


def why_internal(part: Part, home: Project | None) -> str:
    """Return that the package is the repository's own."""
    what = f"a project of this repository ({home.path})" if home else "the repository's own, as the configuration says"
    return f"{part.package} is {what}, and its version is not for others to choose"


def why_placed(placed: Sequence[Declaration]) -> str:
    """Return that a requirement names a place instead of a version."""
    return f"{places(placed)} {'takes' if len(placed) == 1 else 'take'} it from a place, where any version may be"


def why_builds(builds: Sequence[Declaration]) -> str:
    """Return that pins name builds of a version."""
    named = "names a build" if _is_one(builds) else "name builds"
    return f"{by_specifier(builds)} {named}, and which one a machine needs is not known"


def by_specifier(declarations: Iterable[Declaration]) -> str:
    """Return each specifier with its places: `<2 (requirements.txt:20) and >=3 (...)`."""
    groups = group_by_specifier(declarations)
    return listed([f"{specifier} ({places(items)})" for specifier, items in groups.items()])


def _is_one(declarations: Sequence[Declaration]) -> bool:
    return len({item.specifier_key for item in declarations}) == 1


def title_of(decision: Decision, *, refused: bool) -> str:
    """Return in one line what changes, what would if it were not refused, or that nothing does."""
    if decision.policy.name is PolicyName.BANNED:
        return f"{decision.package} is banned"
    if not decision.changes:
        return f"{decision.package} stays as it is: its requirements do not agree"
    files = list(dict.fromkeys(change.declaration.location.path for change in decision.changes))
    where = files[0] if len(files) == 1 else counted(len(files), "file")
    if before := sorted({versions[0] for change in decision.changes if (versions := change.versions)}):
        becomes = "would become" if refused else "becomes" if len(before) == 1 else "become"
        return f"{decision.package} {listed(list(map(str, before)))} {becomes} {decision.version} in {where}"
    is_asked = "would be asked" if refused else "is asked"
    return f"{decision.package} {is_asked} for as {decision.changes[0].specifier} in {where}"


def way_out(decision: Decision) -> str:
    """Return what whoever reads that nothing is changed can do about it."""
    if decision.policy.name is PolicyName.BANNED:
        return "take the requirements out"
    if not decision.odd:
        return ""
    one = decision.odd[0]
    if len(decision.odd) == 1:
        exception = f'allow = "{decision.package}{one.specifier}", in = "{one.location.path}"'
        said = f"{one.specifier}, or except it in the configuration ({exception}), with a reason"
    else:
        said = f"{by_specifier(decision.odd)}, or except them in the configuration, with a reason"
    then = f"; the others would agree on {decision.otherwise}" if decision.otherwise else ""
    return f"change {said}{then}"
