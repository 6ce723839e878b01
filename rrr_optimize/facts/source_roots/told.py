"""Source roots that somebody names: in the configuration, or on the command line."""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING

from rrr_optimize.facts.source_roots.model import SourceRoot

if TYPE_CHECKING:
    from collections.abc import Iterable

    from rrr_optimize.workspace.snapshot import Snapshot


def told_source_roots(snapshot: Snapshot, pairs: Iterable[tuple[str, str]], origin: str) -> tuple[SourceRoot, ...]:
    """Return the source roots that somebody tells: of each pair a top-level name, and the folder that holds it.

    The path may also be that of the package or the module itself. `origin` is where that is said. A pair whose path
    has nothing of that name is left out; `find_told_root` tells.
    """
    found = ((name, find_told_root(snapshot, name, path)) for name, path in pairs)
    return tuple(SourceRoot(root, origin, "told", frozenset({name})) for name, root in found if root is not None)


def find_told_root(snapshot: Snapshot, name: str, path: str) -> str | None:
    """Return the folder from which a name is imported, given that folder or what the name means; None for neither."""
    inside = path if path != "." else ""
    if snapshot.is_folder(posixpath.join(inside, name)) or snapshot.is_file(posixpath.join(inside, f"{name}.py")):
        return path
    is_there = snapshot.is_folder(path) or snapshot.is_file(path)
    is_it = posixpath.basename(path) in {name, f"{name}.py"} and path != "."
    return posixpath.dirname(path) or "." if is_there and is_it else None
