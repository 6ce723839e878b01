from __future__ import annotations

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats import toml_editing
from rrr_optimize.formats.refusal import MISREAD, Refusal
from rrr_optimize.formats.toml_editing import edit_toml
from rrr_optimize.formats.toml_operations import (
    AddEntries,
    AddKey,
    Operation,
    Path,
    RemoveEntry,
    RemoveKey,
    SetRequirement,
    SetText,
)
from rrr_optimize.formats.unreadable import TomlError
from rrr_optimize.model import Span
from rrr_optimize.source import SourceText

LINES = """[project]
deps = [
    # why a
    "a>=1",  # of a
    # rest
    'b[x] >= 1, < 2 ; os_name == "nt"',
    "c"  # of c
]
"""
ONE_LINE = 'x = ["a", "b",  "c" ]  # three\n'
DEPS = ("project", "deps")


def edit(text: str, *operations: Operation) -> str:
    edits = edit_toml(SourceText("pyproject.toml", text), operations)
    assert isinstance(edits, tuple), edits
    return apply_edits(text, edits)


def refusal(text: str, *operations: Operation) -> str:
    found = edit_toml(SourceText("pyproject.toml", text), operations)
    assert isinstance(found, Refusal), found
    return found.reason


@pytest.mark.parametrize(
    ("text", "operations", "reason"),
    [
        ("x = 1\n", [SetText(("x",), "a")], "no plain string stands at x"),
        ("x = 1\n", [SetRequirement(("y", 0), "")], "no plain string stands at y.0"),
        ('x = "\\u0061==1"\n', [SetRequirement(("x",), "==2")], "no plain string stands at x"),
        ('x = "a"\n', [SetText(("x",), 'say "a"')], "'say \"a\"' does not fit between the quotes"),
        ("x = 'a'\n", [SetText(("x",), "a\nb")], "'a\\nb' does not fit between the quotes"),
        ('x = "a"\n', [SetText(("x",), "a\\b")], "'a\\\\b' does not fit between the quotes"),
        ('x = "a"\n', [SetText(("x",), "b"), SetText(("x",), "c")], "the string is to say two things"),
        (
            'x = "a @ https://h"\n',
            [SetRequirement(("x",), "==1")],
            "a is taken from a URL, so that it has no specifier",
        ),
        ('x = "a"\n', [AddEntries(("x",), ("b",))], "there is no array at x"),
        ('x = "a"\n', [SetRequirement(("x",), "==1"), SetRequirement(("x",), "")], "the string is to say two things"),
        ("x = []\n", [AddEntries(("y",), ("b",))], "there is no array at y"),
        ("[[x]]\ny = 1\n", [RemoveEntry(("x", 0))], "there is no array at x"),
        ('x = ["a"]\n', [RemoveEntry(("x", 1))], "the array has no such entry"),
        ('x = ["a"]\n', [RemoveEntry(("x", -1))], "the array has no such entry"),
        ('x = ["a"]\n', [RemoveEntry(("x",))], "an entry is named by its index"),
        (
            'x = ["a", # of a\n"b", "c"]\n',
            [RemoveEntry(("x", 0))],
            "a comment stands between entries that share a line",
        ),
        ('x = ["a"]\n', [RemoveEntry(("x", 0)), SetText(("x", 0), "b")], "two changes meet at one place"),
        ("[t]\na = 1\n", [AddKey(("t", "a"), "b")], "the table has the key a already"),
        ("t = {}\n", [AddKey(("t", "a"), "b")], "the table is written inline or comes several times"),
        ("[[t]]\n", [AddKey(("t", "a"), "b")], "the table is written inline or comes several times"),
        ("[[t]]\n", [AddKey(("t", "a", "b"), "c")], "t.a lies below something that is no table"),
        ("t = 1\n", [AddKey(("t", "a", "b"), "c")], "t.a lies below something that is no table"),
        ("t.a = 1\n", [AddKey(("t", "b"), "c")], "the result would not be TOML: Cannot declare ('t',) twice"),
        ("[t]\n", [AddKey(("t", "a"), "b"), AddKey(("t", "a"), "c")], "a is to have two values"),
        ("[t]\na = 1\n", [RemoveKey(("t",))], "t is not written as a key with a value"),
        ("t = {a = 1}\n", [RemoveKey(("t", "a"))], "the key shares its line with others"),
        ("a = [ { b = 1 },\n { c = 1 } ]\n", [RemoveKey(("a", 1, "c"))], "the key shares its line with others"),
        ("[t]\n", [RemoveKey(("t", "a"))], "t.a is not written as a key with a value"),
        ("x = []\n", [AddEntries(("x",), ("\ud800",))], "utf-8 has no '\\ud800'"),
    ],
)
def test_refuses_with_a_reason(text: str, operations: list[Operation], reason: str) -> None:
    assert refusal(text, *operations) == reason


