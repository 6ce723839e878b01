"""Plan to take out the statements that do nothing, with all that is there for them alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.late_imports import find_stale_marks
from rrr_optimize.formats.python_removal import NotRemovableError, remove_statements
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.imports.proof import prove_deletion, same_tree
from rrr_optimize.model import ChangeGroup, Lane, Plan, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.imports.judging import Judge
    from rrr_optimize.imports.verdicts import Judgement
    from rrr_optimize.model import Edit
    from rrr_optimize.source import SourceText


def plan_deletions(codebase: Codebase, judge: Judge, judgements: Sequence[Judgement]) -> Plan:
    """Return a group of edits for each file and lane, and a REFUSED group for each statement that stays.

    A group holds all that its file loses in one lane: the statements, guards that hold nothing else, comments above
    them, imports and names that only they used, and stale E402 marks. Where the edits of both lanes in one file cannot
    be told apart, all of them are for REVIEW. Each group is proved on the edited text: it parses to the tree that was
    meant, and every import of every way to enter reaches what it did. A group whose proof fails is REFUSED.
    """
    by_file: dict[str, list[Judgement]] = {}
    for judged in judgements:
        by_file.setdefault(judged.hack.location.path, []).append(judged)
    groups: list[ChangeGroup] = []
    for path, found in by_file.items():
        source = codebase.snapshot.text(path)
        idle = [judged for judged in found if judged.lane is not Lane.REFUSED]
        if source is not None and idle:
            groups += _FilePlan(codebase, judge, source).groups(idle)
        groups += [_refuse(judged) for judged in found if judged.lane is Lane.REFUSED]
    return Plan(tuple(groups))


@dataclass(frozen=True, slots=True)
class _FilePlan:
    codebase: Codebase
    judge: Judge
    source: SourceText

    def groups(self, idle: list[Judgement]) -> Iterator[ChangeGroup]:
        cuttable: list[Judgement] = []
        for judged in idle:
            try:
                self._edits([judged])
            except NotRemovableError as error:
                yield _refuse(judged, str(error))
            else:
                cuttable.append(judged)
        safe = [judged for judged in cuttable if judged.lane is Lane.SAFE]
        doubtful = [judged for judged in cuttable if judged.lane is Lane.REVIEW]
        first, both = self._edits(safe), self._edits(cuttable)
        if not set(first) <= set(both):
            yield self._group(Lane.REVIEW, cuttable, both, ())
            return
        if safe:
            yield self._group(Lane.SAFE, safe, first, ())
        if doubtful:
            rest = tuple(edit for edit in both if edit not in first)
            yield self._group(Lane.REVIEW, doubtful, rest, safe)

    def _edits(self, judgements: list[Judgement]) -> tuple[Edit, ...]:
        if not judgements:
            return ()
        tree = parse_python(self.source)
        places = [(judged.hack.statement.line, judged.hack.statement.column) for judged in judgements]
        removal, expected = remove_statements(tree, places, self._kept())
        edits = [
            *removal.edits,
            *(edit for edit in find_stale_marks(tree, expected) if edit.span.start < edit.span.end),
        ]
        return tuple(sorted(edits, key=lambda edit: edit.span))

    def _kept(self) -> frozenset[str]:
        """Return the names that other files take from this one."""
        importers = self.codebase.importers(self.source.path)
        return frozenset(
            name for path in importers for text in self.codebase.texts.get(path, ()) for name in text.names
        )

    def _group(
        self, lane: Lane, judgements: list[Judgement], edits: tuple[Edit, ...], before: Sequence[Judgement]
    ) -> ChangeGroup:
        path = self.source.path
        earlier = self._edits(list(before))
        text = apply_edits(self.source.text, (*earlier, *edits))
        removed = [*before, *judgements]
        places = [(judged.hack.statement.line, judged.hack.statement.column) for judged in removed]
        tree = parse_python(self.source)
        _, expected = remove_statements(tree, places, self._kept())
        proofs = (same_tree(path, text, expected), *prove_deletion(self.codebase, self.judge, removed, path, text))
        first = judgements[0]
        title = f"take out {_changing(len(judgements))} the search path"
        why = "; ".join(f"line {judged.hack.location.line}: {judged.verdict}" for judged in judgements)
        if broken := next((proof for proof in proofs if not proof.holds), None):
            lane, why, edits = Lane.REFUSED, f"the proof failed: {broken.claim}", ()
        hint = "; ".join(dict.fromkeys(judged.advice for judged in judgements)) if lane is Lane.REVIEW else ""
        requires = frozenset({_name(path, Lane.SAFE)}) if before and lane is Lane.REVIEW else frozenset()
        return ChangeGroup(
            _name(path, lane), lane, title, why, hint, first.hack.location, edits, proofs=proofs, requires=requires
        )


def _changing(number: int) -> str:
    return "a statement that changes" if number == 1 else f"{number} statements that change"


def _name(path: str, lane: Lane) -> str:
    return f"search-path:{path}:{lane.value}"


def _refuse(judged: Judgement, reason: str = "") -> ChangeGroup:
    where = judged.hack.location
    why = reason or f"{judged.verdict}" + (f": {judged.reason}" if judged.reason else "")
    return ChangeGroup(
        f"search-path:{where.path}:{where.line}:{where.column}",
        Lane.REFUSED,
        "the statement stays",
        why,
        judged.advice,
        where,
        proofs=(Proof("it can be taken out", holds=False, evidence=judged.evidence),),
    )
