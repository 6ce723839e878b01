"""Whether requirements admit a version: against brute force, and against witnesses."""

from __future__ import annotations

from functools import reduce
from itertools import product

import pytest
from hypothesis import assume, given, settings, strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from rrr_optimize.facts.marker_rows import ALL_ROWS, PYTHONS, rows_of_pythons
from rrr_optimize.facts.specifiers import exact_pin, specifier_key
from rrr_optimize.requirements.satisfiability import find_contradictions, is_unsatisfiable

# Every version that a clause below can name, and one inside each gap between them: for clauses over NAMED, what none
# of DENSE meets, nothing meets.
NAMED = [f"{major}{minor}{tail}" for major in "012" for minor in ("", ".1") for tail in ("", "rc1", ".post1", "+a")]
_TAILS = ("", ".dev1", "a1", "rc1", "rc1.post1", "rc1.post1.dev1", "rc2", ".post1.dev1", ".post1", ".post2")
DENSE = [
    Version(f"{major}.{minor}.{patch}{tail}{local}")
    for major, minor, patch in product(range(4), (0, 1, 2), (0, 1))
    for tail in _TAILS
    for local in ("", "+a", "+b")
] + [Version(version) for version in NAMED]  # `===` takes one spelling only


def clauses() -> st.SearchStrategy[str]:
    public = [version for version in NAMED if "+" not in version]
    plain = [version for version in public if version[-1] != "1" or version.endswith(".1")]
    return st.one_of(
        st.builds(str.__add__, st.sampled_from(["==", "!="]), st.sampled_from(NAMED)),
        st.builds(str.__add__, st.sampled_from(["<", "<=", ">", ">="]), st.sampled_from(public)),
        st.builds("{}{}.*".format, st.sampled_from(["==", "!="]), st.sampled_from(["0", "1", "2", "1.1", "2.0"])),
        st.builds("~={}".format, st.sampled_from(["0.1", "1.0", "1.1", "1.1.0", "2.0rc1"])),
        st.builds("==={}".format, st.sampled_from(plain)),
    )


SPECIFIERS = st.lists(clauses(), min_size=1, max_size=2).map(",".join)
SETS = st.lists(SPECIFIERS, min_size=1, max_size=4)
ASKED = st.lists(
    st.tuples(SPECIFIERS, st.sampled_from([ALL_ROWS, *(rows_of_pythons([p]) for p in PYTHONS[:3])])), max_size=4
)


def admits(specifiers: list[str], version: Version) -> bool:
    return all(SpecifierSet(specifier).contains(version, prereleases=True) for specifier in specifiers)


@given(SETS)
@settings(max_examples=150)
def test_the_decision_is_that_of_trying_every_version(specifiers: list[str]) -> None:
    assert is_unsatisfiable(specifiers) == (not any(admits(specifiers, version) for version in DENSE))


@given(ASKED)
@settings(max_examples=150)
def test_a_contradiction_is_told_in_just_the_rows_where_one_is(asked: list[tuple[str, int]]) -> None:
    within = rows_of_pythons(PYTHONS[:4])
    expected = 0
    for python in PYTHONS[:4]:
        rows = rows_of_pythons([python])
        active = [specifier for specifier, mask in asked if mask & rows]
        expected |= rows if active and is_unsatisfiable(active) else 0
    found = find_contradictions(asked, within)
    assert reduce(int.__or__, (each.rows for each in found), 0) == expected
    for each in found:
        parts = (reduce(int.__or__, (mask for specifier, mask in asked if specifier == part)) for part in each.core)
        assert reduce(int.__and__, parts, within) & each.rows == each.rows, "the core is active in each of its rows"


@given(SETS)
@settings(max_examples=150)
def test_the_reason_is_minimal(specifiers: list[str]) -> None:
    contradictions = find_contradictions([(specifier, ALL_ROWS) for specifier in specifiers], ALL_ROWS)
    assume(contradictions)
    (found,) = contradictions
    assert set(found.core) <= set(specifiers)
    assert is_unsatisfiable(found.core)
    for left_out in found.core:
        rest = [specifier for specifier in found.core if specifier != left_out]
        assert not rest or not is_unsatisfiable(rest)


def test_nothing_asked_is_no_contradiction() -> None:
    assert find_contradictions([], ALL_ROWS) == ()
    assert find_contradictions([("", ALL_ROWS), ("==1", 0), ("==2", ALL_ROWS)], ALL_ROWS) == ()
    assert find_contradictions([("==1", ALL_ROWS), ("==2", ALL_ROWS)], 0) == ()


@pytest.mark.parametrize(
    ("specifiers", "core"),
    [
        (("==1", ">=2", "==3"), ("==1", "==3")),
        ((">=1", ">=2", "<1.5"), (">=2", "<1.5")),
        (("==1", "<1,>2", "==3"), ("<1,>2",)),
        ((">=1,<4", "!=1.*", "!=2.*", "!=9", "!=3.*"), (">=1,<4", "!=1.*", "!=2.*", "!=3.*")),
    ],
)  # fmt: skip
def test_pins_are_named_before_ranges_and_one_before_two(specifiers: tuple[str, ...], core: tuple[str, ...]) -> None:
    (found,) = find_contradictions([(specifier, ALL_ROWS) for specifier in specifiers], ALL_ROWS)
    assert found.core == core


@given(SPECIFIERS, SPECIFIERS)
@settings(max_examples=150)
def test_keys_are_equal_just_where_specifier_sets_are(one: str, other: str) -> None:
    assert (specifier_key(one) == specifier_key(other)) == (SpecifierSet(one) == SpecifierSet(other))


@pytest.mark.parametrize(
    ("one", "other"), [("==1.0", "== 1.0.0"), ("==1,==1.0", "==1"), (">=1,<2", "<2.0, >=1.0"), (">=1.0RC1", ">=1rc1")]
)
def test_spellings_of_one_specifier_have_one_key(one: str, other: str) -> None:
    assert specifier_key(one) == specifier_key(other)


@pytest.mark.parametrize(
    ("one", "other"), [("~=1.0", "~=1.0.0"), ("==1.*", "==1.0.*"), ("===1.0", "===1.0.0"), ("", ">=0")]
)
def test_different_specifiers_have_different_keys(one: str, other: str) -> None:
    assert specifier_key(one) != specifier_key(other)


@pytest.mark.parametrize(
    ("specifier", "pin"),
    [("==1.*", None), (">=1", None), ("===abc", None), ("", None), ("==1.0,!=2", "1"), ("===1.0+a", "1.0+a")],
)
def test_a_pin_is_exact(specifier: str, pin: str | None) -> None:
    assert exact_pin(specifier) == (Version(pin) if pin else None)
