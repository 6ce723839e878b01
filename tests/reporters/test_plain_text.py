from __future__ import annotations

import time
from dataclasses import replace
from typing import TYPE_CHECKING

from rrr_optimize.model import Lane, NotAnalysed
from rrr_optimize.reporters import text

if TYPE_CHECKING:
    from rrr_optimize.model import Report


def test_says_that_all_is_clear(clean_report: Report) -> None:
    assert text.render(clean_report) == "All clear: 12 files of 3 projects read, no findings\n"


def test_says_nothing_of_a_clean_report_when_quiet(clean_report: Report) -> None:
    gap = NotAnalysed("setup.py", "its requirements are computed")
    assert text.render(replace(clean_report, notes=("x",), not_analysed=(gap,)), quiet=True) == ""


def test_does_not_call_clear_what_was_not_all_read(clean_report: Report) -> None:
    report = replace(clean_report, not_analysed=(NotAnalysed("setup.py", "its requirements are computed"),))
    assert text.render(report) == (
        "not analysed: setup.py: its requirements are computed\n"
        "12 files of 3 projects read, no findings; 1 not analysed\n"
    )


def test_does_not_call_clear_what_was_not_read_at_all(clean_report: Report) -> None:
    assert text.render(replace(clean_report, files_read=0)) == "No findings, for no file was read\n"


def test_says_that_the_baseline_and_ignores_held_findings_back(clean_report: Report) -> None:
    report = replace(clean_report, held_back=5, suppressed=2)
    assert text.render(report) == (
        "All clear: 12 files of 3 projects read, no new findings; 5 held back by the baseline; 2 ignored on request\n"
    )


def test_gives_findings_a_line_and_each_rule_of_notes_one(busy_report: Report) -> None:
    assert (
        text.render(busy_report)
        == """\
apps/api/requirements.txt:12:1 REQ003 joblib is pinned to 1.3.2 here and to 1.1.0 in 8 other files
apps/api/requirements.txt:14:1 REQ014 error: google-api-core=2.5.0 is no requirement: a version follows ==, not =
note: REQ005 version-drift: 5 packages (httpx, numpy, pandas and 2 more); -v lists them
note: REQ007 marker-separated: tomli is kept apart by python_version (requirements.txt:40)
note: Only the working tree was looked at.
not analysed: libs/a/setup.py and libs/b/setup.py: its requirements are computed
not analysed: big.txt: larger than 2 MB
1 error, 1 warning, 6 notes in 12 files of 2 projects; 1 can be fixed after a review; \
2 held back by the baseline; 1 ignored on request
"""
    )


def test_leaves_errors_and_warnings_alone_when_quiet(busy_report: Report) -> None:
    expected = """\
apps/api/requirements.txt:12:1 REQ003 joblib is pinned to 1.3.2 here and to 1.1.0 in 8 other files
apps/api/requirements.txt:14:1 REQ014 error: google-api-core=2.5.0 is no requirement: a version follows ==, not =
"""
    assert text.render(busy_report, quiet=True) == expected
    assert text.render(busy_report, quiet=True, verbose=True) == expected


def test_lists_everything_and_the_reasons_once_when_verbose(busy_report: Report) -> None:
    lines = text.render(busy_report, verbose=True).splitlines()
    assert lines[:2] == [
        "apps/api/requirements.txt:12:1 REQ003 joblib is pinned to 1.3.2 here and to 1.1.0 in 8 other files",
        "    also libs/l1/requirements.txt:3 joblib==1.1.0",
    ]
    assert lines[8:] == [
        "    also libs/l8/requirements.txt:3 joblib==1.1.0",
        "    why: A folder that installs both files gets whichever comes last.",
        "    hint: Agree on one version; 1.3.2 satisfies every range.",
        "    fix: review",
        (
            "apps/api/requirements.txt:14:1 REQ014 error: google-api-core=2.5.0 is no requirement: "
            "a version follows ==, not ="
        ),
        "requirements.txt:2:1 REQ005 note: httpx is asked for in 2 compatible ways",
        "requirements.txt:3:1 REQ005 note: numpy is asked for in 2 compatible ways",
        "requirements.txt:4:1 REQ005 note: pandas is asked for in 2 compatible ways",
        "requirements.txt:5:1 REQ005 note: pydantic is asked for in 2 compatible ways",
        "requirements.txt:6:1 REQ005 note: scipy is asked for in 2 compatible ways",
        "requirements.txt:40:1 REQ007 note: tomli is kept apart by python_version",
        "note: Only the working tree was looked at.",
        "libs/a/setup.py: not analysed: its requirements are computed",
        "libs/b/setup.py: not analysed: its requirements are computed",
        "big.txt: not analysed: larger than 2 MB",
        (
            "1 error, 1 warning, 6 notes in 12 files of 2 projects; 1 can be fixed after a review; "
            "2 held back by the baseline; 1 ignored on request"
        ),
    ]


