"""The facts about imports that the JSON report carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.facts.import_facts import ImportFacts, PathHack, SyntaxFacts
    from rrr_optimize.imports.verdicts import Judgement
    from rrr_optimize.model import Location


def summarize_imports(
    facts: ImportFacts, syntax: SyntaxFacts | None, verdicts: Mapping[Location, Judgement] | None
) -> dict[str, Any]:
    """Return `facts.imports` of the report, as its JSON schema describes it.

    `syntax` and `verdicts` are None where nothing asked for them.
    """
    return {
        "files": facts.files,
        "unparsable": None
        if syntax is None
        else [
            {
                "path": each.location.path,
                "line": each.fault.line,
                "error": each.fault.message,
                "parsed": each.parsed or None,
                "needs": ".".join(map(str, each.needs)) if each.needs else None,
            }
            for each in syntax.unparsable
        ],
        "statements": [_describe(hack, (verdicts or {}).get(hack.location)) for hack in facts.statements],
    }


def _describe(hack: PathHack, judged: Judgement | None) -> dict[str, Any]:
    statement = hack.statement
    return {
        "path": hack.location.path,
        "line": hack.location.line,
        "kind": statement.kind.value,
        "form": statement.form.value,
        "placement": statement.placement.value,
        "base": statement.base.value,
        "value": statement.values[0].path if statement.values else None,
        "values": [value.path for value in statement.values],
        "reason": statement.reason or None,
        "exists": hack.exists,
        "undone": statement.undone,
        "judgement": None if judged is None else _describe_judgement(judged),
    }


def _describe_judgement(judged: Judgement) -> dict[str, Any]:
    return {
        "verdict": judged.verdict.value,
        "lane": judged.lane.value,
        "reason": judged.reason.value or None,
        "evidence": list(judged.evidence),
        "advice": judged.advice or None,
        "ways": judged.ways,
    }
