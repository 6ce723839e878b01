"""The JSON schema of the configuration and the code that reads it accept the same tables."""

from __future__ import annotations

import datetime as dt
import tomllib
from importlib.metadata import entry_points
from typing import Any

import pytest
from jsonschema import Draft7Validator

from rrr_optimize.config import tool_schema
from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import ConfigurationError

_GOOD = [
    "",
    "select = []",
    'select = ["ALL"]\nextend-select = ["REQ", "conflicting-pins"]\nignore = ["req001"]',
    '[per-file-ignores]\n"tests/**" = ["REQ003"]\n"*.txt" = []',
    '[severity]\nREQ001 = "info"\nclashing-pins = "error"',
    'fail-on = "info"',
    'fail-on = "INFO"',
    'baseline = "known.json"',
    'projects = ["apps/*"]\nworktrees = ["feature"]\nexclude = ["vendor/**"]',
    "untracked = false",
    'python-versions = ["3.9", "3.14"]',
    "[requirements]",
    '[verify]\ntests = ["pytest", "-q"]\n"other checks" = ["make"]',
    "[unify]",
    '[unify]\npolicy = "snap-to backtesting"\nlayout = "layered"\nthreshold = 1\nmax-added = 0',
    '[unify]\npolicy = "highest"\nlayout = "constraints"\nallow-major = ["black"]',
    '[unify.layers]\nml = ["torch*"]\ntrading-2 = []',
    '[[unify.policies]]\npackages = ["a"]\npolicy = "pinned 1.0"',
    '[[unify.policies]]\nin = "a/**"\npolicy = "pinned"\nversion = "1.0"',
    '[[unify.policies]]\nprojects = ["a"]\nlayers = ["dev"]\npolicy = "ignored"',
    '[fix-imports]\ncwd = [".", "scripts/"]\nroots = { tools = "lib", _x1 = "a/_x1.py" }',
    '[fix-imports]\nsite-packages = "../env"',
    '[fix-imports.import-names]\nour-client = ["client", "a.b_1"]\n"zope.x" = []\nA_b = ["c"]',
    "[compose]\nmax-connections = 200\ndefault-pool = 5",
    '[requirements]\nbanned = ["nose", "requests<2.31", { package = "x", in = "a/**", reason = "y" }]',
    '[[requirements.exceptions]]\nallow = "jsii==1.129.0"\nin = "cdk/**"\nreason = "x"\nexpires = 2027-01-31',
    '[[requirements.exceptions]]\nallow = "jsii==1.129.0"\nin = "cdk/**"\nreason = "x"\nexpires = "2027-01-31"',
]
_BAD = [
    "unknown = 1",
    "[fix-imports]\ncwd = 1",
    '[fix-imports]\ncwd = [""]',
    '[fix-imports]\ncwd = ["/a"]',
    '[fix-imports]\ncwd = ["../a"]',
    '[fix-imports]\nroots = ["a"]',
    '[fix-imports.roots]\n"a.b" = "lib"',
    "[fix-imports.roots]\na = 1",
    '[fix-imports.roots]\na = ".."',
    "[fix-imports]\nroot = {}",
    '[fix-imports]\nsite-packages = ""',
    '[fix-imports]\nsite-packages = ["a"]',
    '[fix-imports]\nimport-names = ["a"]',
    '[fix-imports.import-names]\na = "b"',
    '[fix-imports.import-names]\na = [""]',
    "[fix-imports.import-names]\na = [1]",
    '[fix-imports.import-names]\na = ["b-c"]',
    '[fix-imports.import-names]\na = ["b."]',
    '[fix-imports.import-names]\na = ["1b"]',
    '[fix-imports.import-names]\n"-a" = ["b"]',
    '[fix-imports.import-names]\n"a b" = ["b"]',
    'selct = ["ALL"]',
    'fail_on = "info"',
    'select = "ALL"',
    "select = [1]",
    'ignore = [""]',
    "per-file-ignores = 1",
    '[per-file-ignores]\n"tests/**" = "REQ003"',
    '[severity]\nREQ001 = "fatal"',
    "[severity]\nREQ001 = 1",
    'severity = "error"',
    'fail-on = "never"',
    "fail-on = 1",
    'baseline = ""',
    "baseline = true",
    'projects = "apps"',
    "worktrees = [1]",
    'exclude = [""]',
    'untracked = "no"',
    "untracked = 0",
    "python-versions = [3.11]",
    'python-versions = ["2.7"]',
    'python-versions = ["3.111"]',
    "requirements = 1",
    'verify = ["pytest"]',
    '[verify]\ntests = "pytest -q"',
    "[verify]\ntests = []",
    '[verify]\ntests = ["pytest", ""]',
    "[verify]\ntests = [1]",
    "compose = 1",
    "[compose]\nmax-connections = 0",
    "unify = 1",
    "[unify]\nlayer = 1",
    '[unify]\npolicy = "latest"',
    '[unify]\npolicy = "pinned 1.0"',
    '[unify]\npolicy = "snap-to"',
    '[unify]\npolicy = "higest"',
    '[unify]\nlayout = "flat"',
    "[unify]\nthreshold = 0",
    "[unify]\nthreshold = 1.5",
    "[unify]\nthreshold = true",
    "[unify]\nmax-added = -1",
    "[unify]\nmax-added = 1.5",
    '[unify]\nallow-major = "black"',
    '[unify.layers]\nml = "torch"',
    '[unify.layers]\n"a/b" = []',
    'unify.policies = ["ignored"]',
    '[[unify.policies]]\npolicy = "ignored"',
    '[[unify.policies]]\npackages = ["a"]',
    '[[unify.policies]]\npackages = ["a"]\npolicy = "latest"',
    '[[unify.policies]]\npackages = ["a"]\npolicy = "highest"\nwhere = "b"',
    "[compose]\ndefault-pool = true",
    '[compose]\ndefault-pool = "5"',
    "[compose]\npool = 5",
    "[requirements]\nbannd = []",
    'requirements.banned = "nose"',
    "requirements.banned = [1]",
    'requirements.banned = [""]',
    'requirements.banned = [{ reason = "x" }]',
    'requirements.banned = [{ package = "x", where = "y" }]',
    'requirements.banned = [{ package = "x", reason = "" }]',
    'requirements.exceptions = ["jsii==1"]',
    '[[requirements.exceptions]]\nallow = "jsii==1.129.0"\nin = "cdk/**"',
    '[[requirements.exceptions]]\nallow = "jsii==1.129.0"\nin = "cdk/**"\nreason = ""',
    '[[requirements.exceptions]]\nallow = "jsii==1.129.0"\nin = "cdk/**"\nreason = "x"\nexpires = 3',
    '[[requirements.exceptions]]\nallow = "jsii==1.129.0"\nin = "cdk/**"\nreason = "x"\nexpires = "soon"',
]
# Beyond a schema: which rules there are, and what a requirement is.
_BAD_ONLY_TO_US = [
    '[[unify.policies]]\npackages = ["a"]\npolicy = "pinned"',
    '[[unify.policies]]\npackages = ["a"]\npolicy = "pinned next"',
    '[[unify.policies]]\npackages = ["a"]\npolicy = "highest"\nversion = "1.0"',
    "[unify.layers]\nml = []\nML = []",
    '[unify.layers]\nml = ["torch"]\ndev = ["Torch"]',
    'fix-imports.cwd = ["a/../.."]',
    '[fix-imports.import-names]\na_b = ["c"]\nA-b = ["c"]',
    'select = ["REQ999"]',
    '[severity]\nREQ0 = "info"',
    'requirements.banned = ["!"]',
    '[[requirements.exceptions]]\nallow = "jsii[x]==1"\nin = "cdk/**"\nreason = "x"',
    '[[requirements.exceptions]]\nallow = "jsii"\nin = "cdk/**"\nreason = "x"',
]


