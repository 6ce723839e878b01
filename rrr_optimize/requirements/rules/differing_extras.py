"""One package is asked for with different extras.

What gets installed then depends on which part of the repository was installed first or last: code that needs an extra
works in one environment and not in the next.

    # a/requirements.txt        # b/requirements.txt
    uvicorn[standard]==0.25.0   uvicorn==0.25.0
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.phrases import counted, listed
from rrr_optimize.requirements.disagreements import group_by_package, shared_declarations
from rrr_optimize.requirements.wording import first, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ008")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each package whose extras differ between files; the repository's own projects excepted."""
    internal = repository.requirements.internal
    # A constraint installs nothing and may not name extras.
    installed = (item for item in shared_declarations(repository) if item.scope.layer is not Layer.CONSTRAINT)
    for package, declarations in group_by_package(installed).items():
        groups: dict[frozenset[str], list[Declaration]] = {}
        for item in declarations:
            groups.setdefault(item.extras, []).append(item)
        if len(groups) > 1 and package not in internal and len({item.location.path for item in declarations}) > 1:
            primary = first(item for item in declarations if item.extras)
            ways = [
                f"{_name(package, extras)} in {counted(len({item.location.path for item in items}), 'file')}"
                for extras, items in groups.items()
            ]
            yield RULE.finding(
                primary.location,
                f"{package} is asked for with different extras: {listed(ways)}",
                f"{package} {sorted(_name(package, extras) for extras in groups)}",
                why="An environment has the extra or lacks it, depending on which part was installed.",
                related=relate(declarations, primary),
            )


def _name(package: str, extras: frozenset[str]) -> str:
    return f"{package}[{','.join(sorted(extras))}]" if extras else package
