"""Prove a layout on the repository as it would be: what is asked for, in which versions, with what prospects."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.model import Proof
from rrr_optimize.phrases import counted, listed
from rrr_optimize.requirements.disagreements import group_by_package
from rrr_optimize.requirements.joining import join_specifiers
from rrr_optimize.requirements.layouts.flattening import Flattener, atoms_of_declarations, find_added
from rrr_optimize.requirements.satisfiability import find_contradictions

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.facts.requirement_facts import InstallSet
    from rrr_optimize.requirements.layouts.flattening import Flattened

_SHOWN = 8


@dataclass(frozen=True, eq=False)
class LayoutProofs:
    """Compares a repository before and after; `roots` are the files that versions may move to."""

    before: Repository
    after: Repository
    roots: Collection[str]

    @cached_property
    def flattener_before(self) -> Flattener:
        """What files come to as they are."""
        return Flattener(self.before.requirements.sources)

    @cached_property
    def flattener_after(self) -> Flattener:
        """What files come to as they would be."""
        return Flattener(self.after.requirements.sources)

    def prove(self, path: str) -> tuple[Proof, ...]:
        """Return what holds for one changed or new file and for every installation that it is part of."""
        before, after = self.flattener_before.flatten(path), self.flattener_after.flatten(path)
        return (
            _prove_direct_set(before, after),
            self._prove_versions(path, before, after),
            self._prove_installations(path),
            self._prove_references(path),
        )

    def _prove_versions(self, path: str, before: Flattened, after: Flattened) -> Proof:
        old, new = _specifiers(before), _specifiers(after)
        wrong: list[str] = []
        for package, specifiers in sorted(new.items()):
            planned = old.get(package, frozenset()) | self._said_by_roots.get(package, frozenset())
            wrong += [f"{package}{text} is new" for text in sorted(specifiers) if specifier_key(text) not in planned]
        for package, keys in sorted(old.items()):
            if not _is_as_strict(new.get(package, frozenset()), keys):
                wrong.append(f"{package} could be had in versions that {path} kept out")
        claim = "every version that is asked for was asked for before or stands in a root file, and none gets in anew"
        return Proof(claim, not wrong, tuple(wrong[:_SHOWN]))

    @cached_property
    def _said_by_roots(self) -> dict[str, frozenset[str]]:
        declarations = [
            item
            for path in self.roots
            if path in self.flattener_after.by_path
            for item in self.flattener_after.by_path[path].declarations
        ]
        return {
            package: frozenset(specifier_key(item.specifier) for item in items)
            for package, items in group_by_package(declarations).items()
        }

    def _prove_installations(self, path: str) -> Proof:
        worse = self._worse.get(path, ())
        claim = "whatever is installed together and could be had can still be had"
        sets = sum(1 for paths in self._paths_of_sets.values() if path in paths)
        return Proof(claim, not worse, tuple(worse[:_SHOWN]) or (f"{counted(sets, 'installation')} looked at",))

    @cached_property
    def _paths_of_sets(self) -> dict[str, frozenset[str]]:
        return {
            each.label: frozenset(item.location.path for item in each.members)
            for each in self.after.requirements.install_sets
        }

    @cached_property
    def _worse(self) -> dict[str, list[str]]:
        """What can no longer be installed, by each file that takes part."""
        old = {each.label: each for each in self.before.requirements.install_sets}
        found: dict[str, list[str]] = {}
        for each in self.after.requirements.install_sets:
            for package in _find_broken(old.get(each.label), each):
                for path in self._paths_of_sets[each.label]:
                    found.setdefault(path, []).append(f"{each.label}: no version of {package} is left")
        return found

    def _prove_references(self, path: str) -> Proof:
        source = self.flattener_after.by_path[path]
        lost = [each.target for each in source.includes if not self.after.snapshot.is_file(each.target)]
        old = self.flattener_before.by_path.get(path)
        known = {each.target for each in old.includes} if old else set()
        wrong = sorted(set(lost) - known)
        targets = tuple(dict.fromkeys(each.target for each in source.includes))
        return Proof("every new -r and -c leads to a file inside the root", not wrong, tuple(wrong) or targets)


def _prove_direct_set(before: Flattened, after: Flattened) -> Proof:
    lost = sorted(package for package, _, _ in before.direct - after.direct)
    added = find_added(atoms_of_declarations(before.asked), atoms_of_declarations(after.asked))
    if lost:
        return Proof(_DIRECT, holds=False, evidence=tuple(f"{package} is lost" for package in lost[:_SHOWN]))
    words = [word for package in sorted(added) for word in added[package]]
    kept = f"{counted(len(before.packages), 'package')} before, {len(after.packages)} after"
    return Proof(_DIRECT, holds=True, evidence=(kept, f"added: {listed(words, _SHOWN)}") if words else (kept,))


_DIRECT = "every name, extra and marker that was asked for is asked for after"


def _specifiers(flattened: Flattened) -> dict[str, frozenset[str]]:
    """Return what is said of the versions of each package, in spellings that are equal for equal ones."""
    items = group_by_package((*flattened.asked, *flattened.constrained))
    return {
        package: frozenset(item.specifier_key for item in asked if item.specifier) for package, asked in items.items()
    }


def _is_as_strict(after: frozenset[str], before: frozenset[str]) -> bool:
    """Return whether whatever meets all specifiers after meets all that were there before."""
    if before <= after or join_specifiers([*before]) is None:
        return True
    joined, both = join_specifiers([*after]), join_specifiers([*after, *before])
    return joined is not None and both is not None and specifier_key(joined) == specifier_key(both)


def _find_broken(before: InstallSet | None, after: InstallSet) -> Iterator[str]:
    """Yield the packages that a set, of which nothing was impossible before, can no longer have."""
    old = before.members if before else ()
    if old == after.members:
        return
    known = frozenset((item.package, *_asked(item)) for item in old)
    fresh = {item.package for item in after.members if (item.package, *_asked(item)) not in known}
    # What is only limited is not installed.
    asked = {item.package for item in after.members if item.scope.layer is not Layer.CONSTRAINT}
    wanted = fresh & asked
    earlier = group_by_package(item for item in old if item.package in wanted)
    for package, items in group_by_package(item for item in after.members if item.package in wanted).items():
        is_impossible, was_impossible = (
            find_contradictions([_asked(item) for item in each if not item.url], after.rows)
            for each in (items, earlier.get(package, ()))
        )
        if is_impossible and not was_impossible:
            yield package


def _asked(item: Declaration) -> tuple[str, int]:
    return item.specifier, item.marker_rows
