"""A proof fails where the tree would not be what was planned."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Span
from rrr_optimize.requirements.versions.plan import plan_versions
from rrr_optimize.requirements.versions.proofs import VersionProofs, failures

if TYPE_CHECKING:
    from tests.conftest import Facts

FILES = {
    "a/requirements.txt": "numpy[x]==1.24.0\n-r more.txt\n",
    "a/more.txt": "pandas==2.0\n",
    "b/requirements.txt": "numpy==1.26.0\npandas>=2\n",
}
EDITS = "read again, the files ask for the same packages, extras and markers, and only these versions differ"


def replace(path: str, old: str, new: str) -> Edit:
    start = FILES[path].index(old)
    return Edit(path, Span(start, start + len(old)), new)


PLANNED = replace("a/requirements.txt", "1.24.0", "1.26.0")


@pytest.mark.parametrize(
    ("changes", "evidence"),
    [
        ([], "a/requirements.txt says numpy[x]==1.24.0 where numpy[x]==1.24.0 stands in line 1"),
        (
            [replace("a/requirements.txt", "1.24.0", "1.26.1")],
            "a/requirements.txt says numpy[x]==1.26.1 where numpy[x]==1.24.0 stands in line 1",
        ),
        (
            [replace("a/requirements.txt", "[x]==1.24.0", "[y]==1.26.0")],
            "a/requirements.txt says numpy[y]==1.26.0 where numpy[x]==1.24.0 stands in line 1",
        ),
        (
            [PLANNED, replace("a/requirements.txt", "-r", "xy\n-r")],
            "a/requirements.txt asks for 2 requirements in place of 1",
        ),
        ([PLANNED, replace("a/requirements.txt", "more", "less")], "a/requirements.txt includes other files"),
        ([PLANNED, replace("a/requirements.txt", "-r", "=\n-r")], "a/requirements.txt has other problems"),
    ],
)
def test_a_file_that_says_something_else_is_found(facts: Facts, changes: list[Edit], evidence: str) -> None:
    repository = facts(FILES)
    (decision,) = plan_versions(repository).decisions
    after = repository.overlay([ChangeGroup("x", Lane.SAFE, "", "", edits=tuple(changes))])
    proofs = VersionProofs(repository.requirements, after.requirements, [decision])
    edits, *_ = proofs.prove(decision)
    assert (edits.claim, edits.holds, edits.evidence) == (EDITS, False, (evidence,))
    assert evidence in failures(proofs.prove(decision))


def test_a_change_elsewhere_is_no_failure_of_this_decision(facts: Facts) -> None:
    repository = facts(FILES)
    (decision,) = plan_versions(repository).decisions
    edits = (PLANNED, replace("b/requirements.txt", ">=2", ">=1"))
    after = repository.overlay(
        [ChangeGroup("x", Lane.SAFE, "", "", edits=edits, creations=(Creation("c/requirements.txt", "x\n"),))]
    )
    proofs = VersionProofs(repository.requirements, after.requirements, [decision])
    assert failures(proofs.prove(decision)) == ()
    assert set(proofs.surprises) == {"b/requirements.txt", "c/requirements.txt"}


def test_requirements_that_still_exclude_each_other_are_found(facts: Facts) -> None:
    repository = facts(FILES)
    (decision,) = plan_versions(repository).decisions
    after = repository.overlay(
        [ChangeGroup("x", Lane.SAFE, "", "", edits=(replace("a/requirements.txt", "24", "25"),))]
    )
    _, agreement, _ = VersionProofs(repository.requirements, after.requirements, [decision]).prove(decision)
    assert not agreement.holds
    assert agreement.evidence == ("==1.25.0 and ==1.26.0 exclude each other",)


def test_a_file_that_is_no_longer_read_is_found(facts: Facts) -> None:
    files = {"a/setup.cfg": "[options]\ninstall_requires =\n  n==1.0\n", "b/requirements.txt": "n==1.1\n"}
    repository = facts(files)
    (decision,) = plan_versions(repository).decisions
    broken = Edit("a/setup.cfg", Span(0, 9), "[options")
    after = repository.overlay([ChangeGroup("x", Lane.SAFE, "", "", edits=(broken,))])
    edits, *_ = VersionProofs(repository.requirements, after.requirements, [decision]).prove(decision)
    assert edits.evidence == ("a/setup.cfg is no longer read",)


def test_a_decision_whose_proof_fails_leaves_the_others_standing(facts: Facts) -> None:
    files = {
        "a/requirements.txt": "n==1.0\nm==1.0\n",
        "a/tox.ini": "[testenv]\ndeps =\n  -r requirements.txt\n  n<1.1\n",
        "b/requirements.txt": "n==1.1\nm==1.1\n",
    }
    groups = {group.id: group for group in plan_versions(facts(files)).plan.groups}
    refused, safe = groups["unify/version/n"], groups["unify/version/m"]
    assert (refused.lane, refused.edits) == (Lane.REFUSED, ())
    assert [proof.holds for proof in refused.proofs] == [True, True, False]
    assert safe.lane is Lane.SAFE
    assert safe.proofs[-1].evidence == ("2 installations looked at",)


def test_an_installation_that_becomes_possible_is_told(facts: Facts) -> None:
    files = {"a/requirements.txt": "-r base.txt\nn==1.0\n", "a/base.txt": "n==1.1\n"}
    (group,) = plan_versions(facts(files)).plan.groups
    assert group.lane is Lane.SAFE
    assert group.proofs[-1].evidence == ("1 installation looked at", "1 installation can be made that could not")
