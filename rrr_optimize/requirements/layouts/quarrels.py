"""Why a file and a root file cannot be installed together."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.model import Location
from rrr_optimize.requirements.layouts.hindrances import Hindrance
from rrr_optimize.requirements.layouts.shareable import agree

if TYPE_CHECKING:
    from collections.abc import Collection

    from rrr_optimize.facts.repository import Repository
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


def find_doubled(repository: Repository, project: str, root: str, packages: Collection[str]) -> Hindrance | None:
    """Return the first project of the repository, among these packages, that offers what another one offers too.

    Installed together, one of two equal top-level packages would hide the other. `project` is the folder of the other.
    """
    internal = repository.requirements.internal
    folders = {internal[name].path for name in packages if name in internal} - {project}
    for folder in sorted(folders):
        own, brought = _offered(repository, project), _offered(repository, folder)
        for name in sorted(own.keys() & brought.keys()):
            reason = f"{root} brings the project in {folder}, which offers {name} as this project does"
            return Hindrance(reason, f"give {name} another name in one of them", own[name])
    return None


def _offered(repository: Repository, folder: str) -> dict[str, Location]:
    """Return the regular packages directly in a project's folder or in its `src`."""
    folders = {folder, f"{folder}/src".removeprefix("./")}
    modules = repository.modules.top_level
    return {
        module.name: Location(module.path)
        for module in modules
        if module.path.endswith("/__init__.py") and module.folder in folders and module.name not in {"tests", "docs"}
    }
