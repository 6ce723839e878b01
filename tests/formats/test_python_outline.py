"""What is left of a Python text when only some of its lines matter."""

from __future__ import annotations

import ast
import time

import pytest

from rrr_optimize.formats.python_outline import outline


def cut(text: str, *lines: int) -> str:
    return "\n".join(outline(text.split("\n"), lines))


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("def f():\n    x\n    y", (2,)),
        ("class C:\n    x\n\n    y", (4,)),
        ("@d\nasync def f(\n    a,\n) -> int:\n    x", (5,)),
        ("if x:\n    def f():\n        y\n    z", (4,)),
        ("text = '''\ndef f():\n    x\n'''", (4,)),
        ("text = \"it's ''' \" '''\ndef f():\n    x\n\\''' '''", (4,)),
        ("definition = 1\nclassic = 2\nasynchronous = 3", (1,)),
        ("x = '''\ndef f():\n    never closed", (1,)),
        ("@a\n@b\ndef f():\n    x", (4,)),
        ("@a\n@b", (3,)),
    ],
)
def test_keeps_what_holds_a_line_and_what_is_no_definition(text: str, lines: tuple[int, ...]) -> None:
    assert cut(text, *lines) == text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("def f(a=1):\n    x\n\n    y\nz", "def f(): pass\n\n\n\nz"),
        ("async def f():\n  x\n# end\n@d\nclass C(A):\n\ty", "async def f(): pass\n\n\n\nclass C: pass\n"),
        ("@a.b\n@c(\n    1,\n)\n# why\n@d\ndef f():\n    x\nz", "\n\n\n\n\n\ndef f(): pass\n\nz"),
        ("def f(\n    a,\n) -> int:\n    x\n  # odd\nz", "def f(): pass\n\n\n\n\nz"),
        ("def f():\n    '''\nnot code\n    '''\n    return 1\nz", "def f(): pass\n\n\n\n\nz"),
        ("def f(): x\nz", "def f(): pass\nz"),
    ],
)
def test_cuts_a_definition_down_to_its_name(text: str, expected: str) -> None:
    assert cut(text, text.count("\n") + 1) == expected if text.endswith("z") else cut(text) == expected


@pytest.mark.parametrize(
    ("text", "line", "kept"),
    [
        ("@a\n@b\n@c\ndef f():\n    x", 2, "@a\n@b\n\ndef f(): pass\n"),
        ("@a\n@b(y := 1)\n@c\ndef f():\n    x\nz", 6, "@a\n@b(y := 1)\n\ndef f(): pass\n\nz"),
        ("y = a \\\n@ b\ndef f():\n    x\nz", 5, "y = a \\\n@ b\ndef f(): pass\n\nz"),
    ],
)
def test_keeps_a_decorator_that_matters_and_those_above_it(text: str, line: int, kept: str) -> None:
    assert cut(text, line) == kept


def test_cuts_the_other_methods_of_a_class() -> None:
    text = "class C:\n    def a(self):\n        x\n    def b(self):\n        y\n    def c(self):\n        z\n"
    expected = "class C:\n    def a(): pass\n\n    def b(self):\n        y\n    def c(): pass\n\n"
    assert cut(text, 5) == expected
    ast.parse(expected)


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(" " * n + "def f():" for n in range(1500)) + "\n" + " " * 1500 + "x",
        '"""' + "\\" * 200_001,
        "'" * 100_001,
        '"""a' * 50_000,
        '\\"' * 100_001,
    ],
)
def test_ends_soon_whatever_the_text_is(text: str) -> None:
    start = time.perf_counter()
    assert len(cut(text, text.count("\n") + 1)) > 0
    assert time.perf_counter() - start < 5
