from __future__ import annotations

import pytest

from rrr_optimize.formats.comment_blocks import Role, find_comment_blocks


def left(text: str, *removed: str) -> str:
    """Return the lines that stay, joined by blanks, when the items named are removed."""
    lines = text.split("|")
    roles = [
        (Role.BLANK if not line.strip() else Role.COMMENT if "#" in line else Role.ITEM, len(line) - len(line.lstrip()))
        for line in lines
    ]
    leaving = find_comment_blocks(roles).leaving({lines.index(name) for name in removed})
    return "|".join(line for number, line in enumerate(lines) if number not in leaving)


@pytest.mark.parametrize(
    ("text", "removed", "expected"),
    [
        pytest.param("# h|a|b", "a", "# h|b", id="a heading over two stays while one does"),
        pytest.param("# h|a|b", "b", "# h|a", id="whichever of them goes"),
        pytest.param("# h||a|b", "a b", "# h", id="a comment with a blank below belongs to nobody"),
        pytest.param("a|# end", "a", "# end", id="one at the end belongs to nobody"),
        pytest.param("# x|a|# y|b", "b", "# x|a", id="the comment above goes, the one further up stays"),
        pytest.param("# x|a|# y|b|c", "b", "# x|a|# y|c", id="a heading further down stays too"),
        pytest.param("a|  # note|b", "b", "a|  # note", id="the note of another item stays"),
        pytest.param("# h|a||b", "", "# h|a||b", id="nothing goes with nothing"),
    ],
)
def test_a_comment_stays_that_is_not_of_the_line_alone(text: str, removed: str, expected: str) -> None:
    assert left(text, *removed.split()) == expected


@pytest.mark.parametrize(
    ("text", "removed", "expected"),
    [
        pytest.param("# x|# y|a|# z|b", "a", "# z|b", id="a block over one item, whole"),
        pytest.param("# h|a|b|# i|c", "a b", "# i|c", id="a heading goes with all that it stands over"),
        pytest.param("a|  # via x|  # via y|b", "a", "b", id="notes go with their item"),
        pytest.param("# h|a|  # via x|b", "a", "# h|b", id="a note does not end what a heading stands over"),
        pytest.param("# h|a|  # via x|b", "a b", "", id="and goes with it"),
        pytest.param("a||b||c", "b", "a||c", id="one of two gaps closes"),
        pytest.param("a||b||c", "c", "a||b", id="no blank line is left at the end"),
        pytest.param("a||b||c", "b c", "a", id="nor are two"),
        pytest.param("a||b||c", "a", "b||c", id="nor one at the beginning"),
        pytest.param("|a||b|", "b", "|a|", id="blank lines around everything stay"),
        pytest.param("|a||b|", "a b", "", id="nor are blank lines alone"),
        pytest.param("a||# i|b|c||d", "b", "a||# i|c||d", id="a paragraph of which something stays keeps its gaps"),
    ],
)
def test_what_belongs_to_a_line_goes_with_it(text: str, removed: str, expected: str) -> None:
    assert left(text, *removed.split()) == expected
