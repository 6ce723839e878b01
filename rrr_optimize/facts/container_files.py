"""Which file or folder of the repository stands at a place in a container: what is mounted there, or copied."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.facts.image_files import ImageFiles
    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class Mount:
    """A file or folder of the repository that stands at an absolute path of a container."""

    target: str
    source: str


@dataclass(frozen=True, eq=False)
class ContainerFiles:
    """The files of a container: `mounts` hide what the image has; `end` is the offset up to which it is built."""

    snapshot: Snapshot
    mounts: tuple[Mount, ...] = ()
    image: ImageFiles | None = None
    end: int = 0

    def find_file(self, place: str) -> str | None:
        """Return the file that stands at a place; None where it is none of the repository, or not certain."""
        place = posixpath.normpath(place)
        mounted = self._mounted(place)
        if mounted is not None:
            return self.snapshot.canonical(mounted) if self.snapshot.is_file(mounted) else None
        found = self.image.find(place, self.end) if self.image else frozenset()
        return next(iter(found)) if len(found) == 1 else None

    def find_folder(self, place: str) -> str | None:
        """Return the folder that stands at a place, as far as one mount or copy says so."""
        place = posixpath.normpath(place)
        mounted = self._mounted(place)
        candidates = [mounted] if mounted is not None else self._copied(place)
        return next((each for each in candidates if each == "." or self.snapshot.is_folder(each)), None)

    def find_folder_beside(self, folder: str, place: str, path: str) -> str | None:
        """Return the folder at a place in the container, given the place and the path of one file.

        Where nothing is mounted or copied as that very folder the file tells, as far up as the names are the same.
        """
        known = self.find_folder(folder)
        if known is not None:
            return known
        asked, places, parts = posixpath.normpath(folder).split("/"), place.split("/"), path.split("/")
        same = 0
        while same < min(len(places), len(parts)) and places[-1 - same] == parts[-1 - same]:
            same += 1
        base = places[: len(places) - same]
        if not same or asked[: len(base)] != base:
            return None
        found = "/".join((*parts[: len(parts) - same], *asked[len(base) :])) or "."
        return found if found == "." or self.snapshot.is_folder(found) else None

    def _mounted(self, place: str) -> str | None:
        for mount in sorted(self.mounts, key=lambda mount: -len(mount.target)):
            rest = _below(place, mount.target)
            if rest is not None:
                return posixpath.normpath(posixpath.join(mount.source, rest))
        return None

    def _copied(self, place: str) -> Iterator[str]:
        """Yield what the last copies from the build context put there; one from another stage is not followed."""
        image = self.image
        stages = [stage for stage in image.steps.stages if stage.start <= self.end][-1:] if image else []
        for copy in reversed([copy for stage in stages for copy in stage.copies]):
            rest = _below(place, copy.destination)
            if image and copy.stage is None and copy.until is None and rest is not None and len(copy.sources) == 1:
                yield posixpath.normpath(posixpath.join(image.context, copy.sources[0].lstrip("/"), rest))


def _below(place: str, folder: str) -> str | None:
    if place == folder:
        return ""
    prefix = folder if folder.endswith("/") else f"{folder}/"
    return place.removeprefix(prefix) if place.startswith(prefix) else None
