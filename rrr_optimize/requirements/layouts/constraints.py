"""The layout `constraints`: versions live in one root file, names stay where they are."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from rrr_optimize.facts.specifiers import specifier_key
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.model import ChangeGroup, Lane, Location
from rrr_optimize.requirements.disagreements import group_by_package
from rrr_optimize.requirements.joining import join_specifiers
from rrr_optimize.requirements.layouts.draft import Draft
from rrr_optimize.requirements.layouts.group_words import group_id, refuse, title_of_constrained, title_of_constraints
from rrr_optimize.requirements.layouts.hindrances import Hindrance
from rrr_optimize.requirements.layouts.locks import warn_of_stale
from rrr_optimize.requirements.layouts.options import CONSTRAINTS_FILE
from rrr_optimize.requirements.layouts.project_edits import edit_project_file
from rrr_optimize.requirements.layouts.references import Rewriting
from rrr_optimize.requirements.layouts.root_file import SharedLine, create_root_file, edit_root_file
from rrr_optimize.requirements.layouts.shareable import find_contested

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Creation, Edit
    from rrr_optimize.requirements.layouts.flattening import Flattener
    from rrr_optimize.requirements.layouts.layout_plan import LeftPackage
    from rrr_optimize.requirements.layouts.project_files import Entry, ProjectFile
    from rrr_optimize.requirements.layouts.refusals import Refusals

_WHY = "A version that several files say is said once, in a file that limits them all; nobody gets a package more."
_HEADER = (
    "The versions of what several projects of this repository ask for.",
    "Their requirements files name the packages and limit them by this file with -c.",
)


@dataclass(frozen=True, eq=False)
class ConstraintsPlanner:
    """Plans the layout for `files`, all requirements files that people write; `root` is the constraints file there."""

    repository: Repository
    files: Mapping[str, ProjectFile]
    root: ProjectFile | None
    flattener: Flattener
    refusals: Refusals

    def plan(self) -> Draft:
        """Return the group of the constraints file, those of projects by path, and what is refused."""
        if unusable := self.refusals.unusable.get(CONSTRAINTS_FILE):
            return _refuse_all(unusable)
        edits: dict[str, tuple[Edit, ...]] = {}
        refused: dict[str, Hindrance] = {}
        for path, rewriting in self._rewritings.items():
            found = edit_project_file(self.files[path], rewriting, constraint=True)
            if isinstance(found, Refusal):
                refused[path] = Hindrance(found.reason, "change this line by hand", Location(path))
            else:
                edits[path] = found
        fixed = self.refusals.fixed.get(CONSTRAINTS_FILE)
        refused |= {CONSTRAINTS_FILE: fixed} if fixed else {}
        refused |= {
            path: hindrance
            for path, hindrance in self._kept.items()
            if path in self.files and any(self._leaves(entry) for entry in self.files[path].entries)
        }
        root = self._plan_root(edits)
        if isinstance(root, Refusal):
            return _refuse_all(Hindrance(root.reason, "change it by hand", Location(CONSTRAINTS_FILE)))
        needed = frozenset({root.id} if root else ())
        projects = [self._plan_project(path, edits[path], needed) for path in sorted(edits)]
        groups = (*([root] if root else ()), *projects, *(refuse(path, each) for path, each in sorted(refused.items())))
        return Draft(groups, {path: each.reason for path, each in refused.items()}, self._decided[1])

    @cached_property
    def _kept(self) -> dict[str, Hindrance]:
        return {**self.refusals.barred.get(CONSTRAINTS_FILE, {}), **self.refusals.hindered}

    @cached_property
    def _members(self) -> dict[str, ProjectFile]:
        return {path: file for path, file in self.files.items() if path not in self._kept}

    @cached_property
    def _decided(self) -> tuple[dict[str, str], tuple[LeftPackage, ...]]:
        """The one specifier of each package whose version two projects say, or the file there; what is left to each."""
        said = self.root.by_package if self.root else {}
        entries: dict[str, list[Entry]] = {package: list(held) for package, held in said.items()}
        projects: dict[str, set[str]] = {}
        for file in self._members.values():
            for entry in file.entries:
                entries.setdefault(entry.package, []).append(entry)
                if entry.specifier and not file.has_own_index:
                    projects.setdefault(entry.package, set()).add(file.facts.project.path)
        wanted = {package for package in entries if package in said or len(projects.get(package, ())) > 1}
        held = group_by_package(self.root.facts.declarations if self.root else ())
        contested, opponents = find_contested(self.repository, wanted, held)
        found = {}
        for package in sorted(wanted - contested.keys() - opponents.keys()):
            # A line for some environments only would leave the others without a version.
            is_whole = all(not entry.extras and entry.marker is None for entry in said.get(package, ()))
            joined = join_specifiers(entry.specifier for entry in entries[package]) if is_whole else None
            if joined and self._can_say(package, joined):
                found[package] = joined
        return found, tuple(left for package, left in contested.items() if len(projects.get(package, ())) > 1)

    @property
    def _lines(self) -> dict[str, str]:
        return self._decided[0]

    def _can_say(self, package: str, specifier: str) -> bool:
        if CONSTRAINTS_FILE not in self.refusals.fixed:
            return True
        held = self.root.entries_of(package) if self.root else ()
        return any(specifier_key(entry.specifier) == specifier_key(specifier) for entry in held)

    def _leaves(self, entry: Entry) -> bool:
        """Return whether the version of an entry can live in the constraints file."""
        named = entry.line.requirement
        has_place = named is not None and named.specifier_span is not None
        return entry.is_plain and bool(entry.specifier) and has_place and entry.package in self._lines

    @cached_property
    def _rewritings(self) -> dict[str, Rewriting]:
        found: dict[str, Rewriting] = {}
        # A file comes after all that it includes.
        for path in sorted(self._members, key=lambda path: (len(self.flattener.chain(path)), path)):
            bare = tuple(entry.number for entry in self._members[path].entries if self._leaves(entry))
            chain = {name for name, _ in self.flattener.chain(path)} - {path}
            through = frozenset(name for name in chain if name in found and found[name].layers)
            is_limited = CONSTRAINTS_FILE in chain or through
            references = (CONSTRAINTS_FILE,) if bare and not is_limited else ()
            layers = frozenset({CONSTRAINTS_FILE} if bare else ())
            if bare:
                found[path] = Rewriting(references, (), bare, through=through, layers=layers)
        return found

    def _plan_root(self, edits: Mapping[str, object]) -> ChangeGroup | Refusal | None:
        users = {
            entry.package
            for path in edits
            for entry in self._members[path].entries
            if entry.number in self._rewritings[path].bare
        }
        held = self.root.by_package if self.root else {}
        shared = [
            SharedLine(package, (frozenset(), None), f"{package}{specifier}", specifier, ())
            for package, specifier in self._lines.items()
            if package in users or package in held
        ]
        changed: tuple[Edit, ...] = ()
        creations: tuple[Creation, ...] = ()
        if self.root:
            found = edit_root_file(self.root, shared)
            if isinstance(found, Refusal):
                return found
            changed = found
        elif shared:
            made = create_root_file(CONSTRAINTS_FILE, _HEADER, shared)
            if isinstance(made, Refusal):
                return made
            creations = (made,)
        if not changed and not creations:
            return None
        return ChangeGroup(
            group_id(CONSTRAINTS_FILE),
            Lane.SAFE,
            title_of_constraints(CONSTRAINTS_FILE, len(shared), len(edits), is_new=self.root is None),
            _WHY,
            location=Location(CONSTRAINTS_FILE),
            edits=changed,
            creations=creations,
        )

    def _plan_project(self, path: str, edits: tuple[Edit, ...], needed: frozenset[str]) -> ChangeGroup:
        rewriting = self._rewritings[path]
        specifiers = {
            entry.package: self._lines[entry.package]
            for entry in self._members[path].entries
            if entry.number in rewriting.bare
        }
        stale = warn_of_stale(self.refusals.locks.get(path), self.flattener, specifiers.items())
        return ChangeGroup(
            group_id(path),
            Lane.REVIEW if stale else Lane.SAFE,
            title_of_constrained(path, len(rewriting.bare), CONSTRAINTS_FILE),
            _WHY,
            hint=stale,
            location=Location(path),
            edits=edits,
            requires=needed | {group_id(name) for name in rewriting.through},
        )


def _refuse_all(hindrance: Hindrance) -> Draft:
    return Draft((refuse(CONSTRAINTS_FILE, hindrance),), {CONSTRAINTS_FILE: hindrance.reason})
