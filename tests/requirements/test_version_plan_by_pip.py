"""What pip itself reads before and after the safe changes of the sample: the same packages, no pin down, ranges met."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version
from pip._internal.network.session import PipSession
from pip._internal.req import parse_requirements

from rrr_optimize.model import Lane
from rrr_optimize.requirements.versions.plan import plan_versions
from tests.opening import open_folder

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"
ENVIRONMENTS = [
    {"python_version": python, "python_full_version": f"{python}.0", "sys_platform": platform}
    for python in ("3.11", "3.12", "3.14")
    for platform in ("linux", "darwin", "win32")
]


def flatten(path: Path) -> list[Requirement]:
    """Return what pip reads in a file and in all that it includes."""
    return [Requirement(each.requirement) for each in parse_requirements(str(path), PipSession())]


def sense(requirement: Requirement) -> tuple[str, frozenset[str], str]:
    return canonicalize_name(requirement.name), frozenset(requirement.extras), str(requirement.marker)


def pin(requirement: Requirement) -> Version | None:
    clauses = [each for each in requirement.specifier if each.operator == "==" and not each.version.endswith(".*")]
    return Version(clauses[0].version) if len(clauses) == 1 else None


def meet(one: Requirement, other: Requirement) -> bool:
    markers = [each.marker for each in (one, other) if each.marker]
    return any(all(marker.evaluate(where) for marker in markers) for where in ENVIRONMENTS)


@pytest.mark.parametrize("lanes", [{Lane.SAFE}, {Lane.SAFE, Lane.REVIEW}], ids=["safe", "all"])
def test_pip_reads_what_was_promised(tmp_path: Path, lanes: set[Lane]) -> None:
    before, after = tmp_path / "before", tmp_path / "after"
    shutil.copytree(SAMPLE, before)
    shutil.copytree(SAMPLE, after)
    repository = open_folder(before)
    groups = [group for group in plan_versions(repository).plan.groups if group.lane in lanes]
    changes = repository.overlay(groups).snapshot.changes
    for change in changes:
        (after / change.path).write_bytes(change.after or b"")
    paths = [path.relative_to(before) for path in sorted(before.rglob("*requirements*.txt"))]
    changed: list[Requirement] = []
    for path in paths:
        pairs = list(zip(flatten(before / path), flatten(after / path), strict=True))
        assert [sense(was) for was, _ in pairs] == [sense(now) for _, now in pairs]
        for was, now in pairs:
            if was.specifier != now.specifier:
                old, new = pin(was), pin(now)
                assert old is not None
                assert new is not None
                assert old < new
                changed.append(now)
    assert len({sense(each) for each in changed}) >= 14
    everything = [each for path in paths for each in flatten(after / path)]
    for now in changed:
        for other in everything:
            if canonicalize_name(other.name) == canonicalize_name(now.name) and meet(now, other):
                assert other.specifier.contains(pin(now) or "0"), f"{now} and {other}"


def test_only_versions_differ_in_the_bytes(tmp_path: Path) -> None:
    shutil.copytree(SAMPLE, tmp_path / "sample")
    repository = open_folder(tmp_path / "sample")
    groups = [group for group in plan_versions(repository).plan.groups if group.lane is not Lane.REFUSED]
    changes = repository.overlay(groups).snapshot.changes
    assert len(changes) >= 5
    for change in changes:
        versions = re.compile(rb"==[0-9.]+")
        assert versions.sub(b"", change.before or b"") == versions.sub(b"", change.after or b"")
