"""A project of this repository is asked for by name only, so an index decides what is installed.

Without a path or workspace source, `common` is whatever an index offers under that name; where the project was never
published, anybody may publish it.

    # worktrees/monitoring/requirements.txt
    common>=1.0

A project below a folder called tests, testdata, fixtures, examples or samples is data, and its name says nothing.

Name its folder (`-e ../common`, `[tool.uv.sources] common = { workspace = true }`), if it is meant to come from here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.requirements.disagreements import group_by_package, shared_declarations
from rrr_optimize.requirements.wording import first, places, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ013")
_DATA = frozenset({"test", "tests", "testdata", "fixtures", "examples", "samples"})


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each own project that nobody takes from its folder; a project's own extras are its own."""
    internal = repository.requirements.internal
    for package, declarations in group_by_package(shared_declarations(repository)).items():
        home = internal.get(package)
        if home and not _DATA.isdisjoint(home.path.lower().split("/")):
            continue
        outside = [item for item in declarations if home is not None and item.scope.project != home]
        if home and outside and not any(item.internal or item.url for item in declarations):
            primary = first(outside)
            yield RULE.finding(
                primary.location,
                f"{package} is a project of this repository ({home.path}), but {places(outside)} "
                f"{'takes' if len(outside) == 1 else 'take'} it from an index",
                package,
                why="An index decides what is installed, not the folder beside it.",
                related=relate(outside, primary),
            )
