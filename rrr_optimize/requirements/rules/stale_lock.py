"""A compiled file pins what its input excludes.

The header of a file made by pip-compile or uv names its input. When a pin lies outside what the input now asks for,
the file was not compiled again after the input changed.

    # requirements.in       # requirements.txt (made from requirements.in)
    numpy>=2                numpy==1.26.4

Compile it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.requirements.locks import find_excluding, find_locked_pins
from rrr_optimize.requirements.wording import describe, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ023")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pin of a compiled file that its input excludes."""
    for source, pinned, named in find_locked_pins(repository.requirements):
        asked = find_excluding(pinned, [(item, item.specifier) for item in named])
        if asked:
            yield RULE.finding(
                pinned.location,
                f"{describe(pinned)} is not what {asked[0].place} asks for: {describe(asked[0])}",
                f"{pinned.package} {pinned.specifier} {asked[0].specifier}",
                why=f"{source.path} was compiled from {asked[0].location.path} before that changed.",
                hint=f"compile {source.path} again",
                related=relate(asked, pinned),
            )
