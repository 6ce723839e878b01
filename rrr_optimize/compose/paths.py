"""Paths of a Compose file as the repository sees them."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.facts.compose.project import ComposeProject
    from rrr_optimize.workspace.snapshot import Snapshot


def is_inside(path: str) -> bool:
    """Return whether a normalised path lies in the root."""
    return path != ".." and not path.startswith(("/", "~", "../", "\\\\")) and path[1:2] != ":"


def is_remote(context: str) -> bool:
    """Return whether a build context is fetched from elsewhere or made by another service."""
    return "://" in context or context.startswith(("git@", "github.com/", "service:"))


def find_folder(snapshot: Snapshot, path: str) -> str | None:
    """Return the folder with listed files that a path leads to, itself or by links that stay in the root."""
    if snapshot.is_folder(path):
        return path
    real = snapshot.listing.boundary.find(path)
    name = snapshot.listing.boundary.name(real) if real else ""
    return name if name and snapshot.is_folder(name) else None


def is_mended_elsewhere(snapshot: Snapshot, project: ComposeProject, path: str) -> bool:
    """Return whether a path may start from another folder than we think: of a guess nobody says from which."""
    if not project.is_guess:
        return False
    tail = posixpath.relpath(path, project.directory)
    while tail.startswith("../"):
        tail = tail.removeprefix("../")
    return any(f"/{each}".endswith(f"/{tail}") for each in (*snapshot.folders, *snapshot.files))


def is_ignored(snapshot: Snapshot, path: str) -> bool:
    """Return whether something is there that is not listed, as what git ignores is not."""
    return (snapshot.root / path).exists()
