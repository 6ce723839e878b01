"""The smallest set of networks, what has to stay, and what waits for a person."""

from __future__ import annotations

from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

import pytest

from rrr_optimize.compose.faults import find_faults, group_faults
from rrr_optimize.compose.network_plan import NetworkChoice, NetworkProposal, plan_networks, propose_networks
from rrr_optimize.config_table import read_settings
from rrr_optimize.facts.compose.reading import read_compose_facts
from rrr_optimize.model import ChangeGroup, Lane
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import take_snapshot
from tests.compose.conftest import ask_compose
from tests.opening import NoGit

if TYPE_CHECKING:
    from collections.abc import Mapping

SAMPLE = Path(__file__).parents[2] / "fixtures" / "trading-monorepo"


class Planned(NamedTuple):
    """The proposals for some files, and the files as the plan leaves them."""

    proposals: tuple[NetworkProposal, ...]
    after: dict[str, str]
    broken: tuple[ChangeGroup, ...] = ()

    @property
    def group(self) -> ChangeGroup:
        (group,) = [each for proposal in self.proposals for each in proposal.groups if each.id.startswith("networks:")]
        return group


class Plan(Protocol):
    """Plan the networks of these files, below a folder named shop; a text alone is that of compose.yml."""

    def __call__(self, files: Mapping[str, str] | str, choice: NetworkChoice | None = None) -> Planned: ...


@pytest.fixture
def plan(tmp_path: Path) -> Plan:
    folders = count()

    def run(files: Mapping[str, str] | str, choice: NetworkChoice | None = None) -> Planned:
        given = {"compose.yml": files} if isinstance(files, str) else files
        root = Root(tmp_path / str(next(folders)) / "shop", None)
        write(root.path, given)
        snapshot = take_snapshot(root, NoGit(), is_excluded=read_settings({}).excludes)
        facts = read_compose_facts(snapshot, lambda _: ())
        proposals = propose_networks(facts, snapshot, choice or NetworkChoice())
        broken = group_faults(find_faults(facts))
        groups = (*broken, *(group for proposal in proposals for group in proposal.groups))
        assert plan_networks(facts, snapshot, choice).groups == groups
        changed = {change.path: change.after or b"" for change in snapshot.overlay(groups).changes}
        after = {path: changed[path].decode() if path in changed else text for path, text in given.items()}
        return Planned(proposals, after, broken)

    return run


def write(root: Path, files: Mapping[str, str]) -> None:
    for name, text in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text, encoding="utf-8")


def read_sample() -> dict[str, str]:
    names = ("docker-compose.yml", "docker-compose.override.yml")
    return {name: (SAMPLE / name).read_text(encoding="utf-8") for name in names}


def ask(root: Path, files: Mapping[str, str]) -> Any:
    write(root, files)
    variables = ("DATABASE_URL", "POLYGON_API_KEY", "COINBASE_API_KEY", "COINBASE_API_SECRET")
    answer = ask_compose(root, (), dict.fromkeys(variables, "x"), consistent=True)
    assert answer.error == ""
    return answer.model


def test_the_sample_goes_from_six_networks_to_three(plan: Plan, tmp_path: Path) -> None:
    before = read_sample()
    planned = plan(before)
    assert planned.group.lane is Lane.SAFE
    assert planned.group.title.startswith("6 networks become 3: rrr-data is inside rrr-backend, rrr-trading is inside")
    assert all(proof.holds for proof in planned.group.proofs)
    assert [(row.networks, len(row.extra)) for row in planned.proposals[0].rows] == [(6, 0), (3, 0), (2, 2), (1, 16)]
    old, new = (ask(tmp_path / "case", files) for files in (before, planned.after))
    kept = {"rrr-backend", "rrr-frontend", "rrr-monitoring"}
    assert {name: value for name, value in old["networks"].items() if name in kept} == new["networks"]
    for name, service in old["services"].items():
        assert new["services"][name].keys() == service.keys()
        joined = {network: value for network, value in service["networks"].items() if network in kept}
        if name == "quantum-optimization":
            joined["rrr-backend"] = {"aliases": ["optimizer"]}
        assert new["services"][name] == service | {"networks": joined}


