"""A report whose every string is safe to show, so that no reporter can forget one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from rrr_optimize.model import Finding, NotAnalysed, Project, Related, Report
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Callable

    from rrr_optimize.model import Location


def shown(report: Report) -> Report:
    """Return the report with `safe_text.show` applied to every string in it, the keys of the facts included.

    The facts come back as plain dictionaries and lists. Doing this twice changes nothing the second time.
    """
    # The same paths, names and reasons come back thousands of times.
    text = cache(show)
    return Report(
        root=text(report.root),
        projects=tuple(Project(text(project.name), text(project.path)) for project in report.projects),
        findings=tuple(_finding(finding, text) for finding in report.findings),
        facts=_plain(report.facts),
        not_analysed=tuple(NotAnalysed(text(gap.path), text(gap.reason)) for gap in report.not_analysed),
        notes=tuple(text(note) for note in report.notes),
        files_read=report.files_read,
        held_back=report.held_back,
        suppressed=report.suppressed,
    )


def _finding(finding: Finding, text: Callable[[str], str]) -> Finding:
    return Finding(
        code=text(finding.code),
        name=text(finding.name),
        severity=finding.severity,
        location=_location(finding.location, text),
        message=text(finding.message),
        subject=text(finding.subject),
        why=text(finding.why),
        hint=text(finding.hint),
        related=tuple(_related(place, text) for place in finding.related),
        fix=finding.fix,
    )


def _related(place: Related, text: Callable[[str], str]) -> Related:
    location, message = _location(place.location, text), text(place.message)
    return place if location is place.location and message == place.message else Related(location, message)


def _location(place: Location, text: Callable[[str], str]) -> Location:
    # There are many places, nearly all of them fit to be shown as they are, and new objects are what takes the time.
    path = text(place.path)
    return place if path == place.path else replace(place, path=path)


def _plain(value: Any) -> Any:
    match value:
        case str():
            return show(value)
        case Mapping():
            return {show(str(key)): _plain(item) for key, item in value.items()}
        case list() | tuple():
            return [_plain(item) for item in value]
        case set() | frozenset():
            return sorted((_plain(item) for item in value), key=str)
        case _:
            return value
