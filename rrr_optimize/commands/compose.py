"""`rrr-optimize compose`: the fewest networks of each Compose project that keep exactly who reaches whom."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.commands.stages import Staged
from rrr_optimize.commands.writing import run_writing
from rrr_optimize.compose.network_plan import NetworkChoice, propose_networks
from rrr_optimize.errors import UsageError
from rrr_optimize.model import Plan, Table
from rrr_optimize.phrases import listed
from rrr_optimize.tools.docker_compose import DockerCompose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.commands.stages import Course
    from rrr_optimize.commands.writing import WritingOptions
    from rrr_optimize.compose.network_plan import NetworkProposal
    from rrr_optimize.compose.network_rows import Row
    from rrr_optimize.facts.compose.topology import Pair
    from rrr_optimize.tools.docker_compose import ModelReader

_PAIR = 2


def run_compose(
    options: WritingOptions, networks: int | None, pairs: Iterable[str], cwd: Path, environ: Mapping[str, str]
) -> int:
    """Plan, and show, check or write the plan; return the exit code.

    `networks` picks a row of the table, and `pairs`, each `a,b`, may come to reach each other. Raises RrrOptimizeError
    for everything that keeps the plan from being made or written.
    """
    choice = NetworkChoice(networks, frozenset(map(_read_pair, pairs)))
    stage = partial(_plan_networks, choice, DockerCompose(environ))
    return run_writing("compose", (stage,), options, {}, cwd, environ)


def _read_pair(text: str) -> Pair:
    names = frozenset(part.strip() for part in text.split(","))
    if len(names) != _PAIR or "" in names:
        raise UsageError(f"--allow-pair {text}: that is not a pair of services", "for example --allow-pair web,db")
    return names


def _plan_networks(choice: NetworkChoice, reader: ModelReader, course: Course) -> Staged:
    proposals = propose_networks(course.now.compose, course.now.snapshot, choice, reader)
    groups = tuple(group for proposal in proposals for group in proposal.groups)
    asked = frozenset(group.id for group in groups) if choice.networks is not None else frozenset[str]()
    return Staged(Plan(groups), tuple(_tables(proposals)), tuple(_notes(proposals)), asked)


def _tables(proposals: Iterable[NetworkProposal]) -> Iterator[Table]:
    for proposal in proposals:
        if len(proposal.rows) > 1:
            rows = tuple(_row(row, proposal) for row in proposal.rows)
            columns = ("networks", "pairs more that could talk", "which", "what it is")
            yield Table(f"Networks of {', '.join(proposal.project.files)}", columns, rows)


def _row(row: Row, proposal: NetworkProposal) -> tuple[str, ...]:
    names = " ".join(sorted(row.after.networks))
    chosen = " (chosen)" if row is proposal.row else ""
    proved = "minimal" if row.is_minimal else "not proved minimal"
    is_today = row.after is proposal.before
    return str(row.networks), str(len(row.extra)), f"{names}{chosen}", "today" if is_today else proved


def _notes(proposals: Iterable[NetworkProposal]) -> Iterator[str]:
    for proposal in proposals:
        if proposal.pinned:
            reasons = [f"{name}: {why}" for name, why in sorted(proposal.pinned.items())]
            yield f"{proposal.project.files[0]}: networks that stay as they are: {listed(reasons)}"
