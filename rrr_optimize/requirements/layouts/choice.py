"""Choose a layer: which packages it holds, and which files reference it.

A package that a file gets and did not name weighs `share`; a line that a file no longer needs, the rest of 1. A layer
is a set of packages and a set of files for which the lines saved outweigh the packages added as far as possible: no
file and no package, put in or left out alone, would make it better. Put simply: *a file references a layer if it names
at least `share` of the layer's packages, and a package is in the layer if at least `share` of these files, of two
projects or more, name it*.

Each of the two rules, applied in turn, can only make the balance better, so this comes to an end. What a root file
holds and who references it already is given and stays, and a file that includes one that references a layer has it,
too; a layer that is there is therefore found again as it is.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping
    from fractions import Fraction

_MOST_SEEDS = 16


@dataclass(frozen=True, slots=True)
class Choice:
    """The packages of a layer and the paths of the files that have it, by themselves or through what they include."""

    packages: frozenset[str]
    paths: frozenset[str]


@dataclass(frozen=True, slots=True)
class Candidates:
    """What a layer is chosen from.

    `named` are the packages of the layer's theme that each file names by itself, `project_of` the project of each file.
    `held` are the packages of the root file that is there, `holders` the files that reference it already. Those in
    `barred` cannot reference it themselves. `users` are the files that include each file: what it references, they do.
    """

    named: Mapping[str, frozenset[str]]
    project_of: Mapping[str, str]
    held: frozenset[str] = frozenset()
    holders: frozenset[str] = frozenset()
    barred: Collection[str] = ()
    users: Mapping[str, Collection[str]] = field(default_factory=dict)


def choose_layer(candidates: Candidates, share: Fraction, *, may_grow: bool = True) -> Choice:
    """Return the best layer; without packages or files where there is none.

    `may_grow` says whether packages may be put into the root file that is there.
    """
    if candidates.held or candidates.holders or not may_grow:
        return _settle(candidates, share, candidates.held, may_grow=may_grow)
    found = [_settle(candidates, share, seed) for seed in _seeds(candidates)]
    # Of two that are equally good, the one whose names come first.
    best = min(found, key=lambda choice: (-_balance(candidates, choice, share), sorted(choice.packages)))
    projects = {candidates.project_of[path] for path in best.paths}
    return best if len(projects) > 1 else Choice(frozenset(), frozenset())


def _seeds(candidates: Candidates) -> list[frozenset[str]]:
    """Return where to begin: what most files name, and each of the packages that are named most."""
    counts = Counter(package for packages in candidates.named.values() for package in packages)
    ordered = sorted(
        (package for package, count in counts.items() if count > 1), key=lambda name: (-counts[name], name)
    )
    named = sum(1 for packages in candidates.named.values() if packages)
    common = frozenset(package for package in ordered if counts[package] * 2 >= named)
    return [common, *(frozenset({package}) for package in ordered[:_MOST_SEEDS])]


def _settle(candidates: Candidates, share: Fraction, packages: frozenset[str], *, may_grow: bool = True) -> Choice:
    """Apply the two rules in turn until nothing changes."""
    seen: set[Choice] = set()
    choice = Choice(packages, frozenset())
    while True:
        paths = _files_for(candidates, share, choice.packages)
        after = Choice(_packages_for(candidates, share, paths) if may_grow else candidates.held, paths)
        if choice in seen:
            # Files that come along with others can make them take turns for ever; from here on nothing is put out.
            after = Choice(after.packages | choice.packages, after.paths | choice.paths)
        if after == choice:
            return choice
        seen.add(choice)
        choice = after


def find_joining(candidates: Candidates, share: Fraction, packages: frozenset[str]) -> frozenset[str]:
    """Return the files that name enough of these packages and can reference a layer of them."""
    least = share * len(packages)
    named = candidates.named.items()
    return frozenset(
        path for path, own in named if packages and path not in candidates.barred and len(own & packages) >= least
    )


def _files_for(candidates: Candidates, share: Fraction, packages: frozenset[str]) -> frozenset[str]:
    joining = find_joining(candidates, share, packages)
    along = (user for path in joining for user in candidates.users.get(path, ()))
    return candidates.holders.union(joining, along)


def _packages_for(candidates: Candidates, share: Fraction, paths: frozenset[str]) -> frozenset[str]:
    counts: Counter[str] = Counter()
    projects: dict[str, set[str]] = {}
    for path in paths:
        for package in candidates.named.get(path, ()):
            counts[package] += 1
            projects.setdefault(package, set()).add(candidates.project_of[path])
    least = share * len(paths)
    return candidates.held | {name for name, count in counts.items() if count >= least and len(projects[name]) > 1}


def _balance(candidates: Candidates, choice: Choice, share: Fraction) -> Fraction:
    """Return the lines saved against the packages added; the more the better."""
    saved = sum(len(candidates.named[path] & choice.packages) for path in choice.paths)
    return saved - share * len(choice.paths) * len(choice.packages)
