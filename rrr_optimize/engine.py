"""Run the selected rules, apply what switches findings off, and put the rest in order."""

from __future__ import annotations

from dataclasses import dataclass, replace
from importlib import import_module
from typing import TYPE_CHECKING

from rrr_optimize.path_globs import match_glob
from rrr_optimize.rules import get_rule, match_selector, select_rules
from rrr_optimize.suppressions import MARK, IgnoreComment, apply_ignores, find_ignores

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.config import Settings
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding
    from rrr_optimize.rules import Rule


@dataclass(frozen=True, slots=True)
class Outcome:
    """The findings of a run, sorted by path, line, column and code, and how many were switched off."""

    findings: tuple[Finding, ...]
    suppressed: int


def run_rules(repository: Repository) -> Outcome:
    """Return what the selected rules find in a repository, after severities, ignores and per-file ignores."""
    settings = repository.settings
    rules = selected_rules(settings)
    found = [finding for rule in rules for finding in _check(rule, repository)]
    kept, suppressed, unused = apply_ignores(found, _ignores(repository))
    if any(rule.code == "RRR002" for rule in rules):
        # An ignore for a rule that did not run cannot prove itself.
        selected = {rule.code for rule in rules}
        kept += [finding for finding in unused if _ran(finding.subject, selected)]
    allowed = [finding for finding in kept if not _is_ignored_in_file(finding, settings)]
    suppressed += len(kept) - len(allowed)
    severities = dict(settings.severity)
    final = [replace(finding, severity=severities.get(finding.code, finding.severity)) for finding in allowed]
    return Outcome(tuple(sorted(final, key=_order)), suppressed)


def selected_rules(settings: Settings) -> tuple[Rule, ...]:
    """Return the rules that the settings switch on."""
    return select_rules((*settings.select, *settings.extend_select), settings.ignore)


def explain_rule(rule: Rule) -> str:
    """Return the rule's own page: the docstring of its module."""
    return (import_module(rule.module).__doc__ or "").strip()


def _check(rule: Rule, repository: Repository) -> Iterable[Finding]:
    findings: Iterable[Finding] = import_module(rule.module).check(repository)
    return findings


def _ignores(repository: Repository) -> Iterator[IgnoreComment]:
    snapshot = repository.snapshot
    for path, data in snapshot.read_files():
        if MARK.encode() in data and (source := snapshot.text(path)):
            yield from find_ignores(source)


def _ran(selector: str, selected: set[str]) -> bool:
    meant = [rule.code for rule in select_rules([selector], [])] if selector else []
    return not meant or any(code in selected for code in meant)


def _is_ignored_in_file(finding: Finding, settings: Settings) -> bool:
    rule = get_rule(finding.code)
    return any(
        match_glob(glob, finding.location.path) and any(match_selector(selector, rule) for selector in selectors)
        for glob, selectors in settings.per_file_ignores
    )


def _order(finding: Finding) -> tuple[str, int, int, str, str]:
    place = finding.location
    return place.path, place.line, place.column, finding.code, finding.message