def test_a_second_run_finds_nothing_to_do(plan: Plan) -> None:
    assert plan(plan(read_sample()).after).proposals[0].groups == ()


def test_every_comment_of_the_sample_is_still_there_or_told(plan: Plan) -> None:
    before = read_sample()
    planned = plan(before)
    lines = before["docker-compose.yml"].splitlines()
    gone = [line for line in lines if "#" in line and line not in planned.after["docker-compose.yml"].splitlines()]
    assert gone == ["      - rrr-data  # the store of prices, before there was a pipeline"]
    told = next(proof for proof in planned.group.proofs if "comment" in proof.claim).evidence
    assert told == (
        "goes with what it is about: # the store of prices, before there was a pipeline",
        "stays above what is taken out: docker-compose.yml:214",
    )


BASE = """services:
  web: {image: x, networks: [front, watch]}
  api: {image: x, networks: [front, watch, back]}
  db: {image: x, networks: [back]}
  eye: {image: x, networks: [watch]}
networks:
  front: FRONT
  watch:
  back:
"""
AFTER = (
    BASE.replace("[front, watch]", "[watch]")
    .replace("front, watch, back", "watch, back")
    .replace("  front: FRONT\n", "")
)


def test_a_network_inside_another_goes(plan: Plan) -> None:
    planned = plan(BASE.replace("FRONT", ""))
    assert planned.after["compose.yml"] == AFTER
    assert (planned.group.lane, planned.group.title) == (Lane.SAFE, "3 networks become 2: front is inside watch")
    assert planned.group.why == "the same 4 pairs of services reach each other"
    assert str(planned.group.location) == "compose.yml:7"
    assert planned.group.requires == frozenset()


REVIEW = {
    "bridge-name": ("{driver_opts: {com.docker.network.bridge.name: f0}}", "the bridge name of front goes with it"),
    "subnet": ("{ipam: {config: [{subnet: 10.0.0.0/24}]}}", "the subnet of front goes with it"),
    "labels": ("{labels: [a=b], driver: bridge}", "the labels and driver of front go with it"),
}


@pytest.mark.parametrize(("front", "reason"), REVIEW.values(), ids=REVIEW)
def test_what_goes_with_a_network_needs_a_yes(front: str, reason: str, plan: Plan) -> None:
    planned = plan(BASE.replace("FRONT", front))
    assert (planned.group.lane, planned.group.why) == (Lane.REVIEW, reason)
    assert planned.group.title == "3 networks become 2: front is inside watch"
    assert planned.after["compose.yml"] == AFTER


PINNED = {
    "external": (BASE.replace("FRONT", "{external: true}"), "it is external"),
    "named": (BASE.replace("FRONT", "{name: shared}"), "it is named shared for others to find"),
    "driver": (BASE.replace("FRONT", "{driver: macvlan}"), "its driver is macvlan"),
    "variable": (BASE.replace("FRONT", '{attachable: "${X}"}'), "a variable decides on it"),
    "address": (
        BASE.replace("FRONT", "").replace("[front, watch]}", "{front: {ipv4_address: 10.0.0.9}, watch: }}"),
        "web has an address, a priority or an option of its own on it",
    ),
    "label": (
        BASE.replace("FRONT", "").replace("eye: {image: x", "eye: {image: x, labels: [traefik.docker.network=front]"),
        "its name stands in traefik.docker.network in compose.yml:5",
    ),
    "full-name": (
        BASE.replace("FRONT", "").replace("eye: {image: x", "eye: {image: x, command: run --net shop_front"),
        "its name stands in command in compose.yml:5",
    ),
    "alias": (
        BASE.replace("FRONT", "").replace("[front, watch]}", "{front: {aliases: [eye]}, watch: }}"),
        "the alias eye would mean two services",
    ),
}


@pytest.mark.parametrize(("text", "reason"), PINNED.values(), ids=PINNED)
def test_some_networks_stay_and_the_reason_is_told(text: str, reason: str, plan: Plan) -> None:
    planned = plan(text)
    assert planned.proposals[0].pinned == {"front": reason}
    assert planned.proposals[0].groups == ()
    assert planned.after["compose.yml"] == text


