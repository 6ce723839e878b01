"""Write down a transaction before it is made: every target as it is, and as it is to be."""

from __future__ import annotations

import datetime as dt
import os
import secrets
from typing import TYPE_CHECKING

from rrr_optimize.safe_text import mask
from rrr_optimize.transaction.record import Before, Entry, Image, Record
from rrr_optimize.transaction.restoring import missing_folders

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.transaction.preflight import Target
    from rrr_optimize.transaction.request import Request
    from rrr_optimize.workspace.root import Root


def draft_record(root: Root, request: Request, targets: Sequence[Target], files: FileSystem) -> tuple[Record, bytes]:
    """Return what goes into the journal: the list, and the bytes of all files as they were, one after the other."""
    token = secrets.token_hex(4)
    entries, before = [], bytearray()
    for number, target in enumerate(targets):
        was = None
        if target.before is not None and target.attributes is not None:
            was = Before(Image.of(target.before, target.attributes.mode), target.attributes, len(before))
            before += target.before
        mode = None if target.attributes is None else target.attributes.mode
        after = None if target.after is None else Image.of(target.after, mode)
        folder = target.place.name.rpartition("/")[0]
        temporary = f"{folder}/" * bool(folder) + f".rrr-optimize-{token}-{number}"
        entries.append(Entry(target.place.name, temporary, was, after))
    created = [
        folder for target in targets if target.after is not None for folder in missing_folders(target.place.real, files)
    ]
    folders = tuple(os.path.relpath(folder, root.path).replace(os.sep, "/") for folder in dict.fromkeys(created))
    when = dt.datetime.now(tz=dt.UTC).isoformat(timespec="seconds")
    return Record(request.verb, mask(request.summary), when, folders, tuple(entries)), bytes(before)
