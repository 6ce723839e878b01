"""Whatever way a project is written, its networks become what is planned, and Docker Compose sees the same."""

from __future__ import annotations

import tempfile
from pathlib import Path

from hypothesis import event, given, settings, strategies as st

from rrr_optimize.compose.network_plan import NetworkChoice, propose_networks
from rrr_optimize.config_table import read_settings
from rrr_optimize.facts.compose.reading import read_compose_facts
from rrr_optimize.model import Lane
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.snapshot import take_snapshot
from tests.benchmarks.network_survey import ask_before_and_after, oracle_agrees
from tests.opening import NoGit

NETWORKS = ["one", "two", "three", "four", "default"]
JOINED = st.lists(st.sampled_from(NETWORKS), min_size=1, max_size=4, unique=True)


@st.composite
def memberships(draw: st.DrawFn, service: str, indent: str) -> str:
    """Draw a `networks` key in one of the ways in which people write it."""
    joined = draw(JOINED)
    match draw(st.sampled_from(["list", "row", "mapping", "aliases", "nothing", "anchor"])):
        case "list":
            comment = draw(st.sampled_from(["", "  # why"]))
            return "".join([f"{indent}networks:\n", *(f"{indent}  - {name}{comment}\n" for name in joined)])
        case "row":
            return f"{indent}networks: [{', '.join(joined)}]\n"
        case "mapping":
            return "".join([f"{indent}networks:\n", *(f"{indent}  {name}:\n" for name in joined)])
        case "aliases":
            alias = draw(st.sampled_from([f"{service}-too", "shared"]))
            rest = "".join(f", {name}: " for name in joined[1:])
            return f"{indent}networks: {{{joined[0]}: {{aliases: [{alias}]}}{rest}}}\n"
        case "anchor":
            return f"{indent}<<: *common\n"
        case _:
            return ""


@st.composite
def projects(draw: st.DrawFn) -> dict[str, str]:
    common = draw(JOINED)
    text = "x-common: &common\n  networks:\n" + "".join(f"    - {name}\n" for name in common) + "services:\n"
    names = [f"s{index}" for index in range(draw(st.integers(2, 6)))]
    for name in names:
        profile = draw(st.sampled_from(["", "    profiles: [p]\n"]))
        text += f"  # about {name}\n  {name}:\n    image: x\n{profile}{draw(memberships(name, '    '))}\n"
    text += "networks:\n" + "".join(
        f"  {name}:{draw(st.sampled_from(['', ' {driver: bridge}', ' {internal: true}']))}\n" for name in NETWORKS[:-1]
    )
    files = {"compose.yml": text}
    if draw(st.booleans()):
        over = "services:\n"
        for name in names:
            stated = draw(memberships(name, "    "))
            over += f"  {name}:\n    init: true\n{stated if 'common' not in stated else ''}"
        files["compose.override.yml"] = over
    return files


@settings(max_examples=60)
@given(projects(), st.integers(0, 4))
def test_the_networks_become_what_is_planned_and_nothing_else_changes(files: dict[str, str], fewer: int) -> None:
    with tempfile.TemporaryDirectory() as name:
        root = Path(name) / "shop"
        root.mkdir()
        for path, text in files.items():
            (root / path).write_text(text, encoding="utf-8")
        snapshot = take_snapshot(Root(root, None), NoGit(), is_excluded=read_settings({}).excludes)
        facts = read_compose_facts(snapshot, lambda _: ())
        (first,) = propose_networks(facts, snapshot, NetworkChoice())
        least = next(row for row in reversed(first.rows) if not row.extra)
        assert oracle_agrees(first.before, least.after, first.pinned)
        numbers = [row.networks for row in first.rows]
        (proposal,) = propose_networks(facts, snapshot, NetworkChoice(numbers[min(fewer, len(numbers) - 1)]))
        for group in proposal.groups:
            assert [proof for proof in group.proofs if not proof.holds] == []
            event(group.why if group.lane is Lane.REFUSED else "planned")
            event(f"{group.lane.value} {len(proposal.before.networks) - proposal.row.networks if proposal.row else 0}")
            if group.edits:
                assert ask_before_and_after(root, snapshot, proposal, group) == "as planned"
