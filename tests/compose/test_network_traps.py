"""What Docker does that a set of networks does not tell: names, options and things outside that a merge would break."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from rrr_optimize.model import Lane
from tests.compose.network_planning import planned

if TYPE_CHECKING:
    from pathlib import Path

BASE = """\
services:
  web: {image: x, networks: [front, back]}
  api: {image: x, networks: [front, back]}
  db: {image: x, networks: [back]}
networks:
  front: FRONT
  back: BACK
"""
ICC = "{driver_opts: {com.docker.network.bridge.enable_icc: 'false'}}"


def plan(tmp_path: Path, text: str, front: str = "", back: str = "", **files: str) -> str:
    """Return how the plan ends: the lane and why, or which networks have to stay."""
    text = text.replace("FRONT", front).replace("BACK", back)
    proposal = planned(
        tmp_path / "shop", {"compose.yml": text} | {name.replace("_", "."): t for name, t in files.items()}
    )
    if not proposal.groups:
        return ", ".join(f"{name}: {why}" for name, why in proposal.pinned.items()) or "nothing to do"
    (group,) = proposal.groups
    return f"{group.lane.value}: {group.why}"


SAME = "safe: the same 3 pairs of services reach each other"


def test_a_network_inside_another_goes(tmp_path: Path) -> None:
    assert plan(tmp_path, BASE) == SAME


OPTIONS = {
    "no talk on the inner": (ICC, "", "front: its services cannot talk to each other there"),
    "no talk on the outer": ("", ICC, "back: its services cannot talk to each other there"),
    "no way out of the outer": (
        "",
        "{driver_opts: {com.docker.network.bridge.enable_ip_masquerade: 'false'}}",
        "nothing",
    ),
    "no way out of the inner": (
        "{driver_opts: {com.docker.network.bridge.gateway_mode_ipv4: isolated}}",
        "",
        "nothing",
    ),
    "ports bound elsewhere": ("{driver_opts: {com.docker.network.bridge.host_binding_ipv4: 127.0.0.1}}", "", "nothing"),
    "no IPv4": ("{enable_ipv4: false, enable_ipv6: true}", "{enable_ipv6: true}", "nothing"),
    "defaults in words": (
        "{driver_opts: {com.docker.network.bridge.enable_icc: 'true'}}",
        "",
        "review: the com.docker",
    ),
    "another driver of addresses": ("{ipam: {driver: dhcp}}", "", "review: the ipam of front goes with it"),
    "what is somebody's own": ("{x-podman.dns: on}", "", "review: the x-podman.dns of front goes with it"),
    "the same in both": ("{labels: {a: b}}", "{labels: {a: b}}", SAME),
}


@pytest.mark.parametrize(("front", "back", "told"), OPTIONS.values(), ids=OPTIONS)
def test_options_that_decide_who_is_reached(front: str, back: str, told: str, tmp_path: Path) -> None:
    assert plan(tmp_path, BASE, front, back).startswith(told)


def test_who_is_kept_apart_does_not_come_to_talk(tmp_path: Path) -> None:
    text = """\
services:
  a: {image: x, networks: [ab, ac, all]}
  b: {image: x, networks: [ab, all]}
  c: {image: x, networks: [ac, all]}
networks: {ab: , ac: , all: BACK}
"""
    assert plan(tmp_path / "a", text).startswith("safe")
    assert plan(tmp_path / "b", text, "", ICC) == "all: its services cannot talk to each other there"


def test_joining_a_network_with_options_needs_a_yes(tmp_path: Path) -> None:
    text = """\
services:
  a: {image: x, networks: [ab, ac]}
  b: {image: x, networks: [ab, bc]}
  c: {image: x, networks: [ac, bc]}
networks:
  ab: {driver_opts: {com.docker.network.driver.mtu: 1400}}
  ac:
  bc:
"""
    assert plan(tmp_path, text).startswith("review: c comes under the com.docker.network.driver.mtu of ab")


def test_a_hostname_is_a_name(tmp_path: Path) -> None:
    """Two containers that are called alike answer each on its own network; on one network either might."""
    text = """\
services:
  a: {image: x, hostname: main, networks: [n]}
  x: {image: x, networks: [n]}
  b: {image: x, hostname: NAME, networks: [m]}
