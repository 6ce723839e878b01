"""The sample monorepo is what its README says; nothing here needs a network."""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from functools import cache
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from pip._internal.network.session import PipSession
from pip._internal.req import parse_requirements

SAMPLE = Path(__file__).parent.parent / "fixtures" / "trading-monorepo"
FILES = sorted(path.relative_to(SAMPLE).as_posix() for path in SAMPLE.rglob("*requirements*.txt"))
LOCK = "worktrees/api-integration/requirements.lock.txt"
ROW = re.compile(
    r"^\| (?P<package>\S+) \| (?P<release>\S+) \| (?P<kind>pin|lower bound) \| (?P<worktree>\S+) \|", re.MULTILINE
)
GROUP = re.compile(r"^\| [a-z ]+ \| (?P<names>[a-z0-9-]+(?:, [a-z0-9-]+)+) \|$", re.MULTILINE)
NAMED = {
    "numpy": ["1.24.0", "1.26.2", "1.26.3"],
    "pandas": ["2.0.0", "2.1.4", "2.2.0"],
    "supabase": ["2.0.0", "2.0.3", "2.3.0", "2.3.4"],
    "scipy": ["1.7.0", "1.10.0", "1.11.4"],
    "pytest": ["7.0.0", "7.4.0", "7.4.3"],
    "black": ["22.0.0", "23.0.0", "23.12.1"],
    "mypy": ["0.950", "1.4.0", "1.7.1"],
}
WITHOUT_A_WHEEL = {("scipy", "1.7.0"), ("black", "22.0.0"), ("black", "23.0.0")}


@cache
def own_requirements(file: str) -> tuple[Requirement, ...]:
    """Return what pip reads in the lines of one file, without those that -r and -c bring in."""
    parsed = parse_requirements(str(SAMPLE / file), PipSession())
    own = re.compile(rf"-[rc] {re.escape(str(SAMPLE / file))} \(line \d+\)")
    return tuple(Requirement(each.requirement) for each in parsed if own.fullmatch(each.comes_from or ""))


def name_of(requirement: Requirement) -> str:
    return canonicalize_name(requirement.name)


def declaring_files(files: list[str]) -> dict[str, set[str]]:
    found: defaultdict[str, set[str]] = defaultdict(set)
    for file in files:
        for requirement in own_requirements(file):
            found[name_of(requirement)].add(file)
    return dict(found)


def shared_packages(files: list[str]) -> set[str]:
    return {name for name, where in declaring_files(files).items() if len(where) > 1}


def readme() -> str:
    return (SAMPLE / "README.md").read_text(encoding="utf-8")


def test_has_ten_requirements_files_one_for_the_root_and_each_worktree_and_a_lock() -> None:
    worktrees = sorted(path.name for path in (SAMPLE / "worktrees").iterdir())
    assert worktrees == [
        "api-integration",
        "backtesting",
        "data-pipeline",
        "monitoring",
        "neural-network",
        "quantum-optimization",
        "risk-management",
        "trading-engine",
    ]
    assert sorted(["requirements.txt", LOCK, *(f"worktrees/{name}/requirements.txt" for name in worktrees)]) == FILES


def test_shares_52_packages_whether_or_not_the_lock_counts() -> None:
    shared = shared_packages(FILES)
    assert len(shared) == 52
    assert shared_packages([file for file in FILES if file != LOCK]) == shared


