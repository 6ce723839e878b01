"""Laws of a version plan, over small repositories: what a person would check by hand, checked with `packaging`."""

from __future__ import annotations

import tempfile
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from hypothesis import HealthCheck, given, settings, strategies as st
from packaging.requirements import Requirement
from packaging.version import Version

from rrr_optimize.model import Lane
from rrr_optimize.requirements.versions.plan import plan_versions
from tests.opening import open_folder

if TYPE_CHECKING:
    from random import Random

    from packaging.markers import Marker

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import ChangeGroup

Files = dict[str, list[str]]
ENVIRONMENTS = [{"python_version": python, "python_full_version": f"{python}.0"} for python in ("3.8", "3.11", "3.14")]
MARKERS = ["", "", "", ' ; python_version < "3.10"', ' ; python_version >= "3.10"', " # why"]
SPECIFIERS = [
    "",
    "==1.0",
    "==1.0.0",
    "==1.2",
    "==1.4",
    "==2.0",
    "== 2.1",
    ">=1.0",
    ">=1.3",
    "<2",
    "~=1.2",
    "!=1.4",
    "<1.1",
]
LINES = st.builds(
    "{}{}{}".format, st.sampled_from(["ab", "A_b", "xy"]), st.sampled_from(SPECIFIERS), st.sampled_from(MARKERS)
)
PATHS = ["a/requirements.txt", "b/requirements.txt", "b/requirements-dev.txt", "c/requirements.txt", "constraints.txt"]
FILES = st.dictionaries(st.sampled_from(PATHS), st.lists(LINES, min_size=1, max_size=4), min_size=1)
POLICIES = st.sampled_from(
    ["least-satisfying", "highest", "lowest", "most-common", "same-minor", "same-range", "snap-to a"]
)
TRIES = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow])


def opened(folder: str, files: Files, config: dict[str, Any] | None = None) -> Repository:
    texts = {path: [*lines, *(["-c ../constraints.txt"] if path[0] == "c/" else [])] for path, lines in files.items()}
    for path, lines in {"a/requirements.txt": ["-c ../constraints.txt"], "constraints.txt": [], **texts}.items():
        place = Path(folder, path)
        place.parent.mkdir(exist_ok=True)
        place.write_text("\n".join(lines), encoding="utf-8")
    return open_folder(Path(folder), config)


def possible(repository: Repository) -> list[ChangeGroup]:
    return [group for group in plan_versions(repository).plan.groups if group.lane is not Lane.REFUSED]


def lines_of(repository: Repository) -> dict[str, list[str]]:
    snapshot = repository.snapshot
    texts = {path: source.text for path in snapshot.files if (source := snapshot.text(path))}
    return {path: text.split("\n") for path, text in texts.items()}


def requirements_of(lines: dict[str, list[str]]) -> list[tuple[str, Requirement]]:
    return [
        (path, Requirement(line.partition(" #")[0]))
        for path, own in lines.items()
        for line in own
        if line and line[0] not in "-#"
    ]


def meet(one: Marker | None, other: Marker | None) -> bool:
    return any(all(not each or each.evaluate(where) for each in (one, other)) for where in ENVIRONMENTS)


@given(FILES)
@TRIES
def test_no_pin_goes_down_and_what_changes_is_inside_every_range_that_meets_it(files: Files) -> None:
    with tempfile.TemporaryDirectory() as folder:
        repository = opened(folder, files)
        before = lines_of(repository)
        after = lines_of(repository.overlay(possible(repository)))
    old, new = requirements_of(before), requirements_of(after)
    assert len(old) == len(new)
    for (path, was), (same, now) in zip(old, new, strict=True):
        assert (path, was.name, was.extras, str(was.marker)) == (same, now.name, now.extras, str(now.marker))
        if was.specifier == now.specifier:
            continue
        (before_pin,), (after_pin,) = was.specifier, now.specifier
        assert before_pin.operator == after_pin.operator == "=="
        assert Version(before_pin.version) < Version(after_pin.version)
        for other_path, other in new:
            is_same = other.name.replace("_", "-").lower() == now.name.replace("_", "-").lower()
            if is_same and other_path != "constraints.txt" and meet(now.marker, other.marker):
                assert other.specifier.contains(after_pin.version), f"{now} and {other}"


