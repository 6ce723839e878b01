"""The configuration: where it stands, what it may say, and that all its mistakes are told at once."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.config import (
    KNOWN_MINORS,
    Ban,
    Settings,
    VersionException,
    find_table,
    load_file,
    merge_override,
    parse_override,
    tool_schema,
)
from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import ConfigurationError
from rrr_optimize.facts.marker_rows import PYTHONS
from rrr_optimize.model import Severity

if TYPE_CHECKING:
    from tests.conftest import Cli, Repository


NOON = dt.datetime(2027, 1, 1, 12, tzinfo=dt.UTC)
FULL = {"allow": "n==1", "in": "a", "reason": "r"}


@pytest.mark.parametrize(
    ("table", "mistakes"),
    [
        ({"selct": []}, ["unknown key 'selct'; did you mean 'select'?"]),
        ({"fail_on": "error"}, ["unknown key 'fail_on'; did you mean 'fail-on'?"]),
        ({"xyz": 1}, ["unknown key 'xyz'"]),
        ({"select": "REQ"}, ["'select' must be a list of strings, not 'REQ'"]),
        ({"select": [7]}, ["'select' must be a list of strings, not a list"]),
        ({"exclude": [""]}, ["'exclude' must be a list of strings, not a list"]),
        ({"ignore": ["REQ99"]}, ["'ignore' names no rule: 'REQ99'; did you mean 'REQ019'?"]),
        ({"ignore": ["clashing-pin"]}, ["'ignore' names no rule: 'clashing-pin'; did you mean 'clashing-pins'?"]),
        ({"ignore": ["%"]}, ["'ignore' names no rule: '%'"]),
        ({"per-file-ignores": ["a"]}, ["'per-file-ignores' must be a table of path globs, not a list"]),
        ({"per-file-ignores": {"a": "REQ"}}, ["'per-file-ignores.a' must be a list of strings, not 'REQ'"]),
        ({"severity": "error"}, ["'severity' must be a table of rules, not 'error'"]),
        ({"severity": {"REQ": "error"}}, ["'severity' must be one rule, by name, not 'REQ'"]),
        (
            {"severity": {"REQ01": "error", "zz": "info"}},
            ["'severity' must be one rule, by name, not 'REQ01'", "'severity' names no rule: 'zz'"],
        ),
        ({"severity": {"REQ001": "fatal"}}, ["'severity.REQ001' must be 'error', 'warning' or 'info', not 'fatal'"]),
        ({"fail-on": True}, ["'fail-on' must be 'error', 'warning' or 'info', not True"]),
        ({"baseline": ""}, ["'baseline' must be a string, not ''"]),
        (
            {"python-versions": ["3", "3.11.2"]},
            [
                "'python-versions' must be Python versions such as '3.11', not '3'",
                "'python-versions' must be Python versions such as '3.11', not '3.11.2'",
            ],
        ),
        (
            {"python-versions": ["3.7", "3.15"]},
            [
                "'python-versions': Python 3.7 is not among those that are compared, 3.8 to 3.14",
                "'python-versions': Python 3.15 is not among those that are compared, 3.8 to 3.14",
            ],
        ),
        (
            {"fix-imports": {"import-names": {"-a": ["b"], "c": "d", "e_f": ["g-h", "i.j", "k."], "E-F": []}}},
            [
                "fix-imports.import-names: '-a' is no name of a distribution",
                "'fix-imports.import-names.c' must be a list of strings, not 'd'",
                "'fix-imports.import-names.e_f': 'g-h' is nothing that can be imported",
                "'fix-imports.import-names.e_f': 'k.' is nothing that can be imported",
                "'fix-imports.import-names.E-F' is the same distribution as 'e_f'",
            ],
        ),
        ({"requirements": []}, ["'requirements' must be a table, not a list"]),
        ({"requirements": {"bans": []}}, ["unknown key requirements.'bans'; did you mean 'banned'?"]),
        ({"requirements": {"banned": "n"}}, ["'requirements.banned' must be a list, not 'n'"]),
        ({"requirements": {"banned": [7]}}, ["'requirements.banned' must be a list of tables, not 7"]),
        (
            {"requirements": {"banned": ["n=1"]}},
            ["requirements.banned: 'n=1' is not a requirement such as 'numpy' or 'numpy<2'"],
        ),
        (
            {"requirements": {"banned": [{"packge": "n"}]}},
            [
                "unknown key requirements.banned.'packge'; did you mean 'package'?",
                "requirements.banned: an entry lacks 'package'",
            ],
        ),
        (
            {"requirements": {"banned": [{"package": "n", "reason": 7}]}},
            ["'requirements.banned.reason' must be a string, not 7"],
        ),
        (
            {"requirements": {"exceptions": ["n==1"]}},
            ["'requirements.exceptions' must be a list of tables, not 'n==1'"],
        ),
        (
            {"requirements": {"exceptions": [{"allow": "n==1"}]}},
            ["requirements.exceptions: an entry lacks 'in'", "requirements.exceptions: an entry lacks 'reason'"],
        ),
        (
            {"requirements": {"exceptions": [{"allow": "n", "in": "a", "reason": "r"}]}},
            ["requirements.exceptions: allow = 'n' must name a version, such as 'jsii==1.129.0'"],
        ),
        (
            {"requirements": {"exceptions": [{**FULL, "allow": "n[a]==7; python_version<'3'"}]}},
            [
                (
                    "requirements.exceptions: \"n[a]==7; python_version<'3'\" must be a name and a version only,"
                    " without extras and a marker"
                )
            ],
        ),
        (
            {"requirements": {"banned": ["n @ https://example.org/n.zip"]}},
            ["requirements.banned: 'n @ https://example.org/n.zip' must be a name and a version only, without a URL"],
        ),
        (
            {"requirements": {"exceptions": [{"allow": "==1", "in": "a", "reason": "r"}]}},
            ["requirements.exceptions: '==1' is not a requirement such as 'numpy' or 'numpy<2'"],
        ),
        (
            {"requirements": {"exceptions": [{**FULL, "expires": "soon"}]}},
            ["'requirements.exceptions.expires' must be a date such as 2027-01-31, not 'soon'"],
        ),
        (
            {"requirements": {"exceptions": [{**FULL, "expires": NOON}]}},
            ["'requirements.exceptions.expires' must be a date such as 2027-01-31, not a datetime"],
        ),
        (
            {"requirements": {"exceptions": [FULL, {**FULL, "allow": "N == 1.0", "reason": "s"}]}},
            ["requirements.exceptions: n==1.0 in a is there twice; keep one, with one reason and one day"],
        ),
        (
            {"requirements": {"exceptions": [FULL], "banned": ["n"]}},
            ["requirements.exceptions: n==1 in a is allowed and banned; take out one of the two"],
        ),
    ],
)
def test_a_mistake_is_told(table: dict[str, Any], mistakes: list[str]) -> None:
    with pytest.raises(ConfigurationError) as error:
        read_settings(table, "pyproject.toml")
    first, *lines = error.value.message.split("\n  - ")
    assert first == f"pyproject.toml has {'1 mistake' if len(mistakes) == 1 else f'{len(mistakes)} mistakes'}:"
    assert lines == mistakes


def test_all_mistakes_are_told_at_once() -> None:
    table = {"selct": [], "fail-on": "x", "requirements": {"banned": [7, {"package": "="}], "exceptions": 7}}
    with pytest.raises(ConfigurationError, match=r"^the configuration has 5 mistakes:"):
        read_settings(table)


def test_what_is_right_is_taken() -> None:
    entry = {"allow": "JSII == 1.0", "in": "cdk/**", "reason": "why", "expires": dt.date(2027, 1, 31)}
    table = {
        "select": ["REQ"],
        "extend-select": ["unused-ignore"],
        "ignore": [],
        "per-file-ignores": {"a/**": ["ALL"]},
        "severity": {"clashing-pins": "ERROR"},
        "fail-on": "info",
        "baseline": "b.json",
        "projects": ["a"],
        "worktrees": ["w"],
        "exclude": ["x/**"],
        "python-versions": ["3.8", "3.14"],
        "requirements": {
            "banned": ["Py_Crypto", {"package": "n < 2", "in": "a", "reason": "old"}],
            "exceptions": [entry, {**entry, "in": "x", "expires": "2027-01-31"}],
        },
    }
    expected = VersionException("jsii", "==1.0", "cdk/**", "why", dt.date(2027, 1, 31))
    assert read_settings(table, "pyproject.toml") == Settings(
        select=("REQ",),
        extend_select=("unused-ignore",),
        per_file_ignores=(("a/**", ("ALL",)),),
        severity=(("REQ003", Severity.ERROR),),
        fail_on=Severity.INFO,
        baseline="b.json",
        projects=("a",),
        worktrees=("w",),
        exclude=("x/**",),
        python_versions=("3.8", "3.14"),
        banned=(Ban("py-crypto", "", "**", ""), Ban("n", "<2", "a", "old")),
        exceptions=(expected, replace(expected, where="x")),
    )
    assert read_settings({}) == Settings()
    assert read_settings(table).excludes("x/y") > read_settings(table).excludes("y/x")


def test_the_pythons_are_those_of_the_grid() -> None:
    assert tuple((3, minor) for minor in KNOWN_MINORS) == PYTHONS


@pytest.mark.parametrize(
    ("pyproject", "own", "expected"),
    [
        (None, None, ({}, None)),
        ("[tool.other]\n", None, ({}, None)),
        ("tool = 7 # rrr-optimize\n", None, ({}, None)),
        ("broken = # rrr-optimize\n", None, ({}, None)),
        ("broken = # rrr-optimize\n", "ignore = []\n", ({"ignore": []}, "rrr-optimize.toml")),
        ("[tool.rrr-optimize]\nignore = []\n", None, ({"ignore": []}, "pyproject.toml")),
        (None, "", ({}, "rrr-optimize.toml")),
    ],
)
def test_the_table_is_found(pyproject: str | None, own: str | None, expected: Any) -> None:
    assert find_table(pyproject, own) == expected


@pytest.mark.parametrize(
    ("pyproject", "own", "message"),
    [
        ("[tool.rrr-optimize]\n", "", "both rrr-optimize.toml and"),
        ("[tool.rrr-optimize]\nx = \n", None, "pyproject.toml is not valid TOML: "),
        ('x = \n[[ tool . "rrr-optimize".requirements.banned]]\n', None, "pyproject.toml is not valid TOML: "),
        (None, "x = \n", "rrr-optimize.toml is not valid TOML: "),
        (None, "x = " + "[" * 5000, "rrr-optimize.toml is not valid TOML: "),
    ],
)
def test_a_table_that_cannot_be_read_is_told(pyproject: str | None, own: str | None, message: str) -> None:
    with pytest.raises(ConfigurationError) as error:
        find_table(pyproject, own)
    assert error.value.message.startswith(message)


@pytest.mark.parametrize(
    ("text", "path", "value"),
    [
        ('ignore=["REQ006"]', ("ignore",), ["REQ006"]),
        (" fail-on = error", ("fail-on",), "error"),
        ("baseline=a=b.json", ("baseline",), "a=b.json"),
        ("baseline=", ("baseline",), ""),
        ("severity.REQ003='error'", ("severity", "REQ003"), "error"),
        ('per-file-ignores."docs/**.txt"=["REQ"]', ("per-file-ignores", "docs/**.txt"), ["REQ"]),
        ("per-file-ignores.'a=b' = ['REQ']", ("per-file-ignores", "a=b"), ["REQ"]),
        ("per-file-ignores.a/b=['REQ']", ("per-file-ignores", "a/b"), ["REQ"]),
        ("ignore=" + "[" * 5000, ("ignore",), "[" * 5000),
    ],
)
def test_an_override_is_a_toml_key_and_value(text: str, path: tuple[str, ...], value: Any) -> None:
    assert parse_override(text) == (path, value)


@pytest.mark.parametrize("text", ["ignore", "=x", " = x", ""])
def test_an_override_without_a_key_or_a_value_is_told(text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"^--config takes a file or KEY=VALUE"):
        parse_override(text)


def test_an_override_replaces_one_value_and_keeps_the_rest() -> None:
    table = {"severity": {"REQ001": "info", "REQ003": "info"}, "ignore": ["REQ"]}
    assert merge_override(table, ("severity", "REQ003"), "error") == {
        "severity": {"REQ001": "info", "REQ003": "error"},
        "ignore": ["REQ"],
    }
    assert merge_override(table, ("ignore", "x"), 1)["ignore"] == {"x": 1}
    assert merge_override({}, ("a", "b", "c"), 1) == {"a": {"b": {"c": 1}}}
    assert table["ignore"] == ["REQ"]


def test_a_named_file_is_the_table_or_holds_it() -> None:
    assert load_file("ignore = []\n", "x.toml") == {"ignore": []}
    assert load_file("[tool.rrr-optimize]\nignore = []\n", "x.toml") == {"ignore": []}
    assert load_file("[project]\n", "a/pyproject.toml") == {}
    with pytest.raises(ConfigurationError, match=r"^x\.toml is not valid TOML"):
        load_file("=", "x.toml")


def test_the_schema_has_the_keys_that_are_read() -> None:
    schema = tool_schema("another-name")
    assert "another-name" in schema["$id"]
    with pytest.raises(ConfigurationError) as error:
        read_settings(dict.fromkeys(schema["properties"], 0.5))
    assert "unknown key" not in error.value.message
    assert len(error.value.message.split("\n")) == len(schema["properties"]) + 1
    assert json.dumps(schema)


def test_what_the_command_line_says_stands_above_the_file(repository: Repository, cli: Cli) -> None:
    files = {
        "pyproject.toml": '[tool.rrr-optimize]\nignore = ["REQ003"]\nseverity.REQ004 = "info"\n',
        "a/requirements.txt": "n==1\n",
        "b/requirements.txt": "n==2\n",
    }
    root = repository(files)
    assert cli("audit", cwd=root).exit_code == 0
    assert cli("audit", "--config", "ignore=[]", cwd=root).exit_code == 1
    assert cli("audit", "--config", "ignore=[]", "--config", "severity.REQ003='info'", cwd=root).exit_code == 0
    wrong = cli("audit", "--config", "ignor=[]", "--config", "fail-on=never", cwd=root)
    assert (wrong.exit_code, wrong.stdout) == (2, "")
    assert "the command line has 2 mistakes" in wrong.stderr
