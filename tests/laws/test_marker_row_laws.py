"""Rows of the grid agree with packaging's own evaluation, and are split without a gap or an overlap."""

from __future__ import annotations

from functools import reduce
from itertools import product
from operator import or_

import pytest
from hypothesis import given, settings, strategies as st
from packaging.markers import Marker
from packaging.specifiers import SpecifierSet

from rrr_optimize.facts.marker_rows import (
    ALL_ROWS,
    PYTHONS,
    describe_rows,
    iter_common_rows,
    pythons_of_rows,
    rows_of_marker,
    rows_of_pythons,
    rows_of_requires_python,
)

PLATFORMS = (("posix", "linux", "Linux"), ("posix", "darwin", "Darwin"), ("nt", "win32", "Windows"))
MACHINES = {
    "Linux": ("x86_64", "aarch64", "i686", "armv7l", "ppc64le", "s390x", "riscv64"),
    "Darwin": ("x86_64", "arm64"),
    "Windows": ("AMD64", "ARM64", "x86"),
}
PATCHES = (*range(26), 99)


def grid() -> list[dict[str, str]]:
    """Return the points of the grid in the order of their bits, written down a second time."""
    points = []
    hosts = [(platform, machine) for platform in PLATFORMS for machine in MACHINES[platform[2]]]
    for python, patch, (platform, machine), name in product(PYTHONS, PATCHES, hosts, ("CPython", "PyPy")):
        version = f"{python[0]}.{python[1]}"
        points.append(
            {
                "python_version": version,
                "python_full_version": f"{version}.{patch}",
                "os_name": platform[0],
                "sys_platform": platform[1],
                "platform_system": platform[2],
                "platform_machine": machine,
                "platform_python_implementation": name,
                "implementation_name": name.lower(),
                "implementation_version": f"{version}.{patch}" if name == "CPython" else "7.3.20",
                "extra": "",
            }
        )
    return points


GRID = grid()
ORDERS = ("==", "!=", "<", "<=", ">", ">=")
VERSIONS = ("3.7", "3.8", "3.9", "3.10", "3.10.1", "3.11", "3.12.99", "3.14", "3.15", "4")


def comparison(names: tuple[str, ...], operators: tuple[str, ...], values: tuple[str, ...]) -> st.SearchStrategy[str]:
    return st.builds(
        lambda name, operator, value, turned: (
            f"'{value}' {operator} {name}" if turned else f"{name} {operator} '{value}'"
        ),
        st.sampled_from(names),
        st.sampled_from(operators),
        st.sampled_from(values),
        st.booleans(),
    )


COMPARISONS = st.one_of(
    comparison(("python_version", "python_full_version"), ORDERS, VERSIONS),
    comparison(("implementation_version",), ORDERS, ("3.9", "7.3.20", "7")),
    comparison(("os_name", "os.name"), ("==", "!="), ("nt", "posix", "java")),
    comparison(("sys_platform", "sys.platform"), ("==", "!=", "in", "not in"), ("linux", "darwin", "win32", "linux2")),
    comparison(("platform_system",), ("==", "!="), ("Linux", "Darwin", "Windows")),
    comparison(("platform_machine", "platform.machine"), ("==", "!="), ("x86_64", "aarch64", "arm64", "AMD64")),
    comparison(("platform_python_implementation", "python_implementation"), ("==", "!="), ("CPython", "PyPy")),
    comparison(("implementation_name",), ("==", "!="), ("cpython", "pypy")),
    comparison(("extra",), ("==", "!="), ("", "dev")),
)
MARKERS = st.recursive(
    COMPARISONS,
    lambda inner: st.builds(
        lambda left, word, right: f"({left}) {word} ({right})", inner, st.sampled_from(["and", "or"]), inner
    ),
    max_leaves=5,
)
MASKS = st.integers(0, ALL_ROWS)


@given(MARKERS)
@settings(max_examples=40)
def test_a_marker_holds_in_just_the_rows_in_which_packaging_says_so(marker: str) -> None:
    parsed = Marker(marker)
    expected = sum(1 << bit for bit, environment in enumerate(GRID) if parsed.evaluate(environment))
    assert rows_of_marker(marker) == expected


@pytest.mark.parametrize(
    "marker",
    [
        None,
        "",
        "platform_release >= '5'",
        "platform_version == '1' and os_name == 'nt'",
        "'dev' in dependency_groups",
        "nonsense",
    ],
)
def test_what_the_grid_cannot_decide_holds_everywhere(marker: str | None) -> None:
    assert rows_of_marker(marker) == ALL_ROWS


@given(st.lists(MASKS, max_size=6), MASKS)
@settings(max_examples=150)
def test_common_rows_are_a_partition(masks: list[int], within: int) -> None:
    regions = list(iter_common_rows(masks, within))
    assert reduce(or_, (rows for _, rows in regions), 0) == within
    assert sum(rows.bit_count() for _, rows in regions) == within.bit_count()
    for members, rows in regions:
        for index, mask in enumerate(masks):
            assert rows & mask == (rows if index in members else 0)
    assert all(rows for _, rows in regions)
    assert len({members for members, _ in regions}) == len(regions)


@given(st.lists(st.tuples(st.sampled_from(ORDERS), st.sampled_from(VERSIONS)), max_size=3))
def test_a_requires_python_admits_just_what_packaging_admits(clauses: list[tuple[str, str]]) -> None:
    text = ",".join(f"{operator}{version}" for operator, version in clauses)
    admitted = SpecifierSet(text)
    expected = sum(1 << bit for bit, point in enumerate(GRID) if admitted.contains(point["python_full_version"]))
    assert rows_of_requires_python(text) == expected


@given(st.sets(st.sampled_from([*PYTHONS, (3, 7), (2, 7)])))
def test_pythons_come_back_from_their_rows(versions: set[tuple[int, int]]) -> None:
    assert pythons_of_rows(rows_of_pythons(versions)) == tuple(sorted(versions & set(PYTHONS)))


WINDOWS = rows_of_marker("sys_platform == 'win32'")
EARLY_PATCH = rows_of_marker("python_full_version < '3.8.1'")
LATER = rows_of_pythons([(3, 12), (3, 13), (3, 14)])


@pytest.mark.parametrize(
    ("mask", "within", "words"),
    [
        (ALL_ROWS, ALL_ROWS, ""),
        (ALL_ROWS, LATER, ""),
        (LATER, LATER | WINDOWS, "Python 3.12 to 3.14"),
        (0, ALL_ROWS, "nowhere"),
        (LATER, WINDOWS & ~LATER, "nowhere"),
        (LATER, ALL_ROWS, "Python 3.12 to 3.14"),
        (rows_of_pythons([(3, 8), (3, 10), (3, 11)]), ALL_ROWS, "Python 3.8, 3.10 to 3.11"),
        (WINDOWS, ALL_ROWS, "on Windows"),
        (ALL_ROWS & ~WINDOWS & LATER, ALL_ROWS, "Python 3.12 to 3.14 on Linux and macOS"),
        (rows_of_marker("implementation_name == 'pypy'") & WINDOWS, ALL_ROWS, "on Windows with PyPy"),
        (EARLY_PATCH, rows_of_pythons([(3, 8)]), "some patch levels or machines"),
    ],
)  # fmt: skip
def test_rows_are_told_in_words(mask: int, within: int, words: str) -> None:
    assert describe_rows(mask, within) == words
