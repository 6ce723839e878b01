from __future__ import annotations

import codecs

import pytest

from rrr_optimize.edits import apply_edits
from rrr_optimize.formats.refusal import MISREAD, Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements
from rrr_optimize.formats.requirements_lines import read_requirements
from rrr_optimize.formats.requirements_operations import (
    DropHashes,
    InsertLines,
    Operation,
    Place,
    RemoveLine,
    SetSpecifier,
)
from rrr_optimize.formats.requirements_removal import TakenLine, take_lines
from rrr_optimize.source import SourceText

HASHED = "aa==1.0 \\\n    --hash=sha256:00 \\\n    --hash=sha256:11  # note\nbb==2\n"
NO_TEXT = "the result would not be text: its coding cookie names an unknown encoding, nonsense"
TOP = InsertLines(Place.TOP, ("-r ../all.txt",))
END = InsertLines(Place.END, ("cc==3",))


def edit(text: str, *operations: Operation) -> str:
    source = SourceText("requirements.txt", text)
    edits = edit_requirements(source, operations)
    assert isinstance(edits, tuple), edits
    return apply_edits(text, edits)


def refusal(text: str, *operations: Operation) -> str:
    found = edit_requirements(SourceText("requirements.txt", text), operations)
    assert isinstance(found, Refusal)
    return found.reason


@pytest.mark.parametrize(
    ("text", "operations", "reason"),
    [
        ("-r x.txt\n", [SetSpecifier(0, "==1")], "the line is no requirement with a name and a version"),
        ("google - auth\n", [SetSpecifier(0, "==1")], "the line is no requirement with a name and a version"),
        ("-e git+https://h/a#egg=a", [SetSpecifier(0, "==1")], "the line is no requirement with a name and a version"),
        ("aa @ https://h/a.zip", [SetSpecifier(0, "==1")], "aa is taken from a URL, so that it has no specifier"),
        ("aa==\\\n1", [SetSpecifier(0, "==2")], "a continuation runs through its specifier"),
        ("aa", [SetSpecifier(0, "=2")], "'=2' is not a version specifier that can be written in every file"),
        ("aa", [SetSpecifier(0, "==1"), SetSpecifier(0, "==2")], "the line is to have two specifiers"),
        (HASHED, [SetSpecifier(0, "==2")], "its hashes belong to the version that it names now"),
        ("aa", [SetSpecifier(0, "==1"), RemoveLine(0)], "the line is to be removed and to be changed"),
        (HASHED, [DropHashes(0), RemoveLine(0)], "the line is to be removed and to be changed"),
        ("aa", [InsertLines(Place.END, ("bb\ncc",))], "a line to insert has a line end in it"),
        ("aa \\\n", [END], MISREAD),
        (
            "aa\n",
            [InsertLines(Place.TOP, ("bb \\",))],
            "the result does not read as it should; this is a bug in rrr-optimize",
        ),
        ("a\n", [SetSpecifier(0, "==1.0"), InsertLines(Place.END, ("\ud800",))], "utf-8 has no '\\ud800'"),
        ("aa\n", [InsertLines(Place.TOP, ("# coding: nonsense",))], NO_TEXT),
        ("\n\n# coding: latin-1\naa\n", [RemoveLine(0)], "the result would be read in another encoding"),
    ],
)
def test_refuses_with_a_reason(text: str, operations: list[Operation], reason: str) -> None:
    assert refusal(text, *operations) == reason


def test_a_line_that_is_not_there_is_a_mistake_of_the_caller() -> None:
    with pytest.raises(IndexError, match=r"requirements\.txt has no line 1"):
        edit("aa\n", RemoveLine(1))
    with pytest.raises(IndexError):
        edit("aa\n", SetSpecifier(-1, ""))