def _as_json(value: Any) -> Any:
    """Return TOML data as the tools that take a schema see it: a date is a string."""
    match value:
        case dict():
            return {key: _as_json(item) for key, item in value.items()}
        case list():
            return [_as_json(item) for item in value]
        case dt.date():
            return value.isoformat()
        case _:
            return value


def _we_accept(table: dict[str, Any]) -> bool:
    try:
        read_settings(table)
    except ConfigurationError:
        return False
    return True


def _schema_accepts(table: dict[str, Any]) -> bool:
    validator = Draft7Validator(tool_schema(), format_checker=Draft7Validator.FORMAT_CHECKER)
    return validator.is_valid(_as_json(table))


def test_the_schema_is_one_and_reached_through_its_entry_point() -> None:
    (entry,) = entry_points(group="validate_pyproject.tool_schema", name="rrr-optimize")
    schema = entry.load()("rrr-optimize")
    Draft7Validator.check_schema(schema)
    assert schema == tool_schema()
    # What validate-pyproject asks of a plug-in.
    assert schema["$id"]
    assert schema["$schema"] == "http://json-schema.org/draft-07/schema#"


@pytest.mark.parametrize("text", _GOOD)
def test_both_accept(text: str) -> None:
    table = tomllib.loads(text)
    assert (_we_accept(table), _schema_accepts(table)) == (True, True)


@pytest.mark.parametrize("text", _BAD)
def test_both_reject(text: str) -> None:
    table = tomllib.loads(text)
    assert (_we_accept(table), _schema_accepts(table)) == (False, False)


@pytest.mark.parametrize("text", _BAD_ONLY_TO_US)
def test_we_know_more_than_a_schema_can_say(text: str) -> None:
    table = tomllib.loads(text)
    assert (_we_accept(table), _schema_accepts(table)) == (False, True)


def test_both_know_the_same_keys() -> None:
    # A value of the wrong type is a mistake that names the key; an unknown key is another one.
    with pytest.raises(ConfigurationError) as caught:
        read_settings(dict.fromkeys(tool_schema()["properties"], dt.time()))
    assert "unknown key" not in caught.value.message
    assert caught.value.message.count("\n") == len(tool_schema()["properties"])
    described = {key for text in _GOOD for key in tomllib.loads(text)}
    assert described == set(tool_schema()["properties"])