def test_a_container_that_is_called_like_another_service_is_not_brought_together_with_it(plan: Plan) -> None:
    text = BASE.replace("FRONT", "").replace("db: {image: x", "db: {image: x, container_name: eye")
    assert [row.networks for row in plan(text).proposals[0].rows] == [3, 2]


def test_a_name_that_is_a_service_is_mostly_that_service(plan: Plan) -> None:
    text = BASE.replace("FRONT", "").replace("eye: {image: x", "front: {image: x, command: serve front")
    assert plan(text).proposals[0].pinned == {}


def test_networks_of_two_classes_are_not_put_together(plan: Plan) -> None:
    assert plan(BASE.replace("FRONT", "{internal: true}")).proposals[0].groups == ()


def test_a_network_that_another_project_uses_stays(plan: Plan) -> None:
    other = "services: {a: {image: x, networks: [n]}}\nnetworks: {n: {external: true, name: shop_front}}\n"
    planned = plan({"compose.yml": BASE.replace("FRONT", ""), "other/compose.yml": other})
    assert planned.proposals[0].pinned == {"front": "another project uses it"}
    assert planned.proposals[1].pinned == {"n": "it is external"}


def test_a_new_group_takes_the_name_of_the_network_that_it_resembles(plan: Plan, tmp_path: Path) -> None:
    text = """services:
  a: {image: x, networks: [ab, ac, ad]}
  b: {image: x, networks: [ab, bc, bd]}
  # on the way
  c:
    image: x
    networks:
      - ac
      - bc  # with b
      - cd
  d: {image: x, networks: {ad: , bd: , cd: {aliases: [dd]}}}
networks: {ab: , ac: , ad: , bc: , bd: , cd: }
"""
    planned = plan(text)
    assert planned.group.title.startswith("6 networks become 1: ")
    assert all(proof.holds for proof in planned.group.proofs), planned.group.proofs
    model = ask(tmp_path / "case", planned.after)
    (network,) = model["networks"]
    assert [sorted(service["networks"]) for service in model["services"].values()] == [[network]] * 4
    assert model["services"]["d"]["networks"][network] == {"aliases": ["dd"]}
    assert "  # on the way\n" in planned.after["compose.yml"]


def test_services_that_say_nothing_are_put_on_a_network_by_name(plan: Plan, tmp_path: Path) -> None:
    text = """services:
  a: {image: x}
  b:
    image: x

  c: {image: x, networks: [default, n]}
  d: {image: x, networks: [default, n]}
networks:
  n:
"""
    planned = plan(text, NetworkChoice(1))
    assert planned.group.lane is Lane.SAFE
    assert planned.after["compose.yml"] == text.replace("[default, n]", "[default]").replace("networks:\n  n:\n", "")
    assert ask(tmp_path / "case", planned.after)["networks"].keys() == {"default"}


STALE = "services:\n  gone: {environment: [A=1]}\n  web: {environment: [B=2]}\nnetworks:\n  front:\n"


def test_an_override_that_does_not_fit_any_more_blocks_the_change(plan: Plan) -> None:
    script = "docker compose -f compose.yml -f deploy/compose.paper.yml up\n"
    planned = plan(
        {"compose.yml": BASE.replace("FRONT", ""), "deploy/compose.paper.yml": STALE, "run.sh": script},
    )
    stale, change = planned.proposals[0].groups
    assert (stale.id, stale.lane, stale.edits) == ("stale:deploy/compose.paper.yml", Lane.REFUSED, ())
    assert stale.title == "compose.yml has no gone: deploy/compose.paper.yml cannot be laid over it"
    assert (
        stale.hint
        == "take gone out of deploy/compose.paper.yml, say what runs there, or delete the file if nobody uses it"
    )
    assert stale.why == "the networks of compose.yml cannot change under a file that nobody can check"
    assert str(stale.location) == "deploy/compose.paper.yml:2"
    assert change.requires == {stale.id}
    assert {edit.path for edit in change.edits} == {"compose.yml"}


