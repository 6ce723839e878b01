"""The edits of memberships where one statement speaks for several services, and where none does."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.compose.network_edits import CannotEditError, edit_networks
from rrr_optimize.compose.network_merges import list_merges
from rrr_optimize.edits import apply_edits
from rrr_optimize.facts.compose.topology import Membership, NetworkClass, NetworkShape, Topology, read_topology

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tests.conftest import Facts


def move(facts: Facts, text: str, after: Mapping[str, Mapping[str, tuple[str, ...]]]) -> str:
    """Return a file whose services are on these networks, each with its aliases."""
    compose = facts({"compose.yml": text}).compose
    (project,) = compose.projects
    before = read_topology(project)
    kind = NetworkClass("bridge", "", "", "", "")
    shapes = {
        name: NetworkShape(
            kind, name, {service: Membership(frozenset(aliases)) for service, aliases in members.items()}
        )
        for name, members in after.items()
    }
    edits = edit_networks(compose.files, before, Topology(before.services, shapes))
    return apply_edits(text, edits.edits)


SHARED = """x-common: &common
  image: x
  networks:
    - one
    - two
services:
  a:
    <<: *common
  b:
    <<: *common
  c:
    image: x
    networks: [one, two, three]
networks: {one: , two: , three: }
"""


def test_those_who_agree_share_one_edit(facts: Facts) -> None:
    after = move(facts, SHARED, {"one": {"a": (), "b": ()}, "three": {"c": ()}})
    assert after == SHARED.replace("    - two\n", "").replace("[one, two, three]", "[three]").replace("two: , ", "")


def test_those_who_part_get_a_key_of_their_own(facts: Facts) -> None:
    after = move(facts, SHARED, {"one": {"a": ("x",), "c": ()}, "two": {"b": ()}, "three": {"a": (), "c": ()}})
    own = "    networks:\n      one:\n        aliases:\n          - x\n      three:\n"
    assert after == SHARED.replace("  a:\n    <<: *common\n", f"  a:\n    <<: *common\n{own}").replace(
        "  b:\n    <<: *common\n", "  b:\n    <<: *common\n    networks:\n      - two\n"
    ).replace("[one, two, three]", "[one, three]")


def test_an_alias_gives_way_to_a_list(facts: Facts) -> None:
    text = """x-nets: &nets [one, two]
services:
  a: {image: x, networks: *nets}
  b: {image: x, networks: *nets}
networks: {one: , two: }
"""
    after = move(facts, text, {"one": {"a": ()}, "two": {"b": ()}})
    assert after == text.replace("*nets}", "[one]}", 1).replace("*nets}", "[two]}", 1)


def test_a_service_that_says_nothing_says_it_then(facts: Facts) -> None:
    text = """services:
  a:
    image: x
  b: {image: x}
  c: {image: x, networks: {default: , net: }}
networks:
  net:
"""
    after = move(facts, text, {"net": {"a": (), "b": (), "c": ("why",)}})
    assert after == (
        "services:\n  a:\n    image: x\n    networks:\n      - net\n  b: {image: x, networks: [net]}\n"
        "  c: {image: x, networks: {net: {aliases: [why]}}}\nnetworks:\n  net:\n"
    )


def test_an_alias_is_put_beside_another(facts: Facts) -> None:
    text = "services:\n  a: {image: x, networks: {n: {aliases: [y]}, m: {aliases: [z]}}}\nnetworks: {n: , m: }\n"
    after = move(facts, text, {"n": {"a": ("y", "z")}})
    assert after == "services:\n  a: {image: x, networks: {n: {aliases: [y, z]}}}\nnetworks: {n: }\n"


EXTENDED = """services:
  base: {image: x, networks: [one, two]}
  heir: {extends: base, command: y}
  far: {extends: {service: base}, networks: [three]}
networks: {one: , two: , three: }
"""


def test_what_is_extended_is_edited_for_all(facts: Facts) -> None:
    after = move(facts, EXTENDED, {"one": {"base": (), "heir": (), "far": ()}, "three": {"far": ()}})
    assert after == EXTENDED.replace("[one, two]", "[one]").replace("two: , ", "")


def test_those_who_extend_and_part_are_refused(facts: Facts) -> None:
    with pytest.raises(
        CannotEditError, match=r"^compose\.yml: base is extended by a service that needs other networks$"
    ):
        move(facts, EXTENDED, {"one": {"base": (), "far": ()}, "two": {"heir": ()}, "three": {"far": ()}})


def test_many_networks_are_joined_one_by_one() -> None:
    networks = {f"n{index}": frozenset({f"s{index}", f"s{index + 1}"}) for index in range(9)}
    pairs = frozenset(networks.values())
    merges = list_merges(networks, pairs)
    assert [len(networks) - sum(len(merge.networks) - 1 for merge in row) for row in merges] == list(range(9, 0, -1))
    assert [len(frozenset().union(*(merge.extra for merge in row))) for row in merges[:3]] == [0, 1, 2]
