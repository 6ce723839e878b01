"""The proposal for the one project in a folder, with everything around it looked at."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.compose.network_plan import NetworkChoice, NetworkProposal, propose_networks
from rrr_optimize.config_table import read_settings
from rrr_optimize.facts.compose.reading import read_compose_facts
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.search import find_holding
from rrr_optimize.workspace.snapshot import take_snapshot
from tests.opening import NoGit

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def planned(folder: Path, files: Mapping[str, str], choice: NetworkChoice | None = None) -> NetworkProposal:
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    root = Root(folder, None)
    snapshot = take_snapshot(root, NoGit(), is_excluded=read_settings({}).excludes)
    facts = read_compose_facts(snapshot, lambda _: ())
    search = partial(find_holding, snapshot, root, NoGit())
    (proposal,) = propose_networks(facts, snapshot, choice or NetworkChoice(), search=search)
    return proposal
