"""Ignore comments: which they are, what they switch off, and what is said of those that switch off nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.engine import run_rules
from rrr_optimize.source import SourceText
from rrr_optimize.suppressions import find_ignores

if TYPE_CHECKING:
    from tests.conftest import Facts, Told

BOTH = {"b/requirements.txt": "n==2\n"}


@pytest.mark.parametrize(
    ("path", "text"),
    [
        ("README.md", "write `# rrr: ignore[REQ003]` there\n"),
        ("a.json", '{"a": 1} # rrr: ignore[REQ003]\n'),
        ("a.py", 's = "# rrr: ignore[REQ003]"\n'),
        ("a.py", 's = """\n# rrr: ignore[REQ003]\n"""\n'),
        ("a.toml", 's = "# rrr: ignore[REQ003]"\n'),
        ("a.toml", "s = '# rrr: ignore[REQ003]'\n"),
        ("a.toml", 's = """\n# rrr: ignore[REQ003]\n"""\n'),
        ("a.toml", "s = '''\n# rrr: ignore[REQ003]\n'''\n"),
        ("Pipfile", 's = "\\" # rrr: ignore[REQ003]"\n'),
        ("a.yaml", 's: "# rrr: ignore[REQ003]"\n'),
        ("a.yml", "s: ' # rrr: ignore[REQ003]'\n"),
        ("a.txt", "n==1#rrr: ignore[REQ003]\n"),
        ("a.txt", "n==1  # rrr: ignore REQ003\n"),
        ("a.txt", "n==1  # rrr: ignore[REQ003\n"),
        ("a.txt", "n==1  # noqa\n"),
        ("a.txt", "n @ https://example.org/#rrr: ignore[REQ003]\n"),
    ],
    ids=[
        "prose",
        "a format without comments",
        "a string",
        "a string of several lines",
        "a basic string",
        "a literal string",
        "a basic string of several lines",
        "a literal string of several lines",
        "a string with an escaped quote",
        "a double quoted scalar",
        "a single quoted scalar",
        "part of a word",
        "no brackets",
        "half a bracket",
        "another tool's",
        "the fragment of a URL",
    ],
)
def test_what_is_no_ignore_comment(path: str, text: str) -> None:
    assert list(find_ignores(SourceText(path, text))) == []


@pytest.mark.parametrize(
    ("path", "text", "line", "selectors"),
    [
        ("a.txt", "n==1  # rrr: ignore[REQ003] the SDK needs it\n", 1, [("REQ003", 21)]),
        ("a.in", "\r\n# rrr: ignore[REQ003, drift,REQ]\n", 2, [("REQ003", 15), ("drift", 23), ("REQ", 29)]),
        ("a.txt", "n  # see below; rrr: ignore[REQ]\n", 1, [("REQ", 29)]),
        ("a.txt", "n  # rrr: ignore[]\n", 1, [("", 18)]),
        ("a.py", "'#' # rrr: ignore[REQ003]\n", 1, [("REQ003", 19)]),
        ("a.py", "x = 1 # rrr: ignore[REQ003]\n)))\n'''", 1, [("REQ003", 21)]),
        ("a.toml", "s = 'it''s' # rrr: ignore[REQ003]\n", 1, [("REQ003", 27)]),
        ("a.toml", "# it's # rrr: ignore[REQ003]\ns = 'x'\n", 1, [("REQ003", 22)]),
        ("a.yml", "s: don't # rrr: ignore[REQ003]\nt: 'x'\n", 1, [("REQ003", 24)]),
        ("a.yml", "run: |\n  pip install 'n' # rrr: ignore[REQ003]\n", 2, [("REQ003", 33)]),
        ("a.yml", "a: [ # rrr: ignore[REQ003]\nb: '\n", 1, [("REQ003", 20)]),
        ("Dockerfile.dev", "RUN true # rrr: ignore[REQ003]\n", 1, [("REQ003", 24)]),
        ("Makefile", "# rrr: ignore[REQ003]\n", 1, [("REQ003", 15)]),
    ],
    ids=[
        "with a reason",
        "several",
        "behind other words",
        "empty",
        "behind a string",
        "broken code below",
        "TOML",
        "an apostrophe in a TOML comment",
        "YAML",
        "a script in YAML",
        "broken YAML below",
        "Dockerfile",
        "Makefile",
    ],
)  # fmt: skip
def test_an_ignore_comment_has_its_selectors_in_place(
    path: str, text: str, line: int, selectors: list[tuple[str, int]]
) -> None:
    (ignore,) = find_ignores(SourceText(path, text))
    assert (ignore.path, ignore.line) == (path, line)
    assert [(selector, place.column) for selector, place in ignore.selectors] == selectors
    assert all(place.line == line and place.end_column == place.column + len(word) for word, place in ignore.selectors)


