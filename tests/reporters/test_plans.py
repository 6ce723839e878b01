from __future__ import annotations

import hashlib
import json
import re
from dataclasses import replace
from importlib import resources

import jsonschema
import pytest

from rrr_optimize.model import (
    ChangeGroup,
    Creation,
    Edit,
    FileChange,
    Lane,
    Location,
    NotAnalysed,
    Picture,
    PlanReport,
    Project,
    Proof,
    Span,
    Table,
)
from rrr_optimize.reporters import plan_json, plan_markdown, plan_text
from rrr_optimize.reporters.diffs import show_changes

SCHEMA = json.loads(resources.files("rrr_optimize.schemas").joinpath("plan.schema.json").read_text("utf-8"))
SAFE = ChangeGroup(
    "unify/version/numpy",
    Lane.SAFE,
    "numpy becomes 1.26.3 in 2 files",
    "1.26.3 is the least version that is below no pin",
    location=Location("a/requirements.txt", 3, 1, 3, 14),
    edits=(Edit("a/requirements.txt", Span(0, 3), "new"),),
    proofs=(Proof("no requirement of numpy disagrees any more", holds=True, evidence=("2 files read again",)),),
)
REVIEW = replace(
    SAFE, id="unify/version/mypy", lane=Lane.REVIEW, title="mypy becomes 1.7", why="a major step", hint="run it"
)
REFUSED = ChangeGroup(
    "unify/version/pydantic", Lane.REFUSED, "pydantic stays", "no version fits", hint="except it", edits=()
)
CREATED = ChangeGroup("unify/document", Lane.SAFE, "the document", "why", creations=(Creation("docs/a.md", "# A\n"),))
REPORT = PlanReport(
    "unify",
    "/repo",
    (Project("repo", "."), Project("a", "a")),
    (SAFE, REVIEW, REFUSED, CREATED),
    frozenset({SAFE.id, CREATED.id}),
    (FileChange("a/requirements.txt", b"old\nsame\n", b"new\nsame\n"), FileChange("docs/a.md", None, b"# A\n")),
    (Table("Packages", ("project", "before", "after"), (("a", "5", "12"), ("long name", "7", "7"))),),
    (Picture("today", "front\n└── web\n", "flowchart LR\n"),),
    (NotAnalysed("big.txt", "it is too large"),),
    ("git is old",),
    files_read=3,
)

PLAIN = """\
a/requirements.txt:3:1 unify/version/numpy numpy becomes 1.26.3 in 2 files
a/requirements.txt:3:1 unify/version/mypy review: mypy becomes 1.7
    why: a major step
    hint: run it
. unify/version/pydantic refused: pydantic stays
    why: no version fits
    hint: except it
docs/a.md:1:1 unify/document the document

Packages:
  project    before  after
  a               5     12
  long name       7      7

--- a/a/requirements.txt
+++ b/a/requirements.txt
@@ -1,2 +1,2 @@
-old
+new
 same
--- /dev/null
+++ b/docs/a.md
@@ -0,0 +1 @@
+# A

note: git is old
not analysed: big.txt: it is too large
2 changes would edit 1 file and create 1 file; 1 held back for a review (--unsafe applies what needs one); 1 refused
"""


def test_the_plan_as_text() -> None:
    assert plan_text.render(REPORT) == PLAIN


def test_without_the_diff() -> None:
    before, _, after = PLAIN.partition("--- a/a/requirements.txt")
    assert plan_text.render(REPORT, diff=False) == before + after.partition("+# A\n\n")[2]


def test_verbose_tells_reasons_and_proofs() -> None:
    text = plan_text.render(REPORT, verbose=True)
    assert "    proved: no requirement of numpy disagrees any more\n        2 files read again\n" in text
    assert "    why: 1.26.3 is the least version that is below no pin\n" in text


def test_verbose_shows_pictures() -> None:
    assert "\n\ntoday:\n  front\n  └── web\n\n" in plan_text.render(REPORT, verbose=True)


def test_a_proof_that_was_not_run_is_told_with_the_others() -> None:
    proof = Proof("Compose agrees", holds=False, evidence=("there is none",), was_run=False)
    report = replace(REPORT, groups=(replace(SAFE, proofs=(proof,)),))
    assert "    NOT RUN: Compose agrees\n        there is none\n" in plan_text.render(report, verbose=True)
    assert "Compose agrees" not in plan_text.render(report)
    assert json.loads(plan_json.render(report))["groups"][0]["proofs"][0]["was_run"] is False


def test_a_proof_that_failed_is_told_in_any_case() -> None:
    failed = replace(SAFE, lane=Lane.REFUSED, proofs=(Proof("it resolves", holds=False, evidence=("it does not",)),))
    text = plan_text.render(replace(REPORT, groups=(failed,), accepted=frozenset(), changes=()))
    assert "    not proved: it resolves\n        it does not\n" in text


def test_quiet_leaves_the_changes_and_what_was_held_back() -> None:
    assert (
        plan_text.render(REPORT, quiet=True)
        == "".join(PLAIN.partition("docs/a.md:1:1")[:2]) + " unify/document the document\n"
    )


