"""The search path of a program as a value: entries in order, and what a statement does to it."""

from __future__ import annotations

import posixpath
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from rrr_optimize.formats.path_forms import PathBase, Placement, StatementKind

if TYPE_CHECKING:
    from rrr_optimize.formats.path_forms import PathStatement, PathValue


class EntryKind(StrEnum):
    """What stands behind an entry of the search path.

    FOLDER is one of the repository. LIBRARY are the folders of the standard library, all of whose names are known.
    LISTED is a folder outside of the repository whose names are known, too. UNSEEN is what may hold anything:
    installed packages that nobody has looked at, folders outside the repository or chosen at run time.
    """

    FOLDER = "folder"
    LIBRARY = "library"
    LISTED = "listed"
    UNSEEN = "unseen"


class Entry(NamedTuple):
    """One entry; `path` is relative to the root for a folder, and a word for the reader otherwise."""

    kind: EntryKind
    path: str


LIBRARY = Entry(EntryKind.LIBRARY, "the standard library")
INSTALLED = Entry(EntryKind.UNSEEN, "installed packages")
SearchPath = tuple[Entry, ...]
"""The entries in the order in which Python asks them."""

_IN_FRONT = (StatementKind.SLICE, StatementKind.ASSIGN, StatementKind.OTHER)


def folder(path: str) -> Entry:
    """Return the entry of a folder of the repository."""
    return Entry(EntryKind.FOLDER, path)


def begin(*first: Entry, behind: SearchPath = ()) -> SearchPath:
    """Return the path with which a program begins: its own entries, the library, what is installed, `.pth` entries."""
    return (*first, LIBRARY, INSTALLED, *behind)


def entry_of(value: PathValue, directory: str) -> Entry:
    """Return the entry that a folder named by a statement gives, for a program started in `directory`."""
    if value.base is PathBase.ABSOLUTE:
        return Entry(EntryKind.UNSEEN, value.path)
    path = value.path if value.base is PathBase.FILE else posixpath.normpath(posixpath.join(directory, value.path))
    return Entry(EntryKind.UNSEEN, path) if path.startswith("..") else folder(path)


def apply_statement(path: SearchPath, statement: PathStatement, directory: str) -> SearchPath:
    """Return the path after a statement that adds folders; what is no text is passed over, as Python does.

    One whose folders are not known adds a single entry that may hold anything. Where a form does not say at which end
    it adds, the front is taken. What takes entries away changes nothing here.
    """
    added = tuple(entry_of(value, directory) for value in statement.values if value.is_text)
    if not statement.values and statement.reason:
        added = (Entry(EntryKind.UNSEEN, statement.reason),)
    match statement.kind:
        case StatementKind.INSERT:
            found = list(path)
            for entry in added:
                found.insert(0 if statement.position is None else statement.position, entry)
            return tuple(found)
        case StatementKind.APPEND | StatementKind.EXTEND | StatementKind.AUGASSIGN:
            return path + added
        case StatementKind.ADDSITEDIR:
            return path + tuple(entry for entry in added if entry not in path)
        case kind if kind in _IN_FRONT:
            at = statement.position or 0
            return path[:at] + added + path[at:]
    return path


def is_guarded(path: SearchPath, statement: PathStatement, directory: str) -> bool:
    """Return whether a statement stands under `if folder not in sys.path`, and its folders are there already."""
    if statement.placement is not Placement.GUARD:
        return False
    entries = [entry_of(value, directory) for value in statement.values]
    return bool(entries) and all(entry in path for entry in entries)