def test_counts_the_places_of_a_subject_that_has_several(busy_report: Report) -> None:
    drift = [finding for finding in busy_report.findings if finding.code == "REQ005"]
    twice = replace(busy_report, findings=(*drift[:2], *drift[:1]))
    assert "REQ005 version-drift: 2 packages in 3 places (httpx and numpy); -v lists them\n" in text.render(twice)


def test_names_the_last_one_rather_than_counting_it(busy_report: Report) -> None:
    drift = [finding for finding in busy_report.findings if finding.code == "REQ005"]
    page = text.render(replace(busy_report, findings=tuple(drift[:4])))
    assert ": 4 packages (httpx, numpy, pandas and pydantic); -v lists them\n" in page


def test_names_files_and_other_subjects_for_what_they_are(busy_report: Report) -> None:
    drift = [finding for finding in busy_report.findings if finding.code == "REQ005"][:2]
    files = [
        replace(finding, subject=path, location=replace(finding.location, path=path))
        for finding, path in zip(drift, ("a/setup.py", "b/setup.py"), strict=True)
    ]
    assert ": 2 files (a/setup.py and b/setup.py);" in text.render(replace(busy_report, findings=tuple(files)))
    values = [replace(finding, subject="install_requires[x]") for finding in drift]
    assert ": 1 subject in 2 places (install_requires[x]);" in text.render(replace(busy_report, findings=tuple(values)))


def test_names_a_subject_by_its_first_word(busy_report: Report) -> None:
    drift = [finding for finding in busy_report.findings if finding.code == "REQ005"][:2]
    longer = [replace(finding, subject=f"{finding.subject} ==1.0 | >=2") for finding in drift]
    assert ": 2 packages (httpx and numpy);" in text.render(replace(busy_report, findings=tuple(longer)))


def test_says_what_commands_can_do(busy_report: Report) -> None:
    drift = busy_report.findings[2]
    report = replace(busy_report, held_back=0, suppressed=0)
    without = replace(report, findings=(drift, drift))
    assert text.render(without).endswith("2 notes in 12 files of 2 projects; none with an automatic fix\n")
    lanes = replace(report, findings=tuple(replace(drift, fix=lane) for lane in (*Lane, Lane.SAFE)))
    assert text.render(lanes).endswith(
        "; 2 can be fixed by a command; 1 can be fixed after a review; 1 with a fix that was refused\n"
    )


def test_colours_the_code_by_severity_only_on_request(busy_report: Report) -> None:
    assert "\x1b" not in text.render(busy_report, verbose=True)
    lines = text.render(busy_report, color=True).splitlines()
    assert lines[0].startswith("apps/api/requirements.txt:12:1 \x1b[33mREQ003\x1b[0m joblib")
    assert lines[1].startswith("apps/api/requirements.txt:14:1 \x1b[1;31mREQ014\x1b[0m error: google")


def test_a_line_stays_a_line_whatever_is_in_it(busy_report: Report) -> None:
    finding = replace(busy_report.findings[0], message="one\ntwo\u2028three\r\x1b[2Kfour")
    report = replace(busy_report, findings=(finding,))
    assert text.render(report, quiet=True) == (
        "apps/api/requirements.txt:12:1 REQ003 one\\ntwo\\u2028three\\r\\x1b[2Kfour\n"
    )


def test_renders_twenty_thousand_findings_in_half_a_second(busy_report: Report, slowdown: float) -> None:
    clash = busy_report.findings[0]
    many = tuple(
        replace(clash, message=f"{clash.message} {n}", location=replace(clash.location, path=f"p{n}/requirements.txt"))
        for n in range(20_000)
    )
    report = replace(busy_report, findings=many)
    fastest = min(_seconds(report) for _ in range(3))
    assert fastest < 0.5 * slowdown


def _seconds(report: Report) -> float:
    started = time.process_time()
    text.render(report)
    return time.process_time() - started
