"""Judge each statement that changes the search path: what it does, and whether it can be taken out."""

from __future__ import annotations

from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from rrr_optimize.facts.standard_library import HIDEABLE
from rrr_optimize.formats.path_forms import PathBase, Placement, StatementKind
from rrr_optimize.imports.canonical import advise_on_need
from rrr_optimize.imports.comparing import Comparison
from rrr_optimize.imports.events import UNCERTAIN
from rrr_optimize.imports.hacks import adds_a_folder
from rrr_optimize.imports.leaving import reason_to_leave
from rrr_optimize.imports.search_path import EntryKind, entry_of
from rrr_optimize.imports.serving import serves
from rrr_optimize.imports.unlisted import UnlistedModules
from rrr_optimize.imports.verdicts import IDLE, Judgement, Reason, Verdict
from rrr_optimize.imports.ways import Ways, find_ways
from rrr_optimize.model import Lane

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.facts.import_facts import PathHack
    from rrr_optimize.formats.path_forms import PathStatement
    from rrr_optimize.formats.python_imports import ImportSite
    from rrr_optimize.imports.comparing import Difference
    from rrr_optimize.imports.program import Program, Removed, Trace
    from rrr_optimize.imports.resolution import Origin

_MOST_SHOWN = 3
_TAKE_OUT = "take the line out"
_UNSURE = UNCERTAIN | {Placement.FUNCTION}
_MISSED = "what is imported above it is not found: install the project or mend the imports"
_TAKING = frozenset({StatementKind.REMOVE, StatementKind.POP, StatementKind.DELETE})


