"""The report as SARIF 2.1.0 (OASIS standard, with errata 01), for code scanning and for viewers in editors."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from typing import TYPE_CHECKING, Any

from rrr_optimize import __version__
from rrr_optimize.model import Severity
from rrr_optimize.phrases import counted
from rrr_optimize.reporters.places import end_of, relative_uri, repository_path
from rrr_optimize.reporters.shown import shown
from rrr_optimize.reporters.wording import closing, domain
from rrr_optimize.rules import RULES

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rrr_optimize.model import Finding, Location, Report
    from rrr_optimize.rules import Rule

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
FINGERPRINT = "rrrOptimizeFinding/v1"
# GitHub refuses a file with more results or places, and cuts longer descriptions.
MOST_RESULTS = 25_000
MOST_PLACES = 1_000
LONGEST_DESCRIPTION = 1_024

_LEVELS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_ROOT = "SRCROOT"
_INDEX = {rule.code: index for index, rule in enumerate(RULES)}
_Pair = tuple["Finding", "Finding"]


def render(report: Report, explain: Callable[[Rule], str], folder: str = "") -> str:
    """Return the report as one SARIF log with one run, complete but for what GitHub would refuse.

    `explain` gives the page of a rule, `folder` is where the audited root lies in its repository: URIs are relative to
    the top of the repository and no path of the machine is told, so equal trees give equal logs. All rules are listed,
    whether they ran or not. A result carries a fingerprint of its code, path and subject, which stays when lines move.
    Columns count Unicode code points. The text is pure ASCII and ends in a newline; secrets are masked and control
    characters spelled as escapes.
    """
    safe = shown(report)
    pairs = list(zip(report.findings, safe.findings, strict=True))
    kept = _most_severe(pairs)
    run = {
        "tool": {"driver": _driver(explain)},
        "columnKind": "unicodeCodePoints",
        "originalUriBaseIds": {_ROOT: {"description": {"text": "The top of the repository."}}},
        "invocations": [
            {
                "executionSuccessful": True,
                "toolExecutionNotifications": list(_notifications(report, safe, len(pairs) - len(kept), folder)),
            }
        ],
        "results": list(_results(kept, folder)),
    }
    log = {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}
    # Nobody reads it without a program, and indented it is twice the size and takes several times as long.
    return json.dumps(log, separators=(",", ":"), allow_nan=False) + "\n"


def _driver(explain: Callable[[Rule], str]) -> dict[str, Any]:
    rules = [_rule(rule, explain(rule)) for rule in RULES]
    return {"name": "rrr-optimize", "version": __version__, "rules": rules}


def _rule(rule: Rule, page: str) -> dict[str, Any]:
    # The first paragraph is the rule in a sentence, the second says why; examples come below.
    paragraphs = page.split("\n\n")[:2]
    return {
        "id": rule.code,
        "name": rule.name,
        "shortDescription": _message(rule.summary),
        "fullDescription": _message(_cut(" ".join(" ".join(paragraphs).split()))),
        "help": {**_message(page), "markdown": _doubled(page)},
        "defaultConfiguration": {"level": _LEVELS[rule.severity]},
        "properties": {"tags": [domain(rule.code).lower()]},
    }


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST_DESCRIPTION else f"{text[: LONGEST_DESCRIPTION - 4].rstrip()} ..."


def _most_severe(pairs: Sequence[_Pair]) -> Sequence[_Pair]:
    """Return as many findings as one run may hold, in their order; the less severe ones and then the last give way."""
    if len(pairs) <= MOST_RESULTS:
        return pairs
    ranked = sorted(range(len(pairs)), key=lambda index: -pairs[index][1].severity)
    return [pairs[index] for index in sorted(ranked[:MOST_RESULTS])]


def _notifications(report: Report, safe: Report, left_out: int, folder: str) -> Iterator[dict[str, Any]]:
    yield _notification(closing(safe))
    if left_out:
        words = f"left out, since a run may hold {MOST_RESULTS}; the JSON report has them all"
        yield _notification(f"{counted(left_out, 'finding')} {words}", "warning")
    yield from (_notification(note) for note in safe.notes)
    for gap, told in zip(report.not_analysed, safe.not_analysed, strict=True):
        place = {"physicalLocation": {"artifactLocation": _artifact(gap.path, folder)}}
        yield {**_notification(f"{told.path} was not analysed: {told.reason}"), "locations": [place]}


def _notification(text: str, level: str = "note") -> dict[str, Any]:
    return {"level": level, "message": _message(text)}


def _results(pairs: Sequence[_Pair], folder: str) -> Iterator[dict[str, Any]]:
    seen: Counter[str] = Counter()
    for finding, safe in pairs:
        digest = _digest(safe, folder)
        seen[digest] += 1
        yield {
            "ruleId": safe.code,
            **({"ruleIndex": _INDEX[safe.code]} if safe.code in _INDEX else {}),
            "level": _LEVELS[safe.severity],
            "message": _message(_words(safe)),
            "locations": [{"physicalLocation": _place(finding.location, folder)}],
            "relatedLocations": list(_related(finding, safe, folder)),
            # What is told twice of one thing is told apart by its order.
            "partialFingerprints": {FINGERPRINT: f"{digest}:{seen[digest]}"},
        }


def _digest(finding: Finding, folder: str) -> str:
    parts = finding.code, repository_path(folder, finding.location.path), finding.subject
    return hashlib.sha256("\0".join(parts).encode("utf-8")).hexdigest()[:32]


def _words(finding: Finding) -> str:
    """Return what is wrong as the first sentence, which GitHub shows where there is little room; then why, what to do.

    A result must say something, and one with too many places says how many of them it leaves out.
    """
    left_out = len(finding.related) - MOST_PLACES
    more = f"{counted(left_out, 'more place')} in the JSON report." if left_out > 0 else ""
    hint = f"Hint: {finding.hint}" if finding.hint else ""
    message = finding.message or finding.name or finding.code
    following = [words for words in (finding.why, hint, more) if words]
    end = "." if following and not message.endswith((".", "!", "?")) else ""
    return " ".join([f"{message}{end}", *following])


def _related(finding: Finding, safe: Finding, folder: str) -> Iterator[dict[str, Any]]:
    for number, (place, told) in enumerate(zip(finding.related, safe.related, strict=True), start=1):
        if number > MOST_PLACES:
            return
        message = {"message": _message(told.message)} if told.message else {}
        yield {"id": number, "physicalLocation": _place(place.location, folder), **message}


def _place(place: Location, folder: str) -> dict[str, Any]:
    end_line, end_column = end_of(place)
    region = {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": end_line,
        "endColumn": end_column,
    }
    return {"artifactLocation": _artifact(place.path, folder), "region": region}


def _artifact(path: str, folder: str) -> dict[str, str]:
    return {"uri": relative_uri(repository_path(folder, path)), "uriBaseId": _ROOT}


def _message(text: str) -> dict[str, str]:
    """Return a plain text message that holds no placeholder (3.11.5) and no embedded link (3.11.6)."""
    return {"text": _doubled(text).replace("](", "] (")}


def _doubled(text: str) -> str:
    return text.replace("{", "{{").replace("}", "}}")
