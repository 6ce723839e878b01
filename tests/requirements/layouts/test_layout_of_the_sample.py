"""The sample monorepo laid out: pip reads at least what it read before, and what is claimed is true."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import pytest
from packaging.markers import Marker
from packaging.utils import canonicalize_name
from pip._internal.network.session import PipSession
from pip._internal.req.constructors import install_req_from_parsed_requirement
from pip._internal.req.req_file import parse_requirements

from rrr_optimize.model import Lane
from rrr_optimize.requirements.layouts import Layout, LayoutOptions, plan_layout
from rrr_optimize.requirements.versions.plan import plan_versions
from tests.conftest import FIXTURES
from tests.opening import open_folder

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.requirements.layouts import LayoutPlan

SAMPLE = FIXTURES / "trading-monorepo"
EXCEPTIONS = {
    "pydantic<2": "worktrees/quantum-optimization/**",
    "redis>=4.6,<5": "worktrees/data-pipeline/**",
    "ccxt>=4.1,<4.2": "worktrees/data-pipeline/**",
    "pytest-asyncio>=0.21,<0.23": "worktrees/data-pipeline/**",
    "statsmodels>=0.13.5,<0.14.1": "worktrees/quantum-optimization/**",
    "tqdm~=4.64.0": "worktrees/quantum-optimization/**",
}
CONFIG = {
    "requirements": {
        "exceptions": [{"allow": name, "in": where, "reason": "none fits"} for name, where in EXCEPTIONS.items()]
    }
}
Direct = frozenset[tuple[str, frozenset[str], str, bool]]


def unified(folder: Path) -> Repository:
    """Return the sample with the versions of the first stage, every step accepted."""
    repository = open_folder(folder, CONFIG)
    groups = plan_versions(repository).plan.groups
    return repository.overlay(group for group in groups if group.lane is not Lane.REFUSED)


def lay_out(repository: Repository, options: LayoutOptions) -> tuple[LayoutPlan, Repository]:
    plan = plan_layout(repository, options)
    return plan, repository.overlay(group for group in plan.plan.groups if group.lane is not Lane.REFUSED)


def write(repository: Repository, folder: Path) -> Path:
    """Copy the sample's requirements files, as the repository would have them, into a new folder."""
    shutil.copytree(SAMPLE, folder, ignore=lambda _, names: [name for name in names if name.endswith(".py")])
    for change in repository.snapshot.changes:
        (folder / change.path).write_bytes(change.after or b"")
    return folder


def read_with_pip(path: Path) -> tuple[Direct, dict[str, set[str]]]:
    """Return what pip reads: names, extras and markers, each whether it only limits; and the specifiers by name."""
    direct: set[tuple[str, frozenset[str], str, bool]] = set()
    specifiers: dict[str, set[str]] = {}
    with PipSession() as session:
        for parsed in parse_requirements(str(path), session):
            requirement = install_req_from_parsed_requirement(parsed)
            assert requirement.req is not None
            name = canonicalize_name(requirement.req.name)
            marker = str(Marker(str(requirement.markers))) if requirement.markers else ""
            direct.add((name, frozenset(requirement.extras), marker, parsed.constraint))
            specifiers.setdefault(name, set()).update(map(str, requirement.req.specifier))
    return frozenset(direct), specifiers


@pytest.mark.parametrize("options", [LayoutOptions(max_added=40, threshold=0.25), LayoutOptions(Layout.CONSTRAINTS)])
def test_pip_reads_at_least_what_it_read_before(options: LayoutOptions, tmp_path: Path) -> None:
    before = unified(SAMPLE)
    plan, after = lay_out(before, options)
    old, new = write(before, tmp_path / "before"), write(after, tmp_path / "after")
    files = [cost.path for cost in plan.costs if (old / cost.path).exists()]
    assert len(files) == 9
    for path in files:
        (direct, said), (direct_after, said_after) = read_with_pip(old / path), read_with_pip(new / path)
        asked = {(name, extras, marker) for name, extras, marker, limits in direct if not limits}
        asked_after = {(name, extras, marker) for name, extras, marker, limits in direct_after if not limits}
        assert asked <= asked_after
        if options.layout is Layout.CONSTRAINTS:
            assert asked == asked_after
        assert all(said_after[name] for name in said if said[name])


def test_what_the_layers_save_and_cost() -> None:
    plan, after = lay_out(unified(SAMPLE), LayoutOptions(max_added=40, threshold=0.25))
    assert plan.share_removed == pytest.approx(0.64, abs=0.02)
    costs = {cost.path: cost for cost in plan.costs}
    assert costs["worktrees/api-integration/requirements.txt"].refused.startswith(
        "worktrees/api-integration/requirements.lock.txt is compiled from it"
    )
    assert costs["worktrees/quantum-optimization/requirements.txt"].references == (
        "requirements-dev.txt",
        "requirements-ml.txt",
    )
    assert max(len(cost.added) for cost in plan.costs) <= 40
    text = after.snapshot.text("worktrees/backtesting/requirements.txt")
    assert text is not None
    assert "\r\n-r ../../requirements.txt\r\n" in text.text
    assert "\n" not in text.text.replace("\r\n", "")


def test_what_a_constraints_file_saves() -> None:
    plan, _ = lay_out(unified(SAMPLE), LayoutOptions(Layout.CONSTRAINTS))
    assert plan.share_of_versions_removed == pytest.approx(0.86, abs=0.02)
    assert all(cost.before == cost.after for cost in plan.costs)


@pytest.mark.parametrize("layout", list(Layout))
def test_a_second_run_has_nothing_to_do(layout: Layout) -> None:
    options = LayoutOptions(layout, threshold=0.25, max_added=40)
    _, after = lay_out(unified(SAMPLE), options)
    assert all(group.lane is Lane.REFUSED for group in plan_layout(after, options).plan.groups)


def test_pip_looks_for_a_folder_in_the_working_directory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The fact that a root file with `-e ./lib` is not for others rests on this."""
    project = '[project]\nname = "{name}"\nversion = "1"\n'
    for folder, name in (("lib", "outer"), ("a/lib", "inner")):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "pyproject.toml").write_text(project.format(name=name), encoding="utf-8")
    (tmp_path / "requirements.txt").write_text("-e ./lib\n", encoding="utf-8")
    (tmp_path / "a/requirements.txt").write_text("-r ../requirements.txt\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path / "a")
    with PipSession() as session:
        (parsed,) = parse_requirements("requirements.txt", session)
        requirement = install_req_from_parsed_requirement(parsed)
    assert requirement.link is not None
    assert requirement.link.file_path == str(tmp_path / "a" / "lib")
