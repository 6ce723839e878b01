"""What is read of a repository: kinds, layers, Pythons, and the counts of the report."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.marker_rows import ALL_ROWS, pythons_of_rows
from rrr_optimize.facts.parsed_requirements import ParsedRequirement, parse_requirement
from rrr_optimize.facts.source_kinds import Role, find_roles, find_unread
from rrr_optimize.requirements.disagreements import find_disagreements
from rrr_optimize.requirements.summary import summarize_requirements

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Facts


@pytest.mark.parametrize(
    "path",
    [
        "notes.txt",
        "config.yml",
        "workflows/ci.yml",
        "guide.md",
        "poetry.lock",
        "a.py",
        "Dockerignore",
        "x/config.yml",
        "requirements.md",
    ],
)
def test_a_file_of_no_known_kind(path: str) -> None:
    assert list(find_roles([path])) == []


@pytest.mark.parametrize(
    ("path", "role"),
    [
        ("a/requirements.txt", Role.REQUIREMENTS),
        ("requirements/dev.in", Role.REQUIREMENTS),
        ("environment-gpu.yaml", Role.CONDA),
        (".github/workflows/ci.yaml", Role.CI),
        ("a/.circleci/config.yml", Role.CI),
        ("azure-pipelines-nightly.yml", Role.CI),
        ("README.rst.md", Role.MARKDOWN),
        ("docs/INSTALL.md", Role.MARKDOWN),
        ("Dockerfile.gpu", Role.DOCKERFILE),
        ("a/gpu.dockerfile", Role.DOCKERFILE),
        ("Containerfile", Role.DOCKERFILE),
        ("a.mk", Role.MAKEFILE),
        ("tools/setup.bash", Role.SHELL),
        ("a/noxfile.py", Role.NOX),
    ],
)
def test_a_file_is_known_by_its_path(path: str, role: Role) -> None:
    assert list(find_roles([path])) == [(path, role)]


def test_kinds_that_are_not_read_are_named(facts: Facts) -> None:
    assert list(find_unread(["a/uv.lock", "uv.lock.txt"])) == [("a/uv.lock", "a lock of uv, a kind that is not read")]
    assert [item.path for item in facts({"uv.lock": "", "pixi.toml": ""}).requirements.unread] == [
        "pixi.toml",
        "uv.lock",
    ]


@pytest.mark.parametrize(
    ("path", "layer"),
    [
        ("requirements.txt", "runtime"),
        ("requirements/base.txt", "runtime"),
        ("devices/requirements.txt", "runtime"),
        ("dev/requirements.txt", "runtime"),
        ("requirements-dev.txt", "dev"),
        ("requirements/docs.txt", "dev"),
        ("lint_requirements.txt", "dev"),
        ("requirements_test.txt", "test"),
        ("requirements/ci.txt", "test"),
        ("constraints.txt", "constraint"),
        ("requirements/constraints-dev.txt", "constraint"),
    ],
)
def test_the_layer_is_in_the_name_below_the_project(path: str, layer: str, facts: Facts) -> None:
    (declaration,) = facts({path: "n\n"}).requirements.declarations
    assert declaration.scope.layer == layer


@pytest.mark.parametrize("path", ["README.md", "README.MD"])
def test_what_a_document_tells_to_install_is_an_example(path: str, facts: Facts) -> None:
    assert facts({path: "```\npip install n==1\n```\n"}).requirements.declarations == ()


PYPROJECT = '[project]\nname = "x"\n'
LATER = PYPROJECT + 'requires-python = ">=3.12"\n'
CLASSIFIED = PYPROJECT + 'classifiers = ["Programming Language :: Python :: 3.9"]\n'


@pytest.mark.parametrize(
    ("files", "config", "pythons"),
    [
        ({"requirements.txt": "n\n"}, [], {".": "3.8-3.14"}),
        ({"pyproject.toml": PYPROJECT + 'requires-python = "nonsense"\n'}, [], {".": "3.8-3.14"}),
        ({"pyproject.toml": PYPROJECT + 'requires-python = ">=2.6,<3"\n'}, [], {".": "none"}),
        ({"pyproject.toml": PYPROJECT + "requires-python = 3\n"}, [], {".": "3.8-3.14"}),
        ({"pyproject.toml": LATER}, [], {".": "3.12-3.14"}),
        ({"pyproject.toml": LATER}, ["3.9", "3.10"], {".": "3.9-3.10"}),
        ({"pyproject.toml": LATER, ".python-version": "3.9\n"}, [], {".": "3.12-3.14"}),
        ({"pyproject.toml": CLASSIFIED, ".python-version": "3.10\n"}, [], {".": "3.9-3.10"}),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "^3.11,<3.13"\n'}, [], {".": "3.11-3.12"}),
        ({"pyproject.toml": '[tool.poetry.dependencies]\npython = "?"\n'}, [], {".": "3.8-3.14"}),
        ({"setup.cfg": "[options]\npython_requires = >=3.13\n"}, [], {".": "3.13-3.14"}),
        ({"tox.ini": "[tox]\nenvlist = py310, py311\n", "requirements.txt": "n\n"}, [], {".": "3.10-3.11"}),
        ({"Dockerfile": "FROM python:3.9-slim\n", "requirements.txt": "n\n"}, [], {".": "3.9-3.9"}),
        (
            {
                "noxfile.py": "@nox.session(python=['3.10', '3.12', 'pypy3.11'])\ndef tests(session): ...\n",
                "requirements.txt": "n\n",
            },
            [],
            {".": "3.10-3.12"},
        ),
        (
            {
                "pyproject.toml": LATER,
                "a/b/requirements.txt": "n\n",
                "c/.python-version": "3.9\n",
                "c/requirements.txt": "",
            },
            [],
            {".": "3.12-3.14", "a/b": "3.12-3.14", "c": "3.9-3.9"},
        ),
        (
            {
                ".python-version": "3.12\n",
                "a/requirements.txt": "n\n",
                "b/Pipfile": '[requires]\npython_version = "3.9"\n',
            },
            [],
            {"a": "3.12-3.12", "b": "3.9-3.9"},
        ),
    ],
    ids=[
        "nothing",
        "nonsense",
        "Python 2",
        "a number",
        "requires-python",
        "configured",
        "stronger than a version file",
        "classifiers and a version file",
        "Poetry",
        "Poetry's nonsense",
        "setup.cfg",
        "tox",
        "Docker",
        "nox",
        "inherited",
        "from a root that is no project",
    ],
)
def test_declared_pythons(files: Mapping[str, str], config: list[str], pythons: dict[str, str], facts: Facts) -> None:
    found = facts(files, {"python-versions": config}).requirements
    ranges = {path: pythons_of_rows(each.declared) for path, each in found.pythons.items()}
    assert {path: f"3.{rows[0][1]}-3.{rows[-1][1]}" if rows else "none" for path, rows in ranges.items()} == pythons
    assert found.declared_rows <= ALL_ROWS


def test_an_included_tox_file_is_read_and_a_computed_one_is_not(facts: Facts) -> None:
    files = {
        "tox.ini": "[testenv]\ndeps =\n  -r more.txt\n  -c{toxinidir}/c.txt\n[tox]\ndeps = k\n",
        "more.txt": "n==1\n",
    }
    found = facts(files).requirements
    assert [(source.path, len(source.declarations)) for source in found.sources] == [("more.txt", 1), ("tox.ini", 0)]


def test_a_folder_asks_for_the_project_in_it(facts: Facts) -> None:
    files = {
        "lib/pyproject.toml": '[project]\nname = "My_Lib"\n',
        "a/requirements.txt": "-e ../lib[x]\n./other\n-e lib\n",
    }
    found = facts(files).requirements.declarations
    assert [(item.package, item.internal, item.editable, item.extras) for item in found] == [
        ("my-lib", True, True, frozenset({"x"})),
        ("my-lib", True, True, frozenset()),
    ]


def test_the_counts_take_the_whole_repository_as_one_set(facts: Facts) -> None:
    header = "# This file was autogenerated by uv via the following command:\n#    uv pip compile requirements.in\n"
    files = {
        "a/requirements.txt": 'n==1\nm>=1\nj==1; os_name == "nt"\nl\nu @ https://example.org/u.zip\nx=1\n',
        "b/requirements.txt": 'n == 1.0.0\nm<1\nj==2; os_name != "nt"\nl>=1\nu\nk==1.0\n',
        "c/requirements.txt": f"{header}n==3\nk==1\n",
        "tox.ini": "[testenv]\ndeps = k==2\n",
    }
    summary = summarize_requirements(facts(files).requirements)
    assert {key: value for key, value in summary.items() if key not in {"sources", "invalid_lines"}} == {
        "files": 4,
        "declarations": 14,
        "packages": 6,
        "multi_spec": ["j", "k", "l", "m", "n"],
        "multi_pin": ["j", "k", "n"],
        "unsatisfiable": ["k", "m", "n"],
        "marker_separated": ["j"],
        "install_sets": 4,
        "pythons": [f"3.{minor}" for minor in range(8, 15)],
    }
    (invalid,) = summary["invalid_lines"]
    assert (invalid["path"], invalid["line"], invalid["text"]) == ("a/requirements.txt", 6, "x=1")
    keys = ("path", "kind", "project", "declarations", "compiled_by")
    assert [tuple(item[key] for key in keys) for item in summary["sources"]] == [
        ("a/requirements.txt", "requirements", "a", 5, None),
        ("b/requirements.txt", "requirements", "b", 6, None),
        ("c/requirements.txt", "requirements", "c", 2, "uv"),
        ("tox.ini", "tox", ".", 1, None),
    ]


@pytest.mark.parametrize("order", ["abc", "cab", "bca", "cba"])
def test_the_order_of_declarations_changes_nothing(order: str, facts: Facts) -> None:
    lines = {"a": "n==1\nk>=2", "b": "n>=2\nk<1\nj==1", "c": "n<3\nj==2"}
    files = {"requirements.txt": "\n".join(lines[name] for name in order) + "\n", "x/requirements.txt": "n==0\n"}
    found = find_disagreements(facts(files))
    assert {(item.package, item.is_between_pins, frozenset(item.core)) for item in found.conflicts} == {
        ("n", False, frozenset({"==1", ">=2"})),
        ("k", False, frozenset({">=2", "<1"})),
        ("j", True, frozenset({"==1", "==2"})),
    }
    assert [(item.package, item.is_between_pins) for item in found.clashes] == [("n", True)]
    assert {item.proposal for item in (*found.conflicts, *found.clashes)} == {"2", None}


@pytest.mark.parametrize(
    ("text", "specifier"),
    [
        ("n", ""),
        ("n @ https://example.org/n-1.zip ; python_version<'3'", ""),
        ("n; python_version<'3'", ""),
        (" n[a,b] (>=1rc1, <2) ; python_version<'3'", ">=1rc1,<2"),
        ("n.x-y_z >= 1 , != 1.5,<2", ">=1,!=1.5,<2"),
        ("n ===x-1", "===x-1"),
        ("n>=1,", ">=1"),
    ],
)
def test_a_specifier_keeps_its_order(text: str, specifier: str) -> None:
    parsed = parse_requirement(text)
    assert isinstance(parsed, ParsedRequirement)
    assert parsed.specifier == specifier
