"""Paths of a Compose file as the repository sees them."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rrr_optimize.workspace.snapshot import Snapshot


def is_inside(path: str) -> bool:
    """Return whether a normalised path lies in the root."""
    return path != ".." and not path.startswith(("/", "~", "../", "\\\\")) and path[1:2] != ":"


def is_remote(context: str) -> bool:
    """Return whether a build context is fetched from elsewhere or made by another service."""
    return "://" in context or context.startswith(("git@", "github.com/", "service:"))


def is_ignored(snapshot: Snapshot, path: str) -> bool:
    """Return whether something is there that is not listed, as what git ignores is not."""
    return (snapshot.root / path).exists()
