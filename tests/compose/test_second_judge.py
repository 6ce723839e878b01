"""Docker Compose as the second judge: a new refusal counts, and a model that is not the planned one; nothing else."""

from __future__ import annotations

import sysconfig
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import pytest

from rrr_optimize.compose.faults import find_faults, group_faults
from rrr_optimize.compose.network_plan import NetworkChoice, propose_networks
from rrr_optimize.config_table import read_settings
from rrr_optimize.facts.compose.reading import read_compose_facts
from rrr_optimize.model import ChangeGroup, Lane, Proof
from rrr_optimize.tools.docker_compose import (
    ComposeAnswer,
    ComposeQuestion,
    ComposeUnavailableError,
    DockerCompose,
    ModelReader,
)
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import take_snapshot
from tests.opening import NoGit

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    Judge = Callable[[Mapping[str, str], ModelReader], ChangeGroup]

REAL = DockerCompose({"PATH": sysconfig.get_path("scripts")})
NESTED = """\
x-common: &common
  restart: always
  networks: [front, back]
services:
  web: {<<: *common, image: web, environment: [PASSWORD=canary, "PORT=${PORT}"], env_file: web.env}
  api: {image: api, networks: {front: {aliases: [rest]}, back: }}
  db: {image: "${IMAGE:?needed}", networks: [back], profiles: [data]}
networks:
  front: {}
  back: {}
"""


@dataclass(slots=True)
class Fake:
    """A reader with the answers for before and after; None is no answer at all."""

    before: ComposeAnswer | None
    after: ComposeAnswer | None = None
    asked: list[ComposeQuestion] = field(default_factory=list)
    version: str = "2.0.0"

    def ask(self, question: ComposeQuestion) -> ComposeAnswer:
        self.asked.append(question)
        answer = self.before if len(self.asked) == 1 else self.after
        if answer is None:
            raise ComposeUnavailableError("it is asleep")
        return answer


@pytest.fixture
def judge(tmp_path: Path) -> Judge:
    def run(files: Mapping[str, str], reader: ModelReader) -> ChangeGroup:
        root = Root(tmp_path / "shop", None)
        for name, text in files.items():
            (root.path / name).parent.mkdir(parents=True, exist_ok=True)
            (root.path / name).write_text(text, encoding="utf-8")
        snapshot = take_snapshot(root, NoGit(), is_excluded=read_settings({}).excludes)
        facts = read_compose_facts(snapshot, lambda _: ())
        proposals = propose_networks(facts, snapshot, NetworkChoice(), reader)
        broken = group_faults(find_faults(facts))
        (group,) = [*broken, *(each for proposal in proposals for each in proposal.groups)]
        assert {name: (root.path / name).read_text(encoding="utf-8") for name in files} == files
        return group

    return run


def verdicts(group: ChangeGroup) -> list[Proof]:
    return [proof for proof in group.proofs if "Docker Compose" in proof.claim]


def model(**networks: Any) -> Any:
    """Return a model of the services as Compose would print it after the edit, but for these networks."""
    joined = {"web": {"back": None}, "api": {"back": {"aliases": ["rest"]}}, "db": {"back": None}} | networks
    services = {name: {"image": name, "networks": value} for name, value in joined.items()}
    return {"services": services, "networks": {"back": {"name": "shop_back"}}}


BEFORE = model(web={"front": None, "back": None}, api={"front": {"aliases": ["rest"]}, "back": None})
BEFORE["networks"]["front"] = {"name": "shop_front"}


def test_compose_itself_sees_what_is_planned(judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, REAL)
    (verdict,) = verdicts(group)
    assert (group.lane, verdict.holds, verdict.was_run) == (Lane.SAFE, True, True)
    assert verdict.claim == "Docker Compose accepts compose.yml as edited, and its model differs just as planned"
    assert verdict.evidence == (f"asked Docker Compose {REAL.version}",)


def test_every_set_of_files_is_judged(judge: Judge) -> None:
    files = {
        "compose.yml": NESTED,
        "compose.override.yml": "services: {web: {networks: [front]}}\n",
        "compose.prod.yml": "services: {web: {init: true}}\n",
        "run.sh": "docker compose -f compose.yml -f compose.prod.yml up\n",
    }
    names = ["compose.yml + compose.override.yml", "compose.yml + compose.prod.yml"]
    group = judge(files, REAL)
    assert [(proof.claim.split("accepts ")[1].split(" as ")[0], proof.holds) for proof in verdicts(group)] == [
        (name, True) for name in names
    ]


def test_is_given_the_files_and_nothing_that_they_do_not_need(judge: Judge) -> None:
    reader = Fake(ComposeAnswer(BEFORE, ""), ComposeAnswer(model(), ""))
    judge({"compose.yml": NESTED, ".env": "PORT=1\n", "web.env": "SECRET=canary\n", "other.txt": "x"}, reader)
    before, after = reader.asked
    assert before.texts == {"compose.yml": NESTED.encode(), ".env": b"PORT=1\n", "web.env": b""}
    assert b"front" not in after.texts["compose.yml"]
    assert (before.profiles, before.directory, dict(before.variables)) == (("data",), ".", {"IMAGE": "1"})


def test_a_model_as_planned_holds(judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, Fake(ComposeAnswer(BEFORE, ""), ComposeAnswer(model(), "")))
    assert [proof.holds for proof in verdicts(group)] == [True]


def change(data: Any, *keys: str, value: Any) -> Any:
    head, *rest = keys
    return {**data, head: change(data[head], *rest, value=value) if rest else value}


