"""The words that the reporters share: counts, lists that end in "and 3 more", the closing line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.model import Lane, Severity
from rrr_optimize.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.model import Finding, NotAnalysed, Report

_DOMAINS = {"REQ": "Requirements", "IMP": "Imports", "CMP": "Compose", "RRR": "Audit"}
_PACKAGE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_FIXES = (
    (Lane.SAFE, "can be fixed by a command"),
    (Lane.REVIEW, "can be fixed after a review"),
    (Lane.REFUSED, "with a fix that was refused"),
)


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings of each severity one domain has."""

    domain: str
    errors: int
    warnings: int
    notes: int

    def __str__(self) -> str:
        return _counts(self.errors, self.warnings, self.notes) or "no findings"


@dataclass(frozen=True, slots=True)
class NoteGroup:
    """The findings of one rule that are information only."""

    code: str
    name: str
    findings: tuple[Finding, ...]

    def __str__(self) -> str:
        title = f"{self.code} {self.name}:"
        first, *others = self.findings
        return f"{title} {self._about()}; -v lists them" if others else f"{title} {first.message} ({first.location})"

    def _about(self) -> str:
        # A subject begins with the thing that it is about; the rest tells it from others of the same name.
        subjects = list(dict.fromkeys(finding.subject.partition(" ")[0] for finding in self.findings))
        amount = counted(len(subjects), self._noun(subjects))
        if len(subjects) < len(self.findings):
            amount += f" in {len(self.findings)} places"
        return f"{amount} ({listed(subjects)})"

    def _noun(self, subjects: Sequence[str]) -> str:
        if set(subjects) <= {finding.location.path for finding in self.findings}:
            return "file"
        is_about_packages = self.code.startswith("REQ") and all(map(_PACKAGE.fullmatch, subjects))
        return "package" if is_about_packages else "subject"


def domain(code: str) -> str:
    """Return the domain that a code belongs to, in words: REQ002 is of the Requirements."""
    prefix = code.rstrip("0123456789")
    return _DOMAINS.get(prefix, prefix)


def tallies(report: Report) -> list[Tally]:
    """Return one tally for each domain that has findings or facts, in the order of the documentation."""
    counts = {name.capitalize(): [0, 0, 0] for name in report.facts}
    for finding in report.findings:
        row = counts.setdefault(domain(finding.code), [0, 0, 0])
        row[Severity.ERROR - finding.severity] += 1
    known = list(_DOMAINS.values())
    names = sorted(counts, key=lambda name: (known.index(name) if name in known else len(known), name))
    return [Tally(name, *counts[name]) for name in names]


def note_groups(findings: Iterable[Finding]) -> list[NoteGroup]:
    """Return the findings that are information only, by rule, in order of their code."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        if finding.severity is Severity.INFO:
            by_rule.setdefault((finding.code, finding.name), []).append(finding)
    return [NoteGroup(code, name, tuple(by_rule[code, name])) for code, name in sorted(by_rule)]


def gaps_by_reason(gaps: Iterable[NotAnalysed]) -> dict[str, list[str]]:
    """Return the paths that were not analysed, by reason, both in the order given."""
    paths: dict[str, list[str]] = {}
    for gap in gaps:
        paths.setdefault(gap.reason, []).append(gap.path)
    return paths


def advice(finding: Finding, told: set[str]) -> list[tuple[str, str]]:
    """Return why a finding matters and what to do, each under its label, and add both to `told`.

    What `told` holds already is left out: an explanation that many findings share is given with the first.
    """
    fresh = [(label, words) for label, words in (("why", finding.why), ("hint", finding.hint)) if words not in told]
    told.update(words for _, words in fresh)
    fix = [("fix", finding.fix.value)] if finding.fix else []
    return [(label, words) for label, words in fresh if words] + fix


def closing(report: Report) -> str:
    """Return the last line: what was found in how much, what can be fixed, what was held back."""
    read = f"{counted(report.files_read, 'file')} of {counted(len(report.projects), 'project')}"
    held_back = [f"{report.held_back} held back by the baseline"] if report.held_back else []
    ignored = [f"{report.suppressed} ignored on request"] if report.suppressed else []
    if report.findings:
        counts = [report.count(severity) for severity in reversed(Severity)]
        return "; ".join([f"{_counts(*counts)} in {read}", *_fixable(report.findings), *held_back, *ignored])
    if not report.files_read:
        return "; ".join(["No findings, for no file was read", *held_back, *ignored])
    adjective = "new " if held_back else ""
    start = "" if report.not_analysed else "All clear: "
    left_out = [f"{len(report.not_analysed)} not analysed"] if report.not_analysed else []
    return "; ".join([f"{start}{read} read, no {adjective}findings", *left_out, *held_back, *ignored])


def requirement_facts(facts: Mapping[str, Any]) -> str:
    """Return one sentence about the declarations of the whole repository, or an empty string without such facts."""
    known = facts.get("requirements")
    if not isinstance(known, dict) or not known.get("declarations"):
        return ""
    size = f"{counted(known['declarations'], 'declaration')} of {counted(known['packages'], 'package')}"
    parts = [
        (len(known["multi_spec"]), "asked for in more than one way"),
        (len(known["multi_pin"]), "pinned to more than one version"),
        (len(known["unsatisfiable"]), "that no version satisfies"),
    ]
    told = ", ".join(f"{number} {words}" for number, words in parts if number)
    return f"{size} in {counted(known['files'], 'file')}" + (f"; taken together, {told}" if told else "")


def _counts(errors: int, warnings: int, notes: int) -> str:
    nouns = ((errors, "error"), (warnings, "warning"), (notes, "note"))
    return ", ".join(counted(number, noun) for number, noun in nouns if number)


def _fixable(findings: Sequence[Finding]) -> list[str]:
    lanes = [finding.fix for finding in findings]
    told = [f"{lanes.count(lane)} {words}" for lane, words in _FIXES if lane in lanes]
    return told or ["none with an automatic fix"]
