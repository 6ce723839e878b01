"""Parts of the repository pin one package to different versions.

Each part installs by itself, so nothing is broken today; but no environment can hold two of these parts, and what is
tested in one is not what runs in the other. Environments that are isolated by design (build systems, hooks, scripts
with inline requirements, tox, nox and Hatch environments) and compiled files are left out.

    # worktrees/backtesting/requirements.txt    # worktrees/monitoring/requirements.txt
    pandas==2.0.0                               pandas==2.1.4

Agree on one version, or say in the configuration why one place differs:

    [[tool.rrr-optimize.requirements.exceptions]]
    allow = "pandas==2.0.0"
    in = "worktrees/backtesting/**"
    reason = "reproduces last year's results"
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.requirements.disagreements import find_disagreements
from rrr_optimize.requirements.wording import (
    choose_primary,
    explain_pins,
    in_rows,
    relate,
    subject_of,
    suggest,
)
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ003")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package with more than one pinned version across the repository."""
    for clash in find_disagreements(repository).clashes:
        if clash.is_between_pins:
            primary = choose_primary(clash)
            versions = len({item.pin for item in clash.declarations if item.pin})
            yield RULE.finding(
                primary.location,
                f"{clash.package} is pinned to {versions} versions: {explain_pins(clash)}{in_rows(clash)}",
                subject_of(clash),
                why="No environment can hold these parts together, and what one tests is not what another runs.",
                hint=suggest(clash),
                related=relate(clash.declarations, primary),
            )
