"""The verdicts on the path statements of a codebase, and how to say one of them."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from rrr_optimize.imports.judging import judge_all
from rrr_optimize.imports.verdicts import Verdict
from rrr_optimize.model import Lane, Location

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.codebase import Codebase
    from rrr_optimize.imports.verdicts import Judgement

_MEANS = {
    Verdict.ABSENT: "The folder does not exist: nothing can be found there.",
    Verdict.UNUSED: "No import reaches anything through it.",
    Verdict.REDUNDANT: "What is imported through it is found without it, too.",
    Verdict.TOO_LATE: "Everything that would need it is imported above it.",
    Verdict.MIXED: "Some of what needs it is imported above it, the rest needs it.",
    Verdict.NEEDED_REWRITE: "Imports need it, by other names than an installation gives them.",
    Verdict.NEEDED_PACKAGING: "Imports need it, by the names that an installation would give them.",
}


@lru_cache(maxsize=1)
def judgements_of(codebase: Codebase) -> Mapping[Location, Judgement]:
    """Return the verdicts by the places of the statements; one that adds no folder has none."""
    return {judged.hack.location: judged for judged in judge_all(codebase)}


def say_why(judged: Judgement) -> str:
    """Return what a statement does, with the first proof of it; nothing where no verdict can be given."""
    means = _MEANS.get(judged.verdict, "")
    is_refused = judged.lane is Lane.REFUSED and judged.evidence
    return f"{means} {_sentence(judged.evidence[0])}".strip() if is_refused else means


def say_what_to_do(judged: Judgement) -> str:
    """Return what is to be done about a statement."""
    match judged.lane:
        case Lane.SAFE:
            return "`rrr-optimize fix-imports --write` takes it out"
        case Lane.REVIEW:
            return f"look at it first: {judged.advice}; then `rrr-optimize fix-imports --write --unsafe` takes it out"
    return judged.advice


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