def test_an_override_that_fits_one_of_its_sets_blocks_nothing(plan: Plan) -> None:
    over = "services:\n  web: {environment: [B=2]}\n"
    script = "docker compose -f compose.yml -f compose.paper.yml up\ndocker compose -f compose.paper.yml ps\n"
    planned = plan({"compose.yml": BASE.replace("FRONT", ""), "compose.paper.yml": over, "run.sh": script})
    assert planned.group.requires == frozenset()
    assert [group.id for group in planned.proposals[0].groups] == ["networks:compose.yml"]


def test_every_override_is_edited(plan: Plan) -> None:
    over = """services:
  web:
    networks:
      - front  # here too
  api: {networks: [back, front]}
networks:
  front: {attachable: false}
  back:
"""
    planned = plan({"compose.yml": BASE.replace("FRONT", ""), "compose.override.yml": over})
    assert planned.after["compose.yml"] == AFTER
    assert (
        planned.after["compose.override.yml"] == "services:\n  web: {}\n  api: {networks: [back]}\nnetworks:\n  back:\n"
    )


def test_a_sibling_that_puts_more_on_a_network_keeps_it(plan: Plan) -> None:
    more = "services: {extra: {image: x, networks: [front]}}\n"
    script = "docker compose -f compose.yml -f compose.prod.yml up\n"
    planned = plan({"compose.yml": BASE.replace("FRONT", ""), "compose.prod.yml": more, "run.sh": script})
    assert planned.proposals[0].pinned == {"front": "compose.prod.yml puts extra on it too"}
    assert planned.proposals[0].groups == ()


def test_a_sibling_that_has_less_keeps_what_it_needs(plan: Plan) -> None:
    base = """services:
  a: {image: x, networks: [n, p]}
  b: {image: x, networks: [n, q]}
  y: {image: x, networks: [p]}
  z: {image: x, networks: [q]}
networks: {n: , m: , p: , q: }
"""
    over = "services:\n  a: {networks: [m]}\n  b: {networks: [m]}\n  c: {image: x, networks: [m]}\n"
    script = "docker compose -f compose.yml up\n"
    planned = plan({"compose.yml": base, "compose.override.yml": over, "run.sh": script})
    assert planned.proposals[0].pinned == {"n": "compose.yml needs it as it is"}
    assert planned.proposals[0].groups == ()


def test_what_an_anchor_gives_to_several_is_written_where_they_part(plan: Plan) -> None:
    text = """x-common: &common
  image: x
  networks: &nets [ab, cd]
services:
  a: {<<: *common}
  b: {image: x, networks: [ab, cd]}
  c: {image: x, networks: *nets}
  e: {image: x, networks: [ef, ab]}
  f: {image: x, networks: [ef]}
networks: {ab: , cd: , ef: }
"""
    planned = plan(text)
    assert planned.after["compose.yml"] == text.replace("[ab, cd]", "[ab]").replace("ab: , cd: , ", "ab: , ")


def test_services_that_share_a_list_and_part_get_lists_of_their_own(plan: Plan) -> None:
    text = """x-common: &common
  image: x
  networks: &nets
    - one
    - two
services:
  a:
    <<: *common
  b:
    image: x
    networks: *nets
  c: {image: x, networks: [two, three]}
  d: {image: x, networks: [three, four]}
  e: {image: x, networks: [four]}
networks: {one: , two: , three: , four: }
"""
    planned = plan(text, NetworkChoice(2))
    assert all(proof.holds for proof in planned.group.proofs), planned.group


def test_a_list_becomes_a_mapping_where_an_alias_needs_it(plan: Plan) -> None:
    text = BASE.replace("FRONT", "").replace(
        "  web: {image: x, networks: [front, watch]}",
        "  web:\n    image: x\n    networks:\n      front: {aliases: [www]}\n      watch:",
    )
    assert (
        "  web:\n    image: x\n    networks:\n      watch:\n        aliases:\n          - www\n"
        in plan(text).after["compose.yml"]
    )
    over = "services:\n  web:\n    networks:\n      - watch\n"
    base = text.replace("      watch:\n  api", "  api")
    after = plan({"compose.yml": base, "compose.override.yml": over}).after
    assert after["compose.override.yml"] == over.replace(
        "      - watch\n", "      watch:\n        aliases:\n          - www\n"
    )