OTHER = {
    "another network": (model(db={"front": None}), "it sees db on front"),
    "no network": (model(db={}), "it sees db on no network"),
    "an alias is lost": (model(api={"back": None}), "it sees other aliases of api on back"),
    "an address": (model(db={"back": {"ipv4_address": "10.0.0.9"}}), "db is on back in another way than before"),
    "another image": (change(model(), "services", "db", "image", value="x"), "the networks of db differs"),
    "a service more": (change(model(), "services", "new", value={"image": "x"}), "the networks of new differs"),
    "a network stays": (change(model(), "networks", "front", value={"name": "shop_front"}), "other networks than"),
    "a network changes": (change(model(), "networks", "back", value={"name": "x"}), "other networks than"),
    "a volume": (change(model(), "volumes", value={"x": None}), "than services and networks differs"),
    "an extension": (change(model(), "x-a", value={"b": 1}), "than services and networks differs"),
}


@pytest.mark.parametrize(("after", "told"), OTHER.values(), ids=OTHER)
def test_another_model_than_the_planned_one_refuses_the_group(after: Any, told: str, judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, Fake(ComposeAnswer(BEFORE, ""), ComposeAnswer(after, "")))
    (verdict,) = verdicts(group)
    assert (group.lane, group.edits, verdict.failed) == (Lane.REFUSED, (), True)
    assert told in verdict.evidence[1]
    assert group.why.startswith("not proved: Docker Compose accepts compose.yml as edited")


def test_an_alias_with_a_variable_is_not_compared(judge: Judge) -> None:
    files = {"compose.yml": NESTED.replace("[rest]", '["${A}"]'), ".env": "A=rest\n"}
    before = change(BEFORE, "services", "api", "networks", "front", value={"aliases": ["${A}"]})
    after = model(api={"back": {"aliases": ["${A}"]}})
    assert verdicts(judge(files, Fake(ComposeAnswer(before, ""), ComposeAnswer(after, ""))))[0].holds
    assert verdicts(judge(files, REAL))[0].holds


@pytest.mark.parametrize("after", [ComposeAnswer(None, "it is odd"), ComposeAnswer(model(), "it is odd")])
def test_a_new_refusal_refuses_the_group(after: ComposeAnswer, judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, Fake(ComposeAnswer(BEFORE, ""), after))
    assert (group.lane, group.edits) == (Lane.REFUSED, ())
    assert verdicts(group)[0].evidence == ("Docker Compose 2.0.0 refuses the edited files: it is odd",)


def test_a_refusal_that_was_there_before_is_told_and_the_models_are_compared(judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, Fake(ComposeAnswer(BEFORE, "odd"), ComposeAnswer(model(), "odd")))
    (verdict,) = verdicts(group)
    assert (group.lane, verdict.holds) == (Lane.SAFE, True)
    assert verdict.evidence == (
        "asked Docker Compose 2.0.0 for the models; it refuses the files before and after: odd",
    )


def test_what_it_never_accepted_is_not_judged(judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, Fake(ComposeAnswer(None, "odd"), ComposeAnswer(None, "odd")))
    (verdict,) = verdicts(group)
    assert (group.lane, verdict.was_run, verdict.verdict) == (Lane.SAFE, False, "NOT RUN")
    assert verdict.evidence == ("Docker Compose 2.0.0 refuses the files as they are: odd",)


def test_where_there_is_no_answer_the_proof_is_not_run(judge: Judge) -> None:
    group = judge({"compose.yml": NESTED}, Fake(None))
    (verdict,) = verdicts(group)
    assert (group.lane, verdict.was_run, verdict.failed) == (Lane.SAFE, False, False)
    assert verdict.evidence == ("it is asleep",)
    assert bool(group.edits)


def test_no_value_of_the_files_is_told(judge: Judge) -> None:
    said = 'service "web" has PASSWORD=canary, port "s3cret", network front'
    files = {"compose.yml": NESTED, ".env": "PORT=s3cret\n"}
    group = judge(files, Fake(ComposeAnswer(BEFORE, ""), ComposeAnswer(None, said)))
    assert verdicts(group)[0].evidence[0].endswith('service "web" has PASSWORD=***, port "***", network front')


@pytest.mark.parametrize(
    "include",
    [
        *("https://example.com/a.git", "oci://example.com/a", "git@example.com:a/b", "deploy@example.com:a/b.yml"),
        *("ssh://git@example.com/a", "github.com/a/b", "{path: 'https://example.com/compose.yml'}", "a.git#main:x.yml"),
    ],
)
def test_is_never_asked_about_what_is_fetched_from_elsewhere(include: str, judge: Judge) -> None:
    reader = Fake(ComposeAnswer(BEFORE, ""), ComposeAnswer(model(), ""))
    group = judge({"compose.yml": f"include: [{include}]\n{NESTED}"}, reader)
    assert (group.lane, group.edits, reader.asked) == (Lane.REFUSED, (), [])
    assert group.title.endswith("is fetched from elsewhere")


def test_is_never_asked_about_an_extended_file_from_elsewhere(judge: Judge) -> None:
    reader = Fake(ComposeAnswer(BEFORE, ""), ComposeAnswer(model(), ""))
    text = NESTED.replace("image: web", "extends: {file: 'https://example.com/a.git#main:x.yml', service: web}")
    group = judge({"compose.yml": text}, reader)
    assert (group.lane, group.edits, reader.asked) == (Lane.REFUSED, (), [])