def test_a_text_that_is_no_toml_is_not_edited() -> None:
    with pytest.raises(TomlError):
        edit_toml(SourceText("pyproject.toml", "x = \n"), [])


@pytest.mark.parametrize(
    "operations",
    [
        [],
        [SetText((*DEPS, 2), "c")],
        [SetRequirement((*DEPS, 1), ">=1,<2"), SetRequirement((*DEPS, 2), "")],
        [AddEntries(DEPS, ())],
    ],
)
def test_makes_no_edit_where_there_is_nothing_to_do(operations: list[Operation]) -> None:
    assert edit_toml(SourceText("pyproject.toml", LINES), operations) == ()


def test_sets_requirements_and_keeps_quotes_spacing_and_comments() -> None:
    operations = [SetRequirement((*DEPS, number), ">=2,<3") for number in range(3)]
    expected = LINES.replace("a>=1", "a>=2,<3").replace(">= 1, < 2 ;", ">= 2, < 3 ;").replace('"c"', '"c>=2,<3"')
    assert edit(LINES, *operations) == expected


@pytest.mark.parametrize(
    ("text", "path", "expected"),
    [
        ('a = "^1"  # x\n', ("a",), 'a = ">=2"  # x\n'),
        ("a = {version = '^1', extras = ['x']}\n", ("a", "version"), "a = {version = '>=2', extras = ['x']}\n"),
        ('[a]\nversion="""^1"""\n', ("a", "version"), '[a]\nversion=""">=2"""\n'),
        ('a = [{version = "^1"}, {version = "^2"}]', ("a", 1, "version"), 'a = [{version = "^1"}, {version = ">=2"}]'),
        ('tool.x."é" = "^1"\r\n', ("tool", "x", "é"), 'tool.x."é" = ">=2"\r\n'),
    ],
)
def test_sets_a_string_wherever_it_is_written(text: str, path: Path, expected: str) -> None:
    assert edit(text, SetText(path, ">=2")) == expected


