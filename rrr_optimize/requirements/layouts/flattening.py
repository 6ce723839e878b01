"""What a requirements file asks for together with everything that it includes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.marker_rows import ALL_ROWS, describe_rows
from rrr_optimize.requirements.layouts.project_files import normal_marker

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.facts.declarations import Declaration, Source

Atoms = dict[tuple[str, str], int]
"""The environments in which a package is asked for (with an empty extra), and in which each of its extras is."""
DirectSet = frozenset[tuple[str, frozenset[str], str | None]]
"""The (name, extras, marker) of all that is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Flattened:
    """The declarations of a file and its includes: what they ask for, and what they only limit."""

    asked: tuple[Declaration, ...]
    constrained: tuple[Declaration, ...]

    @property
    def packages(self) -> frozenset[str]:
        """The names that are asked for."""
        return frozenset(item.package for item in self.asked)

    @property
    def direct(self) -> DirectSet:
        """The (name, extras, marker) that are asked for."""
        return frozenset((item.package, item.extras, normal_marker(item.marker)) for item in self.asked)


class Flattener:
    """Flattens files as pip does: `-r` asks, `-c` limits, and whatever is included through a `-c` limits too."""

    def __init__(self, sources: Iterable[Source]) -> None:
        self.by_path: Mapping[str, Source] = {source.path: source for source in sources}
        self._known: dict[str, Flattened] = {}

    def flatten(self, path: str) -> Flattened:
        """Return what a file comes to; a file that comes again counts once."""
        if path not in self._known:
            found: dict[bool, list[Declaration]] = {False: [], True: []}
            for name, limits in self.chain(path):
                found[limits] += self.by_path[name].declarations
            self._known[path] = Flattened(tuple(found[False]), tuple(found[True]))
        return self._known[path]

    def chain(self, path: str) -> Sequence[tuple[str, bool]]:
        """Return the file and all that it includes, in the order of pip, each with whether it only limits."""
        found: dict[tuple[str, bool], None] = {}
        waiting = [(path, False)]
        while waiting:
            name, limits = waiting.pop()
            if name in self.by_path and (name, limits) not in found:
                found[name, limits] = None
                includes = self.by_path[name].includes
                waiting += [(each.target, limits or each.constraint) for each in reversed(includes)]
        return tuple(found)

    def includes(self, path: str) -> frozenset[str]:
        """Return the files that a file includes by `-r`, directly or not."""
        return frozenset(name for name, limits in self.chain(path) if not limits and name != path)


def atoms_of(asked: Iterable[tuple[str, Iterable[str], int]]) -> Atoms:
    """Return where each package and extra is asked for, from names, extras and environments."""
    found: Atoms = {}
    for package, extras, rows in asked:
        for extra in ("", *extras):
            found[package, extra] = found.get((package, extra), 0) | rows
    return found


def atoms_of_declarations(declarations: Iterable[Declaration]) -> Atoms:
    """Return where each package and extra is asked for."""
    return atoms_of((item.package, item.extras, item.marker_rows) for item in declarations)


def find_added(before: Atoms, after: Atoms) -> dict[str, tuple[str, ...]]:
    """Return, by package, what is asked for after and was not before, in words.

    That is `name[extras]` for a package that is new, and for another the extras or environments that come.
    """
    found: dict[str, list[str]] = {}
    extras: dict[str, list[str]] = {}
    for (package, extra), rows in sorted(after.items()):
        known = before.get((package, extra), 0)
        if (package, "") not in before:
            extras.setdefault(package, []).extend([extra] if extra else [])
        elif fresh := rows & ~known:
            where = describe_rows(fresh, ALL_ROWS)
            whole = f"{package}[{extra}]" if extra else package
            found.setdefault(package, []).append(f"{whole} ({where})" if where else whole)
    new = {package: (f"{package}[{','.join(names)}]" if names else package,) for package, names in extras.items()}
    return {package: new.get(package) or tuple(found[package]) for package in sorted({*new, *found})}
