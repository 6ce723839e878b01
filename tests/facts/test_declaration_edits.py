from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.declaration_edits import set_specifier, set_specifiers
from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.model import Edit
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.facts.declaration_edits import Outcome
    from rrr_optimize.facts.declarations import Declaration
    from tests.conftest import Facts

NEW = "==9.9"
FROM_URL = "aa is taken from a URL or a folder, so that it has no specifier"
NO_SPECIFIER = "'=1' is not a version specifier that can be written in every file"
MOVED = "the file does not say there what the declaration says"


def declared(facts: Facts, path: str, text: str) -> tuple[SourceText, Sequence[Declaration]]:
    read = facts({path: text})
    return SourceText(path, text), [item for item in read.requirements.declarations if item.location.path == path]


def set_all(facts: Facts, path: str, text: str, specifier: str = NEW) -> tuple[str, list[Outcome]]:
    """Return the text with every declaration set, and what was not edited."""
    source, declarations = declared(facts, path, text)
    assert declarations
    outcomes = set_specifiers(source, [(item, specifier) for item in declarations])
    edits = [outcome for outcome in outcomes if isinstance(outcome, Edit)]
    return apply_edits(text, edits), [outcome for outcome in outcomes if not isinstance(outcome, Edit)]


CASES = {
    "requirements.txt": (
        "# h\r\nAa.b[x] «== 1.0, <2|== 9.9» ; os_name == 'nt'  # c\r\nbb«|==9.9»\r\ncc«>=1|==9.9» \\\r\n  -C a=b"
    ),
    "constraints.txt": ("aa«<2|==9.9»\nbb«<3|==9.9»"),
    "pyproject.toml": (
        "[build-system]\n"
        "requires = ['h«~=1.0|==9.9»']\n"
        "[project]\n"
        "name = 'x'\n"
        "dependencies = [\n"
        "  'aa«>=1|==9.9» ; os_name==\"nt\"', # c\n"
        '  "bb«|==9.9»"\n'
        "]\n"
        "optional-dependencies.z = ['cc[y] «<2|==9.9»']\n"
        "[dependency-groups]\n"
        "g = [{include-group='i'}, 'dd«|==9.9»']\n"
        "i = []\n"
        "[tool.uv]\n"
        "constraint-dependencies = ['ee«<1|==9.9»']\n"
        "[tool.pdm.dev-dependencies]\n"
        "t = ['ff«==1|==9.9»']\n"
        "[tool.hatch.envs.e]\n"
        "dependencies = ['gg«>1|==9.9»']\n"
    ),
    "hatch.toml": ("[envs.e]\ndependencies = ['gg«>1|==9.9»']\n"),
    "tox.toml": ("[env.e]\ndeps = ['gg«>1|==9.9»']\n"),
    "setup.cfg": (
        "[metadata]\n"
        "name = x\n"
        "[options]\n"
        "install_requires =\n"
        "    # c\n"
        "    aa «>=1, <2|==9.9»  # x; y\n"
        "    bb«|==9.9»; os_name=='nt'\n"
        "[options.extras_require]\n"
        "Z = cc«|==9.9»\n"
    ),
    "setup.py": (
        "from setuptools import setup\n"
        "A = [r'dd«>=1|==9.9»']  # é\n"
        'setup(install_requires=[\'aa«>=1|==9.9»\', *A], tests_require=["""bb«|==9.9»"""],\n'
        "      extras_require={'z:os_name==\"nt\"': ['cc«<1|==9.9»']})\n"
    ),
    "noxfile.py": ("import nox\n@nox.session\ndef t(session):\n    session.install('aa«==1|==9.9»', f'bb=={1}')\n"),
    "tox.ini": ("[testenv]\ndeps =\n    py311: aa«>=1|==9.9» # x\n    bb«|==9.9»\n    -r x.txt\n"),
    "Pipfile": (
        "[packages]\n"
        'aa = "«*|==9.9»"\n'
        'bb = {version = "«>=1|==9.9»", extras = ["x"]}\n'
        "[dev-packages.cc]\n"
        'version = "«==1.0|==9.9»" # c\n'
    ),
    "environment.yml": (
        "name: x\n"
        "dependencies:\n"
        "  - numpy=1.2\n"
        "  - pip:\n"
        "    - aa«==1|==9.9»  # c\n"
        "    - 'bb[x] «>=1|==9.9»; os_name == \"nt\"'\n"
    ),
    ".pre-commit-config.yaml": (
        'repos:\n- repo: a\n  hooks:\n  - id: b\n    additional_dependencies: [aa«==1|==9.9», "bb«>=1|==9.9»"]\n'
    ),
    "tool.py": (
        "# /// script\r\n"
        "# dependencies = [\r\n"
        "#   'aa«>=1|==9.9»', # c\r\n"
        "#   'bb«|==9.9»']\r\n"
        "# ///\r\n"
        "print('aa>=1')\r\n"
    ),
    "Dockerfile": (
        "FROM python:3.12\nRUN pip install aa«==1|==9.9» 'bb«>=1,<2|==9.9»' \\\n  cc[x]«==2|==9.9» && echo aa==1\n"
    ),
    ".github/workflows/ci.yml": ('jobs:\n  t:\n    steps:\n    - run: pip install aa«==1|==9.9» "bb«>=1|==9.9»"\n'),
    "Makefile": ("t:\n\tpip install aa«==1|==9.9»\n"),
    "run.sh": ("pip install aa«==1|==9.9»\n"),
}
"""Files by their name; «before|after» is what changes."""


