"""Files as they would be: a reader that holds changed texts over those of another reader."""

from __future__ import annotations

from dataclasses import replace
from itertools import groupby
from typing import TYPE_CHECKING

from rrr_optimize.edits import apply_edits
from rrr_optimize.errors import EditConflictError
from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

    from rrr_optimize.model import ChangeGroup, NotAnalysed
    from rrr_optimize.workspace.boundary import Boundary
    from rrr_optimize.workspace.reader import Digest, Reader


class OverlaidReader:
    """Reads like the reader below, but gives `changed` texts, by canonical path, in place of its own.

    `digests` and `refused` stay those of the reader below: they tell of the files on disk.
    """

    def __init__(self, below: Reader | OverlaidReader, changed: Mapping[str, SourceText]) -> None:
        self._below = below
        self._changed = changed
        self._bytes = {path: source.encode() for path, source in changed.items()}

    @property
    def boundary(self) -> Boundary:
        """The line that no read crosses."""
        return self._below.boundary

    @property
    def digests(self) -> Mapping[str, Digest]:
        """What was read from the disk so far, by canonical path."""
        return self._below.digests

    @property
    def refused(self) -> tuple[NotAnalysed, ...]:
        """What was asked for and could not be read or decoded, each path once."""
        return self._below.refused

    @property
    def changed(self) -> frozenset[str]:
        """The canonical paths of all files that are not as on the disk."""
        return frozenset(self._changed) | self._below.changed

    def on_disk(self, path: str) -> bytes | None:
        """Return the bytes that a file has on the disk, or None where it is not there."""
        return self._below.on_disk(path)

    def read_files(self) -> Iterator[tuple[str, bytes]]:
        """Yield canonical path and bytes of every file read so far, and of every changed one, sorted by path."""
        yield from sorted({**dict(self._below.read_files()), **self._bytes}.items())

    def is_there(self, path: str) -> bool:
        """Return whether there is anything of this name."""
        return path in self._changed or self._below.is_there(path)

    def canonical(self, path: str) -> str | None:
        """Return the name, free of links, of the file that a path leads to, or None where `read` gives None."""
        return path if path in self._changed else self._below.canonical(path)

    def read(self, path: str) -> bytes | None:
        """Return the bytes that a file would have, or None if it is refused."""
        name = self.canonical(path)
        return self._bytes[name] if name in self._bytes else self._below.read(path)

    def peek(self, path: str) -> bytes | None:
        """Return the bytes of a file without keeping them; None where `read` gives None."""
        name = self.canonical(path)
        return self._bytes[name] if name in self._bytes else self._below.peek(path)

    def state(self, path: str) -> str | None:
        """Return what the system says of a file; None where that is not certain, and for one that is changed here."""
        return None if self.canonical(path) in self._changed else self._below.state(path)

    def text(self, path: str) -> SourceText | None:
        """Return the text that a file would have, or None if it is refused or is not text."""
        name = self.canonical(path)
        return self._changed[name] if name is not None and name in self._changed else self._below.text(path)


def change_texts(
    groups: Iterable[ChangeGroup], read: Callable[[str], SourceText | None], is_file: Callable[[str], bool]
) -> dict[str, SourceText]:
    """Return the texts, by path, that groups make of the files; those of one plan may share files.

    Raises EditConflictError where two edits overlap, a file to edit is not there or is no text, a file to create is
    there or created twice, or a text does not fit the encoding of its file. Each would be a bug of ours.
    """
    groups = tuple(groups)
    changed: dict[str, SourceText] = {}
    for creation in (creation for group in groups for creation in group.creations):
        if creation.path in changed or is_file(creation.path):
            raise EditConflictError(f"{creation.path}: is to be created and is there already")
        changed[creation.path] = SourceText(creation.path, creation.text)
    edits = sorted((edit for group in groups for edit in group.edits), key=lambda edit: edit.path)
    for path, group in groupby(edits, key=lambda edit: edit.path):
        source = read(path)
        if source is None or source.path != path:
            raise EditConflictError(f"{path}: is to be edited and is no text of the repository")
        after = replace(source, text=apply_edits(source.text, group))
        try:
            after.encode()
        except UnicodeEncodeError:
            raise EditConflictError(f"{path}: the new text cannot be written as {source.encoding}") from None
        changed[path] = after
    return changed
