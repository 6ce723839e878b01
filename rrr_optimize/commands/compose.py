"""`rrr-optimize compose`: the fewest networks of each Compose project that keep exactly who reaches whom."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING

from rrr_optimize.commands.compose_places import locate_places, read_root
from rrr_optimize.commands.run_record import describe_course, digest_inputs, plan_record
from rrr_optimize.commands.stages import Staged
from rrr_optimize.commands.writing import run_writing
from rrr_optimize.compose.faults import find_faults, group_faults
from rrr_optimize.compose.network_plan import NetworkChoice, propose_networks
from rrr_optimize.compose.network_record import describe_networks
from rrr_optimize.compose.network_review import tabulate_rows
from rrr_optimize.errors import UsageError
from rrr_optimize.model import Picture, Plan
from rrr_optimize.phrases import counted, listed
from rrr_optimize.reporters import mermaid, network_table, network_tree
from rrr_optimize.tools.docker_compose import DockerCompose

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.commands.stages import Course
    from rrr_optimize.commands.writing import WritingOptions
    from rrr_optimize.compose.network_plan import NetworkProposal
    from rrr_optimize.compose.network_rows import Row
    from rrr_optimize.facts.compose.topology import Pair
    from rrr_optimize.model import Table

PARTS = ("networks",)
_PAIR = 2
_MORE_ROWS = 3


@dataclass(frozen=True, slots=True)
class NetworkOptions:
    """What the command line says of networks: where, which parts, which row, which pairs, each `a,b`."""

    paths: tuple[str, ...] = ()
    only: tuple[str, ...] = ()
    networks: int | None = None
    pairs: tuple[str, ...] = ()


def run_compose(options: WritingOptions, chosen: NetworkOptions, cwd: Path, environ: Mapping[str, str]) -> int:
    """Plan, and show, check or write the plan; return the exit code.

    Raises RrrOptimizeError for everything that keeps the plan from being made or written.
    """
    for part in chosen.only:
        if part not in PARTS:
            raise UsageError(f"--only {part}: there is no such part", f"choose {', '.join(PARTS)}")
    root, places = read_root(chosen.paths, cwd)
    target = replace(options.target, path=root)
    # A long plan is for programs and documents, a short one for the terminal.
    whole = options.verbose > 0 or options.output_format != "text"
    planning = _Planning(chosen, places, DockerCompose(environ), whole=whole)
    stages = (planning.networks, partial(_record, options.verify))
    return run_writing("compose", stages, replace(options, target=target), {}, cwd, environ)


def _read_pair(text: str) -> Pair:
    names = frozenset(part.strip() for part in text.split(","))
    if len(names) != _PAIR or "" in names:
        raise UsageError(f"--allow-pair {text}: that is not a pair of services", "for example --allow-pair web,db")
    return names


class _Planning:
    def __init__(self, chosen: NetworkOptions, places: tuple[Path, ...], reader: DockerCompose, *, whole: bool) -> None:
        self._choice = NetworkChoice(chosen.networks, frozenset(map(_read_pair, chosen.pairs)))
        self._places = places
        self._reader = reader
        self._whole = whole

    def networks(self, course: Course) -> Staged:
        facts, snapshot = course.now.compose, course.now.snapshot
        choice = replace(self._choice, places=locate_places(self._places, facts, snapshot.root))
        broken = {path: faults for path, faults in find_faults(facts).items() if choice.holds([path])}
        proposals = propose_networks(facts, snapshot, choice, self._reader, course.now.find_holding)
        groups = [group for proposal in proposals for group in proposal.groups]
        asked = frozenset(group.id for group in groups) if choice.networks is not None else frozenset[str]()
        choices = [proposal for proposal in proposals if _is_choice(proposal)]
        told = choices if self._whole or len(choices) == 1 else [each for each in choices if _changes(each)]
        return Staged(
            Plan((*group_faults(broken), *groups)),
            tuple(table for proposal in told for table in self._tables(proposal)),
            tuple(_notes(told, len(choices) - len(told))),
            asked,
            tuple(picture for proposal in proposals for picture in self._pictures(proposal)),
        )

    def _tables(self, proposal: NetworkProposal) -> Iterator[Table]:
        name, row = proposal.project.label, proposal.row
        rows = proposal.rows if self._whole else _first_rows(proposal)
        title = f"Networks of {name}"
        if len(rows) < len(proposal.rows):
            title += f" ({len(rows)} of {len(proposal.rows)} rows; -v lists all)"
        yield tabulate_rows(proposal.before, rows, title, row)
        if row and row.after is not proposal.before:
            title = f"Who is on which network of {name} (x stays, - leaves, + joins)"
            yield network_table.tabulate_memberships(title, proposal.before, row.after, whole=self._whole)

    def _pictures(self, proposal: NetworkProposal) -> Iterator[Picture]:
        name, row = proposal.project.label, proposal.row
        if row is None or row.after is proposal.before:
            if len(proposal.before.networks) > 1:
                yield _draw(f"{name} today", proposal)
            return
        yield _draw(f"{name} before", proposal)
        yield _draw(f"{name} after", replace(proposal, before=row.after))


def _record(checks: tuple[str, ...], course: Course) -> Staged:
    if not course.now.snapshot.changes:
        return Staged(Plan())
    facts = course.now.compose
    inputs = digest_inputs(course.now.snapshot, (file.path for file in facts.files))
    content = {**describe_course(course, checks), **describe_networks(course.before.compose, facts)}
    return plan_record("compose", course, inputs, content)


def _is_choice(proposal: NetworkProposal) -> bool:
    return len(proposal.rows) > 1


def _changes(proposal: NetworkProposal) -> bool:
    """Return whether something would change, or was asked for and cannot be had."""
    return proposal.row is None or proposal.row.after is not proposal.before


def _first_rows(proposal: NetworkProposal) -> tuple[Row, ...]:
    """Return the rows that add nothing, the next few, and the one that is chosen."""
    free = sum(not row.extra for row in proposal.rows)
    return tuple(row for index, row in enumerate(proposal.rows) if index < free + _MORE_ROWS or row is proposal.row)


def _draw(title: str, proposal: NetworkProposal) -> Picture:
    return Picture(title, network_tree.render(proposal.before), mermaid.render(proposal.before))


def _notes(proposals: Iterable[NetworkProposal], untold: int) -> Iterator[str]:
    for proposal in proposals:
        if proposal.pinned:
            reasons = [f"{name}: {why}" for name, why in sorted(proposal.pinned.items())]
            yield f"{proposal.project.label}: {counted(len(reasons), 'network')} must stay: {listed(reasons)}"
    if untold:
        has = "has" if untold == 1 else "have"
        yield f"{counted(untold, 'more project')} {has} as few networks as can be; -v shows what fewer would add"
