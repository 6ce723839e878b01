"""Where a path from the root leads: never out of it, never into what git or the journal keeps."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.workspace.boundary import Boundary

if TYPE_CHECKING:
    from pathlib import Path

JOURNAL = ".rrr-optimize/journal"


class PlaceError(Exception):
    """A path that is no place for a file; `reason` completes the sentence "it cannot be written: ..."."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Place:
    """A place for a file: its name from the root without links, its real path, whether the name given is a link."""

    name: str
    real: str
    is_link: bool = False


class Places:
    """Finds places below a root."""

    def __init__(self, root: Path) -> None:
        self._boundary = Boundary(str(root))

    @property
    def journal(self) -> str:
        """The real path of the journal, be it there or not."""
        return f"{self._boundary.top}/{JOURNAL}"

    def name(self, real: str) -> str:
        """Return the path from the root of a real path."""
        return self._boundary.name(real)

    def find(self, path: str) -> Place:
        """Return the place that a path names, be there a file or not; links inside the root are followed.

        Raises PlaceError where a link on the way leaves the root, or the place is not for files of ours.
        """
        if not path or path.startswith("/") or "\0" in path or not {"", ".", ".."}.isdisjoint(path.split("/")):
            raise PlaceError("it is not a path inside the root")
        real = self._boundary.find(path)
        if real is None:
            raise PlaceError("a link on the way leaves the root or leads into a git directory")
        name = self._boundary.name(real)
        # Names are compared as systems do that know no case, git's own rule too.
        parts = name.casefold().split("/")
        if ".git" in parts or "/".join(parts[:2]) == JOURNAL:
            raise PlaceError("it lies in a folder that is not for us to change")
        return Place(name, real, is_link=os.path.islink(f"{self._boundary.top}/{path}"))

    def real(self, name: str) -> str:
        """Return the real path of a place that `find` has named. Raises PlaceError if a link has come into its way."""
        place = self.find(name)
        if place.name != name:
            raise PlaceError("a link has come into its way")
        return place.real
