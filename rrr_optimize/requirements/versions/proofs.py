"""Prove decisions on the repository as it would be: its files are read again, and compared with what was planned.

One overlay proves all decisions at once, for none of them touches a requirement that another one speaks of.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import ALL_ROWS
from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.model import Proof
from rrr_optimize.phrases import counted, listed
from rrr_optimize.requirements.satisfiability import find_contradictions
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.facts.declarations import Declaration, Source
    from rrr_optimize.facts.requirement_facts import InstallSet, RequirementFacts
    from rrr_optimize.requirements.versions.decision import Decision

_SHOWN = 4
_MINOR = 2


class VersionProofs:
    """Compares the requirements before and after; `decisions` are all that the overlay carries out."""

    def __init__(self, before: RequirementFacts, after: RequirementFacts, decisions: Iterable[Decision]) -> None:
        self.before = before
        self.after = after
        self.planned = {change.declaration: change.specifier for each in decisions for change in each.changes}
        self.now: dict[Declaration, Declaration] = {}
        self.surprises: dict[str, str] = {}
        self._compare()
        self.sets = self._sets_of_changes()

    def prove(self, decision: Decision) -> tuple[Proof, ...]:
        """Return what holds for one decision."""
        return (self._prove_edits(decision), self._prove_agreement(decision), self._prove_installations(decision))

    def _compare(self) -> None:
        """Find what each requirement became, and each file that says anything else than what was planned."""
        after = {source.path: source for source in self.after.sources}
        for source in self.before.sources:
            again = after.pop(source.path, None)
            if again is source and self.planned.keys().isdisjoint(source.declarations):
                self.now |= zip(source.declarations, source.declarations, strict=True)
            elif again is None:
                self.surprises[source.path] = "is no longer read"
            elif surprise := self._find_surprise(source, again):
                self.surprises[source.path] = surprise
        self.surprises |= dict.fromkeys(after, "is read where it was not")

    def _find_surprise(self, before: Source, after: Source) -> str:
        if len(before.declarations) != len(after.declarations):
            return f"asks for {len(after.declarations)} requirements in place of {len(before.declarations)}"
        for old, new in zip(before.declarations, after.declarations, strict=True):
            self.now[old] = new
            if specifier_key(self.planned.get(old, old.specifier)) != new.specifier_key or _sense(old) != _sense(new):
                return f"says {new.text} where {old.text} stands in line {old.location.line}"
        if [each.target for each in before.includes] != [each.target for each in after.includes]:
            return "includes other files"
        return "has other problems" if len(before.problems) != len(after.problems) else ""

    def _prove_edits(self, decision: Decision) -> Proof:
        paths = dict.fromkeys(change.declaration.location.path for change in decision.changes)
        wrong = tuple(f"{path} {self.surprises[path]}" for path in paths if path in self.surprises)
        claim = "read again, the files ask for the same packages, extras and markers, and only these versions differ"
        return Proof(claim, not wrong, wrong or (f"{counted(len(paths), 'file')} read again",))

    def _prove_agreement(self, decision: Decision) -> Proof:
        rows_of = self.after.rows_of
        items = [self.now.get(item, item) for item in decision.declarations]
        if decision.policy.name is PolicyName.SAME_MINOR:
            claim = "all pins are of one minor release"
            minors = sorted({".".join(map(str, pin.release[:_MINOR])) for item in items if (pin := item.pin)})
            return Proof(claim, len(minors) <= 1, tuple(minors))
        left = find_contradictions([(item.specifier, rows_of(item)) for item in items if not item.url], ALL_ROWS)
        files = counted(len({item.location.path for item in items}), "file")
        evidence = [f"{counted(len(items), 'requirement')} in {files} admit {decision.version}"]
        evidence = [listed(each.core) + " exclude each other" for each in left] or evidence
        return Proof(
            "no requirement of it that shares an environment with another excludes it", not left, tuple(evidence)
        )

    def _sets_of_changes(self) -> Mapping[str, Sequence[tuple[InstallSet, InstallSet]]]:
        """Return, by package, the install sets before and after that hold a changed requirement of it."""
        found: defaultdict[str, list[tuple[InstallSet, InstallSet]]] = defaultdict(list)
        # Another version makes no other installations: they come in the same order.
        for before, after in zip(self.before.install_sets, self.after.install_sets, strict=False):
            for package in {item.package for item in before.members if item in self.planned}:
                found[package].append((before, after))
        return found

    def _prove_installations(self, decision: Decision) -> Proof:
        broken: list[str] = []
        mended = 0
        pairs = self.sets.get(decision.package, ())
        for before, after in pairs:
            was, now = (_contradict(each, decision.package) for each in (before, after))
            mended += bool(was and not now)
            if now and not was:
                broken.append(f"{after.label} could no longer be installed: {listed(now)} exclude each other")
        evidence = [f"{counted(len(pairs), 'installation')} looked at"]
        evidence += [f"{counted(mended, 'installation')} can be made that could not"] if mended else []
        claim = "whatever is installed together and could be had can still be had"
        return Proof(claim, not broken, tuple(broken[:_SHOWN] or evidence))

    def holds_alone(self, decision: Decision) -> bool:
        """Return whether nothing breaks where other decisions on the same package are not carried out."""
        own = {change.declaration: change.specifier for change in decision.changes}
        return all(
            _contradict(before, decision.package) or not _contradict(before, decision.package, own)
            for before, _ in self.sets.get(decision.package, ())
        )


def _contradict(
    install_set: InstallSet, package: str, changed: Mapping[Declaration, str] | None = None
) -> tuple[str, ...]:
    """Return the specifiers of a package in an install set that exclude each other, with some of them changed."""
    own = changed or {}
    asked = [
        (own.get(item, item.specifier), item.marker_rows)
        for item in install_set.members
        if item.package == package and not item.url
    ]
    return next((each.core for each in find_contradictions(asked, install_set.rows)), ())


def _sense(item: Declaration) -> tuple[object, ...]:
    """Return all that a requirement says but its version."""
    return (item.package, item.spelled, item.extras, item.url, item.marker, item.scope, item.kind, item.part)


def failures(proofs: Iterable[Proof]) -> tuple[str, ...]:
    """Return what keeps proofs from holding, in words."""
    return tuple(evidence for proof in proofs if not proof.holds for evidence in proof.evidence)
