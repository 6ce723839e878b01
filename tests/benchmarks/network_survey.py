"""Plan the networks of every Compose project in the repositories below a folder, and check each plan from outside.

    python tests/benchmarks/network_survey.py DIR [--fewest] [--show]

Each folder in DIR is a repository. A SAT solver has to agree on every smallest number of networks, and Docker Compose,
asked for the model before and after the edits, has to see the planned networks and nothing else changed.
"""

from __future__ import annotations

import argparse
import shutil
import sys
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rrr_optimize.compose.network_plan import NetworkChoice, NetworkProposal, propose_networks
from rrr_optimize.config_table import read_settings
from rrr_optimize.edits import unified_diff
from rrr_optimize.facts.compose.reading import read_compose_facts
from rrr_optimize.model import ChangeGroup, Lane
from rrr_optimize.workspace.root import Root
from rrr_optimize.workspace.search import find_holding
from rrr_optimize.workspace.snapshot import Snapshot, take_snapshot
from tests.compose.conftest import ask_compose
from tests.compose.cover_oracle import is_least, list_items
from tests.opening import NoGit

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.compose.topology import Topology


def survey(folder: Path, *, fewest: bool) -> Iterator[tuple[Snapshot, NetworkProposal]]:
    """Yield every proposal for a repository; that with the fewest networks of all, whatever it adds, on demand."""
    root = Root(folder, None)
    snapshot = take_snapshot(root, NoGit(), is_excluded=read_settings({}).excludes)
    facts = read_compose_facts(snapshot, lambda word: find_holding(snapshot, root, NoGit(), [word], [".md"]))
    search = partial(find_holding, snapshot, root, NoGit())
    for index, proposal in enumerate(propose_networks(facts, snapshot, NetworkChoice(), search=search)):
        number = proposal.rows[-1].networks
        if fewest and proposal.rows[-1].extra:
            yield snapshot, propose_networks(facts, snapshot, NetworkChoice(number), search=search)[index]
        else:
            yield snapshot, proposal


def oracle_agrees(before: Topology, least: Topology, pinned: dict[str, str]) -> bool:
    """Return whether no cover is smaller, class by class, by a solver that knows nothing of ours."""
    for kind in {shape.kind for shape in before.networks.values()}:
        same = {name: frozenset(shape.members) for name, shape in before.networks.items() if shape.kind == kind}
        kept = sum(shape.kind == kind and name not in pinned for name, shape in least.networks.items())
        held = list_items([members for name, members in same.items() if name in pinned])
        wanted = list_items([members for name, members in same.items() if name not in pinned]) - held
        if not is_least(kept, list_items([frozenset(shape.members) for shape in before.networks.values()]), wanted):
            return False
    return True


def ask_before_and_after(root: Path, snapshot: Snapshot, proposal: NetworkProposal, group: ChangeGroup) -> str:
    """Return `as planned`, `not asked` where Compose refuses the files as they are, or what is wrong."""
    project = proposal.project
    with tempfile.TemporaryDirectory() as name:
        copy = Path(name) / root.name
        shutil.copytree(root, copy, symlinks=True, ignore=shutil.ignore_patterns(".git"))
        before = ask_compose(copy, [str(copy / path) for path in project.files], reads_env_files=False)
        for change in snapshot.overlay([group]).changes:
            (copy / change.path).write_bytes(change.after or b"")
        after = ask_compose(copy, [str(copy / path) for path in project.files], reads_env_files=False)
    if before.error:
        return "not asked"
    if after.error:
        return f"refused: {after.error}"
    networks = {name: list(service.get("networks") or ()) for name, service in after.model["services"].items()}
    planned = proposal.row.after if proposal.row else proposal.before
    for service, joined in networks.items():
        if set(joined) != {name for name, shape in planned.networks.items() if service in shape.members}:
            return f"{service} is on {joined}"
    return "as planned" if _rest(before.model) == _rest(after.model) else "something else changed"


def _rest(model: Any) -> Any:
    services = {n: {k: v for k, v in s.items() if k != "networks"} for n, s in model["services"].items()}
    return {k: v for k, v in model.items() if k != "networks" and not k.startswith("x-")} | {"services": services}


def main(arguments: list[str]) -> int:
    """Print the tally; the exit code is 1 where an oracle disagrees."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--show", action="store_true", help="print each change")
    parser.add_argument("--fewest", action="store_true", help="choose the row with the fewest networks of all")
    chosen = parser.parse_args(arguments)
    tally: Counter[str] = Counter()
    for root in sorted(path for path in chosen.folder.iterdir() if path.is_dir()):
        start = time.perf_counter()
        for snapshot, proposal in survey(root, fewest=chosen.fewest):
            tally["projects"] += 1
            tally["with more than one network"] += len(proposal.before.networks) > 1
            least = next(row for row in reversed(proposal.rows) if not row.extra)
            if not least.is_minimal:
                tally["not proved minimal"] += 1
            elif not oracle_agrees(proposal.before, least.after, proposal.pinned):
                tally["BAD: the solver disagrees"] += 1
            else:
                tally["the solver agrees"] += 1
            for group in proposal.groups:
                tally[f"group {group.lane.value}"] += 1
                show = chosen.show or group.lane is Lane.REFUSED
                verdict = ""
                if group.edits:
                    verdict = ask_before_and_after(root, snapshot, proposal, group)
                    tally[f"{'' if verdict in {'as planned', 'not asked'} else 'BAD: '}Compose: {verdict}"] += 1
                    show = show or verdict not in {"as planned", "not asked"}
                if show:
                    sys.stdout.write(
                        f"{root.name}/{group.id} {group.lane.value} {verdict}: {group.title}; {group.why}\n"
                    )
                if chosen.show:
                    for change in snapshot.overlay([group]).changes:
                        texts = [(data or b"").decode("utf-8", "replace") for data in (change.before, change.after)]
                        sys.stdout.write(unified_diff(change.path, *texts))
        sys.stdout.write(f"{root.name}: {time.perf_counter() - start:.1f} s\n")
    sys.stdout.write("".join(f"{number:6} {name}\n" for name, number in sorted(tally.items())))
    return int(any(name.startswith("BAD") for name in tally))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
