"""What the functions of a noxfile install."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.nox_file import NoxFunction, read_noxfile
from rrr_optimize.formats.unreadable import PythonError
from rrr_optimize.source import SourceText


def read(text: str) -> tuple[NoxFunction, ...]:
    return read_noxfile(SourceText("noxfile.py", text))


def session(*arguments: str) -> str:
    calls = "".join(f"    session.install({argument})\n" for argument in arguments)
    return f"import nox\n@nox.session\ndef tests(session):\n{calls}"


def texts(text: str, kind: str) -> list[str]:
    """Return the strings of one kind in the only function, cut from the text by exact spans."""
    (function,) = read(text)
    holders = [function] if kind == "pythons" else function.installs
    found = [placed for holder in holders for placed in getattr(holder, kind)]
    cut = [text[placed.span.start : placed.span.end] for placed in found if placed.exact]
    assert cut == [placed.text for placed in found]
    return cut


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("session.install('a')\n", id="outside a function"),
        pytest.param("def f():\n    other.install('a')\n", id="of another object"),
        pytest.param("def f(session):\n    session.run('a')\n    install('b')\n", id="other calls"),
        pytest.param("def f(session):\n    session.conda_install('a')\n", id="conda"),
        pytest.param("@cache\n@app.route('/')\ndef f(session):\n    pass\n", id="other decorators"),
        pytest.param("class A:\n    install = 1\n", id="no function"),
    ],
)
def test_finds_no_function_that_installs(text: str) -> None:
    assert read(text) == ()


@pytest.mark.parametrize(
    "arguments",
    [
        "'--upgrade', '-q'",
        "'--index-url', 'x', '-i', 'y', '--extra-index-url=z'",
        "'-f', 'links', '-flinks', '--no-binary', 'b'",
        "'-i'",
        "'-r'",
        "name, f'b=={version}', *names, 3",
        "'-r', name",
        "'-r', f()",
    ],
)
def test_takes_no_option_for_a_requirement(arguments: str) -> None:
    ((install,),) = (function.installs for function in read(session(arguments)))
    assert (install.requirements, install.files, install.constraints, install.editables) == ((), (), (), ())


def test_sorts_requirements_files_constraints_and_editables() -> None:
    text = session(
        "'numpy==1.2', '-r', 'requirements.txt', '--upgrade', 'b', '-c', 'c.txt', '-e', '.[test]'",
        "'-rdev.txt', '--requirement=doc.txt', '-r more.txt', '--constraint', 'd.txt', '-e.', '--editable=x=y'",
        "'.'",
    )
    assert texts(text, "requirements") == ["numpy==1.2", "b", "."]
    assert texts(text, "files") == ["requirements.txt", "dev.txt", "doc.txt", "more.txt"]
    assert texts(text, "constraints") == ["c.txt", "d.txt"]
    assert texts(text, "editables") == [".[test]", ".", "x=y"]


def test_counts_what_is_not_literal() -> None:
    text = "DEPS = ['d']\n" + session("'a', name, f'b=={version}', *names(), *DEPS, 'c', '-r', path, 'e'")
    assert texts(text, "requirements") == ["a", "d", "c", "e"]
    (function,) = read(text)
    assert [(item.what, text[item.span.start : item.span.end]) for item in function.dynamic] == [
        ("install", "name"),
        ("install", "f'b=={version}'"),
        ("install", "names()"),
        ("install", "path"),
    ]


def test_places_an_option_value_with_escapes_as_a_whole() -> None:
    text = session("'-r\\x61.txt'")
    (placed,) = read(text)[0].installs[0].files
    assert (placed.text, text[placed.span.start : placed.span.end], placed.exact) == ("a.txt", "'-r\\x61.txt'", False)


@pytest.mark.parametrize(
    ("decorator", "pythons"),
    [
        ("@nox.session", []),
        ("@nox.session()", []),
        ("@session(reuse_venv=True, name='x')", []),
        ("@nox.session(python=False)", []),
        ("@nox.session(python=None)", []),
        ("@nox.session(python='3.11')", ["3.11"]),
        ("@nox.session(python=['3.11', \"3.12\"])", ["3.11", "3.12"]),
        ("@nox_poetry.session(py=('3.11',))", ["3.11"]),
        ("@nox.parametrize('x', ['1'])\n@nox.session(python=PYTHONS + ['3.13'])", ["3.9", "3.13"]),
    ],
)
def test_reads_the_pythons_of_a_session(decorator: str, pythons: list[str]) -> None:
    text = f"PYTHONS = ['3.9']\n{decorator}\ndef tests(session):\n    pass\n"
    assert texts(text, "pythons") == pythons
    (function,) = read(text)
    assert (function.name, function.is_session, function.dynamic) == ("tests", True, ())
    assert text[function.span.start :].startswith("def tests")


def test_counts_pythons_that_are_not_literal() -> None:
    (function,) = read("@nox.session(python=versions())\ndef tests(session):\n    pass\n")
    assert [item.what for item in function.dynamic] == ["python"]


def test_keeps_functions_apart_and_in_order() -> None:
    text = (
        "@nox.session\nasync def a(s):\n    if x:\n        s.install('b', 'c')\n    s.install('d')\n"
        "    def inner():\n        s.install('e')\n"
        "def shared(session, extra):\n    session.install('f')\n    print(session.install('g'))\n"
    )
    found = [
        (f.name, f.is_session, [[placed.text for placed in call.requirements] for call in f.installs])
        for f in read(text)
    ]
    assert found == [("a", True, [["b", "c"], ["d"]]), ("inner", False, [["e"]]), ("shared", False, [["f"], ["g"]])]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_finds_the_place_in_any_layout(end: str) -> None:
    text = session("'é😀', 'a',\n\t'b'").replace("\n", end)
    assert texts(text, "requirements") == ["é😀", "a", "b"]


def test_says_where_it_is_no_python() -> None:
    with pytest.raises(PythonError) as caught:
        read("def tests(session)\n    pass\n")
    assert (caught.value.line, caught.value.column) == (1, 19)
