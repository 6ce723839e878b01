"""Say where requirements stand and how they differ, the way a colleague would."""

from __future__ import annotations

from itertools import islice
from typing import TYPE_CHECKING

from packaging.version import Version

from rrr_optimize.facts.marker_rows import describe_rows
from rrr_optimize.facts.specifiers import specifier_key, specifier_set
from rrr_optimize.model import Related
from rrr_optimize.phrases import listed
from rrr_optimize.requirements.satisfiability import is_unsatisfiable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.requirements.disagreements import Disagreement

_MOST_PAIRS = 20_000


def places(declarations: Iterable[Declaration], shown: int = 2) -> str:
    """Return where declarations stand: the places themselves when they are few, else the first and a count."""
    return listed(list(dict.fromkeys(item.place for item in declarations)), shown)


def group_by_specifier(declarations: Iterable[Declaration]) -> dict[str, list[Declaration]]:
    """Return the declarations by what they ask for, equal specifiers under the spelling seen first."""
    groups: dict[str, list[Declaration]] = {}
    for item in declarations:
        groups.setdefault(item.specifier_key, []).append(item)
    return {items[0].specifier: items for items in groups.values()}


def relate(declarations: Iterable[Declaration], primary: Declaration) -> tuple[Related, ...]:
    """Return every declaration but the primary one as a related place."""
    return tuple(Related(item.location, describe(item)) for item in declarations if item is not primary)


def describe(declaration: Declaration) -> str:
    """Return a requirement with its marker and what it is for: `numpy==1.24.0 (extra ml)`."""
    marker = f"; {declaration.marker}" if declaration.marker else ""
    scope = str(declaration.scope)
    return f"{declaration.text}{marker} ({scope})" if scope else f"{declaration.text}{marker}"


def first(declarations: Iterable[Declaration]) -> Declaration:
    """Return the declaration that stands first in path order."""
    return min(declarations, key=lambda item: item.location)


def choose_primary(disagreement: Disagreement) -> Declaration:
    """Return the declaration to show first: the first that would have to change, else the first of the core."""
    involved = [item for item in disagreement.declarations if item.specifier]
    proposal = disagreement.proposal
    odd = [item for item in involved if proposal and not _admits(item, proposal)]
    return first(odd or [item for item in involved if item.specifier in disagreement.core])


def oppose(disagreement: Disagreement, primary: Declaration) -> str:
    """Return what excludes what, from where the primary declaration stands.

    `joblib is ==1.1.0 here but >=1.3.2 in pyproject.toml:62`; with more than two sides, all of them with their places.
    """
    if len(disagreement.core) == 1:
        return f"{disagreement.package}: {disagreement.core[0]} contradicts itself"
    others = [item for item in disagreement.declarations if item.specifier]
    for other in sorted(others, key=lambda item: (item.specifier not in disagreement.core, item.location)):
        if is_unsatisfiable({primary.specifier, other.specifier}):
            items = [item for item in others if item.specifier == other.specifier]
            return f"{disagreement.package} is {primary.specifier} here but {other.specifier} in {places(items)}"
    return f"{disagreement.package}: no version meets {explain_core(disagreement)}"


def explain_core(disagreement: Disagreement) -> str:
    """Return each specifier of the core with its places: `==1.1.0 (requirements.txt:67) and >=1.3.2 (...)`."""
    groups = group_by_specifier(item for item in disagreement.declarations if item.specifier in disagreement.core)
    return listed([f"{specifier} ({places(items)})" for specifier, items in groups.items()], 4)


def explain_pins(disagreement: Disagreement) -> str:
    """Return each pinned version with its places, the most used first."""
    groups = group_by_specifier(item for item in disagreement.declarations if item.pin)
    ordered = sorted(groups.items(), key=lambda entry: (-len(entry[1]), entry[0]))
    shown = 1 if len(ordered) > 2 else 2  # noqa: PLR2004 - two sides have room for two places each
    return listed([f"{items[0].pin} ({places(items, shown)})" for _, items in ordered], 4)


