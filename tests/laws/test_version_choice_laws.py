"""Which version is chosen: against brute force over the versions that are named, whatever the order."""

from __future__ import annotations

import pytest
from hypothesis import given, settings, strategies as st
from packaging.specifiers import SpecifierSet
from packaging.version import Version

from rrr_optimize.facts.specifiers import exact_pin
from rrr_optimize.requirements.satisfiability import is_unsatisfiable
from rrr_optimize.requirements.versions.choice import KEEPS_PINS_UP, Wishes, repin, rest_of_pin, wishes_of
from rrr_optimize.unify_settings import PolicyName

VERSIONS = ["0.9", "1", "1.0", "1.0.0", "1.0.1", "1.1", "1.1rc1", "1.2", "2.0.dev1", "2.0", "2.0.0"]
CLAUSES = st.one_of(
    st.builds(str.__add__, st.sampled_from(["==", "!=", "<", "<=", ">", ">="]), st.sampled_from(VERSIONS)),
    st.sampled_from(["==1.*", "!=1.0.*", "~=1.0", "~=1.0.0"]),
)
# `===` compares spellings and not versions; it stands alone, as it does wherever people write it.
SPECIFIERS = st.one_of(st.lists(CLAUSES, max_size=2).map(",".join), st.sampled_from(["===1.0", "===abc"]))
ASKED = st.lists(SPECIFIERS, min_size=1, max_size=5)
CHOOSING = st.sampled_from([*KEEPS_PINS_UP, PolicyName.LOWEST, PolicyName.MOST_COMMON])


def admits(specifiers: list[str], version: Version) -> bool:
    return all(SpecifierSet(specifier).contains(version, prereleases=True) for specifier in specifiers)


def named(asked: list[str]) -> list[Version]:
    return [
        Version(clause.version.removesuffix(".*"))
        for specifier in asked
        for clause in SpecifierSet(specifier)
        if clause.operator in {"==", "===", ">=", "<=", "~="} and clause.version != "abc"
    ]


@given(ASKED)
@settings(max_examples=200)
def test_least_and_highest_are_below_no_pin_inside_every_range_and_named(asked: list[str]) -> None:
    pins = [pin for specifier in asked if (pin := exact_pin(specifier))]
    ranges = [rest_of_pin(specifier) if exact_pin(specifier) else specifier for specifier in asked]
    candidates = {version for version in named(asked) if not version.is_prerelease or version in pins}
    fitting = [v for v in candidates if all(v >= pin for pin in pins) and admits(ranges, v)]
    least = wishes_of(asked).choose(PolicyName.LEAST_SATISFYING)
    highest = wishes_of(asked).choose(PolicyName.HIGHEST)
    assert (Version(least) if least else None) == min(fitting, default=None)
    assert (Version(highest) if highest else None) == max(fitting, default=None)


@given(ASKED, CHOOSING, st.randoms())
@settings(max_examples=200)
def test_the_order_makes_no_difference(asked: list[str], policy: PolicyName, random: object) -> None:
    shuffled = list(asked)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    one, other = wishes_of(asked), wishes_of(shuffled)
    assert one.choose(policy) == other.choose(policy)
    assert one.in_the_way(policy) == other.in_the_way(policy)


@given(ASKED, CHOOSING)
@settings(max_examples=200)
def test_what_is_chosen_fits_and_what_is_in_the_way_is_why_not(asked: list[str], policy: PolicyName) -> None:
    wishes = wishes_of(asked)
    chosen = wishes.choose(policy)
    if chosen is not None:
        assert admits(list(wishes.ranges), Version(chosen))
        assert policy not in KEEPS_PINS_UP or wishes.floor is None or Version(chosen) >= wishes.floor
        assert str(Version(chosen)) in {str(version) for version in named(asked)}
        return
    core = wishes.in_the_way(policy)
    assert core <= set(asked) | set(wishes.ranges)
    assert core or not (wishes.pins or is_unsatisfiable(wishes.ranges)), "somebody asks for what nobody can have"


@given(ASKED)
@settings(max_examples=200)
def test_who_is_in_the_way_of_the_highest_pin_excludes_it(asked: list[str]) -> None:
    wishes = wishes_of(asked)
    core = wishes.in_the_way(PolicyName.LEAST_SATISFYING)
    if wishes.choose(PolicyName.LEAST_SATISFYING) is None and core & set(wishes.pins):
        others = [specifier for specifier in core if specifier not in wishes.pins]
        assert others
        assert not admits(others, wishes.floor or Version("0"))
    elif wishes.choose(PolicyName.LEAST_SATISFYING) is None and len(core) > 1:
        assert is_unsatisfiable(core) or not admits(sorted(core), wishes.floor or Version("0"))


@given(SPECIFIERS.filter(lambda specifier: exact_pin(specifier) is not None), st.sampled_from(VERSIONS))
def test_repinning_changes_the_pin_alone(specifier: str, version: str) -> None:
    after = repin(specifier, version)
    assert exact_pin(after) == Version(version)
    assert rest_of_pin(after) == rest_of_pin(specifier)
    assert after.count("===") == specifier.count("===")


@pytest.mark.parametrize(
    ("asked", "version"),
    [
        ([">=1", "<2"], "1"),
        (["==1.4", "==1.6", "<2"], "1.6"),
        (["==1.4", "<1.2"], None),
        (["<2", ">1"], None),
        (["==1.4", "!=1.4", "<=1.6"], "1.6"),
        (["==1.4,<1.5", "==1.6"], None),
        (["===abc", "==1"], None),
        ([], None),
        ([""], None),
    ],
)  # fmt: skip
def test_the_least_version(asked: list[str], version: str | None) -> None:
    assert wishes_of(asked).choose(PolicyName.LEAST_SATISFYING) == version


@pytest.mark.parametrize(
    ("wishes", "core"),
    [
        (Wishes(("==2.5", "==2.4"), (">=2", "<2")), {"==2.5", "<2"}),
        (Wishes(("==1.0",), (">=2", "<2")), {">=2", "<2"}),
        (Wishes(("==1.0",), (">=2", "<1.5", "<1.6")), {">=2", "<1.5"}),
        (Wishes(("==1.0",), ("!=1.0", "<3")), {"==1.0", "!=1.0"}),
        (Wishes(("==1.0",), (">=1,<3", "!=1.*,<2")), {"==1.0", "!=1.*,<2"}),
        (Wishes(("==1.0",), ("<1",), locks=("==1.5",)), {"<1", "==1.5"}),
        (Wishes((), ("<1", ">=2", "<5")), {"<1", ">=2"}),
        (Wishes(("==1.0",), (), banned=("<5",)), {"==1.0"}),
    ],
)  # fmt: skip
def test_who_stands_in_the_way(wishes: Wishes, core: set[str]) -> None:
    assert wishes.choose(PolicyName.LEAST_SATISFYING) is None
    assert wishes.in_the_way(PolicyName.LEAST_SATISFYING) == core


def test_the_version_that_is_named_is_taken_or_those_who_exclude_it_are_told() -> None:
    wishes = Wishes(("==1.0", "==1.2"), (">=1.1", "<2"))
    assert wishes.choose(PolicyName.PINNED, Version("1.5")) == "1.5"
    assert wishes.choose(PolicyName.PINNED, Version("2.0")) is None
    assert wishes.in_the_way(PolicyName.PINNED, Version("2.0")) == {"<2"}
    assert wishes.choose(PolicyName.SNAP_TO) is None
