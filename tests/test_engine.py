"""Which rules run, what switches findings off, and in which order they come."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.engine import explain_rule, run_rules
from rrr_optimize.model import Severity
from rrr_optimize.path_globs import match_glob
from rrr_optimize.rules import RULES, get_rule, is_selector, match_selector, select_rules

if TYPE_CHECKING:
    from tests.conftest import Facts, Told

CLASH = {"a/requirements.txt": "n==1\nm==1\n", "b/requirements.txt": "n==2\nm==2\n"}


@pytest.mark.parametrize(
    ("select", "ignore", "codes"),
    [
        ([], [], []),
        (["REQ00"], ["REQ00"], []),
        (["REQ003"], ["clashing-pins"], []),
        (["clashing-pins"], ["clashing-pins"], []),
        (["ALL"], ["CMP", "REQ", "IMP", "RRR"], []),
        (["nonsense"], [], []),
        (["REQ003"], ["REQ"], ["REQ003"]),
        (["clashing-pins"], ["REQ003"], ["REQ003"]),
        (["REQ00", "RRR"], ["REQ0", "RRR002"], [f"REQ00{n}" for n in range(1, 10)] + ["RRR001"]),
        (["rrr001"], ["ALL"], ["RRR001"]),
        (["ALL"], [], [rule.code for rule in RULES]),
    ],
)
def test_the_more_specific_selector_wins(select: list[str], ignore: list[str], codes: list[str]) -> None:
    assert [rule.code for rule in select_rules(select, ignore)] == codes


def test_a_selector_is_a_rule_a_beginning_or_all() -> None:
    assert not is_selector("")
    assert not is_selector("REQ9")
    assert not is_selector("clashing")
    assert is_selector("all")
    assert is_selector("r")
    assert is_selector("Clashing-Pins")
    assert match_selector("REQ00", get_rule("REQ003")) < match_selector("REQ003", get_rule("REQ003")) < 100


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.code)
def test_every_rule_has_a_module_of_its_own_that_explains_and_checks(rule: Any) -> None:
    module = importlib.import_module(rule.module)
    assert module.RULE is rule
    assert callable(module.check)
    assert explain_rule(rule).splitlines()[0].endswith(".")
    assert get_rule(rule.code.lower()) is get_rule(rule.name.upper()) is rule


def test_codes_and_names_are_unique() -> None:
    assert len({rule.code for rule in RULES}) == len({rule.name for rule in RULES}) == len(RULES)
    with pytest.raises(KeyError):
        get_rule("REQ999")


def test_findings_come_by_path_line_column_and_code(facts: Facts) -> None:
    files = {**CLASH, "a/z.in": "", "A/requirements.txt": "x=1\n", "a/requirements.in": "y===:\nx=1\n"}
    places = [(f.location.path, f.location.line, f.location.column, f.code) for f in run_rules(facts(files)).findings]
    assert places == sorted(places)
    assert len(places) == 4


@pytest.mark.parametrize(
    ("config", "codes", "suppressed"),
    [
        ({}, ["REQ003", "REQ003"], 0),
        ({"per-file-ignores": {"b/**": ["REQ003"], "a/**": ["REQ004", "RRR"]}}, ["REQ003", "REQ003"], 0),
        ({"per-file-ignores": {"a": ["REQ00"]}}, [], 2),
        ({"per-file-ignores": {"a/*.txt": ["clashing-pins"]}}, [], 2),
        ({"ignore": ["REQ003"]}, [], 0),
        ({"extend-select": ["RRR"], "select": ["REQ004"]}, [], 0),
    ],
)
def test_per_file_ignores_count_what_they_hide(
    config: dict[str, Any], codes: list[str], suppressed: int, facts: Facts
) -> None:
    outcome = run_rules(facts(CLASH, config))
    assert ([finding.code for finding in outcome.findings], outcome.suppressed) == (codes, suppressed)


def test_severities_can_be_set_by_code_or_name(facts: Facts) -> None:
    config = {"severity": {"req003": "error", "unused-ignore": "info"}}
    files = {**CLASH, "c/requirements.txt": "k # rrr: ignore[REQ003]\n"}
    found = [(finding.code, finding.severity) for finding in run_rules(facts(files, config)).findings]
    assert found == [("REQ003", Severity.ERROR), ("REQ003", Severity.ERROR), ("RRR002", Severity.INFO)]


def test_an_unreadable_file_is_told_and_the_rest_goes_on(told: Told) -> None:
    files: dict[str, str | bytes] = {
        **CLASH,
        "a.py": b"# /// script\n# dependencies = [\n# ///\n",
        "c/pyproject.toml": "x = \n",
        "d/requirements.txt": b"\xff\xff",
        "e/environment.yml": "a: [\n",
        "f/setup.cfg": "nonsense\n",
        "g/setup.py": "from setuptools import setup\nsetup(\n",
    }
    found = [finding.partition(" not read")[0] for finding in told(files, "RRR001", "REQ003")]
    assert [line.split(":")[0] for line in found if line.startswith("REQ003")] == ["REQ003 a/requirements.txt"] * 2
    told_paths = {line.split(" ")[1].partition(":")[0] for line in found if line.startswith("RRR001")}
    assert told_paths == {
        "a.py",
        "c/pyproject.toml",
        "d/requirements.txt",
        "e/environment.yml",
        "f/setup.cfg",
        "g/setup.py",
    }


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*.txt", "a.txt.bak"),
        ("a/*.txt", "a/b/c.txt"),
        ("a/?.txt", "a/bb.txt"),
        ("x/a?b", "x/a/b"),
        ("a/b", "c/a/b"),
        ("a/b", "a/bc"),
        ("a", "ab/c"),
        ("a.txt", "aXtxt"),
        ("a/**/b", "a/c/bb"),
        ("/a", "b/a"),
    ],
)
def test_a_glob_does_not_match(glob: str, path: str) -> None:
    assert not match_glob(glob, path)


@pytest.mark.parametrize(
    ("glob", "path"),
    [
        ("*.txt", "a.txt"),
        ("*.txt", "b/c/a.txt"),
        ("a", "a/b/c.txt"),
        ("a", "x/a/b"),
        ("a/", "x/a/b"),
        ("./a/b", "a/b"),
        ("a/*.txt", "a/b.txt"),
        ("a/?.txt", "a/b.txt"),
        ("a/**", "a/b/c"),
        ("a/**/b", "a/b"),
        ("a/**/b", "a/c/d/b"),
        ("**", "a/b"),
        ("**/b", "b"),
        ("a/*", "a/b/c"),
        ("/a/b", "a/b"),
    ],
)
def test_a_glob_matches(glob: str, path: str) -> None:
    assert match_glob(glob, path)