def before(text: str) -> str:
    return re.sub(r"«(.*?)\|(.*?)»", r"\1", text)


def after(text: str) -> str:
    return re.sub(r"«(.*?)\|(.*?)»", r"\2", text)


@pytest.mark.parametrize("path", CASES)
def test_sets_every_specifier_of_a_file(path: str, facts: Facts) -> None:
    assert set_all(facts, path, before(CASES[path])) == (after(CASES[path]), [])


@pytest.mark.parametrize("path", CASES)
def test_a_second_time_changes_nothing(path: str, facts: Facts) -> None:
    source, declarations = declared(facts, path, after(CASES[path]))
    assert set(set_specifiers(source, [(item, NEW) for item in declarations])) == {None}


POETRY = (
    "[tool.poetry.dependencies]\npython = '^3.11'\naa = '^1.2'  # c\nbb = {version = '1.0', extras = ['x']}\n"
    "cc = [\n  {version = '<2', python = '<3.12'},\n  {version = '2.1', python = '>=3.12'},\n]\n"
    "[tool.poetry.dependencies.dd]\nversion = '*'\n[tool.poetry.group.t.dependencies]\nee = '==1'\n"
)


@pytest.mark.parametrize(
    ("specifier", "values"),
    [
        ("==9.9", ["==9.9", "9.9", "==9.9", "9.9", "==9.9", "==9.9"]),
        (">=2,<3", [">=2,<3"] * 6),
        ("~=2.1", ["~=2.1"] * 6),
    ],
)
def test_writes_constraints_of_poetry_in_its_own_language(specifier: str, values: list[str], facts: Facts) -> None:
    text, left = set_all(facts, "pyproject.toml", POETRY, specifier)
    expected = POETRY
    for old, new in zip(("'^1.2'", "'1.0'", "'<2'", "'2.1'", "'*'", "'==1'"), values, strict=True):
        expected = expected.replace(old, f"'{new}'")
    assert (text, left) == (expected, [])


def test_any_version_is_a_star_to_poetry(facts: Facts) -> None:
    text, left = set_all(facts, "pyproject.toml", POETRY, "")
    assert text.count("'*'") == 6
    assert left == [None]


@pytest.mark.parametrize(
    ("path", "text", "specifier", "reason"),
    [
        (
            "requirements.txt",
            "aa @ https://h/a.zip\n",
            NEW,
            FROM_URL,
        ),
        ("requirements.txt", "aa==1 --hash=sha256:00\n", NEW, "its hashes belong to the version that it names now"),
        ("requirements.txt", "aa==\\\n1\n", NEW, "a continuation runs through its specifier"),
        (
            "requirements.txt",
            "# generated by pip-compile\naa==1\n",
            NEW,
            "the file is compiled: its source is to be changed, and the file made anew",
        ),
        ("requirements.txt", "aa\n", "=1", NO_SPECIFIER),
        (
            "pyproject.toml",
            "[project]\nname='x'\ndependencies=['aa']\n",
            "=1",
            "'=1' is not a version specifier that can be written in every file",
        ),
        ("pyproject.toml", '[project]\nname="x"\ndependencies=["\\u0061a"]\n', NEW, MOVED),
        ("setup.py", "import setuptools\nsetuptools.setup(install_requires=['aa' '==1'])\n", NEW, MOVED),
        ("setup.py", "import setuptools\nsetuptools.setup(install_requires=['aa\\n'])\n", NEW, MOVED),
        ("setup.py", "import setuptools\nsetuptools.setup(install_requires=['''\naa\nbb\n'''])\n", NEW, MOVED),
        ("Dockerfile", "FROM x\nRUN pip install aa==1\n", ">=2", "the file would say something else as well"),
        ("Dockerfile", "FROM x\nRUN pip install aa==1 bb==1\n", ">=2", "the file would say something else as well"),
        ("Dockerfile", "FROM x\nRUN pip install 'aa'==1\n", NEW, MOVED),
        ("environment.yml", 'dependencies:\n- pip:\n  - "a\\x61==1"\n', NEW, MOVED),
        (
            "Pipfile",
            "[packages]\naa = {git = 'x'}\n",
            NEW,
            FROM_URL,
        ),
        ("Pipfile", "[packages]\naa = {extras = ['x']}\n", NEW, "aa has no version that is written as a plain string"),
        ("Pipfile", '[packages]\naa = "\\u002a"\n', NEW, "aa has no version that is written as a plain string"),
        ("Pipfile", "[packages]\naa = '*'\n", "===1", "its constraints know no ==="),
        (
            "Pipfile",
            "[packages]\naa = '*'\n",
            "=1",
            "'=1' is not a version specifier that can be written in every file",
        ),
    ],
)
def test_says_why_a_declaration_is_not_edited(path: str, text: str, specifier: str, reason: str, facts: Facts) -> None:
    source, declarations = declared(facts, path, text)
    found = set_specifier(source, declarations[0], specifier)
    assert isinstance(found, Refusal)
    assert found.reason == reason


