"""The report as workflow commands, which GitHub Actions turns into annotations of a pull request's lines."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Severity
from rrr_optimize.phrases import listed
from rrr_optimize.reporters.places import end_of, repository_path
from rrr_optimize.reporters.shown import shown
from rrr_optimize.reporters.wording import closing, gaps_by_reason

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.model import Finding, Location, Report

_COMMANDS = {Severity.ERROR: "error", Severity.WARNING: "warning", Severity.INFO: "notice"}
_TITLE = "rrr-optimize"
# The runner undoes these, the percent sign last; so it comes first here.
_DATA = (("%", "%25"), ("\r", "%0D"), ("\n", "%0A"))
_PROPERTY = (*_DATA, (":", "%3A"), (",", "%2C"))


def render(report: Report, folder: str = "", *, quiet: bool = False) -> str:
    """Return one command a line for each finding: errors first, then warnings, then notes, each in the order given.

    GitHub shows ten annotations of each kind for a step and fifty for a job, so what matters most comes first; the log
    has all of them. `folder` is where the audited root lies in its repository, for annotations name files from its top.
    What the report says of the run as a whole follows as notices; the last line is a summary and no command. `quiet`
    leaves nothing but errors and warnings. Text of the repository is only ever inside a command, where the runner
    takes none of it for another one.
    """
    safe = shown(report)
    findings = sorted(safe.findings, key=lambda finding: -finding.severity)
    least = Severity.WARNING if quiet else Severity.INFO
    lines = [_finding(finding, folder) for finding in findings if finding.severity >= least]
    if not quiet:
        lines += [*_about_the_run(safe), closing(safe)]
    return "".join(f"{line}\n" for line in lines)


def _finding(finding: Finding, folder: str) -> str:
    properties = {
        "title": f"{finding.code} {finding.name}",
        "file": repository_path(folder, finding.location.path),
        **_extent(finding.location),
    }
    hint = f"hint: {finding.hint}" if finding.hint else ""
    words = [words for words in (finding.message, finding.why, hint) if words]
    return _command(_COMMANDS[finding.severity], properties, "\n".join(words))


def _extent(place: Location) -> dict[str, str]:
    """Return where an annotation stands; the runner takes columns only where the place is on one line."""
    end_line, end_column = end_of(place)
    if end_line > place.line:
        return {"line": str(place.line), "endLine": str(end_line)}
    return {"line": str(place.line), "col": str(place.column), "endLine": str(end_line), "endColumn": str(end_column)}


def _about_the_run(report: Report) -> Iterator[str]:
    yield from (_command("notice", {"title": _TITLE}, note) for note in report.notes)
    for reason, paths in gaps_by_reason(report.not_analysed).items():
        yield _command("notice", {"title": _TITLE}, f"not analysed: {listed(paths)}: {reason}")


def _command(name: str, properties: dict[str, str], data: str) -> str:
    told = ",".join(f"{key}={_escape(value, _PROPERTY)}" for key, value in properties.items())
    return f"::{name} {told}::{_escape(data, _DATA)}"


def _escape(text: str, replacements: tuple[tuple[str, str], ...]) -> str:
    for character, code in replacements:
        text = text.replace(character, code)
    return text