def test_pyproject_names_no_package_that_is_not_shared() -> None:
    project = tomllib.loads((SAMPLE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    declared = [
        *project["dependencies"],
        *(each for extra in project["optional-dependencies"].values() for each in extra),
    ]
    assert {canonicalize_name(Requirement(each).name) for each in declared} <= shared_packages(FILES)


def test_readme_groups_every_package_that_is_not_shared() -> None:
    alone = {name for name, where in declaring_files(FILES).items() if len(where) == 1 and where != {LOCK}}
    grouped = [name for match in GROUP.finditer(readme()) for name in match["names"].split(", ")]
    assert sorted(grouped) == sorted(alone)


def test_readme_lists_the_releases_in_conflict_and_nothing_else() -> None:
    listed: defaultdict[str, list[str]] = defaultdict(list)
    for row in ROW.finditer(readme()):
        listed[row["package"]].append(row["release"])
        assert (row["kind"] == "lower bound") == ((row["package"], row["release"]) in WITHOUT_A_WHEEL)
    assert listed == NAMED


@pytest.mark.parametrize("row", list(ROW.finditer(readme())), ids=lambda row: f"{row['package']}-{row['release']}")
def test_each_release_stands_where_the_readme_says(row: re.Match[str]) -> None:
    operator = "==" if row["kind"] == "pin" else ">="
    requirements = own_requirements(f"worktrees/{row['worktree']}/requirements.txt")
    specifiers = [str(each.specifier) for each in requirements if each.name == row["package"]]
    assert specifiers == [f"{operator}{row['release']}"]


def test_pins_no_other_release_of_the_packages_in_conflict() -> None:
    pins: defaultdict[str, set[str]] = defaultdict(set)
    for file in FILES:
        for requirement in own_requirements(file):
            pins[name_of(requirement)] |= {each.version for each in requirement.specifier if each.operator == "=="}
    expected = {name: {v for v in versions if (name, v) not in WITHOUT_A_WHEEL} for name, versions in NAMED.items()}
    assert {name: pins[name] for name in NAMED} == expected


def test_names_one_package_twice_in_one_file_for_different_pythons_and_never_otherwise() -> None:
    twice: dict[tuple[str, str], int] = {}
    for file in FILES:
        names = [name_of(each) for each in own_requirements(file)]
        twice |= {(file, name): names.count(name) for name in names if names.count(name) > 1}
    assert twice == {("worktrees/data-pipeline/requirements.txt", "pandas"): 2}
    pandas = [each for each in own_requirements("worktrees/data-pipeline/requirements.txt") if each.name == "pandas"]
    for python in ("3.11", "3.12", "3.13"):
        assert sum(bool(each.marker and each.marker.evaluate({"python_version": python})) for each in pandas) == 1


def test_includes_the_root_once_as_requirements_and_once_as_constraints() -> None:
    lines = [(file, line) for file in FILES for line in (SAMPLE / file).read_text(encoding="utf-8").splitlines()]
    assert [each for each in lines if each[1].startswith("-")] == [
        ("worktrees/monitoring/requirements.txt", "-c ../../requirements.txt"),
        ("worktrees/risk-management/requirements.txt", "-r ../../requirements.txt"),
    ]
    # Constraints cannot carry extras.
    assert not any(each.extras for each in own_requirements("requirements.txt"))


@pytest.mark.parametrize("variable", ["python_version", "sys_platform", "platform_system", "platform_machine"])
def test_carries_markers_of_several_kinds(variable: str) -> None:
    assert any(variable in str(each.marker) for file in FILES for each in own_requirements(file) if each.marker)


def test_carries_extras_that_differ_between_files() -> None:
    extras: defaultdict[str, set[frozenset[str]]] = defaultdict(set)
    for file in FILES:
        for requirement in own_requirements(file):
            extras[name_of(requirement)].add(frozenset(requirement.extras))
    assert extras["uvicorn"] == {frozenset(), frozenset({"standard"})}
    assert extras["redis"] == {frozenset(), frozenset({"hiredis"})}
    assert frozenset({"http2"}) in extras["httpx"]


@pytest.mark.parametrize("spelling", ["PyYAML", "SQLAlchemy", "python_dateutil", "prometheus_client", "scikit_learn"])
def test_spells_some_names_as_people_do(spelling: str) -> None:
    assert any(each.name == spelling for file in FILES for each in own_requirements(file))


def test_holds_every_kind_of_specifier() -> None:
    operators = {each.operator for file in FILES for line in own_requirements(file) for each in line.specifier}
    assert operators >= {"==", ">=", "<", "~=", "!="}


def test_one_file_ends_its_lines_with_crlf_and_one_lacks_its_final_newline() -> None:
    contents = {file: (SAMPLE / file).read_bytes() for file in FILES}
    crlf = {file: data for file, data in contents.items() if b"\r" in data}
    assert list(crlf) == ["worktrees/backtesting/requirements.txt"]
    assert all(data.count(b"\r\n") == data.count(b"\n") == data.count(b"\r") for data in crlf.values())
    unfinished = [file for file, data in contents.items() if not data.endswith(b"\n")]
    assert unfinished == ["worktrees/quantum-optimization/requirements.txt"]


def test_only_the_lock_holds_hashes_and_there_every_line_does() -> None:
    assert [file for file in FILES if b"--hash=" in (SAMPLE / file).read_bytes()] == [LOCK]
    parsed = list(parse_requirements(str(SAMPLE / LOCK), PipSession()))
    assert all(each.options and each.options["hashes"]["sha256"] for each in parsed)
    assert all(str(each.specifier).startswith("==") for each in own_requirements(LOCK))


def test_lock_meets_the_file_it_was_compiled_from() -> None:
    locked = {name_of(each): str(each.specifier)[2:] for each in own_requirements(LOCK)}
    for requirement in own_requirements("worktrees/api-integration/requirements.txt"):
        assert requirement.specifier.contains(locked[name_of(requirement)])


def test_names_no_index_and_no_path_outside_itself() -> None:
    # What containers call each other and their own folders is none of the host's business.
    declaring = (each for each in SAMPLE.rglob("*") if each.suffix in {".txt", ".toml", ".md"})
    for path in declaring:
        text = path.read_text(encoding="utf-8")
        assert not re.search(r"://|index-url|find-links|(?<![\w./])/\w", text), path
