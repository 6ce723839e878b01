"""The parts of a layout by themselves: themes, joined specifiers, the choice of a layer, what is added, proofs."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING

import pytest

from rrr_optimize.facts.marker_rows import ALL_ROWS, rows_of_marker
from rrr_optimize.model import ChangeGroup, Creation, Edit, Lane, Span
from rrr_optimize.requirements.joining import join_specifiers
from rrr_optimize.requirements.layouts import Layout, LayoutOptions, plan_layout
from rrr_optimize.requirements.layouts.choice import Candidates, choose_layer
from rrr_optimize.requirements.layouts.flattening import atoms_of, find_added
from rrr_optimize.requirements.layouts.proofs import LayoutProofs
from rrr_optimize.requirements.layouts.themes import choose_theme

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.conftest import Facts

HALF = Fraction(1, 2)


@pytest.mark.parametrize(
    ("specifiers", "joined"),
    [
        ([], ""),
        (["", ""], ""),
        (["==1"], "==1"),
        (["==1", "==1.0"], "==1"),
        (["==1", ">=0.5,<2", ""], "==1"),
        (["==1", "==2"], None),
        (["==1", ">1"], None),
        ([">=1", ">=1.2", "<3", "<=2"], ">=1.2,<=2"),
        ([">1", ">=1"], ">1"),
        (["<2", "<=2"], "<2"),
        ([">=1,!=1.3", "<2,!=1.3"], ">=1,<2,!=1.3"),
        (["~=1.4", ">=1.2"], "~=1.4,>=1.2"),
        (["==1.*", ">=1.1"], "==1.*,>=1.1"),
        ([">=1.0a1", ">=0.9"], ">=0.9,>=1.0a1"),
        (["==1+local", "==1"], None),
    ],
)
def test_joins_specifiers(specifiers: Sequence[str], joined: str | None) -> None:
    assert join_specifiers(specifiers) == joined
    assert join_specifiers(reversed(specifiers)) == joined


@pytest.mark.parametrize(
    ("package", "held", "files", "layers", "theme"),
    [
        ("pytest", [], [("requirements.txt", "runtime")], (("dev", ()),), "dev"),
        ("pytest", [], [("requirements.txt", "runtime")], (), "core"),
        ("pytest-cov", [], [("requirements.txt", "runtime")], (("dev", ()),), "dev"),
        ("pytest", ["core"], [("requirements.txt", "runtime")], (("dev", ("pytest",)),), "core"),
        ("pytest", ["ml", "dev"], [], (("dev", ()), ("ml", ())), "dev"),
        ("pytest", [], [("requirements.txt", "runtime")], (("ml", ("py*",)), ("dev", ())), "ml"),
        ("x", [], [("requirements-dev.txt", "dev"), ("test.txt", "test")], (("dev", ()),), "dev"),
        ("x", [], [("requirements-dev.txt", "dev"), ("requirements.txt", "runtime")], (("dev", ()),), "core"),
        ("x", [], [("requirements-ml.txt", "runtime")], (("ml", ()),), "ml"),
        ("x", [], [("requirements-dev.txt", "dev")], (), "core"),
        ("torch", [], [], (("dev", ()),), "core"),
    ],
)
def test_the_first_that_speaks_decides_the_layer(
    package: str,
    held: list[str],
    files: list[tuple[str, str]],
    layers: tuple[tuple[str, tuple[str, ...]], ...],
    theme: str,
) -> None:
    assert choose_theme(package, held, files, LayoutOptions(layers=layers)) == theme


def candidates(named: dict[str, str], held: str = "", holders: str = "") -> Candidates:
    return Candidates(
        {path: frozenset(packages) for path, packages in named.items()},
        {path: path[0] for path in named},
        frozenset(held),
        frozenset(holders.split()),
    )


@pytest.mark.parametrize(
    ("named", "packages", "paths"),
    [
        pytest.param({}, "", "", id="nothing"),
        pytest.param({"a": "xy", "b": "z"}, "", "", id="nothing in common"),
        pytest.param({"a1": "xy", "a2": "xy"}, "", "", id="one project"),
        pytest.param({"a": "xy", "b": "xy"}, "xy", "a b", id="all in common"),
        pytest.param({"a": "xy", "b": "xy", "c": "x"}, "xy", "a b c", id="half is enough"),
        pytest.param({"a": "xyz", "b": "xyz", "c": "x"}, "xyz", "a b", id="a third is not"),
        pytest.param(
            {"a": "pq", "b": "pq", "c": "xyz", "d": "xyz", "e": "xyz"}, "xyz", "c d e", id="the better of two"
        ),
        pytest.param({"a": "pq", "b": "pq", "c": "xy", "d": "xy"}, "pq", "a b", id="of equals the first by name"),
    ],
)
def test_chooses_what_saves_most(named: dict[str, str], packages: str, paths: str) -> None:
    choice = choose_layer(candidates(named), HALF)
    assert (choice.packages, choice.paths) == (frozenset(packages), frozenset(paths.split()))


def test_what_one_project_alone_names_is_not_shared() -> None:
    choice = choose_layer(candidates({"a1": "xyz", "a2": "z", "b": "xy", "c": "xy"}), Fraction(1, 4))
    assert choice.packages == frozenset("xy")


def test_what_is_there_stays_and_grows() -> None:
    named = {"a": "xyz", "b": "xyz", "c": "q"}
    choice = choose_layer(candidates(named, held="xq", holders="c"), HALF)
    assert (choice.packages, choice.paths) == (frozenset("xyzq"), frozenset({"a", "b", "c"}))
    fixed = choose_layer(candidates(named, held="xq", holders="c"), HALF, may_grow=False)
    assert (fixed.packages, fixed.paths) == (frozenset("xq"), frozenset({"a", "b", "c"}))


def test_who_includes_a_file_has_what_that_references() -> None:
    named = {path: frozenset(packages) for path, packages in {"a": "x", "b": "xy", "c": "y", "d": ""}.items()}
    projects = {path: path for path in named}
    choice = choose_layer(Candidates(named, projects, barred={"c"}, users={"a": ["d"]}), Fraction(3, 4))
    assert (choice.packages, choice.paths) == (frozenset(), frozenset())
    choice = choose_layer(Candidates(named, projects, barred={"c"}, users={"a": ["d"]}), HALF)
    assert (choice.packages, choice.paths) == (frozenset("x"), frozenset("abd"))


def test_files_that_take_turns_come_to_an_end() -> None:
    named = {path: frozenset(packages) for path, packages in {"a": "x", "b": "x", "c": "yz", "d": "yz"}.items()}
    projects = {path: path for path in named}
    users = {"a": ["c", "d"], "b": ["c", "d"], "c": ["a"], "d": ["b"]}
    for share in (Fraction(1, 4), HALF, Fraction(1)):
        choice = choose_layer(Candidates(named, projects, users=users), share)
        again = choose_layer(Candidates(named, projects, choice.packages, choice.paths, users=users), share)
        assert again == choice


def test_what_is_added_is_told_with_its_environments() -> None:
    windows = rows_of_marker('sys_platform == "win32"')
    before = atoms_of([("x", (), windows), ("y", (), ALL_ROWS)])
    after = atoms_of([("x", (), ALL_ROWS), ("y", ("fast",), ALL_ROWS), ("z", (), windows), ("w", (), ALL_ROWS)])
    assert find_added(before, after) == {
        "w": ("w",),
        "x": ("x (on Linux and macOS)",),
        "y": ("y[fast]",),
        "z": ("z",),
    }


FILES = {"a/requirements.txt": "x==1\ny==1\n", "b/requirements.txt": "x==1\ny==1\n"}


@pytest.mark.parametrize(
    ("text", "root", "evidence"),
    [
        pytest.param("y==1\n", "x==1\n", "x is lost", id="a package is lost"),
        pytest.param("x[fast]==1\ny==1\n", "x==1\n", "x is lost", id="other extras"),
        pytest.param("x==2\ny==1\n", "x==1\n", "x==2 is new", id="another version"),
        pytest.param("x\ny==1\n", "z==1\n", "x could be had in versions that a/requirements.txt kept out", id="any"),
        pytest.param("-r ../requirements.txt\nx==1\ny==1\n", "x==2\n", "no version of x is left", id="impossible"),
        pytest.param("-r ../missing.txt\nx==1\ny==1\n", "x==1\n", "missing.txt", id="a reference to nothing"),
    ],
)
def test_a_broken_promise_is_found(text: str, root: str, evidence: str, facts: Facts) -> None:
    before = facts(FILES)
    path = "a/requirements.txt"
    edit = Edit(path, Span(0, len(FILES[path])), text)
    group = ChangeGroup("x", Lane.SAFE, "", "", edits=(edit,), creations=(Creation("requirements.txt", root),))
    proofs = LayoutProofs(before, before.overlay([group]), ["requirements.txt"]).prove(path)
    broken = [proof for proof in proofs if not proof.holds]
    assert any(evidence in said for proof in broken for said in proof.evidence)


def test_a_change_that_breaks_its_promise_is_withdrawn_with_what_needs_it(
    facts: Facts, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = LayoutProofs.prove

    def doubt(proofs: LayoutProofs, path: str) -> object:
        found = original(proofs, path)
        if path != "requirements.txt":
            return found
        return (type(found[0])("it is sunny", holds=False, evidence=("rain",)),)

    monkeypatch.setattr(LayoutProofs, "prove", doubt)
    plan = plan_layout(facts(FILES), LayoutOptions()).plan
    assert {group.lane for group in plan.groups} == {Lane.REFUSED}
    assert [group.why for group in plan.groups] == [
        "not so: it is sunny: rain",
        "not so: it needs a change that does not keep its promise",
        "not so: it needs a change that does not keep its promise",
    ]
    assert all(not group.edits and not group.creations for group in plan.groups)


def test_the_share_is_that_of_what_was_repeated(facts: Facts) -> None:
    plan = plan_layout(facts({**FILES, "c/requirements.txt": "x==1\nz==1\n"}), LayoutOptions())
    assert (plan.before.declarations, plan.before.packages, plan.before.repeated) == (6, 3, 3)
    assert (plan.after.declarations, plan.after.repeated, plan.share_removed) == (3, 0, 1.0)


def test_there_is_no_share_where_nothing_is_repeated(facts: Facts) -> None:
    alone = plan_layout(facts({"requirements.txt": "x==1\n"}), LayoutOptions(Layout.CONSTRAINTS))
    assert (alone.share_removed, alone.share_of_versions_removed) == (None, None)