def in_rows(disagreement: Disagreement) -> str:
    """Return ` [Python 3.8 to 3.10]` and the like where markers limit the disagreement, or nothing."""
    if not any(item.marker for item in disagreement.declarations if item.specifier in disagreement.core):
        return ""
    words = describe_rows(disagreement.rows, disagreement.within)
    return f" [{words}]" if words else ""


def suggest(disagreement: Disagreement) -> str:
    """Return what to change so that they agree, with the least version that fits, or that there is none."""
    package, proposal = disagreement.package, disagreement.proposal
    involved = [item for item in disagreement.declarations if item.specifier]
    if proposal is None:
        return _explain_deadlock(involved, disagreement.core)
    odd = [item for item in involved if not _admits(item, proposal)]
    least = f"{package} {proposal} is the least version that is below no pin and inside every range"
    return f"{least}: change {places(odd, 4)}"


def _explain_deadlock(involved: list[Declaration], core: tuple[str, ...]) -> str:
    """Return why no version will do: the ranges that shut out the highest pin, else the one that shuts out the rest."""
    highest = max((item.pin for item in involved if item.pin), default=None)
    shut = [item for item in involved if not item.pin and highest and not _admits(item, str(highest))]
    if highest and shut:
        ranges = [f"{specifier} ({places(items)})" for specifier, items in group_by_specifier(shut).items()]
        return f"the highest pin, {highest}, is outside {listed(ranges)}: one of them has to give"
    if len(core) == 1:
        return f"no version is {core[0]}: write what was meant"
    return _suggest_range(involved)


def _suggest_range(involved: list[Declaration]) -> str:
    """Return the range that stands against all others, and how it would admit them; nothing where there is no such."""
    bounds = sorted({bound for item in involved if (bound := _lowest(item))})
    if len(bounds) * len(involved) > _MOST_PAIRS:
        return ""
    # What most places admit; of two sides alike, the higher: ranges are outgrown from below.
    best = max(bounds, key=lambda bound: (sum(_admits(item, str(bound)) for item in involved), bound), default=None)
    shut = group_by_specifier(item for item in involved if best and not _admits(item, str(best)))
    if best is None or len(shut) != 1:
        return ""
    ((specifier, items),) = shut.items()
    if "!=" in specifier:
        # Somebody knows of a broken release.
        return ""
    low = _lowest(items[0])
    wider = f">={min(low, best)}" if low else f"<={best}"
    return f"{items[0].package} {best} is in every other range; {specifier} ({places(items)}) would admit it as {wider}"


def _lowest(declaration: Declaration) -> Version | None:
    """Return the highest of the lower bounds that a specifier names."""
    clauses = [clause for clause in specifier_set(declaration.specifier) if clause.operator in {">=", "~=", "=="}]
    return max((Version(clause.version.removesuffix(".*")) for clause in clauses), default=None)


def subject_of(disagreement: Disagreement) -> str:
    """Return the package and every specifier that contradicts another one, for a baseline.

    A specifier that admits all that the others do may come and go without a word.
    """
    specifiers = {item.specifier_key: item for item in disagreement.declarations if item.specifier}
    taking_part = set(map(specifier_key, disagreement.core))
    pins = {key: item.pin.public for key, item in specifiers.items() if item.pin}
    if len(set(pins.values())) > 1:
        taking_part |= pins.keys()
    open_keys = [key for key in specifiers if key not in taking_part]
    pairs = ((one, other) for one in open_keys for other in specifiers if one != other)
    for one, other in islice(pairs, _MOST_PAIRS):
        if one not in taking_part and is_unsatisfiable({one, other}):
            taking_part.add(one)
    return f"{disagreement.package} {' | '.join(sorted(taking_part))}"


def _admits(declaration: Declaration, version: str) -> bool:
    return specifier_set(declaration.specifier).contains(version, prereleases=True)
