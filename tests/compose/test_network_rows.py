"""The table of choices, and what its rows leave alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.network_groups import group_change
from rrr_optimize.compose.network_proofs import prove
from rrr_optimize.compose.network_rows import make_rows
from rrr_optimize.facts.compose.topology import (
    Membership,
    NetworkClass,
    NetworkShape,
    ServicePlace,
    Topology,
    read_topology,
)
from rrr_optimize.model import Lane

if TYPE_CHECKING:
    from tests.conftest import Facts

BRIDGE = NetworkClass("bridge", "", "", "", "")


def make(**networks: str) -> Topology:
    names = sorted(set("".join(networks.values())))
    places = {name: ServicePlace(name, frozenset({name}), frozenset(), (), is_on_host=False) for name in names}
    shapes = {
        name: NetworkShape(BRIDGE, name, {each: Membership() for each in members}) for name, members in networks.items()
    }
    return Topology(places, shapes)


def groups(topology: Topology) -> dict[str, str]:
    return {name: "".join(sorted(shape.members)) for name, shape in topology.networks.items()}


def test_nobody_joins_a_network_without_need() -> None:
    topology = make(one="ga", two="ge", three="gf", x="ae", y="af", z="ef", w="gh")
    rows = make_rows(topology, {"one", "two", "three"})
    assert groups(rows[1].after) == {"one": "ag", "two": "eg", "three": "fg", "x": "aef", "w": "gh"}
    assert rows[1].is_minimal


def test_pinned_networks_hold_what_they_hold() -> None:
    topology = make(kept="abc", inner="ab", other="cd")
    assert [groups(row.after) for row in make_rows(topology, {"kept"})][1:] == [
        {"kept": "abc", "other": "cd"},
    ]
    assert len(make_rows(topology, {"kept", "inner", "other"})) == 1


def test_today_is_the_first_row_and_may_be_the_best() -> None:
    rows = make_rows(make(one="ab", two="bc"), ())
    assert [(row.networks, sorted(map(sorted, row.extra))) for row in rows] == [(2, []), (1, [["a", "c"]])]
    assert rows[0].is_minimal
    assert [row.merges[0].networks for row in rows[1:]] == [("one", "two")]


def test_no_network_is_a_table_of_one_row() -> None:
    (row,) = make_rows(make(), ())
    assert (row.networks, row.extra, row.is_minimal) == (0, (), True)


def test_what_was_not_edited_is_not_proved(facts: Facts) -> None:
    text = (
        "services:\n  a: {image: x, networks: [one, two]}\n  b: {image: x, networks: [two]}\nnetworks: {one: , two: }\n"
    )
    repository = facts({"compose.yml": text})
    (project,) = repository.compose.projects
    before = read_topology(project)
    row = make_rows(before, ())[1]
    proofs = [*prove(project, repository.snapshot, before, row)]
    assert [proof.claim for proof in proofs if not proof.holds] == ["the model of the edited files is the planned one"]
    group = group_change(project, before, row, proofs, ())
    assert (group.lane, group.why) == (Lane.REFUSED, "not proved: the model of the edited files is the planned one")
