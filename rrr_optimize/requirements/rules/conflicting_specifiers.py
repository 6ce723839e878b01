"""Requirements that are installed together admit no common version.

Each is fine alone; together no version of the package meets them all, so the installation fails. The decision is exact
for PEP 440 and is made for each environment (Python, platform, implementation) that the projects declare.

    # requirements.txt          # pyproject.toml, extra "ml"
    joblib==1.1.0               joblib>=1.3.2

Raise the pin to a version inside every range; the hint names the least one.
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

RULE = get_rule("REQ002")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package that one installation asks for in ways that exclude each other."""
    for conflict in find_disagreements(repository).conflicts:
        if not conflict.is_between_pins and conflict.install_set:
            primary = choose_primary(conflict)
            label = conflict.install_set.label
            what = {1: "it", 2: "both"}.get(len(conflict.core), "all of them")
            yield RULE.finding(
                primary.location,
                f"{oppose(conflict, primary)}, and {label} installs {what}{in_rows(conflict)}",
                subject_of(conflict),
                why=f"An installer finds no version for {label} and gives up.",
                hint=suggest(conflict),
                related=relate(conflict.declarations, primary),
            )
