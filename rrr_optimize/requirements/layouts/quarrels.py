"""Why a file and a root file cannot be installed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.requirements.layouts.hindrances import Hindrance
from rrr_optimize.requirements.layouts.shareable import agree

if TYPE_CHECKING:
    from collections.abc import Collection

    from rrr_optimize.requirements.layouts.flattening import Flattener


def find_quarrel(flattener: Flattener, path: str, root: str, packages: Collection[str]) -> Hindrance | None:
    """Return the first of these packages, in order, that a file and a root file ask for in ways that do not meet."""
    if not packages:
        return None
    own, held = flattener.flatten(path), flattener.flatten(root)
    for package in sorted(packages):
        mine = [item for item in (*own.asked, *own.constrained) if item.package == package]
        theirs = [item for item in held.asked if item.package == package]
        against = next((item for item in mine if not agree(item, theirs)), None)
        if against:
            return Hindrance(
                f"{root} asks for {theirs[0].text} and this file for {against.text}",
                f"let them agree on {package}, or take {package} out of {root}",
                against.location,
            )
    return None
