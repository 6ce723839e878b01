"""Pictures of who can reach whom, in which no name turns into markup."""

from __future__ import annotations

import re

from rrr_optimize.compose.network_review import tabulate_rows
from rrr_optimize.compose.network_rows import make_rows
from rrr_optimize.facts.compose.files import ComposeFiles
from rrr_optimize.facts.compose.loading import load_project
from rrr_optimize.facts.compose.project import ComposeProject
from rrr_optimize.facts.compose.topology import (
    Membership,
    NetworkClass,
    NetworkShape,
    ServicePlace,
    Topology,
    read_topology,
)
from rrr_optimize.reporters import mermaid, network_table, network_tree
from tests.compose.texts import Texts
from tests.conftest import FIXTURES, Golden

SAMPLE = FIXTURES / "trading-monorepo"


def read_sample() -> Topology:
    files = [str(SAMPLE / name) for name in ("docker-compose.yml", "docker-compose.override.yml")]
    loaded = load_project(ComposeFiles(Texts()), files, str(SAMPLE))
    return read_topology(ComposeProject(tuple(files), str(SAMPLE), loaded))


def make(name: str) -> Topology:
    places = {
        name: ServicePlace(
            name, frozenset({name}), frozenset(), (":80:80/tcp", "::90/tcp", ":8000-8001:9/tcp"), is_on_host=False
        ),
        "side": ServicePlace(name, frozenset({"side"}), frozenset(), (), is_on_host=False),
        "lone": ServicePlace("lone", frozenset({"lone"}), frozenset(), (), is_on_host=True),
    }
    members = {name: Membership(frozenset({"b", "a"}))}
    return Topology(places, {name: NetworkShape(NetworkClass("bridge", "", "true", "", ""), name, members)})


def test_the_sample_before_and_after(golden: Golden) -> None:
    before = read_sample()
    rows = make_rows(before, ())
    after = rows[1].after
    parts = [
        mermaid.render_change(before, after),
        network_table.render_memberships(before, after),
        network_table.render_memberships(after),
        network_tree.render(before),
        network_tree.render(after),
    ]
    golden("compose/pictures.md", "\n".join(parts))


def test_every_tie_of_the_chart_is_a_membership() -> None:
    topology = read_sample()
    chart = mermaid.render(topology)
    labels = dict(re.findall(r'^    ([sn]\d+)\(?\["([\w-]+)', chart, re.MULTILINE))
    ties = {(labels[service], labels[network]) for service, network in re.findall(r"(s\d+) --- (n\d+)", chart)}
    assert ties == {(service, name) for name, shape in topology.networks.items() for service in shape.members}


def test_no_name_becomes_markup() -> None:
    topology = make('x"]; click|`<b>`\x1b[31m')
    chart = mermaid.render(topology)
    assert '    s0["x#34;#93;#59; click#124;#96;#60;b#62;#96;#92;x1b#91;31m (80, 8000-8001)"]' in chart.splitlines()
    assert "    s1 -. in the namespace of .- s0" in chart.splitlines()
    table = network_table.render_memberships(topology)
    assert len(set(map(len, (re.split(r"(?<!\\)\|", line) for line in table.splitlines())))) == 1
    assert not re.search("[\x1b\u202e]", chart + table + network_tree.render(topology))


def test_the_tree_tells_names_ports_and_who_shares_a_namespace() -> None:
    assert network_tree.render(make("web")) == (
        "web  bridge, attachable, 2 services\n"
        "├── web  also a, b; publishes 80, 8000-8001\n"
        "└── side  in web\n"
        "on no network\n"
        "└── lone\n"
    )
    colored = network_tree.render(make("web"), color=True)
    assert colored.startswith("\x1b[1mweb\x1b[0m  \x1b[2mbridge")
    assert re.sub(r"\x1b\[\dm", "", colored) == network_tree.render(make("web"))


def test_a_service_that_joins_is_told_from_one_that_leaves() -> None:
    before, after = make("web"), make("web")
    moved = Topology(before.services, {"new": after.networks["web"]})
    assert network_table.render_memberships(before, moved).splitlines()[2] == "| `web` | - | + |"


def test_rows_are_told_in_words() -> None:
    before = read_sample()
    table = tabulate_rows(before, make_rows(before, ()))
    assert table.columns == ("networks", "extra pairs that could talk", "which")
    assert table.rows[0] == ("6", "0", "today")
    inside = "rrr-data is inside rrr-backend, rrr-trading is inside rrr-backend, rrr-ml is inside rrr-backend"
    assert table.rows[1] == ("3", "0", inside)
    assert table.rows[2] == ("2", "2", "api-integration with prometheus and prometheus with trading-engine could talk")
    least = make_rows(before, ())[1].after
    assert tabulate_rows(least, make_rows(least, ())).rows[0] == ("3", "0", "today; fewer would add pairs")
    assert tabulate_rows(before, make_rows(before, (), cap=1)).rows[1][2].endswith("; not proved minimal")
