"""How the groups of a layout are called and worded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import ChangeGroup, Lane
from rrr_optimize.phrases import counted, listed

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.requirements.layouts.hindrances import Hindrance
    from rrr_optimize.requirements.layouts.layer import ChosenLayer
    from rrr_optimize.requirements.layouts.references import Rewriting

_SHOWN = 6


def group_id(path: str) -> str:
    """Return the id of the group that changes a file."""
    return f"unify/layout/{path}"


def title_of_root(layer: ChosenLayer, users: int) -> str:
    """Return what happens to the root file of a layer that some files use."""
    shared = f"{counted(len(layer.lines), 'package')} for {counted(users, 'file')}"
    if layer.file.root is None:
        return f"{layer.file.path}: a new file with {shared}"
    growth = f", {len(layer.grows)} of them new in it" if layer.grows else ""
    return f"{layer.file.path}: {shared}{growth}"


def title_of_project(path: str, rewriting: Rewriting) -> str:
    """Return what happens to a project's file."""
    words = []
    where = "there"
    if rewriting.references:
        words.append(f"references {listed(rewriting.references)}")
    else:
        where = f"to {listed(sorted(rewriting.layers))}"
    if rewriting.removed:
        words.append(f"{_told(len(rewriting.removed), 'line', 'go', 'goes')} {where}")
    if rewriting.bare:
        words.append(f"{_told(len(rewriting.bare), 'version', 'are', 'is')} left {where}")
    return f"{path}: {', '.join(words)}"


def _told(number: int, noun: str, several: str, one: str) -> str:
    return f"{counted(number, noun)} {one if number == 1 else several}"


def widening_hint(packages: Iterable[str]) -> str:
    """Return which packages are asked for that were not; nothing where there are none."""
    added = sorted(packages)
    return f"gets {counted(len(added), 'package')} more: {listed(added, _SHOWN)}" if added else ""


def refuse(path: str, hindrance: Hindrance, root: str = "", *, is_narrowed: bool = False) -> ChangeGroup:
    """Return the group that says why a file stays as it is, or does not reference one or some of the root files."""
    stays = "references only what gives it nothing new" if is_narrowed else "stays as it is"
    what = f"does not reference {root}" if root else stays
    identity = f"{group_id(path)}/without/{root}" if root else f"{group_id(path)}/as-it-is"
    title = f"{path}: {what}"
    return ChangeGroup(
        identity, Lane.REFUSED, title, hindrance.reason, hint=hindrance.hint, location=hindrance.location
    )


def title_of_constraints(path: str, packages: int, users: int, *, is_new: bool) -> str:
    """Return what happens to the constraints file that some files are limited by."""
    shared = f"the versions of {counted(packages, 'package')} for {counted(users, 'file')}"
    return f"{path}: a new file with {shared}" if is_new else f"{path}: {shared}"


def title_of_constrained(path: str, versions: int, root: str) -> str:
    """Return what happens to a file whose versions go to the constraints file."""
    return f"{path}: {_told(versions, 'version', 'go', 'goes')} to {root}"
