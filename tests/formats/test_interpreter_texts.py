import pytest

from rrr_optimize.formats.interpreter_texts import InterpreterFile, find_interpreter_texts
from rrr_optimize.source import SourceText

VERSION_FILE, DOCKERFILE, CI, TOX = InterpreterFile


def named(text: str, kind: InterpreterFile) -> list[tuple[int, str]]:
    """Return the minor numbers and what their spans cover."""
    source = SourceText("x", text)
    found = find_interpreter_texts(source, kind)
    assert all(version.minor[0] == 3 for version in found)
    return [(version.minor[1], source.slice(version.span)) for version in found]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("3\n2.7.18\nmyenv-3.9\nminiconda3-3.9\nsystem\n# 3.9\n13.9\n>=3.9\n>= 3.9\n", VERSION_FILE),
        ("python-2.7.18\n", VERSION_FILE),
        (
            "FROM ubuntu:3.9\nFROM python\nFROM python:3\nFROM python:latest\nFROM python:2.7\nFROM node:3.9\n",
            DOCKERFILE,
        ),
        ("FROM python:$V\nFROM python:${V}\nFROM a\nARG V=3.9\nFROM python:${V}\n# FROM python:3.9\n", DOCKERFILE),
        ("ARG V=$W\nFROM python:$V\nRUN python3.9 a\nENV P=python:3.9\n", DOCKERFILE),
        (f"ARG V={'3.9' * 200}\nFROM python:$V\n", DOCKERFILE),
        ("python-version: 3\npython-version: 3.x\npython-version: '2.7'\npython-version-file: 3.9\n", CI),
        ("python-version: ${{ matrix.python || '3.9' }}\npython-version: $(V)3.9\n", CI),
        ("python-version: [${{ fromJSON('3.9') }}]\npython-version: '>=3.9'\npython-version: '>= 3.9'\n", CI),
        ("# python-version: 3.9\nname: Python 3.9\nnode-version: 3.9\nmypython-version: 3.9\npython:3.9\n", CI),
        ("python-version:\nother: 3.9\n- 3.9\n", CI),
        ("python-version:\n- os: 3.9\n", CI),
        ("image: node:3.9\nimage: ubuntu\nimage:\n", CI),
        ("[tox]\nenvlist = py27, py3, lint, pypy, happy39, coverage3.\n[testenv]\ndeps = py39\n  3.9\n", TOX),
        ("[tox]\nenvlist =\n  # py39\n  lint\nrequires = py39\n", TOX),
    ],
)
def test_names_no_python_where_none_is_declared(text: str, kind: InterpreterFile) -> None:
    assert named(text, kind) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3.11\n", [(11, "3.11")]),
        ("3.11.4\n3.10\n", [(11, "3.11.4"), (10, "3.10")]),
        ("python-3.11.4", [(11, "3.11.4")]),
        ("cpython-3.12\npypy3.9-7.3.11\npypy-3.10 # 3.8\n", [(12, "3.12"), (9, "3.9"), (10, "3.10")]),
        ("3.13t\n3.14-dev\n3.14.0rc1\n3.11.x\n", [(13, "3.13"), (14, "3.14"), (14, "3.14.0"), (11, "3.11.x")]),
        ("3.8 3.9", [(8, "3.8"), (9, "3.9")]),
    ],
)
def test_reads_version_files(text: str, expected: list[tuple[int, str]]) -> None:
    assert named(text, VERSION_FILE) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("FROM python:3.11-slim AS base\nFROM base\nfrom python:3.9.18@sha256:a\n", [(11, "3.11"), (9, "3.9.18")]),
        ("FROM --platform=$BUILDPLATFORM docker.io/library/python:3.12\n", [(12, "3.12")]),
        ("FROM \\\n  python:3.12\n", [(12, "3.12")]),
        ("FROM public.ecr.aws/lambda/python:3.11\nFROM host:5000/cimg/python:3.10.4\n", [(11, "3.11"), (10, "3.10.4")]),
        ("FROM apache/airflow:2.7.0-python3.10\nFROM uv:python3.12-alpine\n", [(10, "3.10"), (12, "3.12")]),
        ("FROM devcontainers/python:1-3.11-bullseye\nFROM pypy:3.9\n", [(11, "3.11"), (9, "3.9")]),
        ("ARG V=3.11\nFROM python:${V}-slim\nFROM python:$V\n", [(11, "3.11"), (11, "3.11")]),
        ("ARG A=1 B='python:3.9'\nARG C=$B-slim\nFROM $C\n", [(9, "3.9")]),
        ("FROM python:${V:-3.12}\nFROM python:${V-3.13}\n", [(12, "3.12"), (13, "3.13")]),
        ("ARG M=11\nFROM python:3.${M}-slim\n", [(11, "python:3.${M}-slim")]),
    ],
)
def test_reads_base_images(text: str, expected: list[tuple[int, str]]) -> None:
    assert named(text, DOCKERFILE) == expected


