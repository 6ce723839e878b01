from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize import __version__
from rrr_optimize.engine import explain_rule
from rrr_optimize.model import Finding, Location, NotAnalysed, Related, Report, Severity
from rrr_optimize.reporters import sarif
from rrr_optimize.rules import RULES
from tests.sarif_schema import SCHEMA, VALIDATOR

if TYPE_CHECKING:
    from collections.abc import Sequence


def log_of(report: Report, folder: str = "") -> dict[str, Any]:
    log: dict[str, Any] = json.loads(sarif.render(report, explain_rule, folder))
    VALIDATOR.validate(log)
    return log


def run_of(report: Report, folder: str = "") -> dict[str, Any]:
    run: dict[str, Any] = log_of(report, folder)["runs"][0]
    return run


def results_of(*findings: Finding, folder: str = "") -> list[dict[str, Any]]:
    results: list[dict[str, Any]] = run_of(Report("/r", (), findings), folder)["results"]
    return results


def finding(path: str = "a.txt", message: str = "it is wrong", **changes: Any) -> Finding:
    place = Location(path, 3, 1, 3, 9)
    return replace(Finding("REQ003", "clashing-pins", Severity.WARNING, place, message, "numpy"), **changes)


def uri_of(path: str, folder: str = "") -> str:
    [result] = results_of(finding(path), folder=folder)
    artifact: dict[str, str] = result["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact["uriBaseId"] == "SRCROOT"
    return artifact["uri"]


def test_a_clean_report_has_a_run_without_results(clean_report: Report) -> None:
    log = log_of(clean_report)
    assert (log["version"], log["$schema"]) == ("2.1.0", SCHEMA["id"])
    assert log["runs"][0]["results"] == []


def test_a_busy_report_has_a_result_for_each_finding(busy_report: Report) -> None:
    results = run_of(busy_report)["results"]
    assert [result["ruleId"] for result in results] == [each.code for each in busy_report.findings]
    assert [result["level"] for result in results] == ["warning", "error", *["note"] * 6]


def test_the_schema_would_notice_a_mistake(busy_report: Report) -> None:
    log = log_of(busy_report)
    log["runs"][0]["results"][0]["level"] = "info"
    assert not VALIDATOR.is_valid(log)


def test_names_the_tool_and_all_its_rules(clean_report: Report) -> None:
    driver = run_of(clean_report)["tool"]["driver"]
    assert (driver["name"], driver["version"]) == ("rrr-optimize", __version__)
    assert [(rule["id"], rule["name"]) for rule in driver["rules"]] == [(rule.code, rule.name) for rule in RULES]
    levels = [rule["defaultConfiguration"]["level"] for rule in driver["rules"]]
    assert levels == [{"info": "note"}.get(rule.severity.label, rule.severity.label) for rule in RULES]


def test_a_rule_brings_its_page(clean_report: Report) -> None:
    rule = run_of(clean_report)["tool"]["driver"]["rules"][0]
    assert rule["help"]["text"] == rule["help"]["markdown"] == explain_rule(RULES[0])
    assert rule["fullDescription"]["text"].startswith("Two exact pins of one package are installed together. An")
    assert rule["properties"]["tags"] == ["requirements"]


def test_rules_stay_within_what_github_shows(clean_report: Report) -> None:
    log = json.loads(sarif.render(clean_report, lambda _: "word " * 1000))
    for rule in (*run_of(clean_report)["tool"]["driver"]["rules"], *log["runs"][0]["tool"]["driver"]["rules"]):
        assert 0 < len(rule["shortDescription"]["text"]) <= 1024
        assert 0 < len(rule["fullDescription"]["text"]) <= 1024
        assert len(rule["properties"]["tags"]) <= 10


def test_a_result_leads_to_its_rule(busy_report: Report) -> None:
    run = run_of(busy_report)
    for result in run["results"]:
        assert run["tool"]["driver"]["rules"][result["ruleIndex"]]["id"] == result["ruleId"]


def test_says_what_is_wrong_first_then_why_and_what_to_do() -> None:
    [result] = results_of(finding(why="It breaks.", hint="mend it"))
    assert result["message"]["text"] == "it is wrong. It breaks. Hint: mend it"


def test_text_is_neither_placeholder_nor_link() -> None:
    [result] = results_of(finding(message="${TOKEN} {0} [a](1) [b] (c)"))
    assert result["message"]["text"] == "${{TOKEN}} {{0}} [a] (1) [b] (c)"


def test_a_place_has_a_region_in_code_points() -> None:
    [result] = results_of(finding(location=Location("a.txt", 3, 5, 4, 2)))
    region = {"startLine": 3, "startColumn": 5, "endLine": 4, "endColumn": 2}
    assert result["locations"][0]["physicalLocation"]["region"] == region
    assert run_of(Report("/r", (), ()))["columnKind"] == "unicodeCodePoints"


def test_a_place_never_ends_before_it_starts() -> None:
    [result] = results_of(finding(location=Location("a.txt", 3, 5)))
    region = {"startLine": 3, "startColumn": 5, "endLine": 3, "endColumn": 5}
    assert result["locations"][0]["physicalLocation"]["region"] == region


def test_other_places_are_related_locations() -> None:
    [result] = results_of(finding(related=(Related(Location("b.txt", 7, 1, 7, 4), "numpy==1.0"),)))
    [related] = result["relatedLocations"]
    assert (related["id"], related["message"]["text"]) == (1, "numpy==1.0")
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "b.txt"


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        ("a/b c.txt", "a/b%20c.txt"),
        ("100%.txt", "100%25.txt"),
        ("a#b?c.txt", "a%23b%3Fc.txt"),
        ("c:d.txt", "c%3Ad.txt"),
        ("größe.txt", "gr%C3%B6%C3%9Fe.txt"),
        ("latin-\udce9.txt", "latin-%E9.txt"),
        ("half-\ud800.txt", "half-%ED%A0%80.txt"),
        ("esc\x1b\u202e.txt", "esc%1B%E2%80%AE.txt"),
        ("https://user:hunter2@host/x", "https%3A//%2A%2A%2A%40host/x"),
    ],
)
def test_a_path_is_a_relative_uri_of_its_bytes(path: str, uri: str) -> None:
    assert uri_of(path) == uri


