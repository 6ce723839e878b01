"""A baseline knows findings again by what they are about, not by where they stand."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, strategies as st

from rrr_optimize.baseline import fingerprint, hold_back, read_baseline, write_baseline
from rrr_optimize.engine import run_rules
from rrr_optimize.errors import BaselineError
from rrr_optimize.model import Finding, Location, Severity

if TYPE_CHECKING:
    from tests.conftest import Cli, Facts, Repository

CLASH = {"a/requirements.txt": "n==1\n", "b/requirements.txt": "n==2\n"}
FINDINGS = st.builds(
    Finding,
    st.sampled_from(["REQ005", "REQ009"]),
    st.just("x"),
    st.sampled_from(Severity),
    st.builds(Location, st.text(max_size=4), st.integers(1, 9)),
    st.text(max_size=4),
    st.text(max_size=4),
)


@given(st.lists(FINDINGS, max_size=6))
def test_own_findings_are_all_held_back(findings: list[Finding]) -> None:
    known = read_baseline(write_baseline(findings), "b.json")
    assert hold_back(findings, known) == ([], len(findings), 0)
    assert known == Counter(map(fingerprint, findings))


@given(st.lists(FINDINGS, max_size=6), st.lists(FINDINGS, max_size=6))
def test_every_finding_is_new_or_known_and_the_rest_is_gone(before: list[Finding], after: list[Finding]) -> None:
    new, held, gone = hold_back(after, read_baseline(write_baseline(before), "b.json"))
    assert len(new) + held == len(after)
    assert held + gone == len(before)
    assert held == (Counter(map(fingerprint, before)) & Counter(map(fingerprint, after))).total()


@given(st.lists(FINDINGS, max_size=6), st.randoms(use_true_random=False))
def test_the_file_does_not_depend_on_the_order(findings: list[Finding], dice: Any) -> None:
    text = write_baseline(findings)
    dice.shuffle(findings)
    assert write_baseline(findings) == text
    rows = [line for line in text.splitlines() if line.startswith("    {")]
    assert len(rows) == len(set(map(fingerprint, findings))) == len(json.loads(text)["findings"])


def test_a_secret_does_not_reach_the_file() -> None:
    place = Location("requirements.txt")
    text = write_baseline([Finding("R", "r", Severity.INFO, place, "", "n https://me:hunter2@example.org/x")])
    assert "hunter2" not in text
    assert "***" in text


THREE = {**CLASH, "c/requirements.txt": "n==3\n"}


@pytest.mark.parametrize(
    ("before", "after", "new"),
    [
        (THREE, {**THREE, "a/requirements.txt": ""}, []),
        (THREE, {**THREE, "c/requirements.txt": ""}, []),
        (CLASH, {**CLASH, "0/requirements.txt": "n>=0\n"}, []),
        ({**CLASH, "0/requirements.txt": "n>=0\n"}, CLASH, []),
        (CLASH, {**CLASH, "0/requirements.txt": "n>2\n"}, ["REQ003"]),
        (CLASH, THREE, ["REQ003"]),
        (THREE, {**CLASH, "c/requirements.txt": "n==4\n"}, ["REQ003"]),
        ({**THREE, "c/requirements.txt": "n>2\n"}, {"b/requirements.txt": "n==2\n", "c/requirements.txt": "n>2\n"}, []),
        (CLASH, {"a/requirements.txt": "n==1\nn==2\n"}, ["REQ001"]),
        ({"a/requirements.txt": "n==1\nn==2\n"}, {"b/requirements.txt": "n==1\nn==2\n"}, []),
        (
            {"a/requirements.txt": "n==1\nn==2\n"},
            {"a/requirements.txt": "n==1\nn==2\n", "b/requirements.txt": "n==2\nn==1\n"},
            ["REQ001"],
        ),
        ({"a/requirements.txt": "n==1\nn==2\n"}, {"a/requirements.txt": "m==1\nm==2\n"}, ["REQ001"]),
    ],
)
def test_a_disagreement_that_shrinks_is_known_and_one_that_grows_is_new(
    before: dict[str, str], after: dict[str, str], new: list[str], facts: Facts, tmp_path: Any
) -> None:
    known = read_baseline(write_baseline(run_rules(facts(before)).findings), "b.json")
    (tmp_path / "repository").rename(tmp_path / "before")
    disagreeing = {"REQ001", "REQ002", "REQ003", "REQ004"}
    told = [finding for finding in run_rules(facts(after)).findings if finding.code in disagreeing]
    assert [finding.code for finding in hold_back(told, known)[0]] == new


@pytest.mark.parametrize(
    "files",
    [
        {**CLASH, "a/requirements.txt": "# one\n# two\nn==1\n"},
        {**CLASH, "a/requirements.txt": "n == 1.0\n"},
    ],
    ids=["moved", "spelled in another way"],
)
def test_a_finding_is_known_again(files: dict[str, str], facts: Facts, tmp_path: Any) -> None:
    before = run_rules(facts(CLASH)).findings
    (tmp_path / "repository").rename(tmp_path / "before")
    after = run_rules(facts(files)).findings
    assert hold_back(after, read_baseline(write_baseline(before), "b.json"))[0] == []


def test_a_third_version_is_new(facts: Facts, tmp_path: Any) -> None:
    before = run_rules(facts(CLASH)).findings
    (tmp_path / "repository").rename(tmp_path / "before")
    after = run_rules(facts({**CLASH, "c/requirements.txt": "n==3\n"})).findings
    new, held, gone = hold_back(after, read_baseline(write_baseline(before), "b.json"))
    assert ([finding.code for finding in new], held, gone) == (["REQ003"], 0, 1)


def test_a_second_finding_of_the_same_kind_is_new() -> None:
    one = Finding("REQ003", "x", Severity.INFO, Location("a", 1), "m", "s")
    known = read_baseline(write_baseline([one]), "b.json")
    assert hold_back([one, replace(one, location=Location("a", 9))], known)[:2] == (
        [replace(one, location=Location("a", 9))],
        1,
    )
    assert known.total() == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "7",
        "{}",
        '{"version": 1}',
        '{"version": 1, "findings": {}}' + "x",
        '{"version": 1, "findings": [7]}',
        '{"version": 1, "findings": [{"code": "a", "path": "b", "subject": "c"}]}',
        '{"version": 1, "findings": [{"code": [], "path": "b", "subject": "c", "count": 1}]}',
        '{"version": 1, "findings": [{"code": "a", "path": "b", "subject": "c", "count": "x"}]}',
        '{"version": 1, "findings": [{"code": "a", "path": "b", "subject": "c", "count": 1e999}]}',
        "[" * 100_000,
    ],
)
def test_what_is_no_baseline_is_told(text: str) -> None:
    with pytest.raises(BaselineError, match=r"^b\.json is not a baseline$"):
        read_baseline(text, "b.json")


def test_another_version_is_told() -> None:
    with pytest.raises(BaselineError, match=r"^b\.json is a baseline of version 2$"):
        read_baseline('{"version": 2, "findings": []}', "b.json")


def test_a_run_holds_back_what_it_knows_and_counts_what_is_gone(repository: Repository, cli: Cli) -> None:
    root = repository(CLASH)
    assert cli("audit", ".", "--baseline", "b.json", "--write-baseline", cwd=root).exit_code == 0
    known = cli("audit", ".", "--baseline", "b.json", cwd=root)
    assert known.exit_code == 0
    assert "REQ003" not in known.stdout
    (root / "a/requirements.txt").write_text("n==2\n", encoding="utf-8")
    assert "1 finding of the baseline no longer found" in "".join(
        cli("audit", ".", "--baseline", "b.json", cwd=root)[1:]
    )
