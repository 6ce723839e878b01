"""A secret in every string of a report, and a look for it in everything that comes out."""

from __future__ import annotations

import dataclasses
import re
from enum import Enum
from itertools import product
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.model import Finding, Lane, Location, NotAnalysed, Project, Related, Report, Severity
from rrr_optimize.reporters import FORMATS, Options, render

if TYPE_CHECKING:
    from collections.abc import Callable

_CANARY = "hunter2canary"
_SECRETS = (
    "https://user:{}@host/simple",
    "git+https://{}@host/repo@v1",
    "https://host/simple?token={}",
    "--index-url https://u:{}@h/simple",
    "https://user:{}%40more@host",
    "user:{}@host",
    "https://user:p@ss{}@host",
    "https://user:p/{}@host",
)
_COLOR = re.compile(r"\x1b\[[0-9;]*m")
_HIDDEN = "\x1b\x07\u202e\u2028\u200b\x9b\x00\r"
_CONTROLS = "\x1b[31m\x1b]8;;x\x07\u202e\u2028\u200b\x9b\x00\r"

OPTIONS = [
    Options(verbose=verbose, quiet=quiet, color=color, terminal=terminal, width=width)
    for verbose, quiet, color, terminal, width in product(
        (0, 1), (False, True), (False, True), (False, True), (30, 400)
    )
]


def _report_of(text: str) -> Report:
    place = Location(text, 3, 4, 5, 6)
    related = (Related(place, text),)
    findings = tuple(
        Finding(text, text, severity, place, text, text, text, text, related, Lane.REVIEW) for severity in Severity
    )
    facts = {
        text: text,
        "requirements": {"multi_spec": [text], "invalid_lines": [{"text": text}], "nested": ((text,),)},
    }
    projects = (Project(text, text),)
    return Report(text, projects, findings, facts, (NotAnalysed(text, text),), (text,), 1, 2, 3)


def _every_output(report: Report) -> list[str]:
    return [render(report, name, options) for name in FORMATS for options in OPTIONS]


@pytest.mark.parametrize("secret", _SECRETS)
def test_no_output_holds_a_secret(secret: str) -> None:
    outputs = _every_output(_report_of(secret.format(_CANARY)))
    assert not [output for output in outputs if _CANARY in output]


def test_the_canary_is_seen_where_it_is_no_secret() -> None:
    # Without this the test above would also pass for a reporter that prints nothing.
    outputs = [
        render(_report_of(_CANARY), name, Options(terminal=terminal)) for name in FORMATS for terminal in (False, True)
    ]
    assert min(output.count(_CANARY) for output in outputs) > 5


@pytest.mark.parametrize("options", OPTIONS, ids=str)
@pytest.mark.parametrize("output_format", FORMATS)
def test_no_output_holds_a_control_character(output_format: str, options: Options) -> None:
    output = render(_report_of(f"a{_CONTROLS}b"), output_format, options)
    # Our own colours; what a report could smuggle in begins in other ways too.
    visible = _COLOR.sub("", output) if options.color else output
    assert not set(visible) & set(_HIDDEN)


def test_every_string_of_the_model_is_in_the_report_of_the_canary() -> None:
    # A string that is added to the model later must not slip past the tests above.
    assert set(_strings(_report_of(_CANARY))) == {
        _CANARY,
        "multi_spec",
        "invalid_lines",
        "text",
        "nested",
        "requirements",
    }
    assert _types(_report_of(_CANARY)) == {Finding, Location, NotAnalysed, Project, Related, Report}


def _strings(value: Any) -> list[str]:
    return _walk(value, lambda each: [each] if isinstance(each, str) else [])


def _types(value: Any) -> set[type]:
    return set(_walk(value, lambda each: [type(each)] if dataclasses.is_dataclass(each) else []))


def _walk(value: Any, pick: Callable[[Any], list[Any]]) -> list[Any]:
    picked = pick(value)
    if dataclasses.is_dataclass(value):
        inner: list[Any] = [getattr(value, field.name) for field in dataclasses.fields(value)]
    elif isinstance(value, dict):
        inner = [*value, *value.values()]
    elif isinstance(value, tuple | list) and not isinstance(value, Enum):
        inner = list(value)
    else:
        inner = []
    return picked + [found for each in inner for found in _walk(each, pick)]
