"""A compiled file pins what its input excludes.

The header of a file made by pip-compile or uv names its input. When a pin lies outside what the input now asks for,
the file was not compiled again after the input changed.

    # requirements.in       # requirements.txt (made from requirements.in)
    numpy>=2                numpy==1.26.4

Compile it again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.facts.declarations import Layer
from rrr_optimize.facts.install_sets import PROJECT_KINDS, chain
from rrr_optimize.requirements.disagreements import active_specifiers, group_by_package
from rrr_optimize.requirements.satisfiability import find_contradiction
from rrr_optimize.requirements.wording import describe, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from rrr_optimize.facts.declarations import Declaration, Source
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ023")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pin of a compiled file that its input excludes."""
    facts = repository.requirements
    by_path = {source.path: source for source in facts.sources}
    for source in facts.sources:
        wanted = group_by_package(item for paths in source.compiled_from for item in _wanted(paths, by_path))
        for pinned in source.declarations:
            for asked in wanted.get(pinned.package, ()):
                if find_contradiction(active_specifiers([asked, pinned], repository), facts.declared_rows):
                    yield RULE.finding(
                        pinned.location,
                        f"{describe(pinned)} is not what {asked.place} asks for: {describe(asked)}",
                        f"{pinned.package} {pinned.specifier} {asked.specifier}",
                        why=f"{source.path} was compiled from {asked.location.path} before that changed.",
                        hint=f"compile {source.path} again",
                        related=relate([asked], pinned),
                    )


def _wanted(paths: Iterable[str], by_path: Mapping[str, Source]) -> Iterator[Declaration]:
    """Yield what the first of these paths asks for, with what it includes.

    Of a project's own file only what every installation of it needs: whether an extra was compiled in is not known.
    """
    path = next((path for path in paths if path in by_path), "")
    for item in chain(path, by_path):
        if item.kind not in PROJECT_KINDS or item.scope.layer is Layer.RUNTIME:
            yield item
