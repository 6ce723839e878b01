"""Who reaches whom, under which names, and what a change would do to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.topology_difference import compare_topologies
from rrr_optimize.facts.compose.topology import Topology, read_topology

if TYPE_CHECKING:
    from tests.conftest import Facts

TEXT = """
name: shop
services:
  web:
    image: x
    container_name: shop-web
    ports: ["8000:80", "127.0.0.1:9:9/udp"]
    networks: [front, back]
    links: ["db:store"]
  side: {image: x, network_mode: "service:web", ports: []}
  db:
    image: x
    ports: ["5432:5432"]
    networks:
      back: {aliases: [postgres], ipv4_address: 10.0.0.2}
  job: {image: x, profiles: [jobs]}
  host: {image: x, network_mode: host, ports: ["1:1"]}
  none: {image: x, network_mode: none, links: [gone]}
networks:
  front: {driver: bridge, labels: {a: b}}
  back: {internal: true, ipam: {config: [{subnet: 10.0.0.0/24}]}}
  unused:
  out: {external: true}
"""


def read(facts: Facts, text: str, folder: str = "repository") -> Topology:
    del folder
    (project,) = facts({"compose.yml": text}).compose.projects
    return read_topology(project)


def test_a_topology_is_who_is_on_which_network(facts: Facts) -> None:
    topology = read(facts, TEXT)
    assert list(topology.networks) == ["front", "back", "default"]
    assert topology.networks["front"].full_name == "shop_front"
    assert topology.networks["front"].kind == topology.networks["default"].kind != topology.networks["back"].kind
    assert topology.members("back") == {"web", "side", "db"}
    assert {tuple(sorted(pair)) for pair in topology.pairs} == {("side", "web"), ("db", "web"), ("db", "side")}
    assert topology.networks["back"].members["db"].is_special
    assert topology.networks["back"].members["db"].aliases == {"postgres"}
    assert not topology.networks["front"].members["web"].is_special


def test_an_internal_network_lets_nobody_out_and_publishes_nothing(facts: Facts) -> None:
    topology = read(facts, TEXT)
    assert topology.egress == {"web", "side", "job", "host"}
    assert topology.published == {
        ("web", ":8000:80/tcp"),
        ("web", "127.0.0.1:9:9/udp"),
        ("host", ":1:1/tcp"),
    }


def test_names_are_asked_for_where_a_network_is_shared(facts: Facts) -> None:
    answers = read(facts, TEXT).answers
    assert answers["web", "postgres"] == answers["side", "postgres"] == answers["web", "store"] == {"db"}
    assert answers["db", "shop-web"] == answers["side", "web"] == {"web"}
    assert ("side", "store") not in answers
    assert ("db", "side") not in answers
    assert answers["job", "job"] == {"job"}
    assert not any(asker in {"host", "none"} for asker, _ in answers)


def test_each_difference_is_told_by_name(facts: Facts) -> None:
    before = read(facts, TEXT)
    assert compare_topologies(before, before).is_safe
    networks = {
        "front": before.networks["back"],
        "back": before.networks["front"],
        "default": before.networks["default"],
    }
    difference = compare_topologies(before, Topology(before.services, {"x": networks["front"]}))
    assert difference.egress == {"job"} | {"web", "side"}
    assert {service for service, _ in difference.published} == {"web"}
    assert not difference.lost_pairs | difference.new_pairs
    assert not difference.is_safe
    alone = compare_topologies(before, Topology(before.services, {"default": networks["default"]}))
    assert alone.lost_pairs == before.pairs
    assert alone.other_answers == before.answers.keys() - {("job", "job")}
    back = compare_topologies(Topology(before.services, {"default": networks["default"]}), before)
    assert (back.new_pairs, back.new_answers) == (before.pairs, alone.other_answers)
