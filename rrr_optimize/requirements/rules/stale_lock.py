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
from rrr_optimize.facts.installer import PROJECT_KINDS, Installer
from rrr_optimize.facts.marker_rows import iter_common_rows
from rrr_optimize.requirements.disagreements import group_by_package
from rrr_optimize.requirements.satisfiability import is_unsatisfiable
from rrr_optimize.requirements.wording import describe, relate
from rrr_optimize.rules import get_rule

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rrr_optimize.facts.declarations import Declaration
    from rrr_optimize.facts.repository import Repository
    from rrr_optimize.model import Finding

RULE = get_rule("REQ023")


def check(repository: Repository) -> Iterator[Finding]:
    """Yield a finding for each pin of a compiled file that its input excludes."""
    facts = repository.requirements
    installer = Installer(facts.sources, {})
    for source in facts.sources:
        by_package = group_by_package(item for paths in source.compiled_from for item in _wanted(paths, installer))
        for pinned in source.declarations:
            named = by_package.get(pinned.package, ())
            asked = [item for item in named if item.specifier and item.marker_rows & pinned.marker_rows]
            if pinned.pin and asked and not _fits_somewhere(pinned, asked):
                yield RULE.finding(
                    pinned.location,
                    f"{describe(pinned)} is not what {asked[0].place} asks for: {describe(asked[0])}",
                    f"{pinned.package} {pinned.specifier} {asked[0].specifier}",
                    why=f"{source.path} was compiled from {asked[0].location.path} before that changed.",
                    hint=f"compile {source.path} again",
                    related=relate(asked, pinned),
                )


def _wanted(paths: Iterable[str], installer: Installer) -> Iterator[Declaration]:
    """Yield what the first of these paths asks for, with what it includes.

    Of a project's own file only what every installation of it needs: whether an extra was compiled in is not known.
    """
    path = next((path for path in paths if path in installer.by_path), "")
    for item in installer.chain(path):
        if item.kind not in PROJECT_KINDS or item.scope.layer is Layer.RUNTIME:
            yield item


def _fits_somewhere(pinned: Declaration, asked: list[Declaration]) -> bool:
    """Tell whether in some environment the pin is what the input asks for: a lock may be made for one of them only."""
    masks = [item.marker_rows for item in asked]
    for members, _ in iter_common_rows(masks, pinned.marker_rows):
        if members and not is_unsatisfiable([pinned.specifier, *(asked[index].specifier for index in members)]):
            return True
    return False
