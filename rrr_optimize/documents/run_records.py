"""Run records: what each write did and rests on, kept in the target, so that its documents can be made and checked.

A record is a JSON file `.rrr-optimize/runs/<digest>.json`, meant to be committed. It holds no clock, no path of a
machine and no secret. Its name is the SHA-256 of its bytes, shortened, and it names the records before it, so that
records of merged branches still have an order.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

from rrr_optimize.documents.record_shape import has_shape
from rrr_optimize.facts.own_documents import RECORDS as FOLDER
from rrr_optimize.safe_text import show

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Mapping

    from rrr_optimize.workspace.snapshot import Snapshot

SCHEMA_VERSION = 1
_DIGITS = 16


@dataclass(frozen=True)
class RunRecord:
    """What one run of `command` did: `content` is plain JSON data, `previous` the records that it follows.

    `inputs` are the SHA-256 digests, by path, of the files that the next run of the command would read.
    """

    command: str
    previous: tuple[str, ...]
    inputs: Mapping[str, str]
    content: Mapping[str, Any]

    @cached_property
    def text(self) -> str:
        """The file: JSON in ASCII with sorted keys, so that equal records are equal bytes."""
        document = {
            "schema_version": SCHEMA_VERSION,
            "command": self.command,
            "previous": sorted(self.previous),
            "inputs": dict(self.inputs),
            "content": _harmless(self.content),
        }
        return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=True, allow_nan=False) + "\n"

    @property
    def digest(self) -> str:
        """The name of the record."""
        return hashlib.sha256(self.text.encode("ascii")).hexdigest()[:_DIGITS]

    @property
    def path(self) -> str:
        """Where the record is kept, from the root."""
        return f"{FOLDER}/{self.digest}.json"


@dataclass(frozen=True, slots=True)
class Records:
    """Run records, each after those that it follows; `broken` are files in their folder that are no record of ours.

    `known` are the records of every command, by digest, where `chain` holds those of one.
    """

    chain: tuple[RunRecord, ...] = ()
    broken: tuple[str, ...] = ()
    known: Mapping[str, RunRecord] = field(default_factory=dict)

    def of(self, command: str) -> Records:
        """Return the records of one command."""
        return replace(self, chain=tuple(record for record in self.chain if record.command == command))

    @property
    def heads(self) -> tuple[str, ...]:
        """The newest of these records, one, or after a merge of branches several: no other of them follows it.

        A record follows another also by way of records of other commands.
        """
        followed: set[str] = set()
        waiting = [digest for record in self.chain for digest in record.previous]
        while waiting:
            digest = waiting.pop()
            if digest not in followed:
                followed.add(digest)
                waiting += self.known[digest].previous if digest in self.known else ()
        return tuple(sorted(record.digest for record in self.chain if record.digest not in followed))

    def heads_for(self, command: str) -> tuple[str, ...]:
        """Return what the next record of a command follows: the newest of all, and the newest of its own."""
        return tuple(sorted({*self.heads, *self.of(command).heads}))


def find_records(snapshot: Snapshot) -> Records:
    """Return the records that a tree holds, of every command.

    A file that was changed by hand or by a merge, so that its name is not the digest of its content, is `broken`, as is
    one that is no JSON of a version and a shape that we know. One that follows a record that is not there counts as
    the first.
    """
    records: dict[str, RunRecord] = {}
    broken = []
    for path in snapshot.files_below(FOLDER):
        record = _read(snapshot, path)
        if record is None:
            broken.append(path)
        else:
            records[record.digest] = record
    return Records(tuple(_ordered(records)), tuple(broken), records)


def _read(snapshot: Snapshot, path: str) -> RunRecord | None:
    source = snapshot.text(path)
    if source is None:
        return None
    try:
        data = json.loads(source.text)
        is_record = has_shape(data)
    except (ValueError, RecursionError):
        return None
    if not is_record:
        return None
    record = RunRecord(data["command"], tuple(data["previous"]), data["inputs"], data["content"])
    return record if (record.path, record.text) == (path, source.text) else None


def _ordered(records: Mapping[str, RunRecord]) -> Iterator[RunRecord]:
    """Yield each record after those that it follows; digests cannot form a cycle, and ties go by digest."""
    left = dict(sorted(records.items()))
    while ready := [digest for digest, record in left.items() if not _waits(record.previous, left)]:
        yield left.pop(ready[0])


def _waits(previous: Iterable[str], left: Collection[str]) -> bool:
    return any(digest in left for digest in previous)


def _harmless(value: Any) -> Any:
    match value:
        case str():
            return show(value)
        case dict():
            return {show(str(key)): _harmless(item) for key, item in value.items()}
        case list() | tuple():
            return [_harmless(item) for item in value]
        case _:
            return value
