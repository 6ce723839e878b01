"""The facts about imports that the JSON report carries."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from rrr_optimize.facts.import_facts import ImportFacts, PathHack, SyntaxFacts


def summarize_imports(facts: ImportFacts, syntax: SyntaxFacts | None) -> dict[str, Any]:
    """Return `facts.imports` of the report, as its JSON schema describes it; `syntax` is None where nothing asked."""
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
        "statements": [_describe(hack) for hack in facts.statements],
    }


def _describe(hack: PathHack) -> dict[str, Any]:
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
    }