def test_the_span_of_an_argument_is_where_its_value_stands() -> None:
    source = SourceText("Dockerfile", "ARG V=3.11\nFROM python:${V}-slim\n")
    (version,) = find_interpreter_texts(source, DOCKERFILE)
    assert version.span.start == 6


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param("python-version: 3.10\n", [(10, "3.10")], id="the float that YAML would make of it"),
        pytest.param("python-version: 3.1\n", [(1, "3.1")], id="as written"),
        pytest.param("  - python-version: '3.11' # 3.12\n", [(11, "3.11")], id="item and comment"),
        pytest.param(
            "python-version: [\"3.9\", '3.10', 3.11] # 3.8\n", [(9, "3.9"), (10, "3.10"), (11, "3.11")], id="list"
        ),
        pytest.param(
            "python: [3.9, \"${{ a['3.8'] }}\", pypy-3.10]\n", [(9, "3.9"), (10, "3.10")], id="expression inside"
        ),
        pytest.param(
            "python-version: [\n  '3.9', # '3.8'\n  3.10\n]\nb: 3.7\n", [(9, "3.9"), (10, "3.10")], id="long list"
        ),
        pytest.param('python:\n- 3.9\n\n# 3.8\n- "3.10" # 3.7\nb:\n- 3.6\n', [(9, "3.9"), (10, "3.10")], id="items"),
        pytest.param(
            "  python:\n    - 3.9\n  - 3.8\n - 3.7\n", [(9, "3.9"), (8, "3.8")], id="items end with the margin"
        ),
        pytest.param(
            "python-version: |\n  3.9\n  3.10\nb: 3.8\n", [(9, "3.9"), (10, "3.10")], id="block of setup-python"
        ),
        pytest.param(
            "- {python: 3.9, os: 3.8}\n- {os: 3.7, python-version: '3.10'}\n", [(9, "3.9"), (10, "3.10")], id="flow"
        ),
        pytest.param("python:\n  version: 3.8\n  install: 3.7\n", [(8, "3.8")], id="Read the Docs, old"),
        pytest.param('build:\n  tools:\n    python: "3.11"\n', [(11, "3.11")], id="Read the Docs"),
        pytest.param("default_language_version:\n  python: python3.11\n", [(11, "3.11")], id="pre-commit"),
        pytest.param(
            "versionSpec: 3.9\nPYTHON_VERSION: 3.10\nTEST_PYTHON_VERSION: '3.11.2'\n",
            [(9, "3.9"), (10, "3.10"), (11, "3.11.2")],
        ),
        pytest.param(
            "image: cimg/python:3.11.4\n- image: 'python:3.9'\ncontainer: python:3.8-slim\n",
            [(11, "3.11.4"), (9, "3.9"), (8, "3.8")],
        ),
        pytest.param("- uses: a\n  with: {python-version: 3.12}\r\n", [(12, "3.12")], id="CRLF"),
    ],
)
def test_reads_ci_files(text: str, expected: list[tuple[int, str]]) -> None:
    assert named(text, CI) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("[tox]\nenvlist = py38,py39-django{30,41},pypy39\n", [(8, "38"), (9, "39"), (9, "39")]),
        (
            "[tox]\nenv_list =\n  py{310, 311}-{a,b}  # py37\n\n  django-py312\n",
            [(10, "310"), (11, "311"), (12, "312")],
        ),
        ("[tox]\nenvlist = py3{9,10}, {py311,py27}-x\n", [(9, "9"), (10, "10"), (11, "311")]),
        ("[tox]\nenvlist = py3{8-10}\n", [(8, "8-10"), (9, "8-10"), (10, "8-10")]),
        (
            "[tox]\nenvlist = 3.13, py3.14\n[testenv]\nbasepython = python3.11\n",
            [(13, "3.13"), (14, "3.14"), (11, "3.11")],
        ),
    ],
)
def test_reads_tox(text: str, expected: list[tuple[int, str]]) -> None:
    assert named(text, TOX) == expected
