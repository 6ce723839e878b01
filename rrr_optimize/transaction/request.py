"""What a writing command asks for, what it allows, and what was done."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from rrr_optimize.model import FileChange
    from rrr_optimize.workspace.reader import Digest


@dataclass(frozen=True, slots=True)
class Request:
    """File changes to be made all or not at all, by the command `verb`.

    `digests` holds every file that was read to find the changes, by its path from the root, not only those that
    change: a proof may rest on a file that nobody edits. `summary` is one line for `undo --list`.
    """

    verb: str
    changes: tuple[FileChange, ...]
    digests: Mapping[str, Digest]
    summary: str = ""


@dataclass(frozen=True, slots=True)
class Permissions:
    """What the person at the command line has allowed.

    `allow_dirty` drops the demand that git could give back every target, `allow_no_vcs` that there is a git at all.
    With `hook`, where the files of a commit are staged, a target is clean when the work tree equals the index.
    """

    allow_dirty: bool = False
    allow_no_vcs: bool = False
    hook: bool = False


@dataclass(frozen=True, slots=True)
class Written:
    """A transaction that is complete; `files` are its targets from the root, free of links, sorted.

    Without a change there is no transaction: its name is then empty.
    """

    transaction: str
    files: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Undone:
    """A transaction that was taken back: its files from the root, and whether it had been interrupted."""

    transaction: str
    verb: str
    restored: tuple[str, ...] = ()
    removed: tuple[str, ...] = ()
    was_interrupted: bool = False
