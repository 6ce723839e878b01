"""Prove a plan a second time: Python itself looks for what every import reaches, before the edits and after them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.notebook_cells import read_notebook
from rrr_optimize.imports.replay_comparison import count_imports, find_difference
from rrr_optimize.imports.search_path import EntryKind
from rrr_optimize.model import Lane, Plan, Proof
from rrr_optimize.phrases import counted
from rrr_optimize.tools.replay import ReplayError, ReplayLoad, ReplayProgram

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.imports.judging import Judge
    from rrr_optimize.imports.program import Load, Program
    from rrr_optimize.imports.search_path import SearchPath
    from rrr_optimize.imports.verdicts import Judgement
    from rrr_optimize.model import ChangeGroup, Edit
    from rrr_optimize.tools.replay import Replayer

_SHOWN = 3


def prove_by_replay(
    codebase: Codebase, judge: Judge, judgements: Sequence[Judgement], plan: Plan, replayer: Replayer
) -> Plan:
    """Return the plan with what the replay of each group shows; a group for which it fails is REFUSED.

    A group is replayed on top of all that were proved before it, those that are SAFE first, in every way in which its
    files are entered, in every session in which they are loaded for the sake of others, and from two working
    directories. One that requires a group which failed is REFUSED with it.
    """
    replay = _Replay(codebase, _ways_by_file(judge, judgements), replayer)
    proved = {group.id: replay.prove(group) for lane in (Lane.SAFE, Lane.REVIEW) for group in plan.in_lane(lane)}
    return Plan(tuple(proved.get(group.id, group) for group in plan.groups))


@dataclass(slots=True)
class _Replay:
    codebase: Codebase
    ways: Mapping[str, Mapping[Program, None]]
    replayer: Replayer
    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    refused: set[str] = field(default_factory=set)

    def prove(self, group: ChangeGroup) -> ChangeGroup:
        if not group.edits:
            return group
        if group.requires & self.refused:
            return self._refuse(group, Proof("what it rests on is proved, too", holds=False))
        proof = self._proof(group)
        if not proof.holds:
            return self._refuse(group, proof)
        for path in group.paths:
            self.edits[path] = self._of_file(group, path)
        return replace(group, proofs=(*group.proofs, proof))

    def _refuse(self, group: ChangeGroup, proof: Proof) -> ChangeGroup:
        self.refused.add(group.id)
        return replace(
            group,
            lane=Lane.REFUSED,
            why=f"the proof failed: {proof.claim}",
            edits=(),
            proofs=(*group.proofs, proof),
            requires=frozenset(),
        )

    def _of_file(self, group: ChangeGroup, path: str) -> tuple[Edit, ...]:
        return (*self.edits.get(path, ()), *(edit for edit in group.edits if edit.path == path))

    def _proof(self, group: ChangeGroup) -> Proof:
        programs = self._programs(group.paths)
        before, after = self._texts(group)
        claim = f"replayed by Python in {counted(len(programs), 'way')} to start, each import reaches what it did"
        number, failed = 0, []
        shown = list(programs.values())
        try:
            for place, replayed in enumerate(
                self.replayer.replay(self.codebase.snapshot.root, list(programs), before, after)
            ):
                number += count_imports(replayed)
                if difference := find_difference(replayed):
                    failed.append(f"{shown[place]}: {difference}")
        except ReplayError as error:
            return Proof(claim, holds=False, evidence=(str(error),))
        if failed:
            return Proof(claim, holds=False, evidence=tuple(failed[:_SHOWN]))
        evidence = (f"{counted(number, 'import')} compared", *shown[:_SHOWN])
        return Proof(claim, holds=bool(number), evidence=evidence if number else ("there was nothing to compare",))

    def _texts(self, group: ChangeGroup) -> tuple[dict[str, str], dict[str, str]]:
        """Return the texts of all files that are edited so far, and of the notebooks that load them."""
        edits = {**self.edits, **{path: self._of_file(group, path) for path in group.paths}}
        before: dict[str, str] = {}
        after: dict[str, str] = {}
        for path, changes in edits.items():
            if source := self.codebase.snapshot.text(path):
                before[path] = source.text
                after[path] = apply_edits(source.text, changes)
        for program in self._ways(group.paths):
            for load in program.loads:
                source = self.codebase.snapshot.text(load.path) if load.path.endswith(".ipynb") else None
                code = read_notebook(source.text, lambda _row: True) if source else None
                if code:
                    before[load.path] = after[load.path] = code.text
        return before, after

    def _ways(self, paths: Sequence[str]) -> dict[Program, None]:
        return {program: None for path in paths for program in self.ways.get(path, {})}

    def _programs(self, paths: Sequence[str]) -> dict[ReplayProgram, str]:
        """Return the programs as the replayer takes them, each from two directories, with its name for the reader."""
        found: dict[ReplayProgram, str] = {}
        for program in self._ways(paths):
            for directory in _directories(program, self.codebase):
                where = " in an empty folder" if directory is None else f" in {directory}/"
                found.setdefault(
                    ReplayProgram(tuple(map(_load, program.loads)), tuple(_entries(program.path)), directory),
                    f"{program}{'' if directory == program.directory else where}",
                )
        return found


def _ways_by_file(judge: Judge, judgements: Sequence[Judgement]) -> dict[str, dict[Program, None]]:
    """Return the programs that enter each file with something to take out, or begin with it among others."""
    found: dict[str, dict[Program, None]] = {
        judged.hack.location.path: {} for judged in judgements if judged.lane is not Lane.REFUSED
    }
    for judged in judgements:
        programs = judge.ways(judged.hack).programs if judged.lane is not Lane.REFUSED else ()
        found.get(judged.hack.location.path, {}).update(dict.fromkeys(programs))
    every = dict.fromkeys(program for programs in found.values() for program in programs)
    for program in every:
        for load in program.loads if len(program.loads) > 1 else ():
            found.get(load.path, {})[program] = None
    return found


def _directories(program: Program, codebase: Codebase) -> tuple[str, str | None]:
    """Return where a program is started, and a second place: beside its file unless somebody has said where."""
    own = posixpath.dirname(program.loads[-1].path) or "."
    return program.directory, own if own != program.directory and not codebase.directories else None


def _load(load: Load) -> ReplayLoad:
    before, behind = (tuple(entry.path for entry in entries) for entries in (load.before, load.behind))
    return ReplayLoad(load.path, load.module, load.package, before, behind)


def _entries(path: SearchPath) -> Iterator[str | None]:
    for entry in path:
        if entry.kind is EntryKind.LIBRARY:
            yield None
        elif entry.kind is EntryKind.FOLDER:
            yield entry.path
