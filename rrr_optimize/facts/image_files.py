"""Which file of the repository stands at a place in an image, by the Dockerfile and the folder it is built from."""

from __future__ import annotations

import posixpath
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.formats.docker_ignore import keeps_out

if TYPE_CHECKING:
    from collections.abc import Iterator

    from rrr_optimize.formats.image_steps import Copy, ImageSteps, Stage
    from rrr_optimize.workspace.snapshot import Snapshot

_DEEPEST = 8


@dataclass(frozen=True, eq=False)
class ImageFiles:
    """The files of an image that is built from the folder `context` of the repository.

    `more` are files that the repository is going to have, and `ignore` is the text of the .dockerignore that holds.
    """

    steps: ImageSteps
    snapshot: Snapshot
    context: str
    more: frozenset[str] = frozenset()
    ignore: str = ""

    def find(self, place: str, offset: int) -> frozenset[str]:
        """Return the files of the repository that may stand at an absolute path of the image at a step.

        The step is the one at an offset in the Dockerfile. Of several copies to one place, each counts.
        """
        stage = self._stage_at(offset)
        found = self._search(stage, posixpath.normpath(place), offset, 0) if stage else ()
        return frozenset(posixpath.normpath(posixpath.join(self.context, path)) for path in found)

    def _stage_at(self, offset: int) -> Stage | None:
        return next((stage for stage in reversed(self.steps.stages) if stage.start <= offset), None)

    def _search(self, stage: Stage, place: str, offset: int | None, depth: int) -> Iterator[str]:
        if depth > _DEEPEST:
            return
        for copy in stage.copies:
            is_later = offset is not None and copy.start > offset
            is_over = copy.until is not None and (offset is None or offset > copy.until)
            if not is_later and not is_over:
                yield from self._search_copy(copy, place, depth)
        for other in self.steps.stages:
            if other.name == stage.base and other.start < stage.start:
                yield from self._search(other, place, None, depth + 1)

    def _search_copy(self, copy: Copy, place: str, depth: int) -> Iterator[str]:
        for source in copy.sources:
            for wanted in _sources_of(copy, source, place):
                if copy.stage is None:
                    yield from self._match(wanted)
                    continue
                for number, other in enumerate(self.steps.stages):
                    if copy.stage in {other.name, str(number)}:
                        yield from self._search(other, posixpath.normpath(posixpath.join("/", wanted)), None, depth + 1)

    def _match(self, wanted: str) -> Iterator[str]:
        """Yield the files of the context, by their paths in it, that a path means; `*` and `?` stay in one folder."""
        path = posixpath.normpath(wanted.lstrip("/"))
        if "*" not in path and "?" not in path:
            yield from (each for each in (path,) if self._is_there(each))
            return
        pattern = re.compile(re.escape(path).replace(r"\*", "[^/]*").replace(r"\?", "[^/]"))
        prefix = "" if self.context == "." else f"{self.context}/"
        below = (*self.snapshot.files_below(self.context), *self.more)
        inside = {each.removeprefix(prefix) for each in below if each.startswith(prefix)}
        yield from (each for each in sorted(inside) if pattern.fullmatch(each) and self._is_there(each))

    def _is_there(self, path: str) -> bool:
        whole = posixpath.normpath(posixpath.join(self.context, path))
        return (whole in self.more or self.snapshot.is_file(whole)) and not keeps_out(self.ignore, path)


def _sources_of(copy: Copy, source: str, place: str) -> Iterator[str]:
    """Yield what in the source, a file or a folder, would come to a place; whether it is there is not asked."""
    target = copy.destination
    if place == target and not copy.is_folder:
        yield source
    below = place.removeprefix("/" if target == "/" else f"{target}/")
    if below != place:
        # A file keeps its name; the contents of a folder come, and not the folder.
        name = posixpath.basename(source.rstrip("/"))
        if "/" not in below and re.fullmatch(re.escape(name).replace(r"\*", ".*").replace(r"\?", "."), below):
            yield posixpath.join(posixpath.dirname(source), below)
        yield posixpath.join(source, below)
