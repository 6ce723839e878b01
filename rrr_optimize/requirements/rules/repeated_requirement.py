"""The same requirement is written, word for word, in several files.

Every copy has to be found when the version changes. One shared file that the others include, or one constraints file,
keeps it in one place.

    # requirements.txt          # worktrees/monitoring/requirements.txt
    requests==2.31.0            requests==2.31.0
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.phrases import listed
from rrr_optimize.requirements.disagreements import shared_declarations
from rrr_optimize.requirements.wording import describe, first, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ006")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each requirement with a version that more than one file states in the same way."""
    groups: defaultdict[tuple[object, ...], list[Declaration]] = defaultdict(list)
    for item in shared_declarations(repository):
        if item.specifier and not item.url and item.scope.layer is not Layer.CONSTRAINT:
            groups[item.package, item.specifier_key, item.extras, item.marker].append(item)
    for copies in groups.values():
        files = list(dict.fromkeys(item.location.path for item in copies))
        if len(files) > 1:
            primary = first(copies)
            yield RULE.finding(
                primary.location,
                f"{primary.text} is written in {len(files)} files: {listed(files)}",
                f"{primary.package} {describe(primary)}",
                why="Every copy has to be found when the version changes.",
                related=relate(copies, primary),
            )