@pytest.mark.parametrize(
    ("text", "removed", "expected"),
    [
        (ONE_LINE, [0], 'x = ["b",  "c" ]  # three\n'),
        (ONE_LINE, [1], 'x = ["a", "c" ]  # three\n'),
        (ONE_LINE, [2], 'x = ["a", "b" ]  # three\n'),
        (ONE_LINE, [0, 2], 'x = ["b" ]  # three\n'),
        (ONE_LINE, [0, 1, 2], "x = [ ]  # three\n"),
        ('x = ["a", "b",]', [1], 'x = ["a",]'),
        ('x = ["a", ]', [0], "x = [ ]"),
        ('x = ["a",\n     "b"]\n', [0], 'x = ["b"]\n'),
        ('x = ["a", "b"  # of b\n]\n', [0], 'x = ["b"  # of b\n]\n'),
        ('x = [\n  "a",\n  "b"\n]\n', [1], 'x = [\n  "a"\n]\n'),
        ('x = [\r\n  "a",\r\n  "b",\r\n]\r\n', [1], 'x = [\r\n  "a",\r\n]\r\n'),
        ('x = [\n  "a",\n  """b\n  c""",  # of b\n]\n', [1], 'x = [\n  "a",\n]\n'),
        ('x = [\n  { i = "g" },\n  # of b\n  "b",\n]\n', [1], 'x = [\n  { i = "g" },\n]\n'),
        ('x = [  # all\n  "a",\n]\n', [0], "x = [  # all\n]\n"),
        ('x = [\n  # both\n  "a",\n  "b",\n]\n', [0], 'x = [\n  # both\n  "b",\n]\n'),
        ('x = [\n  # both\n  "a",\n  "b",\n\n  "c",\n]\n', [0, 1], 'x = [\n  "c",\n]\n'),
        ('x = [\n  "a", "b",\n  "c",\n]\n', [1], 'x = [\n  "a", "c",\n]\n'),
        ('x = [\n  "a"\n  , "b"\n]\n', [0], 'x = [\n  "b"\n]\n'),
    ],
)
def test_removes_entries_with_what_is_theirs(text: str, removed: list[int], expected: str) -> None:
    assert edit(text, *(RemoveEntry(("x", number)) for number in removed)) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("x = []\n", 'x = ["d", "e"]\n'),
        ("x = [\n]\n", 'x = [\n    "d",\n    "e",\n]\n'),
        ("  x = [\n  # none\n  ]\n", '  x = [\n  # none\n      "d",\n      "e",\n  ]\n'),
        ("x = ['a']\n", "x = ['a', 'd', 'e']\n"),
        ('x = ["a", ]\n', 'x = ["a", "d", "e", ]\n'),
        ("x = [{ i = 1 }]\n", 'x = [{ i = 1 }, "d", "e"]\n'),
        ('x = ["a",  "b" ]\n', 'x = ["a",  "b",  "d",  "e" ]\n'),
        ('x = ["a",\n     "b"]\n', 'x = ["a",\n     "b",\n     "d",\n     "e"]\n'),
        ('x = ["a", # of a\n     "b"]\n', 'x = ["a", # of a\n     "b", "d", "e"]\n'),
        ('x = ["a" # of a\n]\n', 'x = ["a", "d", "e" # of a\n]\n'),
        ('x = [\r\n\t"a", # of a\r\n]\r\n', 'x = [\r\n\t"a", # of a\r\n\t"d",\r\n\t"e",\r\n]\r\n'),
        ('x = [\n  "a"  # of a\n  # end\n]\n', 'x = [\n  "a",  # of a\n  "d",\n  "e"\n  # end\n]\n'),
        ('x = [\n  """a""",\n]\n', 'x = [\n  """a""",\n  "d",\n  "e",\n]\n'),
    ],
)
def test_adds_entries_as_the_others_are_written(text: str, expected: str) -> None:
    assert edit(text, AddEntries(("x",), ("d",)), AddEntries(("x",), ("e",))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (ONE_LINE, 'x = ["b",  "d" ]  # three\n'),
        ('x = ["a", "b", "c",]\n', 'x = ["b", "d",]\n'),
        ('x = [\n  "a",\n  "b",\n  "c"\n]\n', 'x = [\n  "b",\n  "d"\n]\n'),
        ('x = [\n  "a",\n  "b",\n  "c",\n]\n', 'x = [\n  "b",\n  "d",\n]\n'),
    ],
)
def test_removes_and_adds_in_one_go(text: str, expected: str) -> None:
    assert edit(text, RemoveEntry(("x", 0)), RemoveEntry(("x", 2)), AddEntries(("x",), ("d",))) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [(ONE_LINE, 'x = ["d" ]  # three\n'), ('x = [\n  "a",\n  "b",\n  "c"\n]\n', 'x = [\n  "d"\n]\n')],
)
def test_replaces_all_entries(text: str, expected: str) -> None:
    assert edit(text, *(RemoveEntry(("x", number)) for number in range(3)), AddEntries(("x",), ("d",))) == expected


