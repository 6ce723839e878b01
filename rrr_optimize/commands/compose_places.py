"""Which root the paths of a command line mean, and which part of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rrr_optimize.errors import PathMissingError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from rrr_optimize.facts.compose.reading import ComposeFacts


def read_root(paths: Sequence[str], cwd: Path) -> tuple[str | None, tuple[Path, ...]]:
    """Return the root, None for the repository around `cwd`, and the files and folders that the run is narrowed to.

    One folder is the root itself. Raises PathMissingError for what is not there.
    """
    if len(paths) == 1 and not (cwd / paths[0]).is_file():
        return paths[0], ()
    return None, tuple(_existing(path, cwd) for path in paths)


def _existing(path: str, cwd: Path) -> Path:
    try:
        return (cwd / path).resolve(strict=True)
    except (OSError, RuntimeError, ValueError):
        raise PathMissingError(f"{path} does not exist") from None


def locate_places(places: Sequence[Path], facts: ComposeFacts, root: Path) -> tuple[str, ...]:
    """Return files and folders by their names in the root; empty where one of them is the root itself.

    Raises UsageError for one outside, or one in which no Compose project has a file.
    """
    found: list[str] = []
    files = {path for project in facts.projects for path in project.loaded.files} | {file.path for file in facts.files}
    for place in places:
        if not place.is_relative_to(root):
            raise UsageError(f"{place} is not in {root}", "name files and folders of one repository")
        name = place.relative_to(root).as_posix()
        if not any(name == "." or f"{path}/".startswith(f"{name}/") for path in files):
            raise UsageError(f"no Compose project has a file at {name}", "name a Compose file, or a folder with one")
        found.append(name)
    return () if "." in found else tuple(dict.fromkeys(found))
