from __future__ import annotations

import pytest

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.requirements_writing import write_include, write_requirement, write_requirements


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (("aa", ["x y"]), "'aa[x y]' is no requirement"),
        (("aa", [], "=1"), "'=1' is not a version specifier that can be written in every file"),
        (("aa", [], "", "nonsense"), "'aa; nonsense' is no requirement"),
        (("aa # x",), "'aa # x' is no requirement"),
        (("aa\nbb",), "'aa\\nbb' is no requirement"),
        (("./aa",), "'./aa' is no requirement"),
    ],
)
def test_what_is_no_requirement_is_not_written(arguments: tuple[str], reason: str) -> None:
    assert write_requirement(*arguments) == Refusal(reason)


def test_writes_a_requirement_with_what_it_has() -> None:
    assert write_requirement("aa") == "aa"
    assert write_requirement("Aa.b", ["y", "X"], ">=1,<2", "os_name == 'nt'") == "Aa.b[X,y]>=1,<2; os_name == 'nt'"


@pytest.mark.parametrize("path", ["a #b.txt", "a\nb.txt", "a\u2028b"])
def test_a_path_that_no_line_can_hold_is_refused(path: str) -> None:
    assert write_include(path) == Refusal(f"{path!r} cannot be named in a requirements file")


def test_quotes_a_path_where_pip_needs_it() -> None:
    assert write_include("../../requirements.txt") == "-r ../../requirements.txt"
    assert write_include("a b's.txt", constraint=True) == "-c 'a b'\"'\"'s.txt'"


def test_writes_nothing_for_nothing() -> None:
    assert write_requirements([], [], [[]]) == ""


def test_writes_the_parts_with_blank_lines_between() -> None:
    text = write_requirements(
        ["Shared by all.", "", "Change it there."],
        ["-r a.txt", "-c b.txt"],
        [["# web", "aa==1 \\", "  --hash=sha256:00", "bb"], ["cc  # why"]],
        line_end="\r\n",
    )
    assert text == (
        "# Shared by all.\r\n#\r\n# Change it there.\r\n\r\n-r a.txt\r\n-c b.txt\r\n\r\n"
        "# web\r\naa==1 \\\r\n  --hash=sha256:00\r\nbb\r\n\r\ncc  # why\r\n"
    )


@pytest.mark.parametrize(
    ("header", "lines", "reason"),
    [
        (["a\nb"], [], "a line has a line end in it"),
        ([], ["aa\u2028bb"], "a line has a line end in it"),
        ([], ["aa", "bb=1"], "'bb=1': Expected"),
    ],
)
def test_refuses_what_would_not_stay_a_line(header: list[str], lines: list[str], reason: str) -> None:
    found = write_requirements(header, [], [lines])
    assert isinstance(found, Refusal)
    assert found.reason.startswith(reason)
