from __future__ import annotations

import json
from typing import TYPE_CHECKING

import jsonschema
import pytest

from rrr_optimize.documents.record_shape import has_shape, record_schema
from rrr_optimize.documents.run_records import RunRecord, find_records
from rrr_optimize.facts.own_documents import RECORDS as FOLDER
from tests.documents.records import change, left, record

if TYPE_CHECKING:
    from rrr_optimize.workspace.snapshot import Snapshot
    from tests.conftest import Facts

FIRST = record("unify", groups=[change("first")])
SECOND = record("unify", FIRST, groups=[change("second")])
SIDE = record("unify", FIRST, groups=[change("side")])
MERGED = record("unify", SECOND, SIDE, groups=[change("merged")])


def _snapshot(facts: Facts, *records: RunRecord, **files: str) -> Snapshot:
    named = {f"{FOLDER}/{name}.json": text for name, text in files.items()}
    return facts({each.path: each.text for each in records} | named | {"a.txt": ""}).snapshot


def test_a_tree_without_records_has_none(facts: Facts) -> None:
    found = find_records(_snapshot(facts)).of("unify")
    assert (found.chain, found.heads, found.broken) == ((), (), ())


def test_records_come_after_those_that_they_follow(facts: Facts) -> None:
    other = record("compose")
    found = find_records(_snapshot(facts, MERGED, SIDE, other, SECOND, FIRST)).of("unify")
    titles = [each.content["groups"][0]["title"] for each in found.chain]
    assert titles[0] == "first"
    assert titles[-1] == "merged"
    assert found.heads == (MERGED.digest,)
    assert found.broken == ()


def test_branches_that_were_merged_leave_two_heads(facts: Facts) -> None:
    found = find_records(_snapshot(facts, FIRST, SECOND, SIDE)).of("unify")
    assert found.heads == tuple(sorted((SECOND.digest, SIDE.digest)))


def test_a_record_whose_predecessor_is_gone_counts_as_the_first(facts: Facts) -> None:
    assert find_records(_snapshot(facts, SECOND)).of("unify").chain == (SECOND,)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(FIRST.text.replace("first", "fifth"), id="one changed word"),
        pytest.param(FIRST.text + "\n", id="one more line"),
        pytest.param(FIRST.text.replace('"schema_version": 1', '"schema_version": 2'), id="another version"),
        pytest.param(FIRST.text.replace('"groups"', '"group"'), id="another shape"),
        pytest.param("[]", id="no object"),
        pytest.param("{}", id="nothing in it"),
        pytest.param("[" * 100_000, id="deep"),
        pytest.param("<<<<<<<", id="a conflict of a merge"),
    ],
)
def test_what_is_no_record_of_ours_is_broken(text: str, facts: Facts) -> None:
    found = find_records(_snapshot(facts, **{FIRST.digest: text})).of("unify")
    assert (found.chain, found.broken) == ((), (f"{FOLDER}/{FIRST.digest}.json",))


def test_holds_no_secret_and_nothing_that_a_terminal_obeys() -> None:
    told = RunRecord("unify", (), {}, {"url": "https://me:s3cr3t@host/x", "list": ["\x1b[31m"], "count": 1})
    assert "s3cr3t" not in told.text
    assert json.loads(told.text)["content"] == {"url": "https://***@host/x", "list": ["\\x1b[31m"], "count": 1}


def test_equal_records_are_equal_bytes() -> None:
    again = record("unify", SIDE, SECOND, groups=[change("merged")])
    assert (again.text, again.digest, again.path) == (MERGED.text, MERGED.digest, MERGED.path)


def test_a_record_of_another_command_between_two_does_not_hide_that_one_follows_the_other(facts: Facts) -> None:
    between = record("compose", FIRST)
    last = record("unify", between, groups=[change("last")])
    found = find_records(_snapshot(facts, last, between, FIRST))
    assert found.chain == (FIRST, between, last)
    assert found.of("unify").heads == (last.digest,)
    assert found.of("compose").heads == (between.digest,)
    assert found.heads_for("compose") == tuple(sorted((between.digest, last.digest)))


@pytest.mark.parametrize("command", ["unify", "fix-imports", "compose"])
def test_a_record_fits_the_schema_that_comes_with_the_package(command: str) -> None:
    data = json.loads(record(command, groups=[change("a")], left=[left("b")]).text)
    jsonschema.validate(data, dict(record_schema()))
    assert has_shape(data)
    for field in data["content"]:
        broken = {**data, "content": {key: value for key, value in data["content"].items() if key != field}}
        assert not has_shape(broken)
        with pytest.raises(jsonschema.ValidationError):
            jsonschema.validate(broken, dict(record_schema()))