@given(FILES, POLICIES)
@TRIES
def test_a_plan_that_was_applied_is_empty(files: Files, policy: str) -> None:
    config = {"unify": {"policy": policy}}
    with tempfile.TemporaryDirectory() as folder:
        repository = opened(folder, files, config)
        groups = possible(repository)
        after = repository.overlay(groups)
        assert possible(after) == []
        assert all(proof.holds for group in groups for proof in group.proofs)


@given(FILES, POLICIES, st.randoms())
@TRIES
def test_the_order_of_requirements_and_files_makes_no_difference(files: Files, policy: str, random: Random) -> None:
    config = {"unify": {"policy": policy}}
    shuffled: Files = {}
    for path in random.sample(sorted(files), len(files)):
        lines = list(files[path])
        random.shuffle(lines)
        shuffled[path] = lines
    # The same files under other names: what stood in b stands in z, after everything else.
    moved = {path.replace("b/", "z/"): lines for path, lines in shuffled.items()}
    outcomes = []
    for each in (files, shuffled, moved):
        with tempfile.TemporaryDirectory() as folder:
            decisions = plan_versions(opened(folder, each, config)).decisions
            outcomes.append(
                Counter(
                    (
                        decision.package,
                        decision.version,
                        decision.otherwise,
                        tuple(sorted(f"{item.text};{item.marker}" for item in decision.in_the_way)),
                        tuple(sorted(f"{item.declaration.text};{item.specifier}" for item in decision.changes)),
                    )
                    for decision in decisions
                )
            )
    assert outcomes[0] == outcomes[1] == outcomes[2]


@given(FILES, st.sampled_from(["ab", "xy"]), st.sampled_from(["", "b/**", "*-dev.txt"]))
@TRIES
def test_what_is_ignored_is_never_touched(files: Files, package: str, where: str) -> None:
    entry = {"packages": [package.replace("ab", "a[bc]")], "policy": "ignored"} | ({"in": where} if where else {})
    with tempfile.TemporaryDirectory() as folder:
        repository = opened(folder, files, {"unify": {"policies": [entry]}})
        changes = [change for decision in plan_versions(repository).decisions for change in decision.changes]
    ignored = [each.declaration for each in changes if each.declaration.package == package]
    paths = {item.location.path for item in ignored}
    assert not any(not where or path.startswith(where[:2]) or path.endswith(where[1:]) for path in paths)


@given(FILES, st.sampled_from(SPECIFIERS[1:6]), st.sampled_from(["**", "b/**"]))
@TRIES
def test_what_is_excepted_stays_and_nothing_else_is_hidden(files: Files, specifier: str, where: str) -> None:
    exception = {"allow": f"xy{specifier}", "in": where, "reason": "why"}
    with tempfile.TemporaryDirectory() as folder:
        repository = opened(folder, files, {"requirements": {"exceptions": [exception]}})
        excepted = {
            item.location
            for item in repository.requirements.declarations
            if item.package == "xy"
            and item.specifier
            and Requirement(f"xy{item.specifier}").specifier == Requirement(f"xy{specifier}").specifier
            and (where == "**" or item.location.path.startswith("b/"))
        }
        decisions = plan_versions(repository).decisions
        for decision in decisions:
            assert excepted.isdisjoint(item.location for item in decision.declarations)
        # Without the excepted lines the plan for the others is the same.
        kept = {
            path: [
                line
                for number, line in enumerate(lines, start=1)
                if not any(place.path == path and place.line == number for place in excepted)
            ]
            for path, lines in files.items()
        }
        with tempfile.TemporaryDirectory() as other:
            without = plan_versions(opened(other, kept)).decisions
    assert [(each.package, each.version) for each in decisions] == [(each.package, each.version) for each in without]
