"""Compare what programs import with some statements and without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.imports.events import UNCERTAIN, Events
from rrr_optimize.imports.following import follow
from rrr_optimize.imports.program import Conditions, Load, arrive
from rrr_optimize.imports.search_path import apply_statement, is_guarded
from rrr_optimize.imports.searches import Searches

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.module_index import ModuleIndex
    from rrr_optimize.facts.program_files import ProgramFiles
    from rrr_optimize.imports.program import Key, Program, Removed, Trace

_FORESEEN = (
    Conditions(),
    Conditions(maybe=False),
    Conditions(changes=False),
    Conditions(at_once=True),
    Conditions(uncalled=True),
    Conditions(again=True),
)


@dataclass(frozen=True, slots=True)
class Difference:
    """The first import of a program that reaches something else without the statements, in words."""

    program: Program
    path: str
    line: int
    text: str
    before: str
    after: str

    def __str__(self) -> str:
        where = f"{self.text} ({self.path}:{self.line})"
        return f"`{self.program}`: {where} reaches {self.before}, and {self.after} without it"


class Comparison:
    """Follows programs through some files, each as often as what its imports reach can differ.

    A program that begins with the same files as one that was followed, on another search path or without some
    statements, has the same trace if every search for a name leads to the same: then that trace is returned.
    """

    def __init__(self, index: ModuleIndex, files: ProgramFiles) -> None:
        self._searches = Searches(index)
        self._events = Events(files, index)
        self._traces: dict[tuple[Program, Removed, Conditions], Trace] = {}
        self._kin: dict[tuple[tuple[Load, ...], Conditions], list[Trace]] = {}

    def follow(self, program: Program, removed: Removed = frozenset(), conditions: Conditions = _FORESEEN[0]) -> Trace:
        """Return what the imports of a program reach, in a brief trace."""
        key = (program, removed, conditions)
        if key not in self._traces:
            kin = self._kin.setdefault((program.loads, conditions), [])
            same = next((trace for trace in kin if self._has(program, removed, conditions, trace)), None)
            if same is None:
                same = follow(program, self._searches, self._events, removed, conditions)
                kin.append(same)
            self._traces[key] = same
        return self._traces[key]

    def _has(self, program: Program, removed: Removed, conditions: Conditions, trace: Trace) -> bool:
        """Tell whether a program has a trace of another that begins with the same files.

        Each step depends on the search path and on the steps before it alone, so it does if no search differs.
        """
        path = program.path
        for begin, found in trace.stretches:
            if isinstance(begin, Load):
                path = arrive(path, begin)
            else:
                is_there = is_guarded(path, begin.applied[1], program.directory)
                if is_there != begin.is_there:
                    return False
                if begin.applied not in removed and (conditions.again or not is_there):
                    path = apply_statement(path, begin.applied[1], program.directory)
            if found and not self._searches.agree(found, path):
                return False
        return True

    def cases(self, program: Program, removed: Removed, base: Removed = frozenset()) -> Iterator[Conditions]:
        """Yield what has to be assumed of a program, in turn, to see all that some statements do in it."""
        usual = self.follow(program, base)
        yield from (each for each in (*_FORESEEN, *_alone(removed)) if _matters(each, usual))

    def difference(self, program: Program, removed: Removed, base: Removed = frozenset()) -> Difference | None:
        """Return what changes in a program when statements are taken out, `base` being out already; None for nothing.

        What depends on a condition is looked at with and without it, and functions that change the path are called at
        once, at the end, and not at all. Of several changes one in a file of the statements is told.
        """
        for conditions in self.cases(program, removed, base):
            before = self.follow(program, base, conditions)
            if before.passed.keys().isdisjoint(removed):
                continue
            after = self.follow(program, removed | base, conditions)
            if before is after:
                continue
            own = {path for path, _ in removed}
            keys = sorted(before.differences(after), key=lambda key: key[0] not in own)
            if keys:
                return _describe(program, keys[0], before, after)
        return None


def _alone(removed: Removed) -> Iterator[Conditions]:
    """Yield what shows the need of each statement under a condition: that it runs, and no other such statement does."""
    for applied in sorted(removed, key=lambda applied: (applied[0], applied[1].line, applied[1].column)):
        if applied[1].placement in UNCERTAIN:
            yield Conditions(changes=False, running=frozenset({applied}))


def _matters(conditions: Conditions, usual: Trace) -> bool:
    """Tell whether a program has anything in it that these conditions decide."""
    return (
        (conditions.maybe or usual.has_maybe)
        and (conditions.changes or usual.has_change)
        and (usual.has_later or not conditions.at_once)
        and (usual.has_late or not conditions.uncalled)
        and (usual.has_guard or not conditions.again)
    )


def _describe(program: Program, key: Key, before: Trace, after: Trace) -> Difference:
    path, _, site, _, _ = key
    first, second = (_reached(trace, key) for trace in (before, after))
    if first == second:
        unseen = dict.fromkeys((*before.origins[key].before, *after.origins[key].before))
        second = f"that only unless {' or '.join(entry.path for entry in unseen)} has it"
    return Difference(program, path, site.line, str(site), first, second)


def _reached(trace: Trace, key: Key) -> str:
    return str(trace.origins[key]) if key in trace.origins else "nothing, for it is not run"