@pytest.mark.parametrize("entry", ['a; b == "c"', "it's", "a\\b", 'it\'s "x\\y"', "tab\tnew\nline\x7f"])
def test_an_entry_is_quoted_so_that_it_says_what_it_should(entry: str) -> None:
    assert edit("x = []\n", AddEntries(("x",), (entry,)))
    assert edit("x = ['a']\n", AddEntries(("x",), (entry,)))


UV = AddKey(("tool", "uv", "constraint-dependencies"), ("a==1", "b==2"))
KEY = 'constraint-dependencies = [\n    "a==1",\n    "b==2",\n]\n'


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", f"[tool.uv]\n{KEY}"),
        ("[a]\nb = 1\n", f"[a]\nb = 1\n\n[tool.uv]\n{KEY}"),
        ("[a]\nb = 1\n\n", f"[a]\nb = 1\n\n[tool.uv]\n{KEY}"),
        ("[a]\r\nb = 1", f"[a]\n\n[tool.uv]\n{KEY}".replace("]\n\n", "]\nb = 1\n\n").replace("\n", "\r\n")[:-2]),
        ("[tool.uv]\n\n# sources\n[tool.uv.sources]\n", f"[tool.uv]\n{KEY}\n# sources\n[tool.uv.sources]\n"),
        (
            "[tool.uv] # uv\n  x = [\n  ] # x\n  # y = 1\n\n[z]\n",
            "[tool.uv] # uv\n  x = [\n  ] # x\n"
            + "".join(f"  {line}\n" for line in KEY.splitlines())
            + "  # y = 1\n\n[z]\n",
        ),
        ("[tool.uv.sources]\na = 1\n", f"[tool.uv.sources]\na = 1\n\n[tool.uv]\n{KEY}"),
        ('[a]\nx = [\n  "y",\n]\n', f'[a]\nx = [\n  "y",\n]\n\n[tool.uv]\n{KEY.replace("    ", "  ")}'),
    ],
)
def test_adds_a_key_to_its_table_or_makes_one(text: str, expected: str) -> None:
    assert edit(text, UV) == expected


def test_adds_keys_of_several_kinds() -> None:
    operations = [AddKey(("a b", "c"), "x"), AddKey(("a b", "d e"), ()), AddKey(("top",), "y")]
    expected = '# one\nz = 1\ntop = "y"\n\n["a b"]\nc = "x"\n"d e" = []\n'
    assert edit("# one\nz = 1\n", *operations) == expected
    assert edit("[t]\n", operations[2]) == 'top = "y"\n\n[t]\n'
    assert edit("", operations[2]) == 'top = "y"\n'


@pytest.mark.parametrize(
    ("text", "paths", "expected"),
    [
        ("[t]\n# of a\na = 1  # one\n\nb = 2\n", [("t", "a")], "[t]\n\nb = 2\n"),
        ("[t]\na = 1\n", [("t", "a")], "[t]\n"),
        ("[t]\n# both\na = 1\nb = 2\n", [("t", "a")], "[t]\n# both\nb = 2\n"),
        ("[t]\na = [\n  1,\n]\nb = 2", [("t", "a"), ("t", "a")], "[t]\nb = 2"),
        ("t.a = 1\nt.'b' . c = 2\nd = 3\n", [("t", "a"), ("t", "b", "c")], "d = 3\n"),
        ('a = """\nx""" # y\nb = """\nz"""\n', [("b",)], 'a = """\nx""" # y\n'),
    ],
)
def test_removes_keys_with_what_is_theirs(text: str, paths: list[Path], expected: str) -> None:
    assert edit(text, *map(RemoveKey, paths)) == expected


def test_a_result_that_says_something_else_is_not_handed_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(toml_editing, "edit_array", lambda *_: [(Span(5, 8), '"b"')])
    assert refusal('x = ["a"]\n', AddEntries(("x",), ("c",))) == MISREAD