def test_one_refusal_does_not_keep_the_others_from_their_edits(facts: Facts) -> None:
    text, left = set_all(facts, "requirements.txt", "aa==1\nbb==1 --hash=sha256:00\ncc @ https://h/c.zip\ndd==1\n")
    assert text == "aa==9.9\nbb==1 --hash=sha256:00\ncc @ https://h/c.zip\ndd==9.9\n"
    assert len(left) == 2


def test_two_declarations_of_one_place_share_its_edit(facts: Facts) -> None:
    text = "import setuptools\nA = ['aa==1']\nsetuptools.setup(install_requires=A, tests_require=A)\n"
    source, (one, other) = declared(facts, "setup.py", text)
    edit, same = set_specifiers(source, [(one, NEW), (other, NEW)])
    assert isinstance(edit, Edit)
    assert edit == same
    edit, refused = set_specifiers(source, [(one, NEW), (other, "==8")])
    assert isinstance(edit, Edit)
    assert refused == Refusal("one place is to have two specifiers")


def test_a_shell_word_that_needs_quotes_leaves_the_quoted_ones_alone(facts: Facts) -> None:
    text, left = set_all(facts, "run.sh", "pip install 'aa==1' bb==1 \"cc==1\"\n", ">=2")
    assert text == "pip install 'aa>=2' bb==1 \"cc>=2\"\n"
    assert [item.reason for item in left if isinstance(item, Refusal)] == ["the file would say something else as well"]


@pytest.mark.parametrize("path", CASES)
def test_a_declaration_of_another_text_is_refused(path: str, facts: Facts) -> None:
    text = before(CASES[path])
    source, declarations = declared(facts, path, text)
    for other in ("", text.replace("a", "b"), f"\n{text}", text[: len(text) // 2], text.replace("=", "~")):
        for outcome in set_specifiers(replace(source, text=other), [(item, NEW) for item in declarations]):
            if isinstance(outcome, Edit):
                assert NEW in apply_edits(other, [outcome])
    elsewhere = SourceText(f"x/{path}", text)
    for outcome in set_specifiers(elsewhere, [(item, NEW) for item in declarations]):
        assert outcome == Refusal(MOVED)


@pytest.mark.parametrize(
    "now",
    ["aa = '>3'", "aa = '@@'", "aa = '1||2'", "", "bb = '^1'", "aa = '^1'\naa.b = 2"],
    ids=["changed", "wrong", "a choice", "gone", "another", "no TOML"],
)
def test_a_constraint_that_is_not_there_by_now_is_refused(now: str, facts: Facts) -> None:
    source, (one,) = declared(facts, "pyproject.toml", "[tool.poetry.dependencies]\naa = '^1'\n")
    found = set_specifier(replace(source, text=source.text.replace("aa = '^1'\n", now)), one, NEW)
    assert isinstance(found, Refusal)


@pytest.mark.parametrize("path", sorted({"Pipfile", "setup.py", "environment.yml", "tool.py"}))
def test_a_file_that_is_broken_by_now_is_refused(path: str, facts: Facts) -> None:
    text = before(CASES[path])
    source, declarations = declared(facts, path, text)
    broken = replace(source, text=f"{text}\n{{[")
    found = set_specifier(broken, declarations[0], NEW)
    assert isinstance(found, Refusal) or path == "tool.py"


def test_a_table_with_a_header_is_located_by_its_name(facts: Facts) -> None:
    _, (one,) = declared(facts, "Pipfile", "[packages]\n[packages.aa]\nversion = '==1'\n")
    assert (one.location.line, one.location.column, one.location.end_column) == (2, 11, 13)