def test_a_row_that_adds_pairs_needs_each_of_them_by_name_or_a_yes(plan: Plan) -> None:
    text = BASE.replace("FRONT", "")
    pairs = {frozenset(("db", "eye")), frozenset(("db", "web"))}
    planned = plan(text, NetworkChoice(1))
    assert set(planned.proposals[0].rows[-1].extra) == pairs
    assert planned.group.lane is Lane.REVIEW
    assert planned.group.why.endswith("2 pairs could talk that cannot today: db with eye and db with web")
    assert all(proof.holds for proof in planned.group.proofs)
    allowed = plan(text, NetworkChoice(1, frozenset(pairs))).group
    assert (allowed.lane, allowed.why[-27:]) == (Lane.SAFE, ", and 2 pairs more as allowed"[-27:])


def test_a_row_that_is_not_there_is_refused(plan: Plan) -> None:
    planned = plan(BASE.replace("FRONT", ""), NetworkChoice(7))
    assert (planned.group.lane, planned.proposals[0].row) == (Lane.REFUSED, None)
    assert planned.group.why == "7 networks are not to be had: the choice is 3, 2, 1"


REFUSED = {
    "an-alias-of-the-section": (
        BASE.replace(
            "networks:\n  front: FRONT\n  watch:\n  back:\n", "x-n: &n {front: , watch: , back: }\nnetworks: *n\n"
        ),
        "compose.yml:7: front is reached through the alias *n",
    ),
    "a-variable": (
        BASE.replace("FRONT", "").replace(
            "eye: {image: x, networks: [watch]}", 'eye: {image: x, networks: ["${N:-watch}"]}'
        ),
        "a variable names a network of eye in compose.yml",
    ),
    "extended-by-others": (
        BASE.replace("FRONT", "").replace(
            "  eye:", "  base: {image: x, networks: [front, watch]}\n  lone: {extends: base, networks: [back]}\n  eye:"
        ),
        "",
    ),
}


@pytest.mark.parametrize(("text", "reason"), REFUSED.values(), ids=REFUSED)
def test_what_cannot_be_edited_by_itself_is_refused_with_the_reason(text: str, reason: str, plan: Plan) -> None:
    planned = plan(text)
    if reason:
        assert (planned.group.lane, planned.group.edits, planned.group.why) == (Lane.REFUSED, (), reason)
    else:
        assert all(proof.holds for proof in planned.group.proofs)


def test_who_joins_a_network_with_a_subnet_needs_an_address_of_it(plan: Plan) -> None:
    text = BASE.replace("FRONT", "").replace("  watch:\n", "  watch: {ipam: {config: [{subnet: 10.0.0.0/29}]}}\n")
    why = plan(text, NetworkChoice(1)).group.why
    assert why.startswith("db will need an address of watch; 2 pairs could talk")


def test_an_override_that_is_no_yaml_blocks_the_change(plan: Plan) -> None:
    script = "docker compose -f compose.yml -f compose.prod.yml up\n"
    planned = plan({"compose.yml": BASE.replace("FRONT", ""), "compose.prod.yml": "services: [\n", "run.sh": script})
    (broken,) = planned.broken
    assert broken.id == "broken:compose.prod.yml"
    assert broken.title.startswith("not read: ")
    assert str(broken.location) == "compose.prod.yml:2"
    assert planned.group.requires == {broken.id}


def test_what_is_not_proved_is_said_in_the_title(plan: Plan) -> None:
    services = "".join(f"  s{n}: {{image: x, networks: [n{n}, m{n + 1}, n{n + 1}]}}\n" for n in range(9))
    networks = "".join(f"  n{n}:\n  m{n}:\n" for n in range(10))
    planned = plan(f"services:\n{services}networks:\n{networks}", NetworkChoice(6))
    assert planned.group.title.endswith("; not proved minimal")
    assert not any("no merge" in proof.claim for proof in planned.group.proofs)
