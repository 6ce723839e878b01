from __future__ import annotations

import copy
import json
from dataclasses import replace
from importlib import resources
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from rrr_optimize import __version__
from rrr_optimize.reporters import json_report

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.model import Report

SCHEMA = json.loads(resources.files("rrr_optimize.schemas").joinpath("report.schema.json").read_text("utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)


def test_a_clean_report_fits_the_schema(clean_report: Report) -> None:
    VALIDATOR.validate(json.loads(json_report.render(clean_report)))


def test_a_busy_report_fits_the_schema(busy_report: Report) -> None:
    VALIDATOR.validate(json.loads(json_report.render(busy_report)))


def test_the_schema_is_one_and_describes_every_field() -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    assert SCHEMA["$id"] == "urn:rrr-optimize:schema:report:1"
    parts = [part for part in _objects(SCHEMA) if "type" in part or "enum" in part or "const" in part]
    assert len(parts) > 60
    assert not [part for part in parts if not part.get("description")]
    ours = [part for part in parts if part.get("type") == "object"]
    assert [part["description"][:19] for part in ours if part["additionalProperties"]] == ["What is true of the"]
    assert not [part for part in ours if not part["additionalProperties"] and part["required"] != [*part["properties"]]]


@pytest.mark.parametrize(
    "path", ["", "tool", "projects/0", "findings/0", "findings/0/related/0", "not_analysed/0", "summary"]
)
def test_the_schema_refuses_a_field_too_many_or_too_few(busy_report: Report, path: str) -> None:
    document = json.loads(json_report.render(busy_report))
    place = _at(document, path)
    for name in list(place):
        value = place.pop(name)
        assert not VALIDATOR.is_valid(document), name
        place[name] = value
    assert VALIDATOR.is_valid(document)
    place["surprise"] = 1
    assert not VALIDATOR.is_valid(document)


WRONG = {
    "schema_version": 2,
    "tool/name": "another",
    "root": None,
    "findings/0/code": "clashing-pins",
    "findings/0/severity": "fatal",
    "findings/0/message": "",
    "findings/0/line": 0,
    "findings/0/column": "1",
    "findings/0/fix": "unsafe",
    "findings/0/related": None,
    "findings/0/related/0/path": 1,
    "facts": [],
    "facts/requirements/files": -1,
    "facts/requirements/multi_pin": ["PyYAML"],
    "facts/requirements/unsatisfiable": ["joblib", "joblib"],
    "facts/requirements/pythons": ["3"],
    "facts/requirements/sources/0/compiled_by": False,
    "facts/requirements/invalid_lines/0/line": 0,
    "notes": [None],
    "summary/errors": 1.5,
}


@pytest.mark.parametrize(("path", "value"), WRONG.items(), ids=WRONG)
def test_the_schema_refuses_a_wrong_value(busy_report: Report, path: str, value: object) -> None:
    document = json.loads(json_report.render(busy_report))
    parent, _, name = path.rpartition("/")
    assert name in _at(document, parent)
    _at(document, parent)[name] = value
    assert not VALIDATOR.is_valid(document)


def test_the_schema_lets_other_domains_have_facts(busy_report: Report) -> None:
    report = replace(busy_report, facts={"weather": {"anything": [1]}})
    VALIDATOR.validate(json.loads(json_report.render(report)))


def test_holds_everything_in_a_stable_order(busy_report: Report) -> None:
    text = json_report.render(busy_report)
    document = json.loads(text)
    assert list(document) == list(SCHEMA["properties"])
    assert document["schema_version"] == 1
    assert document["tool"] == {"name": "rrr-optimize", "version": __version__}
    assert list(document["findings"][0]) == list(SCHEMA["$defs"]["finding"]["properties"])
    assert [finding["code"] for finding in document["findings"]] == [finding.code for finding in busy_report.findings]
    assert len(document["findings"][0]["related"]) == 8
    assert document["findings"][0]["related"][0]["path"] == "libs/l1/requirements.txt"
    assert [document["findings"][n]["fix"] for n in (0, 1)] == ["review", None]
    assert document["facts"] == busy_report.facts
    assert document["summary"] == {
        "errors": 1,
        "warnings": 1,
        "infos": 6,
        "findings": 8,
        "files_read": 12,
        "projects": 2,
        "held_back": 2,
        "suppressed": 1,
    }
    assert json_report.render(copy.deepcopy(busy_report)) == text


def test_is_ascii_and_ends_in_a_newline(busy_report: Report) -> None:
    finding = replace(busy_report.findings[0], message="naïve \x1b[31m\u202e\udcff")
    text = json_report.render(replace(busy_report, findings=(finding,)))
    assert text.isascii()
    assert text.endswith("}\n")
    assert text.startswith('{\n  "schema_version": 1,\n')
    # Also a program that prints the decoded string prints nothing that a terminal obeys.
    assert json.loads(text)["findings"][0]["message"] == "naïve \\x1b[31m\\u202e\\udcff"


def test_passes_plain_facts_through(clean_report: Report) -> None:
    facts = MappingProxyType({"d": {"t": (1, 2.5, None, True), "s": frozenset({"b", "a"}), "m": MappingProxyType({})}})
    document = json.loads(json_report.render(replace(clean_report, facts=facts)))
    assert document["facts"] == {"d": {"t": [1, 2.5, None, True], "s": ["a", "b"], "m": {}}}


def _at(document: Any, path: str) -> Any:
    for step in filter(None, path.split("/")):
        document = document[int(step) if step.isdigit() else step]
    return document


def _objects(value: Any) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        # Where a key names a field, its value describes that field.
        inner = [*value.get("properties", {}).values(), *value.get("$defs", {}).values(), value.get("items")]
        yield value
        for part in inner:
            yield from _objects(part)