@pytest.mark.parametrize(
    ("text", "operations"),
    [
        ("aa == 1.0\r\nbb", []),
        ("aa == 1.0  # x\n", [SetSpecifier(0, "==1.0")]),
        (HASHED, [SetSpecifier(0, "==1.0"), DropHashes(1)]),
        ("aa", [InsertLines(Place.END, ())]),
    ],
)
def test_makes_no_edit_where_there_is_nothing_to_do(text: str, operations: list[Operation]) -> None:
    assert edit_requirements(SourceText("requirements.txt", text), operations) == ()


@pytest.mark.parametrize(
    ("text", "operations", "expected"),
    [
        (
            "Aa.b[X, y] == 1.0 ; os_name == 'nt'  # why\r\nbb\r\n",
            [SetSpecifier(0, ">=2,<3"), SetSpecifier(1, "==4")],
            "Aa.b[X, y] >= 2,< 3 ; os_name == 'nt'  # why\r\nbb==4\r\n",
        ),
        ("aa (>=1)  # x\n", [SetSpecifier(0, "")], "aa  # x\n"),
        ("aa==1 \\\n  ; os_name == 'nt'\n", [SetSpecifier(0, "==2")], "aa==2 \\\n  ; os_name == 'nt'\n"),
        ("aa==1 -C a=b\n", [SetSpecifier(0, "==2")], "aa==2 -C a=b\n"),
    ],
)
def test_sets_specifiers_and_touches_nothing_else(text: str, operations: list[Operation], expected: str) -> None:
    assert edit(text, *operations) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (HASHED, "aa==2  # note\nbb==2\n"),
        (HASHED.replace("\n", "\r\n"), "aa==2  # note\r\nbb==2\r\n"),
        (HASHED.replace("\n", "\r"), "aa==2  # note\rbb==2\r"),
        ("aa==1 --hash=sha256:00 -C a=b --hash=sha256:11", "aa==2 -C a=b"),
        ("aa==1\\\n --hash=sha256:00\n    # via bb\n", "aa==2\n    # via bb\n"),
        ("aa --hash=sha256:00", "aa==2"),
    ],
)
def test_drops_hashes_when_asked_to(text: str, expected: str) -> None:
    assert edit(text, SetSpecifier(0, "==2"), DropHashes(0)) == expected


@pytest.mark.parametrize(
    ("text", "lines", "expected"),
    [
        ("# why\naa==1 \\\n  --hash=sha256:00  # x\n\nbb\n", [1], "bb\n"),
        ("# both\naa\nbb\n", [1], "# both\nbb\n"),
        ("# both\naa\nbb\n", [1, 2], ""),
        ("aa\nbb", [1], "aa"),
        ("aa\r\nbb", [1], "aa"),
        ("aa\n\nbb", [2], "aa"),
        ("aa\fbb", [1], "aa"),
        ("aa", [0], ""),
        ("\naa", [1], ""),
        ("\n# of aa\naa\n\nbb", [2, 4], ""),
        ("aa\nbb", [0], "bb"),
        ("# head\n\naa\n\n# h\nbb\ncc\n\ndd\n", [5, 6], "# head\n\naa\n\ndd\n"),
        ("aa\n  # of aa\n# of bb\nbb\n", [0], "# of bb\nbb\n"),
        ("-r x.txt\n--pre\naa\n", [0, 1], "aa\n"),
        ("# one\n# two\n", [0], "# two\n"),
    ],
)
def test_removes_lines_with_the_comments_that_are_theirs(text: str, lines: list[int], expected: str) -> None:
    assert edit(text, *map(RemoveLine, lines)) == expected