@pytest.mark.parametrize(
    "selectors", ["REQ003", "req003", "clashing-pins", "REQ", "ALL", "REQ001, REQ003", "REQ003,REQ004"]
)
def test_a_finding_is_ignored_on_its_line(selectors: str, facts: Facts) -> None:
    text = f"m\nn==1  # rrr: ignore[{selectors}] the SDK needs it\n"
    outcome = run_rules(facts({"a/requirements.txt": text, **BOTH}, {"select": ["REQ003"]}))
    assert (outcome.findings, outcome.suppressed) == ((), 1)


@pytest.mark.parametrize(
    "text", ["n==1  # rrr: ignore[REQ004]\n", "# rrr: ignore[REQ003]\nn==1\n"], ids=["other", "above"]
)
def test_an_ignore_for_something_else_hides_nothing(text: str, told: Told) -> None:
    (finding,) = told({"a/requirements.txt": text, **BOTH}, "REQ003")
    assert finding.startswith("REQ003 a/requirements.txt:")


def test_only_the_first_place_of_a_finding_counts(told: Told) -> None:
    files = {"a/requirements.txt": "n==1\n", "b/requirements.txt": "n==2 # rrr: ignore[REQ003]\n"}
    assert [finding.split(" ")[0] for finding in told(files, "REQ003", "RRR002")] == ["REQ003", "RRR002"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("n==1 # rrr: ignore[REQ003]\n", []),
        (
            "n==1 # rrr: ignore[REQ003, REQ004]\n",
            [
                "RRR002 a/requirements.txt:1:28-1:34 the ignore of REQ004 ignores nothing on this line",
                "hint: take it out, or put it on the line that a finding names first",
            ],
        ),
        (
            "n==1 # rrr: ignore[REQ003, REQ03]\n",
            [
                "RRR002 a/requirements.txt:1:28-1:33 the ignore of REQ03 names no rule",
                "hint: `rrr-optimize rule` lists them all",
            ],
        ),
        (
            "n==1 # rrr: ignore[REQ003,]\n",
            [
                "RRR002 a/requirements.txt:1:27-1:27 the ignore of nothing ignores nothing on this line",
                "hint: take it out, or put it on the line that a finding names first",
            ],
        ),
    ],
    ids=["used", "unused", "unknown", "empty"],
)
def test_an_ignore_that_ignores_nothing_is_told(text: str, expected: list[str], told: Told) -> None:
    findings = told({"a/requirements.txt": text, **BOTH}, "REQ003", "REQ004", "RRR002")
    assert "\n".join(findings).splitlines() == expected


def test_an_ignore_of_a_rule_that_did_not_run_is_not_judged(told: Told) -> None:
    files = {"a/requirements.txt": "n==1 # rrr: ignore[REQ003]\nm # rrr: ignore[REQ006]\n", **BOTH}
    (finding,) = told(files, "REQ006", "RRR002")
    assert "the ignore of REQ006 ignores nothing" in finding
