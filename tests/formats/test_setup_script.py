"""What a setup.py declares in literals, and what only running it would tell."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.setup_script import SetupFacts, read_setup
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.source import SourceText

IMPORT = "from setuptools import setup\n"


def read(text: str) -> SetupFacts:
    facts = read_setup(SourceText("setup.py", text))
    assert facts is not None
    return facts


def installs(text: str) -> list[str]:
    """Return install_requires as cut from the text by exact spans."""
    found = read(text).install_requires
    cut = [text[placed.span.start : placed.span.end] for placed in found if placed.exact]
    assert cut == [placed.text for placed in found]
    return cut


def reasons(text: str) -> list[tuple[str, str, str]]:
    return [(item.what, text[item.span.start : item.span.end], item.reason) for item in read(text).dynamic]


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("import setuptools\n", id="an import only"),
        pytest.param("def setup():\n    pass\n\nsetup()\n", id="a function of its own"),
        pytest.param("logging.setup()\nself.app.setup()\n", id="a method"),
        pytest.param("get()()\nx[0]()\na.b.c.setup()\n", id="calls without a name"),
        pytest.param("# setup(name='x')\n'setup()'\n", id="a comment and a string"),
    ],
)
def test_finds_no_call_where_none_of_the_packaging_kind_is(text: str) -> None:
    assert read_setup(SourceText("setup.py", text)) is None


@pytest.mark.parametrize(
    "text",
    [
        "from setuptools import setup\nsetup({})",
        "from setuptools import setup as make\nmake({})",
        "import setuptools\nsetuptools.setup({})",
        "import setuptools as st\nst.setup({})",
        "import distutils.core\ndistutils.core.setup({})",
        "from distutils import core\ncore.setup({})",
        "try:\n    from setuptools import setup\nexcept ImportError:\n    from distutils.core import setup\nsetup({})",
        "from skbuild import setup\nsetup({})",
        "from setuptools import setup\nif __name__ == '__main__':\n    setup({})",
        "from setuptools import setup\ndef setup_package():\n    setup({})\nsetup_package()",
    ],
)
def test_finds_the_call_under_each_of_its_names(text: str) -> None:
    text = text.replace("{}", "install_requires=['a>=1']")
    assert installs(text) == ["a>=1"]
    call = read(text).call
    assert text[call.start : call.end].endswith("(install_requires=['a>=1'])")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("open('requirements.txt').read().splitlines()", "it calls open().read().splitlines()"),
        ("read_requirements()", "it calls read_requirements()"),
        ("[line for line in lines]", "it is built by a comprehension"),
        ("REQUIREMENTS", "REQUIREMENTS is not assigned at the top level of the file"),
        ("deps if six else []", "it depends on a condition"),
        ("deps or []", "it depends on a condition"),
        ("config['deps']", "it is looked up when the file runs"),
        ("about.deps", "it is looked up when the file runs"),
        ("['a'] * 2", "it is computed by an operator"),
        ("{'a': 'b'}", "it is not a literal string, list or dict of the kind that belongs here"),
        ("42", "it is not a literal string, list or dict of the kind that belongs here"),
    ],
)
def test_never_guesses_what_is_not_literal(value: str, reason: str) -> None:
    text = f"{IMPORT}setup(install_requires={value})"
    assert installs(text) == []
    assert reasons(text) == [("install_requires", value, reason)]


@pytest.mark.parametrize(
    ("item", "reason"),
    [
        ("f'b=={version}'", "it is a formatted string"),
        ("'b==' + version", "it is computed by an operator"),
        ("'b==%s' % version", "it is computed by an operator"),
        ("*more()", "it calls more()"),
        ("['b']", "it is not a literal string, list or dict of the kind that belongs here"),
        ("b'b'", "it is not a literal string, list or dict of the kind that belongs here"),
        ("None", "it is not a literal string, list or dict of the kind that belongs here"),
    ],
)
def test_returns_the_literal_strings_beside_one_that_is_not(item: str, reason: str) -> None:
    text = f"{IMPORT}setup(install_requires=['a', {item}, 'c'])"
    assert installs(text) == ["a", "c"]
    assert reasons(text) == [("install_requires", item.removeprefix("*"), reason)]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        pytest.param("DEPS = ['a']\nDEPS.append('b')\n", "", id="append"),
        pytest.param("DEPS = ['a']\nDEPS += ['b']\n", "", id="augmented"),
        pytest.param("DEPS = ['a']\nDEPS[0] = 'b'\n", "", id="item"),
        pytest.param("DEPS = ['a']\ndel DEPS[0]\n", "", id="deleted item"),
        pytest.param("DEPS = [['a']]\nDEPS[0].append('b')\n", "", id="inside"),
        pytest.param("DEPS = ['a']\nother = DEPS\nother.append('b')\n", "", id="another name"),
        pytest.param("DEPS = ['a']\nextend(DEPS)\n", "", id="passed on"),
        pytest.param("DEPS = ['a']\nextenders[0](DEPS)\n", "", id="passed on to something without a name"),
        pytest.param("DEPS = ['a']\nextend(deps=DEPS)\n", "", id="passed on by keyword"),
        pytest.param("DEPS = ['a']\ndef get():\n    return DEPS\n", "", id="returned"),
        pytest.param("DEPS = ['a']\nDEPS = ['b']\n", "", id="assigned twice"),
        pytest.param("DEPS = ['a']\n", "DEPS = ['b']\n", id="assigned after the call"),
        pytest.param("if six:\n    DEPS = ['a']\n", "", id="assigned on a condition"),
        pytest.param("A = DEPS = ['a']\n", "", id="two names at once"),
        pytest.param("DEPS, B = ['a'], ['b']\n", "", id="unpacked"),
        pytest.param("DEPS = ['a']\nfor DEPS in x:\n    pass\n", "", id="loop"),
        pytest.param("DEPS = ['a']\ndef f(DEPS):\n    pass\n", "", id="parameter of the same name"),
        pytest.param("DEPS = ['a']\nimport DEPS\n", "", id="import"),
        pytest.param("DEPS = ['a']\nfrom other import *\n", "", id="star import"),
        pytest.param("DEPS = ['a']\ntry:\n    pass\nexcept E as DEPS:\n    pass\n", "", id="exception"),
        pytest.param("DEPS = ['a']\nmatch x:\n    case {**DEPS}:\n        pass\n", "", id="captured rest"),
        pytest.param("DEPS = ['a']\nmatch x:\n    case [*DEPS]:\n        pass\n", "", id="captured list"),
        pytest.param("DEPS: list\n", "", id="declared only"),
        pytest.param("DEPS = DEPS\n", "", id="itself"),
        pytest.param("DEPS = B\nB = DEPS\n", "", id="a circle"),
    ],
)
def test_does_not_trust_a_name_that_may_be_bound_again_or_changed(before: str, after: str) -> None:
    text = f"{IMPORT}{before}setup(install_requires=DEPS)\n{after}"
    assert read(text).install_requires == ()
    assert [(what, where) for what, where, _ in reasons(text)] == [("install_requires", "DEPS")]


@pytest.mark.parametrize(
    "use",
    [
        "",
        "print(DEPS)",
        "for dep in DEPS:\n    print(dep)",
        "x = [dep for dep in DEPS]",
        "everything = DEPS + ['b']",
        "everything = [*DEPS]",
        "copy = DEPS.copy()",
        "if DEPS:\n    pass",
        "if 'a' in DEPS:\n    pass",
        "first = sorted(DEPS[0], key=len)",
        "message = f'{DEPS}'",
        "DEPS",
        "x = table[DEPS]",
    ],
)
def test_trusts_a_name_that_is_only_read(use: str) -> None:
    assert installs(f"{IMPORT}DEPS: list[str] = ['a']\n{use}\nsetup(install_requires=DEPS)\n") == ["a"]


@pytest.mark.parametrize("value", ["'a' + '==1'", "['b'] + 'a'", "[*'ab']", "['b'] + None"])
def test_does_not_take_a_part_of_a_string_for_a_line(value: str) -> None:
    text = f"{IMPORT}setup(install_requires={value})"
    assert not {"a", "==1", "ab"} & set(installs(text))
    assert reasons(text)


def test_follows_a_name_to_the_name_of_a_constant() -> None:
    facts = read(f"{IMPORT}A = 'a'\nB = A\nsetup(name=B)")
    assert facts.name is not None
    assert facts.name.text == "a"


@pytest.mark.parametrize("name", ["f'{x}'", "NAME", "1", "get()"])
def test_reads_no_name_that_is_not_literal(name: str) -> None:
    text = f"{IMPORT}setup(name={name}, python_requires=None)"
    facts = read(text)
    assert (facts.name, facts.python_requires) == (None, None)
    assert [(what, where) for what, where, _ in reasons(text)] == [("name", name)]


def test_joins_lists_behind_names() -> None:
    text = f"{IMPORT}A = ['a']\nB = (\n  'b',\n)\nC = A + ['c']\nsetup(install_requires=[*B, 'd'] + C + A)\n"
    assert installs(text) == ["b", "d", "a", "c", "a"]
    assert reasons(text) == []


def test_reads_every_keyword() -> None:
    text = IMPORT + (
        "TEST = ['t']\nNAME = 'n'\nsetup(name=NAME, python_requires='>=3.8', classifiers=['c'],\n"
        "setup_requires=('s',),"
        "tests_require=TEST, install_requires=None,\n"
        "extras_require={'dev': TEST + ['d'], ':python_version<\"3\"': ['e'], KEY: ['f'], **more, 'x': f()})"
    )
    facts = read(text)
    assert facts.name is not None
    assert facts.python_requires is not None
    assert (facts.name.text, facts.python_requires.text) == ("n", ">=3.8")
    lists = (facts.classifiers, facts.setup_requires, facts.tests_require, facts.install_requires)
    assert [[placed.text for placed in found] for found in lists] == [["c"], ["s"], ["t"], []]
    extras = {extra.name.text: [placed.text for placed in extra.requirements] for extra in facts.extras_require}
    assert extras == {"dev": ["t", "d"], ':python_version<"3"': ["e"], "x": []}
    assert [(what, where) for what, where, _ in reasons(text)] == [
        ("extras_require", "KEY"),
        ("extras_require", "more"),
        ("extras_require[x]", "f()"),
    ]


@pytest.mark.parametrize("value", ["EXTRAS", "f()", "['a']", "None"])
def test_reads_no_extras_where_the_table_is_not_literal(value: str) -> None:
    text = f"{IMPORT}setup(extras_require={value})"
    assert read(text).extras_require == ()
    assert [where for _, where, _ in reasons(text)] == ([] if value == "None" else [value])


def test_reads_a_string_in_place_of_a_list_line_by_line() -> None:
    text = f"{IMPORT}setup(install_requires='''\n  a>=1\n\n  # no\n\tb # why\n''')"
    assert installs(text) == ["a>=1", "b # why"]


def test_places_a_string_of_lines_with_escapes_as_a_whole() -> None:
    value = "'a\\nb'"
    text = f"{IMPORT}setup(install_requires={value})"
    found = read(text).install_requires
    assert [(placed.text, text[placed.span.start : placed.span.end], placed.exact) for placed in found] == [
        ("a", value, False),
        ("b", value, False),
    ]


@pytest.mark.parametrize(
    ("written", "text", "place", "exact"),
    [
        ("'a'", "a", "a", True),
        ('"""a"""', "a", "a", True),
        ("r'a\\d'", "a\\d", "a\\d", True),
        ("u'a'", "a", "a", True),
        ("''", "", "", True),
        ("'a\\x62'", "ab", "'a\\x62'", False),
        ("'a' 'b'", "ab", "'a' 'b'", False),
        ("('a'\n  # c\n  'b')", "ab", "'a'\n  # c\n  'b'", False),
    ],
)
def test_places_a_string_inside_its_quotes_or_as_a_whole(written: str, text: str, place: str, exact: bool) -> None:  # noqa: FBT001 - a column of the table
    source = f"{IMPORT}setup(install_requires=['é😀', {written}, 'z'])"
    placed = read(source).install_requires[1]
    assert (placed.text, source[placed.span.start : placed.span.end], placed.exact) == (text, place, exact)


@pytest.mark.parametrize(
    "layout",
    [
        pytest.param("setup(\r\n\tinstall_requires=[\r\n\t\t'a',\r\n\t\t'b'])\r\n", id="CRLF and tabs"),
        pytest.param("setup(\rinstall_requires=[\r'a', 'b'])\r", id="CR"),
        pytest.param("\f\nif 1:\n\f  setup(install_requires=['a', 'b'])\n", id="form feed"),
        pytest.param("'é日😀'; setup(install_requires=['a', 'b'], x='é')\n", id="wide characters before"),
        pytest.param("x = '\u2028\x85'; setup(install_requires=['a',\n'b'])\n", id="separators that end no line"),
        pytest.param("x = 1 + \\\n  1; setup(install_requires=['a', 'b'])", id="continued line"),
        pytest.param("# -*- coding: latin-1 -*-\n'é'; setup(install_requires=['a', 'b'])", id="coding cookie"),
    ],
)
def test_finds_the_place_in_any_layout(layout: str) -> None:
    assert installs(layout) == ["a", "b"]


def test_says_that_keywords_from_a_dict_are_not_known() -> None:
    text = f"{IMPORT}setup(name='n', **config)"
    assert reasons(text) == [("setup", "config", "it takes keywords from a dict")]


def test_says_that_a_second_call_is_not_followed() -> None:
    text = f"{IMPORT}if x:\n    setup(install_requires=['a'])\nelse:\n    setup(install_requires=['b'])\n"
    assert installs(text) == ["a"]
    assert reasons(text) == [("setup", "setup(install_requires=['b'])", "setup() is called in several places")]


def test_stops_where_names_multiply() -> None:
    doubled = "".join(f"A{step + 1} = A{step} + A{step}\n" for step in range(60))
    text = f"{IMPORT}A0 = ['a']\n{doubled}setup(install_requires=A60)"
    assert reasons(text)[-1][2] == "it spells too many strings"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        pytest.param("x = 1\nprint 'x'\n", 2, id="Python 2"),
        pytest.param("setup(\n", 1, id="an open bracket"),
        pytest.param("\n\n'é' = 1", 3, id="an assignment to a string"),
        pytest.param("a = '\ud800'", 1, id="a lone surrogate"),
        pytest.param("(" * 1000, 1, id="many brackets"),
        pytest.param("x = " + "-" * 100_000 + "1", 1, id="many signs"),
        pytest.param("x = " + "+".join("1" * 50_000), 1, id="many terms"),
        pytest.param("x" + ".a" * 50_000, 1, id="many attributes"),
        pytest.param("if 1:\n x\n  y", 3, id="indentation"),
    ],
)
def test_says_where_it_is_no_python(text: str, line: int) -> None:
    with pytest.raises(PythonError) as caught:
        read_setup(SourceText("setup.py", text))
    assert caught.value.line == line
    assert caught.value.column >= 1


def test_refuses_a_nul() -> None:
    with pytest.raises(PythonError):
        read_setup(SourceText("setup.py", "a = 1\0"))


def test_is_silent_about_doubtful_code_in_the_target() -> None:
    # Warnings are errors in this suite.
    assert installs(f"{IMPORT}x = '\\d'\ny = 1 is 1\nsetup(install_requires=['a'])") == ["a"]
