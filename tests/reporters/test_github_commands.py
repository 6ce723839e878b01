from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.model import Finding, Location, Report, Severity
from rrr_optimize.reporters import github

if TYPE_CHECKING:
    from collections.abc import Sequence


def finding(path: str = "a.txt", message: str = "it is wrong", **changes: Any) -> Finding:
    place = Location(path, 3, 1, 3, 9)
    return replace(Finding("REQ003", "clashing-pins", Severity.WARNING, place, message, "numpy"), **changes)


def lines_of(*findings: Finding, folder: str = "") -> Sequence[str]:
    return github.render(Report("/r", (), findings), folder, quiet=True).splitlines()


def test_says_nothing_of_a_clean_report_when_quiet(clean_report: Report) -> None:
    assert github.render(clean_report, quiet=True) == ""


def test_a_clean_report_is_its_summary(clean_report: Report) -> None:
    assert github.render(clean_report) == "All clear: 12 files of 3 projects read, no findings\n"


def test_a_finding_is_one_command() -> None:
    [line] = lines_of(finding(why="It breaks.", hint="mend it"))
    place = "file=a.txt,line=3,col=1,endLine=3,endColumn=9"
    assert line == f"::warning title=REQ003 clashing-pins,{place}::it is wrong%0AIt breaks.%0Ahint: mend it"


def test_columns_are_told_only_within_one_line() -> None:
    [line] = lines_of(finding(location=Location("a.txt", 3, 5, 6, 2)))
    assert line.startswith("::warning title=REQ003 clashing-pins,file=a.txt,line=3,endLine=6::")


def test_a_place_never_ends_before_it_starts() -> None:
    [line] = lines_of(finding(location=Location("a.txt", 3, 5)))
    assert ",line=3,col=5,endLine=3,endColumn=5::" in line


@pytest.mark.parametrize(
    ("text", "data", "value"),
    [
        ("100%", "100%25", "100%25"),
        ("%0A", "%250A", "%250A"),
        ("a:b,c", "a:b,c", "a%3Ab%2Cc"),
        ("x::error::y", "x::error::y", "x%3A%3Aerror%3A%3Ay"),
        ("a\r\nb", "a\\r\\nb", "a\\r\\nb"),
    ],
)
def test_text_cannot_end_a_value_or_a_command(text: str, data: str, value: str) -> None:
    [line] = lines_of(finding(path=text, message=text))
    assert line == f"::warning title=REQ003 clashing-pins,file={value},line=3,col=1,endLine=3,endColumn=9::{data}"


def test_files_are_named_from_the_top_of_the_repository() -> None:
    [line] = lines_of(finding("../b.txt"), folder="apps/api")
    assert ",file=apps/b.txt,line=3," in line


def test_errors_come_before_warnings_and_notes_and_else_the_order_stays() -> None:
    severities = [Severity.INFO, Severity.WARNING, Severity.ERROR, Severity.WARNING, Severity.INFO, Severity.ERROR]
    findings = [finding(message=f"m{n}", severity=severity) for n, severity in enumerate(severities)]
    told = github.render(Report("/r", (), tuple(findings))).splitlines()[:-1]
    assert [line.partition(" ")[0] + line[-2:] for line in told] == [
        *("::errorm2", "::errorm5", "::warningm1", "::warningm3", "::noticem0", "::noticem4")
    ]


def test_notes_of_the_run_follow_and_a_summary_is_last(busy_report: Report) -> None:
    lines = github.render(busy_report).splitlines()
    assert len(lines) == len(busy_report.findings) + 4
    assert lines[-4:-1] == [
        "::notice title=rrr-optimize::Only the working tree was looked at.",
        "::notice title=rrr-optimize::not analysed: libs/a/setup.py and libs/b/setup.py: its requirements are computed",
        "::notice title=rrr-optimize::not analysed: big.txt: larger than 2 MB",
    ]
    assert lines[-1].startswith("1 error, 1 warning, 6 notes in 12 files of 2 projects")


def test_quiet_leaves_errors_and_warnings(busy_report: Report) -> None:
    lines = github.render(busy_report, quiet=True).splitlines()
    assert [line.partition(" ")[0] for line in lines] == ["::error", "::warning"]
