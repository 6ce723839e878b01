"""A compiled file pins what its input excludes.

The header of a file made by pip-compile or uv names its input. When a pin lies outside what the input now asks for,
the file was not compiled again after the input changed.

    # requirements.in       # requirements.txt (made from requirements.in)
    numpy>=2                numpy==1.26.4

Compile it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.requirements.disagreements import active_specifiers
from rrr_optimize.requirements.satisfiability import find_contradiction
from rrr_optimize.requirements.wording import describe, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ023")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pin of a compiled file that its input excludes."""
    facts = repository.requirements
    by_path = {source.path: source for source in facts.sources}
    for source in facts.sources:
        wanted = [item for path in source.compiled_from if path in by_path for item in by_path[path].declarations]
        for pinned in source.declarations:
            for asked in wanted:
                specifiers = active_specifiers([asked, pinned], repository)
                if asked.package == pinned.package and find_contradiction(specifiers, facts.declared_rows):
                    yield RULE.finding(
                        pinned.location,
                        f"{describe(pinned)} is not what {asked.place} asks for: {describe(asked)}",
                        f"{pinned.package} {pinned.specifier} {asked.specifier}",
                        why=f"{source.path} was compiled from {asked.location.path} before that changed.",
                        hint=f"compile {source.path} again",
                        related=relate([asked], pinned),
                    )
