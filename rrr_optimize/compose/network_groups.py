"""Word a change of networks, what it waits for, and a refusal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.compose.network_review import explain
from rrr_optimize.model import ChangeGroup, Lane, Location
from rrr_optimize.phrases import counted

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.compose.network_rows import Row
    from rrr_optimize.compose.project_families import Staleness
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.facts.compose.topology import Topology
    from rrr_optimize.model import Proof


def name_change(project: ComposeProject) -> str:
    """Return the id of the change of a project's networks."""
    return f"networks:{project.files[0]}"


def group_change(
    project: ComposeProject, before: Topology, row: Row, proofs: Sequence[Proof], reasons: Sequence[str]
) -> ChangeGroup:
    """Return the change without its edits: SAFE, or REVIEW with the reasons, or REFUSED where a proof failed."""
    gone = [name for name in before.networks if name not in row.after.networks]
    declared = [value.where for name in gone if (value := project.section("networks").get(name))]
    location = declared[0] if declared else Location(project.files[0])
    failed = [proof.claim for proof in proofs if proof.failed]
    if failed:
        lane, why, hint = Lane.REFUSED, f"not proved: {'; '.join(failed)}", "this is a bug of ours, please report it"
    elif reasons:
        lane, why, hint = Lane.REVIEW, "; ".join(reasons), "make sure that nothing outside of Compose counts on it"
    else:
        more = f", and {counted(len(row.extra), 'pair')} more as allowed" if row.extra else ""
        lane, hint = Lane.SAFE, ""
        verb = "reaches" if len(before.pairs) == 1 else "reach"
        why = f"the same {counted(len(before.pairs), 'pair')} of services {verb} each other{more}"
        if not before.pairs:
            why = f"no two services reach each other, as before{more}"
    title = explain(before, row) + ("" if row.is_minimal else "; not proved minimal")
    return ChangeGroup(name_change(project), lane, title, why, hint, location, proofs=tuple(proofs))


def group_stale(stale: Sequence[Staleness], project: ComposeProject) -> list[ChangeGroup]:
    """Return a refused group for each file that cannot be laid over the others, once."""
    why = f"the networks of {project.files[0]} cannot change under a file that nobody can check"
    # The set with most files tells more than the file by itself.
    chosen = {each.path: each for each in sorted(stale, key=lambda each: each.files)}
    return [
        ChangeGroup(f"stale:{path}", Lane.REFUSED, each.title, why, each.hint, each.location)
        for path, each in sorted(chosen.items())
    ]


def group_refusal(project: ComposeProject, why: str, hint: str = "", location: Location | None = None) -> ChangeGroup:
    """Return a change that cannot be made."""
    title = f"the networks of {project.label} stay as they are"
    return ChangeGroup(name_change(project), Lane.REFUSED, title, why, hint, location or Location(project.files[0]))
