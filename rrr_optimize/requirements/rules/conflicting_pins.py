"""Two exact pins of one package are installed together.

An installer that is asked for both at once gives up: there is no version that equals both. Only declarations of one
install set (a file with what it includes, a project with an extra or group, the files of one install command) that are
active in the same environment are compared.

    # requirements.txt          # requirements-dev.txt
    numpy==1.24.0               -r requirements.txt
                                numpy==1.26.3

Pin one version, or drop the second pin and leave the choice to the included file.
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

RULE = get_rule("REQ001")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package that one installation pins twice."""
    for conflict in find_disagreements(repository).conflicts:
        if conflict.is_between_pins and conflict.install_set:
            primary = choose_primary(conflict)
            yield RULE.finding(
                primary.location,
                f"{conflict.package} is pinned to {explain_pins(conflict)}, all installed together"
                f" by {conflict.install_set.label}{in_rows(conflict)}",
                subject_of(conflict),
                why=f"No version equals both, so {conflict.install_set.label} cannot be installed.",
                hint=suggest(conflict),
                related=relate(conflict.declarations, primary),
            )
