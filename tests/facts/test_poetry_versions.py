"""Poetry's constraints say in PEP 440 what Poetry's own documentation says that they mean."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from rrr_optimize.facts.poetry_versions import ConstraintError, convert_constraint


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "an empty constraint"),
        ("^1 ||", "an empty constraint"),
        ("what is this", "'what is this' is not a version constraint"),
        ("^what", "'what' is not a version"),
        ("==", "'==' is not a version constraint"),
        ("1.0 - 2.0", "'1.0 - 2.0' is not a version constraint"),
        (">=1,,<", "'>=1,,<' is not a version constraint"),
        ("*.*", "'*.*' is not a version constraint"),
    ],
)
def test_what_is_no_constraint_says_why(text: str, reason: str) -> None:
    with pytest.raises(ConstraintError) as error:
        convert_constraint(text)
    assert str(error.value) == reason


@pytest.mark.parametrize(
    ("text", "specifiers"),
    [
        ("*", [""]),
        ("x", [""]),
        ("^1.2.3", [">=1.2.3,<2"]),
        ("^ 1.2", [">=1.2,<2"]),
        ("^0.2.3", [">=0.2.3,<0.3"]),
        ("^0.0.3", [">=0.0.3,<0.0.4"]),
        ("^0.0", [">=0.0,<0.1"]),
        ("^0", [">=0,<1"]),
        ("^1.2.*", [">=1.2,<2"]),
        ("^1!2.3", [">=1!2.3,<1!3"]),
        ("^2.0rc1", [">=2.0rc1,<3"]),
        ("~1.2.3", [">=1.2.3,<1.3"]),
        ("~1.2", [">=1.2,<1.3"]),
        ("~1", [">=1,<2"]),
        ("~=1.2", ["~=1.2"]),
        ("1.*", ["==1.*"]),
        ("1.2.x", ["==1.2.*"]),
        ("2.*.*", ["==2.*"]),
        ("!=1.2.*", ["!=1.2.*"]),
        (">=1.*", [">=1"]),
        ("1.2", ["==1.2"]),
        ("=1.2", ["==1.2"]),
        ("==1.2", ["==1.2"]),
        (">= 1.2, < 1.5", [">=1.2,<1.5"]),
        (">=1.2 <1.5", [">=1.2,<1.5"]),
        (">=1.2,<2.0,!=1.3", [">=1.2,<2.0,!=1.3"]),
        ("^1 || ^3", [">=1,<2", ">=3,<4"]),
        ("^1|^3", [">=1,<2", ">=3,<4"]),
    ],
)
def test_a_constraint_in_the_words_of_pep_440(text: str, specifiers: list[str]) -> None:
    assert [SpecifierSet(item) for item in convert_constraint(text)] == [SpecifierSet(item) for item in specifiers]


@given(st.lists(st.integers(0, 3), min_size=1, max_size=3), st.lists(st.integers(0, 4), min_size=3, max_size=3))
def test_a_caret_keeps_what_stands_left_of_the_first_part_that_is_not_zero(base: list[int], other: list[int]) -> None:
    (specifier,) = convert_constraint("^" + ".".join(map(str, base)))
    kept = next((index + 1 for index, part in enumerate(base) if part), len(base))
    version = Version(".".join(map(str, other)))
    expected = version >= Version(".".join(map(str, base))) and other[:kept] == base[:kept]
    assert SpecifierSet(specifier).contains(version) == expected