def test_colours_only_on_request() -> None:
    assert "\x1b" not in plan_text.render(REPORT)
    assert "\x1b[32m+new\x1b[0m" in plan_text.render(REPORT, color=True)


@pytest.mark.parametrize(
    ("report", "line"),
    [
        (replace(REPORT, transaction="0001-unify"), "2 changes written: edit 1 file and create 1 file"),
        (
            replace(REPORT, groups=(), accepted=frozenset(), changes=(), tables=()),
            "Nothing to change: 3 files of 2 projects read",
        ),
    ],
)
def test_the_last_line_says_what_was_done(report: PlanReport, line: str) -> None:
    assert plan_text.render(report).splitlines()[-1].startswith(line)


def test_a_diff_shows_no_secret_and_nothing_that_a_terminal_obeys() -> None:
    before = b"--index-url https://me:s3cr3t@host/simple\n\x1b[31mred\n"
    text = show_changes([FileChange("a\nb.txt", before, before + b"more\n")])
    assert "s3cr3t" not in text
    assert "\x1b" not in text
    assert text.startswith("--- a/a\\nb.txt\n+++ b/a\\nb.txt\n@@")


def test_line_ends_show_only_where_they_differ() -> None:
    assert "\\r" not in show_changes([FileChange("a", b"x\r\ny\r\n", b"x\r\nz\r\n")])
    assert "-y\\r\n+y\n" in show_changes([FileChange("a", b"x\ny\r\n", b"x\ny\n")])


MARKDOWN = """\
# Plan of `rrr-optimize unify`

2 changes would edit 1 file and create 1 file; 1 held back for a review (`--unsafe` applies what needs one); 1 refused.

## Changes

- `a/requirements.txt:3` numpy becomes 1.26.3 in 2 files
  - why: 1.26.3 is the least version that is below no pin
  - proved: no requirement of numpy disagrees any more (2 files read again)
- the document
  - why: why

## For review

- `a/requirements.txt:3` mypy becomes 1.7
  - why: a major step
  - hint: run it
  - proved: no requirement of numpy disagrees any more (2 files read again)

## Refused

- pydantic stays
  - why: no version fits
  - hint: except it

## Packages

| project | before | after |
| --- | --- | --- |
| a | 5 | 12 |
| long name | 7 | 7 |

## today

```mermaid
flowchart LR
```

## Diff

```diff
--- a/a/requirements.txt
+++ b/a/requirements.txt
@@ -1,2 +1,2 @@
-old
+new
 same
--- /dev/null
+++ b/docs/a.md
@@ -0,0 +1 @@
+# A
```

## Notes

- Note: git is old
- not analysed: `big.txt`: it is too large
"""


def test_the_plan_as_markdown() -> None:
    assert plan_markdown.render(REPORT) == MARKDOWN
    assert plan_markdown.render(REPORT, quiet=True) == MARKDOWN.partition("\n## Packages")[0]


def test_a_long_table_is_cut_unless_verbose() -> None:
    table = Table("Many", ("n",), tuple((str(number),) for number in range(40)))
    report = replace(REPORT, tables=(table,))
    assert "\nAnd 20 more.\n" in plan_markdown.render(report)
    assert "| 39 |" in plan_markdown.render(report, verbose=True)


def test_nothing_becomes_markup() -> None:
    bad = "<b>|```x\n[a](b) @me"
    group = replace(SAFE, title=bad, location=None, proofs=(Proof(bad, holds=True, evidence=(bad,)),))
    change = FileChange("a", b"x\n", b"```\n")
    table = Table(bad, (bad,), ((bad,),))
    text = plan_markdown.render(replace(REPORT, groups=(group,), tables=(table,), changes=(change,), notes=(bad,)))
    assert "\n````diff\n" in text
    outside = re.sub(r"(`+)(?:(?!`).|(?!\1)`+)*?\1", "", text.partition("## Diff")[0], flags=re.DOTALL)
    assert not re.search(r"[<@\[]", outside)


def test_a_plan_that_does_nothing_is_short_in_markdown() -> None:
    empty = PlanReport("compose", "/repo", (Project("repo", "."),), groups=())
    assert plan_markdown.render(empty) == (
        "# Plan of `rrr-optimize compose`\n\nNothing to change: 0 files of 1 project read.\n"
    )


def test_the_json_holds_everything_and_fits_its_schema() -> None:
    document = json.loads(plan_json.render(replace(REPORT, transaction="t")))
    jsonschema.validate(document, SCHEMA)
    assert [group["accepted"] for group in document["groups"]] == [True, False, False, True]
    assert document["changes"][1]["before_sha256"] is None
    assert document["changes"][1]["after_sha256"] == hashlib.sha256(b"# A\n").hexdigest()
    assert document["summary"] == {
        "accepted": 2,
        "files_changed": 2,
        "held_back": 1,
        "refused": 1,
        "files_read": 3,
        "projects": 2,
    }
