"""Compare what programs import with some statements and without them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.imports.following import follow
from rrr_optimize.imports.program import Conditions

if TYPE_CHECKING:
    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.imports.program import Key, Program, Removed, Trace

_FORESEEN = (
    Conditions(),
    Conditions(maybe=False),
    Conditions(changes=False),
    Conditions(at_once=True),
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
        return (
            f"{self.program}: {self.text} ({self.path}:{self.line}) reaches {self.before}, and {self.after} without it"
        )


class Comparison:
    """Follows programs, each once for each set of statements that is thought away."""

    def __init__(self, codebase: Codebase) -> None:
        self._codebase = codebase
        self._traces: dict[tuple[Program, Removed, Conditions], Trace] = {}

    def follow(self, program: Program, removed: Removed = frozenset(), conditions: Conditions = _FORESEEN[0]) -> Trace:
        """Return what the imports of a program reach; statements of files that it does not load make no difference."""
        if removed:
            loaded = self.follow(program, frozenset(), conditions).files
            removed = frozenset(each for each in removed if each[0] in loaded)
        key = (program, removed, conditions)
        if key not in self._traces:
            self._traces[key] = follow(program, self._codebase.index, self._codebase.files, removed, conditions)
        return self._traces[key]

    def difference(self, program: Program, removed: Removed, base: Removed = frozenset()) -> Difference | None:
        """Return what changes in a program when statements are taken out, `base` being out already; None for nothing.

        What depends on a condition is looked at with and without it, and functions that change the path are called at
        once and at the end. Of several changes one in a file of the statements is told.
        """
        usual = self.follow(program, base)
        for conditions in _FORESEEN:
            if not _matters(conditions, usual):
                continue
            before, after = (self.follow(program, each, conditions) for each in (base, removed | base))
            if before is after:
                continue
            own = {path for path, _ in removed}
            keys = sorted(before.differences(after), key=lambda key: key[0] not in own)
            if keys:
                return _describe(program, keys[0], before, after)
        return None


def _matters(conditions: Conditions, usual: Trace) -> bool:
    """Tell whether a program has anything in it that these conditions decide."""
    return (
        (conditions.maybe or usual.has_maybe)
        and (conditions.changes or usual.has_change)
        and (usual.has_later or not conditions.at_once)
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