@pytest.mark.parametrize(
    ("text", "top", "end"),
    [
        ("", "-r ../all.txt\n", "cc==3\n"),
        ("\n", "-r ../all.txt\n\n", "cc==3\n\n"),
        ("aa\n", "-r ../all.txt\naa\n", "aa\ncc==3\n"),
        ("aa", "-r ../all.txt\naa", "aa\ncc==3"),
        ("aa\r\nbb", "-r ../all.txt\r\naa\r\nbb", "aa\r\nbb\r\ncc==3"),
        ("aa\nbb\rcc", "-r ../all.txt\naa\nbb\rcc", "aa\nbb\rcc\rcc==3"),
        ("aa\rbb\n\n", "-r ../all.txt\raa\rbb\n\n", "aa\rbb\ncc==3\n\n"),
        ("# of aa\naa\n", "-r ../all.txt\n# of aa\naa\n", "# of aa\naa\ncc==3\n"),
        ("# head\n\naa\n", "# head\n\n-r ../all.txt\naa\n", "# head\n\naa\ncc==3\n"),
        ("\n# head\n# more\n\n\n# of aa\naa\n", "\n# head\n# more\n\n\n-r ../all.txt\n# of aa\naa\n", None),
        ("# head\r\n", "# head\r\n-r ../all.txt\r\n", "# head\r\ncc==3\r\n"),
        ("# head\n\n", "# head\n\n-r ../all.txt\n", "# head\ncc==3\n\n"),
        ("# coding: utf-8\naa\n", "# coding: utf-8\n-r ../all.txt\naa\n", "# coding: utf-8\naa\ncc==3\n"),
    ],
)
def test_inserts_lines_that_end_as_their_neighbours(text: str, top: str, end: str | None) -> None:
    assert edit(text, TOP) == top
    assert end is None or edit(text, END) == end


def test_composes_many_operations_into_one_set_of_edits() -> None:
    text = "# Service\n\n# web\nflask==1\n\n# data\nnumpy==1\npandas==1\n\nown"
    operations: list[Operation] = [RemoveLine(3), SetSpecifier(9, "==2"), RemoveLine(6), RemoveLine(7), TOP, END]
    operations.append(InsertLines(Place.TOP, ("",)))
    source = SourceText("requirements.txt", text)
    edits = edit_requirements(source, operations)
    assert isinstance(edits, tuple)
    assert apply_edits(text, edits) == "# Service\n\n-r ../all.txt\n\nown==2\ncc==3"
    assert [edit.span.start for edit in edits] == sorted(edit.span.start for edit in edits)


@pytest.mark.parametrize(
    ("text", "expected"), [("aa\nbb\n", "aa\ncc==3\n"), ("aa\nbb", "aa\ncc==3"), ("aa\nbb\n\n", "aa\ncc==3\n\n")]
)
def test_a_line_at_the_end_takes_the_place_of_one_that_goes(text: str, expected: str) -> None:
    assert edit(text, RemoveLine(1), END) == expected


def test_what_is_taken_can_be_inserted_elsewhere() -> None:
    text = "# both\naa==1 \\\r\n  --hash=sha256:00 # x\r\n    # via q\nbb\n\n# own\n# of cc\ncc"
    source = SourceText("requirements.txt", text)
    taken = take_lines(source, read_requirements(source), [1, 3, 7])
    assert taken == (
        TakenLine(1, ("# both",), (), ("aa==1 \\", "  --hash=sha256:00 # x"), ("    # via q",)),
        TakenLine(3, (), (), ("bb",), ()),
        TakenLine(7, (), ("# own", "# of cc"), ("cc",), ()),
    )
    moved = edit("dd\r\n", *(InsertLines(Place.END, item.lines) for item in taken))
    assert moved == "dd\r\naa==1 \\\r\n  --hash=sha256:00 # x\r\n    # via q\r\nbb\r\n# own\r\n# of cc\r\ncc\r\n"


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_bytes_outside_the_edit_stay(mark: bytes) -> None:
    data = mark + "é # ü\r\naa==1 # é\r\x0cbb\u2028".encode()
    source = SourceText.decode("requirements.txt", data)
    edits = edit_requirements(source, [SetSpecifier(1, "==2")])
    assert isinstance(edits, tuple)
    after = SourceText(source.path, apply_edits(source.text, edits), source.encoding, source.byte_order_mark)
    assert after.encode() == data.replace(b"==1", b"==2")
