"""Remember which texts the running Python parses, in the cache folder of the user; never in the audited repository."""

from __future__ import annotations

import json
import os
import sys
import tempfile
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize.workspace.reading import UnreadableError, read_regular_file
from rrr_optimize.workspace.syntax import SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Mapping

_WORTH_WRITING = 200
_SIZE_LIMIT = 64 * 1024 * 1024


@dataclass(slots=True)
class SyntaxCache:
    """Verdicts by the digest of a text, or of the state of its file; None is one that parses.

    Without a folder nothing outlives the run. A cache that cannot be read or written is none: the run goes on, only
    slower. With more than `limit` verdicts only those are kept that this run had a use for.
    """

    folder: Path | None = None
    limit: int = 300_000
    verdicts: dict[str, SyntaxFault | None] = field(default_factory=dict)
    _used: set[str] = field(default_factory=set)
    _learned: int = 0

    @classmethod
    def of_user(cls, environ: Mapping[str, str]) -> SyntaxCache:
        """Return the cache in the user's cache folder (XDG Base Directory Specification), with what it knows."""
        base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
        if not base and environ.get("HOME"):
            base = f"{environ['HOME']}/.cache"
        cache = cls(Path(base) / "rrr-optimize" if base and Path(base).is_absolute() else None)
        cache.verdicts = cache._load()
        return cache

    def learn(self, key: str, fault: SyntaxFault | None) -> None:
        """Remember a new verdict."""
        self.verdicts[key] = fault
        self._used.add(key)
        self._learned += 1

    def recall(self, key: str) -> SyntaxFault | None:
        """Return a verdict that is known, and keep it."""
        self._used.add(key)
        return self.verdicts[key]

    def save(self) -> None:
        """Write what is known, if enough is new; the file is exchanged whole, so that runs at one time do no harm."""
        if self.folder is None or self._learned < _WORTH_WRITING:
            return
        kept = self.verdicts if len(self.verdicts) <= self.limit else {key: self.verdicts[key] for key in self._used}
        faults = {key: (fault.line, fault.column, fault.message) for key, fault in kept.items() if fault}
        text = json.dumps({"faults": faults, "fine": [key for key, fault in kept.items() if not fault]})
        with suppress(OSError):
            self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.folder)
            os.close(handle)
            try:
                Path(name).write_text(text, encoding="utf-8")
                Path(name).replace(self.file)
            except OSError:
                Path(name).unlink()
        self._learned = 0

    @property
    def file(self) -> Path:
        """The file of this Python."""
        # Another Python has another grammar.
        return (self.folder or Path()) / f"syntax-{sys.implementation.cache_tag}-{sys.hexversion:x}.json"

    def _load(self) -> dict[str, SyntaxFault | None]:
        if self.folder is None:
            return {}
        try:
            data = json.loads(read_regular_file(str(self.file), _SIZE_LIMIT).data)
            faults = {
                str(key): SyntaxFault(int(at), int(column), str(said))
                for key, (at, column, said) in data["faults"].items()
            }
            return dict.fromkeys(map(str, data["fine"])) | faults
        except (UnreadableError, ValueError, KeyError, TypeError, AttributeError):
            return {}
