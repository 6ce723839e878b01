"""No version of a package serves every part of the repository.

A pin here lies outside a range there, or two ranges do not meet. Each part installs by itself, but not together with
the others.

    # requirements.txt          # requirements-local-trading.txt
    tqdm==4.65.0                tqdm>=4.66.1

Raise the pin to the least version inside every range (the hint names it), or except one place in the configuration
with a reason.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.requirements.disagreements import find_disagreements
from rrr_optimize.requirements.wording import (
    choose_primary,
    in_rows,
    oppose,
    relate,
    subject_of,
    suggest,
)
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ004")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package whose ranges and pins, taken over the repository, do not meet."""
    for clash in find_disagreements(repository).clashes:
        if not clash.is_between_pins:
            primary = choose_primary(clash)
            yield RULE.finding(
                primary.location,
                f"{oppose(clash, primary)}{in_rows(clash)}",
                subject_of(clash),
                why="Each part installs alone, but they cannot share an environment.",
                hint=suggest(clash),
                related=relate(clash.declarations, primary),
            )