class Judge:
    """Judges the statements of one codebase; what programs import is worked out once."""

    def __init__(self, codebase: Codebase) -> None:
        self.codebase = codebase
        self.comparison = Comparison(codebase.index, codebase.files)
        self._unlisted = UnlistedModules(codebase)
        self._ways: dict[tuple[str, frozenset[str]], Ways] = {}

    def judge(self, hack: PathHack, taken: Removed = frozenset()) -> Judgement | None:
        """Return the verdict on a statement; None for one that adds no folder. No doubt comes from what is `taken`."""
        if not adds_a_folder(hack):
            return None
        if left := reason_to_leave(hack, self.codebase):
            return left
        if self.codebase.files.read(hack.location.path) is None:
            return self._judge_unparsable(hack)
        if hack.exists is False:
            return self._judge_idle(hack, Verdict.ABSENT, taken)
        ways = self.ways(hack)
        running = [program for program in ways.programs if self._runs(program, hack)]
        if not running:
            return Judgement(hack, Verdict.LEAVE, Lane.REFUSED, Reason.NEVER_RUN, advice="see whether anything runs it")
        verdicts = dict.fromkeys(self._verdict(program, hack) for program in _usual(running, hack, self.codebase))
        if not verdicts.keys() <= IDLE and len(verdicts) > 1:
            shown = " or ".join(sorted(verdicts))
            advice = f"say from which directory the program is started; it is {shown} by that"
            return Judgement(hack, Verdict.LEAVE, Lane.REFUSED, Reason.DEPENDS_ON_DIRECTORY, advice=advice)
        verdict = next(iter(verdicts))
        return (
            self._judge_idle(hack, verdict, taken) if verdict in IDLE else self._judge_needed(hack, verdict, running[0])
        )

    def ways(self, hack: PathHack) -> Ways:
        """Return the ways in which the file of a statement is entered."""
        key = (hack.location.path, self._importable(hack))
        if key not in self._ways:
            self._ways[key] = find_ways(hack.location.path, self.codebase, key[1])
        return self._ways[key]

    def folders(self, hack: PathHack, program: Program) -> list[str]:
        """Return the folders of the repository that a statement adds in a program."""
        entries = (entry_of(value, program.directory) for value in hack.statement.values)
        return [entry.path for entry in entries if entry.kind is EntryKind.FOLDER]

    def _importable(self, hack: PathHack) -> frozenset[str]:
        return self._names(hack.statement)

    def _names(self, statement: PathStatement) -> frozenset[str]:
        return frozenset().union(*map(self.codebase.index.importable, _paths(statement)))

    def _offered(self, hack: PathHack) -> frozenset[str]:
        return frozenset().union(*map(self.codebase.index.offered, _paths(hack.statement)))

    def _runs(self, program: Program, hack: PathHack) -> bool:
        trace = self.comparison.follow(program)
        return (hack.location.path, hack.statement) in trace.passed

    def _verdict(self, program: Program, hack: PathHack) -> Verdict:
        """Return what a statement does in one program."""
        trace = self.comparison.follow(program)
        key = (hack.location.path, hack.statement)
        served = self._served(program, hack, trace)
        if not served:
            return Verdict.UNUSED
        passed = trace.passed[key]
        is_missed = any(place < passed and not origin.is_first_party for place, origin in served.values())
        if self.comparison.difference(program, frozenset({key})) is None:
            return Verdict.TOO_LATE if is_missed else Verdict.REDUNDANT
        return Verdict.MIXED if is_missed else Verdict.NEEDED_PACKAGING

    def _served(self, program: Program, hack: PathHack, trace: Trace) -> dict[ImportSite, tuple[int, Origin]]:
        """Return the imports of a program that the folder can serve, with when they are looked up and what is found."""
        folders = self.folders(hack, program)
        found: dict[ImportSite, tuple[int, Origin]] = {}
        for place, ((_, _, site, name, _), origin) in enumerate(trace.origins.items()):
            if (
                "." not in name
                and site not in found
                and any(serves(self.codebase.index, folder, site) for folder in folders)
            ):
                found[site] = (place, origin)
        return found

    def _judge_idle(self, hack: PathHack, verdict: Verdict, taken: Removed) -> Judgement:
        """Judge what does nothing in the usual way: taking it out must change nothing in any other either."""
        ways = self.ways(hack)
        count = len(ways.programs)
        if differences := self.differences(hack):
            shown = tuple(map(str, differences))
            advice = "keep it, or change how that way is entered first"
            return Judgement(hack, verdict, Lane.REFUSED, Reason.NEEDED_ELSEWHERE, shown, advice, count)
        loaded = self._loaded(ways)
        folders = list(dict.fromkeys(folder for program in ways.programs for folder in self.folders(hack, program)))
        if found := tuple(text for folder in folders for text in self._unlisted.find(folder, loaded)):
            advice = "see whether the program needs it"
            return Judgement(hack, verdict, Lane.REFUSED, Reason.UNLISTED, found[:_MOST_SHOWN], advice, count)
        missed = _MISSED if verdict is Verdict.TOO_LATE else ""
        if doubts := tuple(self._doubts(hack, ways, taken)):
            reason, text = doubts[0]
            advice = f"{text}; {missed}" if missed else text
            return Judgement(hack, verdict, Lane.REVIEW, reason, tuple(text for _, text in doubts), advice, count)
        evidence = (f"no import of {count} ways to enter changes", *(str(program) for program in ways.programs[:5]))
        if missed:
            return Judgement(hack, verdict, Lane.REVIEW, Reason.IMPORTS_MISSED, evidence, missed, count)
        return Judgement(hack, verdict, Lane.SAFE, Reason.NONE, evidence, _TAKE_OUT, count)

    def differences(self, hack: PathHack, base: Removed = frozenset()) -> list[Difference]:
        """Return what changes in some ways to enter its file when a statement is taken out, `base` being out already.

        These are the first few, as many as are shown; none where none of all the ways changes.
        """
        removed: Removed = frozenset({(hack.location.path, hack.statement)})
        found = (self.comparison.difference(each, removed, base) for each in self.ways(hack).programs)
        return list(islice(filter(None, found), _MOST_SHOWN))

    def _doubts(self, hack: PathHack, ways: Ways, taken: Removed) -> Iterator[tuple[Reason, str]]:
        if ways.is_cut:
            yield Reason.TOO_MANY_CALLERS, "more files load it than were followed"
        if not ways.is_known:
            yield Reason.NOBODY, "nothing in the repository loads this file, and it does nothing by itself"
        traces = {id(trace): trace for trace in map(self.comparison.follow, ways.programs)}
        if any(trace.is_cut for trace in traces.values()):
            yield Reason.TOO_MANY_FILES, "it loads more files than were followed"
        if hidden := self._hidden(hack):
            yield Reason.HIDES, f"its folder hides {', '.join(sorted(hidden))}, for installed packages too"
        loaded = self._loaded(ways)
        for folder in dict.fromkeys(folder for program in ways.programs for folder in self.folders(hack, program)):
            if suspected := self._unlisted.suspect(folder, loaded):
                yield Reason.MADE_LATER, suspected
        yield from self._rivals(hack, loaded, taken)
        yield from self._doubts_of_files(loaded)

    def _rivals(self, hack: PathHack, loaded: list[str], taken: Removed) -> Iterator[tuple[Reason, str]]:
        """Yield statements that offer some of the same names and may run or not: in some runs this one is needed."""
        own = self._importable(hack)
        for path in loaded if own else ():
            file = self.codebase.files.read(path)
            for statement in file.statements if file else ():
                is_it = (path == hack.location.path and statement == hack.statement) or (path, statement) in taken
                if not is_it and statement.placement in _UNSURE and not own.isdisjoint(self._names(statement)):
                    yield (
                        Reason.RIVAL,
                        f"{path}:{statement.line} offers the same and may run or not: see that it is not needed",
                    )

    def _doubts_of_files(self, loaded: list[str]) -> Iterator[tuple[Reason, str]]:
        for path in loaded:
            file = self.codebase.files.read(path)
            if file is None:
                continue
            for doubt in sorted(file.imports.doubts, key=str):
                yield Reason.DOUBT, f"{path}: {doubt.value}"
            if any(statement.kind in _TAKING for statement in file.statements):
                yield Reason.DOUBT, f"{path}: it takes entries off the search path"

    def _loaded(self, ways: Ways) -> list[str]:
        """Return the files that the programs load, sorted."""
        return sorted({path for program in ways.programs for path in self.comparison.follow(program).files})

    def _hidden(self, hack: PathHack) -> frozenset[str]:
        """Return the names of the standard library that the statement hides: other packages import those."""
        if hack.statement.kind in {StatementKind.APPEND, StatementKind.EXTEND, StatementKind.AUGASSIGN}:
            return frozenset()
        return self._offered(hack) & HIDEABLE if hack.exists is not False else frozenset()

    def _judge_unparsable(self, hack: PathHack) -> Judgement:
        """Judge by the words of the imports alone; a file that does not parse is never edited."""
        words = self.codebase.words(hack.location.path)
        verdict = Verdict.LEAVE
        if hack.exists is False:
            verdict = Verdict.ABSENT
        elif not words & self._offered(hack):
            verdict = Verdict.UNUSED
        return Judgement(
            hack, verdict, Lane.REFUSED, Reason.UNPARSABLE, ("the file does not parse",), "mend the file first"
        )

    def _judge_needed(self, hack: PathHack, verdict: Verdict, program: Program) -> Judgement:
        removed: Removed = frozenset({(hack.location.path, hack.statement)})
        served = self._served(program, hack, self.comparison.follow(program))
        needing = {site: origin for site, (_, origin) in served.items() if origin.is_first_party}
        found = advise_on_need(needing, self.folders(hack, program), self.codebase)
        difference = self.comparison.difference(program, removed)
        evidence = ((str(difference),) if difference else ()) + found.evidence
        chosen = verdict if verdict is Verdict.MIXED else found.verdict
        return Judgement(hack, chosen, Lane.REFUSED, Reason.NONE, evidence, found.advice, 1)


