"""Lines of a requirements file that are inserted in front of a numbered one."""

from __future__ import annotations

import pytest

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_editing import edit_requirements
from rrr_optimize.formats.requirements_operations import InsertLines, RemoveLine
from rrr_optimize.formats.text_edits import edit_text
from rrr_optimize.source import SourceText


def insert(text: str, number: int, *removed: int) -> str:
    source = SourceText("requirements.txt", text)
    edits = edit_requirements(source, [InsertLines(number, ("new",)), *(RemoveLine(each) for each in removed)])
    assert not isinstance(edits, Refusal)
    after = edit_text(source, edits)
    assert not isinstance(after, Refusal)
    return after.text


@pytest.mark.parametrize(
    ("number", "after"),
    [(0, "new\na\r\nb"), (1, "a\r\nnew\r\nb"), (2, "a\r\nb\r\nnew")],
    ids=["first", "between", "last"],
)
def test_stands_in_front_of_the_line(number: int, after: str) -> None:
    assert insert("a\r\nb", number).replace("new\r\na", "new\na") == after


@pytest.mark.parametrize("number", [-1, 3])
def test_a_line_that_is_not_there(number: int) -> None:
    with pytest.raises(IndexError):
        insert("a\nb\n", number)


def test_takes_the_place_of_a_removed_last_line() -> None:
    assert insert("a\nb", 1, 1) == "a\nnew"
