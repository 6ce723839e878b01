"""What the journal holds of one transaction: every file, as it was and as it was to be; and its form as JSON."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from rrr_optimize.transaction.filesystem import Attributes

if TYPE_CHECKING:
    from collections.abc import Mapping

VERSION = 1


@dataclass(frozen=True, slots=True)
class Image:
    """What a file holds, told by its digest. `mode` is None where the system is to choose it."""

    sha256: str
    size: int
    mode: int | None

    @classmethod
    def of(cls, data: bytes, mode: int | None) -> Image:
        """Return the image of a file with these bytes."""
        return cls(hashlib.sha256(data).hexdigest(), len(data), mode)

    def shows(self, data: bytes, mode: int) -> bool:
        """Return whether a file with these bytes and this mode is the one."""
        return self.mode in {None, mode} and self == Image.of(data, self.mode)


@dataclass(frozen=True, slots=True)
class Before:
    """A file as it was; `offset` is the place of its bytes among the pre-images of the transaction."""

    image: Image
    attributes: Attributes
    offset: int


@dataclass(frozen=True, slots=True)
class Entry:
    """One file of a transaction: its path from the root, the name for its successor until it is renamed, both states.

    None stands for a file that does not exist.
    """

    path: str
    temporary: str
    before: Before | None
    after: Image | None


@dataclass(frozen=True, slots=True)
class Record:
    """One transaction. `folders` are those that it creates, parents first; `when` is UTC in ISO 8601."""

    verb: str
    summary: str
    when: str
    folders: tuple[str, ...]
    entries: tuple[Entry, ...]


def write_record(record: Record) -> bytes:
    """Return a record as JSON; `read_record` gives it back."""
    data = {
        "version": VERSION,
        "verb": record.verb,
        "summary": record.summary,
        "when": record.when,
        "folders": list(record.folders),
        "files": [_write_entry(entry) for entry in record.entries],
    }
    # ASCII, because a name that is not UTF-8 is a string with lone surrogates.
    return f"{json.dumps(data, indent=1)}\n".encode("ascii")


def read_record(data: bytes) -> Record:
    """Return the record that `write_record` wrote. Raises ValueError for anything else."""
    try:
        table = json.loads(data)
        if table["version"] != VERSION:
            raise ValueError(f"it has version {table['version']!r}, and this program knows {VERSION}")
        verb, summary, when = (str(table[key]) for key in ("verb", "summary", "when"))
        return Record(verb, summary, when, tuple(map(str, table["folders"])), tuple(map(_read_entry, table["files"])))
    except (KeyError, TypeError, AttributeError):
        raise ValueError("it is not a list of files as this program writes it") from None


def _write_entry(entry: Entry) -> dict[str, Any]:
    table: dict[str, Any] = {"path": entry.path, "temporary": entry.temporary, "before": None, "after": None}
    if entry.before is not None:
        attributes = entry.before.attributes
        table["before"] = _write_image(entry.before.image) | {
            "offset": entry.before.offset,
            "uid": attributes.uid,
            "gid": attributes.gid,
            "modified": attributes.modified,
            "accessed": attributes.accessed,
            "extended": {name: value.hex() for name, value in attributes.extended},
        }
    if entry.after is not None:
        table["after"] = _write_image(entry.after)
    return table


def _write_image(image: Image) -> dict[str, Any]:
    return {"sha256": image.sha256, "size": image.size, "mode": image.mode}


def _read_entry(table: Mapping[str, Any]) -> Entry:
    before, after = table["before"], table["after"]
    return Entry(
        str(table["path"]),
        str(table["temporary"]),
        None if before is None else _read_before(before),
        None if after is None else _read_image(after),
    )


def _read_before(table: Mapping[str, Any]) -> Before:
    mode, uid, gid, modified, accessed = (int(table[key]) for key in ("mode", "uid", "gid", "modified", "accessed"))
    extended = tuple((str(name), bytes.fromhex(value)) for name, value in table["extended"].items())
    attributes = Attributes(mode, uid, gid, modified, accessed, extended)
    return Before(_read_image(table), attributes, int(table["offset"]))


def _read_image(table: Mapping[str, Any]) -> Image:
    mode = table["mode"]
    return Image(str(table["sha256"]), int(table["size"]), None if mode is None else int(mode))