def _paths(statement: PathStatement) -> list[str]:
    return [value.path for value in statement.values if value.base is not PathBase.ABSOLUTE]


def _usual(programs: list[Program], hack: PathHack, codebase: Codebase) -> list[Program]:
    """Return the first program, and the same in other directories where the folder depends on the directory.

    Where somebody has said in which directories programs are started, only those count.
    """
    first = programs[0]
    if hack.statement.base is not PathBase.CWD:
        return [first]
    same = [each for each in programs if (each.mode, each.loads, each.path) == (first.mode, first.loads, first.path)]
    return [each for each in same if each.directory in codebase.directories] or same


def judge_all(
    codebase: Codebase, judge: Judge | None = None, hacks: Iterable[PathHack] | None = None
) -> tuple[Judgement, ...]:
    """Return the verdict on every statement of a codebase, or on some, that adds a folder, in path order.

    Those that are SAFE can all be taken out together, and those for REVIEW with them: where two serve the same imports
    and one is enough, the later one in path order may stay for the sake of the earlier.
    """
    judge = judge or Judge(codebase)
    hacks = codebase.hacks if hacks is None else hacks
    found = [judged for hack in hacks if (judged := judge.judge(hack)) is not None]
    taken: Removed = frozenset()
    for lane in (Lane.SAFE, Lane.REVIEW):
        for number, judged in enumerate(found):
            if judged.lane is not lane:
                continue
            if differences := judge.differences(judged.hack, taken):
                found[number] = _keep(judged, differences)
            else:
                taken |= {(judged.hack.location.path, judged.hack.statement)}
        taken = _free(found, judge, taken) if lane is Lane.SAFE else taken
    return tuple(found)


def _free(found: list[Judgement], judge: Judge, taken: Removed) -> Removed:
    """Make SAFE what was in doubt for the sake of what is taken out alone, so that a second run finds nothing more."""
    waiting = [number for number, judged in enumerate(found) if judged.reason is Reason.RIVAL]
    for number in waiting if taken else ():
        hack = found[number].hack
        again = judge.judge(hack, taken)
        if again is not None and again.lane is Lane.SAFE and not judge.differences(hack, taken):
            found[number] = again
            return _free(found, judge, taken | {(hack.location.path, hack.statement)})
    return taken


def _keep(judged: Judgement, differences: list[Difference]) -> Judgement:
    shown = tuple(map(str, differences))
    advice = "it does what others do as well, and they are taken out: keep this one"
    return replace(judged, lane=Lane.REFUSED, reason=Reason.NEEDED_TOGETHER, evidence=shown, advice=advice)
