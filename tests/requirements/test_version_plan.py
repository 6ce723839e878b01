"""What a version plan promises beside what the cases show."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.config_table import read_settings
from rrr_optimize.errors import ConfigurationError
from rrr_optimize.model import Lane, Span
from rrr_optimize.requirements.versions.plan import plan_versions
from rrr_optimize.unify_settings import PolicyName

if TYPE_CHECKING:
    from tests.conftest import Facts


def test_a_decision_says_who_asked_for_what_and_who_takes_which_step(facts: Facts) -> None:
    files = {
        "a/requirements.txt": "numpy==1.24.0\npandas==2.0.0\n",
        "b/requirements.txt": "numpy==2.0.1\npandas>=2.0\n",
        "c/requirements.txt": "numpy\n",
        "c/more-requirements.txt": "NumPy==1.26.0\nnumpy==1.26.0\n",
    }
    (decision,) = plan_versions(facts(files)).decisions
    assert decision.package == "numpy"
    assert decision.group == "unify/version/numpy"
    assert decision.version == "2.0.1"
    assert decision.policy.name is PolicyName.LEAST_SATISFYING
    assert [(str(item.location), item.text) for item in decision.declarations] == [
        ("a/requirements.txt:1", "numpy==1.24.0"),
        ("b/requirements.txt:1", "numpy==2.0.1"),
        ("c/more-requirements.txt:1", "NumPy==1.26.0"),
        ("c/more-requirements.txt:2", "numpy==1.26.0"),
        ("c/requirements.txt:1", "numpy"),
    ]
    assert [(str(each.declaration.location), each.specifier) for each in decision.changes] == [
        ("a/requirements.txt:1", "==2.0.1"),
        ("c/more-requirements.txt:1", "==2.0.1"),
        ("c/more-requirements.txt:2", "==2.0.1"),
    ]
    steps = [(step.project.name, str(step.before), str(step.after)) for step in decision.major_steps]
    assert steps == [("a", "1.24.0", "2.0.1"), ("c", "1.26.0", "2.0.1")]
    assert (decision.in_the_way, decision.odd, decision.otherwise, decision.stale) == ((), (), None, ())


def test_a_decision_that_cannot_be_made_names_who_stands_in_the_way(facts: Facts) -> None:
    files = {
        "a/requirements.txt": "numpy==1.24.0\n",
        "b/requirements.txt": "numpy==1.26.0\n",
        "c/requirements.txt": "numpy<1.25\n",
        "d/requirements.txt": "numpy>=1.20\n",
    }
    (decision,) = plan_versions(facts(files)).decisions
    assert decision.version is None
    assert [item.text for item in decision.in_the_way] == ["numpy==1.26.0", "numpy<1.25"]
    assert [item.text for item in decision.odd] == ["numpy<1.25"]
    assert decision.otherwise == "1.26.0"
    assert not decision.changes
    assert not decision.steps


def test_only_the_version_is_edited(facts: Facts) -> None:
    files = {
        "a/requirements.txt": "# numbers\r\nnumpy == 1.24.0 ; python_version>'3' # pin\r\n",
        "b.txt": "numpy==1.26\n",
    }
    repository = facts({"a/requirements.txt": files["a/requirements.txt"], "b/requirements.txt": files["b.txt"]})
    (group,) = plan_versions(repository).plan.groups
    (edit,) = group.edits
    assert edit.span == Span(17, 26)
    assert edit.replacement == "== 1.26"
    assert group.lane is Lane.SAFE
    assert group.paths == ("a/requirements.txt",)


def test_what_breaks_alone_requires_what_goes_along_with_it(facts: Facts) -> None:
    config = {"unify": {"policies": [{"in": "b/**", "policy": "least-satisfying"}]}}
    files = {
        "a/requirements.txt": "-r ../b/base.txt\nnumpy==1.24.0\n",
        "b/base.txt": "numpy==1.24.0\n",
        "b/requirements.txt": "numpy==1.26.0\n",
        "c/requirements.txt": "numpy==1.26.0\n",
    }
    one, other = plan_versions(facts(files, config)).plan.groups
    assert (one.lane, other.lane) == (Lane.SAFE, Lane.SAFE)
    assert one.requires == {other.id}
    assert other.requires == {one.id}


def test_decisions_on_one_package_that_do_not_meet_require_nothing(facts: Facts) -> None:
    config = {"unify": {"policies": [{"in": "b*/**", "policy": "least-satisfying"}]}}
    files = {
        f"{folder}/requirements.txt": f"numpy==1.2{number}.0\n"
        for number, folder in enumerate(("a1", "a2", "b1", "b2"))
    }
    groups = plan_versions(facts(files, config)).plan.groups
    assert [group.id for group in groups] == ["unify/version/numpy", "unify/version/numpy/2"]
    assert not any(group.requires for group in groups)


def test_policies_that_match_nothing_are_told(facts: Facts) -> None:
    policies: list[dict[str, Any]] = [
        {"packages": ["numpy"], "in": "x/**", "policy": "ignored"},
        {"packages": ["numpy"], "policy": "highest"},
        {"packages": ["pandas"], "policy": "ignored"},
        {"layers": ["docs"], "policy": "ignored"},
    ]
    plan = plan_versions(facts({"a/requirements.txt": "numpy==1.0\n"}, {"unify": {"policies": policies}}))
    assert plan.idle == read_settings({"unify": {"policies": [policies[0], *policies[2:]]}}).unify.policies


@pytest.mark.parametrize(
    "unify",
    [{"policy": "snap-to engine"}, {"policies": [{"projects": ["engine", "a"], "policy": "ignored"}]}],
)
def test_a_project_that_does_not_exist_is_an_error(facts: Facts, unify: dict[str, Any]) -> None:
    files = {"a/requirements.txt": "numpy==1.0\n", "b/requirements.txt": "numpy==1.0\n"}
    with pytest.raises(ConfigurationError, match=r"^unify: no project is called 'engine'$") as error:
        plan_versions(facts(files, {"unify": unify}))
    assert error.value.hint == "the projects are a, b"


def test_a_project_is_named_by_its_folder_too(facts: Facts) -> None:
    files = {"x/a/requirements.txt": "n==1.1\n", "y/a/requirements.txt": "n==1.0\n", "b/requirements.txt": "n==1.2\n"}
    (decision,) = plan_versions(facts(files, {"unify": {"policy": "snap-to y/a"}})).decisions
    assert decision.version == "1.0"


def test_a_package_that_nobody_asks_for_twice_is_left_alone(facts: Facts) -> None:
    plan = plan_versions(facts({"requirements.txt": "numpy==1.0\n"}))
    assert (plan.plan.groups, plan.decisions, plan.idle) == ((), (), ())


def test_a_place_that_two_policies_speak_of_is_left_alone(facts: Facts) -> None:
    config = {"unify": {"policies": [{"layers": ["all"], "policy": "least-satisfying"}]}}
    script = (
        "from setuptools import setup\ndeps = ['n==1.0']\nsetup(install_requires=deps, extras_require={'all': deps})\n"
    )
    files = {
        "a/setup.py": script,
        "b/requirements.txt": "n==1.1\n",
        "b/pyproject.toml": "[dependency-groups]\nall = ['n==1.1']\n",
    }
    one, other = plan_versions(facts(files, config)).plan.groups
    assert (one.lane, other.lane) == (Lane.REFUSED, Lane.REFUSED)
    assert one.why == "a/setup.py says n==1.1 where n==1.0 stands in line 2"
    assert other.why == "a/setup.py:2 (extra all) cannot be edited: unify/version/n changes it already"
