"""Plan to take out the statements that do nothing, with all that is there for them alone."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.late_imports import find_stale_marks
from rrr_optimize.formats.python_removal import NotRemovableError, Remover
from rrr_optimize.formats.python_tree import parse_python
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.text_edits import edit_text
from rrr_optimize.imports.outside_uses import OutsideUses
from rrr_optimize.imports.proof import prove_deletion, same_deletion, same_tree
from rrr_optimize.model import ChangeGroup, Lane, Plan, Proof

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.formats.python_removal import Removal
    from rrr_optimize.imports.judging import Judge
    from rrr_optimize.imports.verdicts import Judgement
    from rrr_optimize.model import Edit


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
            remover = Remover(parse_python(source), OutsideUses(codebase, path))
            groups += _FilePlan(codebase, judge, remover).groups(idle)
        groups += [_refuse(judged) for judged in found if judged.lane is Lane.REFUSED]
    return Plan(tuple(groups))


@dataclass(frozen=True, slots=True)
class _FilePlan:
    codebase: Codebase
    judge: Judge
    remover: Remover

    def groups(self, idle: list[Judgement]) -> Iterator[ChangeGroup]:
        cuttable: list[Judgement] = []
        for judged in idle:
            try:
                self.remover.check(_place(judged))
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

    def _remove(self, judgements: Sequence[Judgement]) -> Removal:
        return self.remover.remove(map(_place, judgements))

    def _edits(self, judgements: Sequence[Judgement]) -> tuple[Edit, ...]:
        if not judgements:
            return ()
        removal = self._remove(judgements)
        marks = find_stale_marks(self.remover.tree, removal.expected)
        edits = [*removal.edits, *(edit for edit in marks if edit.span.start < edit.span.end)]
        return tuple(sorted(edits, key=lambda edit: edit.span))

    def _group(
        self, lane: Lane, judgements: list[Judgement], edits: tuple[Edit, ...], before: Sequence[Judgement]
    ) -> ChangeGroup:
        tree = self.remover.tree
        path = tree.source.path
        after = edit_text(tree.source, (*self._edits(before), *edits))
        removed = [*before, *judgements]
        removal = self._remove(removed)
        first = judgements[0]
        name, title = _name(path, lane), f"take out {_changing(len(judgements))} the search path"
        try:
            concrete = same_deletion(tree, removal)
            if isinstance(after, Refusal):
                raise NotRemovableError(after.reason)  # noqa: TRY301 - one way to refuse
        except NotRemovableError as error:
            held = (Proof("it can be taken out", holds=False),)
            return ChangeGroup(name, Lane.REFUSED, title, str(error), "", first.hack.location, proofs=held)
        same = same_tree(path, after.text, removal.expected, tree)
        proofs = (same, concrete, *prove_deletion(self.codebase, self.judge, removed, path, after.text))
        why = "; ".join(f"line {judged.hack.location.line}: {judged.verdict}" for judged in judgements)
        if broken := next((proof for proof in proofs if not proof.holds), None):
            lane, why, edits = Lane.REFUSED, f"the proof failed: {broken.claim}", ()
        advice = dict.fromkeys(judged.advice for judged in judgements)
        if lane is Lane.SAFE and (documented := removal.documented):
            lane, advice = Lane.REVIEW, {f"the text in line {documented} becomes a docstring: see who reads it": None}
        hint = "; ".join(advice) if lane is Lane.REVIEW else ""
        requires = frozenset({_name(path, Lane.SAFE)}) if before and lane is Lane.REVIEW else frozenset()
        return ChangeGroup(name, lane, title, why, hint, first.hack.location, edits, proofs=proofs, requires=requires)


def _place(judged: Judgement) -> tuple[int, int]:
    return judged.hack.statement.line, judged.hack.statement.column


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
