from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.documents.run_records import FOLDER, RunRecord, find_records

if TYPE_CHECKING:
    from rrr_optimize.workspace.snapshot import Snapshot
    from tests.conftest import Facts

FIRST = RunRecord("unify", (), {"a.txt": "1"}, {"title": "first"})
SECOND = RunRecord("unify", (FIRST.digest,), {"a.txt": "2"}, {"title": "second"})
SIDE = RunRecord("unify", (FIRST.digest,), {"a.txt": "3"}, {"title": "side"})
MERGED = RunRecord("unify", (SECOND.digest, SIDE.digest), {"a.txt": "4"}, {"title": "merged"})


def _snapshot(facts: Facts, *records: RunRecord, **files: str) -> Snapshot:
    named = {f"{FOLDER}/{name}.json": text for name, text in files.items()}
    return facts({record.path: record.text for record in records} | named | {"a.txt": ""}).snapshot


def test_a_tree_without_records_has_none(facts: Facts) -> None:
    found = find_records(_snapshot(facts), "unify")
    assert (found.chain, found.heads, found.broken) == ((), (), ())


def test_records_come_after_those_that_they_follow(facts: Facts) -> None:
    other = RunRecord("compose", (), {}, {})
    found = find_records(_snapshot(facts, MERGED, SIDE, other, SECOND, FIRST), "unify")
    titles = [record.content["title"] for record in found.chain]
    assert titles[0] == "first"
    assert titles[-1] == "merged"
    assert found.heads == (MERGED.digest,)
    assert found.broken == ()


def test_branches_that_were_merged_leave_two_heads(facts: Facts) -> None:
    found = find_records(_snapshot(facts, FIRST, SECOND, SIDE), "unify")
    assert found.heads == tuple(sorted((SECOND.digest, SIDE.digest)))


def test_a_record_whose_predecessor_is_gone_counts_as_the_first(facts: Facts) -> None:
    assert find_records(_snapshot(facts, SECOND), "unify").chain == (SECOND,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FIRST.text.replace("first", "fifth"), id="one changed word"),
        pytest.param(FIRST.text + "\n", id="one more line"),
        pytest.param(FIRST.text.replace('"schema_version": 1', '"schema_version": 2'), id="another version"),
        pytest.param("[]", id="no object"),
        pytest.param("{}", id="nothing in it"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("<<<<<<<", id="a conflict of a merge"),
    ],
)
def test_what_is_no_record_of_ours_is_broken(text: str, facts: Facts) -> None:
    found = find_records(_snapshot(facts, **{FIRST.digest: text}), "unify")
    assert (found.chain, found.broken) == ((), (f"{FOLDER}/{FIRST.digest}.json",))


def test_holds_no_secret_and_nothing_that_a_terminal_obeys() -> None:
    record = RunRecord("unify", (), {}, {"url": "https://me:s3cr3t@host/x", "list": ["\x1b[31m"], "count": 1})
    assert "s3cr3t" not in record.text
    assert json.loads(record.text)["content"] == {"url": "https://***@host/x", "list": ["\\x1b[31m"], "count": 1}


def test_equal_records_are_equal_bytes() -> None:
    again = RunRecord("unify", (SIDE.digest, SECOND.digest), {"a.txt": "4"}, {"title": "merged"})
    assert (again.text, again.digest, again.path) == (MERGED.text, MERGED.digest, MERGED.path)
