"""The report as versioned JSON, for programs; `schemas/report.schema.json` describes it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from rrr_optimize import __version__
from rrr_optimize.model import Severity
from rrr_optimize.reporters.shown import shown

if TYPE_CHECKING:
    from rrr_optimize.model import Finding, Location, Report

SCHEMA_VERSION = 1


def render(report: Report) -> str:
    """Return the whole report as one JSON object, always complete, with the same keys in the same order.

    The text is pure ASCII and ends in a newline. Secrets are masked and control characters are spelled as escapes
    inside the strings, so that they stay harmless when a program prints a string.
    """
    document = _document(shown(report))
    return json.dumps(document, indent=2, ensure_ascii=True, allow_nan=False) + "\n"


def _document(report: Report) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": {"name": "rrr-optimize", "version": __version__},
        "root": report.root,
        "projects": [{"name": project.name, "path": project.path} for project in report.projects],
        "findings": [_finding(finding) for finding in report.findings],
        "facts": report.facts,
        "not_analysed": [{"path": gap.path, "reason": gap.reason} for gap in report.not_analysed],
        "notes": list(report.notes),
        "summary": {
            "errors": report.count(Severity.ERROR),
            "warnings": report.count(Severity.WARNING),
            "infos": report.count(Severity.INFO),
            "findings": len(report.findings),
            "files_read": report.files_read,
            "projects": len(report.projects),
            "held_back": report.held_back,
            "suppressed": report.suppressed,
        },
    }


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "code": finding.code,
        "name": finding.name,
        "severity": finding.severity.label,
        "message": finding.message,
        "subject": finding.subject,
        "why": finding.why,
        "hint": finding.hint,
        **_place(finding.location),
        "related": [{**_place(place.location), "message": place.message} for place in finding.related],
        "fix": finding.fix.value if finding.fix else None,
    }


def _place(location: Location) -> dict[str, Any]:
    return {
        "path": location.path,
        "line": location.line,
        "column": location.column,
        "end_line": location.end_line,
        "end_column": location.end_column,
    }