def test_uris_start_at_the_top_of_the_repository() -> None:
    assert uri_of("a.txt", folder=".apps/api") == ".apps/api/a.txt"
    assert uri_of("../b.txt", folder="apps/api") == "apps/b.txt"
    assert uri_of(".", folder="apps/api") == "apps/api"


def test_no_path_of_the_machine_is_told(busy_report: Report) -> None:
    assert json.dumps(log_of(busy_report)) == json.dumps(log_of(replace(busy_report, root="/somewhere/else")))


def fingerprints(findings: Sequence[Finding], folder: str = "") -> list[str]:
    return [result["partialFingerprints"][sarif.FINGERPRINT] for result in results_of(*findings, folder=folder)]


def test_a_fingerprint_stays_when_lines_and_words_change() -> None:
    moved = finding(message="worded anew", location=Location("a.txt", 90, 2, 90, 8))
    assert fingerprints([finding()]) == fingerprints([moved])
    assert fingerprints([finding("api/a.txt")]) == fingerprints([finding()], folder="api")


def test_another_code_path_or_subject_is_another_fingerprint() -> None:
    others = [finding(), finding(code="REQ004"), finding("b.txt"), finding(subject="scipy")]
    assert len(set(fingerprints(others))) == 4


def test_findings_that_are_alike_have_fingerprints_of_their_own() -> None:
    first, second = fingerprints([finding(), finding()])
    assert [first[-2:], second[-2:]] == [":1", ":2"]
    assert first[:-2] == second[:-2]


def test_the_hash_that_github_computes_from_the_line_is_left_to_it() -> None:
    [result] = results_of(finding())
    assert list(result["partialFingerprints"]) == ["rrrOptimizeFinding/v1"]


def test_tells_notes_and_gaps_as_notifications(busy_report: Report) -> None:
    [invocation] = run_of(busy_report, folder="apps")["invocations"]
    told = invocation["toolExecutionNotifications"]
    assert invocation["executionSuccessful"] is True
    assert told[0]["message"]["text"].startswith("1 error, 1 warning, 6 notes in 12 files of 2 projects")
    assert told[1]["message"]["text"] == "Only the working tree was looked at."
    assert told[2]["message"]["text"] == "libs/a/setup.py was not analysed: its requirements are computed"
    artifact = told[2]["locations"][0]["physicalLocation"]["artifactLocation"]
    assert artifact == {"uri": "apps/libs/a/setup.py", "uriBaseId": "SRCROOT"}
    assert {each["level"] for each in told} == {"note"}


def test_a_gap_with_a_name_that_is_not_text_still_names_the_file() -> None:
    run = run_of(Report("/r", (), (), not_analysed=(NotAnalysed("x\udcff", "it is a pipe"),)))
    notification = run["invocations"][0]["toolExecutionNotifications"][-1]
    assert notification["message"]["text"] == "x\\udcff was not analysed: it is a pipe"
    assert notification["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == "x%FF"


def test_keeps_the_most_severe_where_there_are_more_than_github_takes() -> None:
    note = finding(severity=Severity.INFO, subject="note")
    notes = [note] * sarif.MOST_RESULTS
    findings = (*notes[:10], finding(severity=Severity.ERROR), *notes[10:], finding())
    log = json.loads(sarif.render(Report("/r", (), findings), lambda rule: rule.summary))
    [run] = log["runs"]
    levels = [result["level"] for result in run["results"]]
    assert len(levels) == sarif.MOST_RESULTS
    assert (levels[10], levels[-1], levels.count("note")) == ("error", "warning", sarif.MOST_RESULTS - 2)
    [warning] = [n for n in run["invocations"][0]["toolExecutionNotifications"] if n["level"] == "warning"]
    assert warning["message"]["text"].startswith("2 findings left out")


def test_says_how_many_places_it_leaves_out() -> None:
    places = tuple(Related(Location(f"{n}.txt"), "") for n in range(sarif.MOST_PLACES + 2))
    [result] = results_of(finding(related=places))
    assert len(result["relatedLocations"]) == sarif.MOST_PLACES
    assert result["message"]["text"] == "it is wrong. 2 more places in the JSON report."


def test_a_finding_of_a_rule_that_is_not_ours_has_no_index() -> None:
    [result] = results_of(finding(code="XYZ001"))
    assert "ruleIndex" not in result
