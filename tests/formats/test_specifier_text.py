from __future__ import annotations

import pytest

from rrr_optimize.formats.refusal import Refusal
from rrr_optimize.formats.specifier_text import find_specifier_problem, respecify


def set_in(text: str, specifier: str) -> str:
    found = respecify(text, specifier)
    assert not isinstance(found, Refusal), found
    if found is None:
        return "as it is"
    after = found.apply(text)
    assert respecify(after, specifier) is None
    return after


@pytest.mark.parametrize(
    ("text", "specifier"),
    [("aa==1.0", "==1.0"), ("aa == 1.0", "==1.0"), ("aa>=1, <2", ">=1,<2"), ("aa", ""), (" aa[x] ; os_name=='x' ", "")],
)
def test_a_specifier_that_is_there_is_left_as_it_is_spelled(text: str, specifier: str) -> None:
    assert set_in(text, specifier) == "as it is"


@pytest.mark.parametrize(
    ("text", "specifier", "reason"),
    [
        ("aa @ https://host/a.zip", "==1", "aa is taken from a URL, so that it has no specifier"),
        ("./lib", "==1", "'./lib' is no requirement with a name"),
        ("aa==", "==1", "'aa==' is no requirement with a name"),
        ("aa==1", "=1", "'=1' is not a version specifier that can be written in every file"),
        ("aa==1", "===x y", "'===x y' is not a version specifier that can be written in every file"),
        ("aa==1", "==1; os_name", "'==1; os_name' is not a version specifier that can be written in every file"),
        ("aa==1", "~=1", "'~=1' is not a version specifier"),
        ("aa==1", "==1\n", "'==1\\n' is not a version specifier that can be written in every file"),
        ("aa ()", "==1", "==1 cannot be written into 'aa ()'"),
    ],
)
def test_says_why_it_cannot_be_set(text: str, specifier: str, reason: str) -> None:
    assert respecify(text, specifier) == Refusal(reason)


@pytest.mark.parametrize(
    ("text", "specifier", "expected"),
    [
        ("aa", "==2", "aa==2"),
        (" Aa.b [x, y] ; os_name=='nt' ", ">=2", " Aa.b [x, y]>=2 ; os_name=='nt' "),
        ("aa==1;os_name=='nt'", "===2;os"[:4], "aa===2;os_name=='nt'"),
        ("aa == 1", ">=2,<3", "aa >= 2,< 3"),
        ("aa>=1, <2", ">=2,<3", "aa>=2, <3"),
        ("aa >= 1 , < 2", "!=3,<4,>2", "aa != 3 , < 4 , > 2"),
        ("aa == 1", ">= 2, <3", "aa >= 2, <3"),
        ("aa (>=1)", "==2", "aa (==2)"),
        ("aa (>=1) ; os_name=='nt'", "", "aa ; os_name=='nt'"),
        ("aa( >=1 )", "", "aa"),
        ("aa  ==1", "", "aa"),
        ("aa==1 ; os_name=='nt'", "", "aa ; os_name=='nt'"),
        ("aa==1.*", "==1!2.0.post1+x", "aa==1!2.0.post1+x"),
    ],
)
def test_sets_a_specifier_in_the_spacing_of_the_old_one(text: str, specifier: str, expected: str) -> None:
    assert set_in(text, specifier) == expected


def test_an_empty_specifier_is_none_to_complain_of() -> None:
    assert find_specifier_problem("") is None
