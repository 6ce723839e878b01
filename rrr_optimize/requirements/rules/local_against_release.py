"""A project of this repository is installed from its folder here and from an index there.

The part that takes the release does not run the code that stands beside it.

    # trading/requirements.txt     # monitoring/requirements.txt
    -e ../common                   common==1.2.0

Take it from its folder everywhere, or from the index everywhere. What a project publishes as its own requirements names
releases by nature and does not count.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.facts.installer import PROJECT_KINDS
from rrr_optimize.requirements.disagreements import group_by_package, shared_declarations
from rrr_optimize.requirements.wording import first, places, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ012")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each own project that some take from its folder and others, with a version, from an index."""
    for package, declarations in group_by_package(shared_declarations(repository)).items():
        local = [item for item in declarations if item.internal]
        released = [item for item in declarations if _is_release(item)]
        if local and released:
            primary = first(released)
            yield RULE.finding(
                primary.location,
                f"{primary.text} is taken from an index, but {package} is a project of this repository and is "
                f"installed from its folder in {places(local)}",
                package,
                why="This part runs the release, not the code that stands beside it.",
                related=relate([*local, *released], primary),
            )


def _is_release(item: Declaration) -> bool:
    published = item.kind in PROJECT_KINDS and item.scope.layer in {Layer.RUNTIME, Layer.EXTRA}
    return bool(item.specifier) and not (item.internal or item.url or published)