networks: {n: , m: }
"""
    rows = [planned(tmp_path / n, {"compose.yml": text.replace("NAME", n)}).rows for n in ("other", "main")]
    assert [[row.networks for row in each] for each in rows] == [[2, 1], [2]]


def test_a_link_to_the_outside_needs_the_network(tmp_path: Path) -> None:
    told = plan(tmp_path, BASE.replace("api: {image: x", "api: {image: x, external_links: [redis]"))
    assert told.startswith("front: api links to a container outside of the project, which has to be on it too")


LEAKS = {
    "a label of Traefik": ("labels: [traefik.docker.network=front]", "traefik.docker.network"),
    "by its full name": ("labels: {traefik.docker.network: shop_front}", "traefik.docker.network"),
    "a label of a swarm": ("deploy: {labels: [traefik.swarm.network=shop_front]}", "traefik.swarm.network"),
    "an option of Traefik": ("command: [--providers.docker.network=shop_front]", "command"),
    "an option of its own": ("command: run --network shop_front --rm x", "command"),
    "a variable": ("environment: [DOCKER_NETWORK=shop_front]", "DOCKER_NETWORK"),
    "a variable of a spawner": ("environment: {DOCKER_NETWORK_NAME: front}", "DOCKER_NETWORK_NAME"),
    "a health check": ("healthcheck: {test: 'docker network inspect shop_front'}", "test"),
    "a build": ("build: {context: ., network: shop_front}", "network"),
}


@pytest.mark.parametrize(("key", "place"), LEAKS.values(), ids=LEAKS)
def test_a_network_that_a_service_is_told_of_stays(key: str, place: str, tmp_path: Path) -> None:
    told = plan(tmp_path, BASE.replace("db: {image: x", f"db: {{image: x, {key}"))
    assert told.startswith(f"front: its name stands in {place} in compose.yml:4")


def test_a_name_in_an_override_or_an_env_file_counts_too(tmp_path: Path) -> None:
    over = "services: {db: {labels: [traefik.docker.network=shop_front]}}\n"
    assert plan(tmp_path / "a", BASE, compose_override_yml=over).startswith("front: its name stands in traefik")
    text = BASE.replace("db: {image: x", "db: {image: x, env_file: db.env")
    assert "front: its name stands in NETWORK" in plan(tmp_path / "b", text, db_env="NETWORK=shop_front\n")


MENTIONS = {
    "a script": ("run_sh", "#!/bin/sh\ndocker run --rm --network shop_front x\n", "run.sh:2"),
    "an equals sign": ("run_sh", "docker run --net=any_front x\n", "run.sh:1"),
    "the network itself": ("ci_yml", "steps:\n  - run: docker network inspect shop_front\n", "ci.yml:2"),
    "a mounted configuration": ("traefik_toml", '[providers.docker]\nnetwork = "shop_front"\n', "traefik.toml:2"),
    "a guide": ("GUIDE_md", "    docker network connect shop_front me\n", "GUIDE.md:1"),
    "a program": ("spawner_py", 'c.DockerSpawner.network_name = "shop_front"\n', "spawner.py:1"),
}


@pytest.mark.parametrize(("name", "text", "place"), MENTIONS.values(), ids=MENTIONS)
def test_a_network_that_something_else_names_needs_a_yes(name: str, text: str, place: str, tmp_path: Path) -> None:
    assert plan(tmp_path, BASE, **{name: text}) == f"review: {place} names the network front"


@pytest.mark.parametrize(
    "text", ["docker run --network shop_front-2 x\n", "the storefront_front page\n", "network: front\n", "shop_front\n"]
)
def test_what_is_another_name_or_no_network_does_not_count(text: str, tmp_path: Path) -> None:
    assert plan(tmp_path, BASE, run_sh=text) == SAME


def test_a_project_with_a_name_is_found_by_it(tmp_path: Path) -> None:
    assert plan(tmp_path / "a", f"name: mine\n{BASE}", run_sh="docker run --network other_front x\n") == SAME
    told = plan(tmp_path / "b", f"name: mine\n{BASE}", run_sh="docker run --network mine_front x\n")
    assert told == "review: run.sh:1 names the network front"


def test_services_that_do_not_reach_each_other_are_not_counted(tmp_path: Path) -> None:
    text = "services: {a: {image: x, networks: [n, m]}}\nnetworks: {n: , m: }\n"
    assert plan(tmp_path, text) == "safe: no two services reach each other, as before"
    assert planned(tmp_path / "shop", {"compose.yml": text}).groups[0].lane is Lane.SAFE
