"""The Compose project of the sample is what its README says, and Docker Compose accepts it."""

from __future__ import annotations

from functools import cache
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from tests.compose.conftest import ask_compose

SAMPLE = Path(__file__).parent.parent / "fixtures" / "trading-monorepo"
BASE = "docker-compose.yml"
OVERRIDE = "docker-compose.override.yml"
VARIABLES = dict.fromkeys(("DATABASE_URL", "POLYGON_API_KEY", "COINBASE_API_KEY", "COINBASE_API_SECRET"), "x")
NETWORKS = ["rrr-backend", "rrr-data", "rrr-frontend", "rrr-ml", "rrr-monitoring", "rrr-trading"]


@cache
def services(*files: str) -> dict[str, Any]:
    answer = ask_compose(SAMPLE, files, VARIABLES, consistent=True)
    assert answer.error == ""
    found: dict[str, Any] = answer.model["services"]
    return found


def members() -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for name, service in services(BASE).items():
        for network in service["networks"]:
            found.setdefault(network, set()).add(name)
    return found


def can_talk() -> set[frozenset[str]]:
    return {frozenset(pair) for group in members().values() for pair in combinations(group, 2)}


@pytest.mark.parametrize("files", [(BASE,), (BASE, OVERRIDE), ()], ids=["base", "both", "by-itself"])
def test_compose_accepts_it(files: tuple[str, ...]) -> None:
    assert len(services(*files)) == 11


def test_has_six_networks() -> None:
    assert sorted(members()) == NETWORKS


def test_one_service_is_an_exact_duplicate_of_another_and_no_other_two_are() -> None:
    found = services(BASE)
    assert [pair for pair in combinations(sorted(found), 2) if found[pair[0]] == found[pair[1]]] == [
        ("redis", "redis-orders")
    ]


def test_one_service_can_go_into_another() -> None:
    engine, gateway = services(BASE)["trading-engine"], services(BASE)["api-integration"]
    assert gateway["networks"] == engine["networks"]
    shared = set(engine["environment"]) & set(gateway["environment"])
    assert shared == {"DATABASE_URL", "LOG_LEVEL"}
    assert all(engine["environment"][name] == gateway["environment"][name] for name in shared)
    assert not {port["target"] for port in engine["ports"]} & {port["target"] for port in gateway["ports"]}
    assert "volumes" not in gateway
    assert "api-integration:8005" in services(BASE)["monitoring"]["environment"]["API_URL"]


def test_three_networks_join_the_same_services() -> None:
    three = [members()[name] for name in ("rrr-backend", "rrr-frontend", "rrr-monitoring")]
    assert {frozenset(pair) for group in three for pair in combinations(group, 2)} == can_talk()


def test_two_networks_do_not() -> None:
    """Three pairs, no two of which lie in one group of services that may all talk to each other."""
    witnesses = [("redis", "risk-management"), ("monitoring", "trading-engine"), ("monitoring", "prometheus")]
    pairs = can_talk()
    assert all(frozenset(pair) in pairs for pair in witnesses)
    for one, other in combinations(witnesses, 2):
        assert not all(frozenset(pair) in pairs for pair in combinations({*one, *other}, 2))


def test_holds_what_is_hard_to_edit() -> None:
    text = (SAMPLE / BASE).read_text(encoding="utf-8")
    for mark in ("&service", "<<: *database", "<<: *cache", "logging: *logging", "  # the store", "[rrr-backend, "):
        assert mark in text
    assert "api-integration:" in (SAMPLE / OVERRIDE).read_text(encoding="utf-8")
