"""Our own check of the Compose schema says what jsonschema says."""

from __future__ import annotations

import pytest
from jsonschema import Draft7Validator

from rrr_optimize.formats.json_schema import compose_schema, find_violations
from rrr_optimize.formats.yaml_values import Value, read_values
from rrr_optimize.source import SourceText
from tests.plain_data import plain

GOOD = [
    "services: {web: {image: x}}",
    "services: {web: {build: .}, api: {build: {context: ., args: [A=1]}, ports: [80, '81:81', {target: 5}]}}",
    "version: '3'\nname: x\nx-own: {a: 1}\nvolumes: {v: }\nnetworks: {n: {external: true}}\nservices: {}",
    "services: {a: {depends_on: {b: {condition: service_healthy}}, healthcheck: {test: x, retries: 3}, mem_limit: 1g}}",
    "services: {a: {environment: {A: 1, B: , C: true}, command: [a], extra_hosts: {a: [b]}, ulimits: {nofile: 1}}}",
]
BAD = [
    "services: [a]",
    "services: {web: 1}",
    "services: {'a b': {image: x}}",
    "services: {web: {image: [x]}}",
    "services: {web: {prots: ['80:80']}}",
    "services: {web: {ports: '80:80'}}",
    "services: {web: {environment: [A=1, A=1]}}",
    "services: {web: {environment: {A: [1]}}}",
    "services: {web: {depends_on: {a: {condition: ready}}}}",
    "services: {web: {depends_on: {a: {}}}}",
    "services: {web: {build: {context: 5}}}",
    "services: {web: {mem_swappiness: x, oom_score_adj: 2000}}",
    "services: {web: {healthcheck: {interval: 5}}}",
    "service: {web: {image: x}}",
    "web: {image: x}",
]


def read(text: str) -> Value:
    return read_values(SourceText("compose.yml", text))[0][0]


@pytest.mark.parametrize("text", [*GOOD, *BAD])
def test_agrees_with_jsonschema(text: str) -> None:
    value = read(text)
    is_valid = Draft7Validator(compose_schema()).is_valid(plain(value))
    assert (find_violations(value, compose_schema()) == ()) is is_valid is (text in GOOD)


def test_a_variable_fits_a_number_and_never_a_list() -> None:
    text = "services: {web: {oom_score_adj: '${SCORE}', privileged: '$FLAG', ports: '${PORTS}'}}"
    assert [v.message for v in find_violations(read(text), compose_schema())] == [
        "services.web.ports has to be a list, not text"
    ]


def test_tells_the_place_and_the_form_that_was_meant() -> None:
    (violation,) = find_violations(read("services:\n  web:\n    build: {context: [.]}\n"), compose_schema())
    assert (violation.path, violation.location.line, violation.location.column) == (
        ("services", "web", "build", "context"),
        3,
        13,
    )
