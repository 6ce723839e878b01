"""One JSON file in the cache folder of the user; never in the audited repository."""

from __future__ import annotations

import json
import os
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rrr_optimize.workspace.reading import UnreadableError, read_regular_file

if TYPE_CHECKING:
    from collections.abc import Mapping

_SIZE_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class UserCache:
    """A file that may be missing or broken: then it holds nothing. Without a path nothing is kept."""

    path: Path | None = None

    @classmethod
    def named(cls, name: str, environ: Mapping[str, str]) -> UserCache:
        """Return the file of a name in the user's cache folder (XDG Base Directory Specification)."""
        base = environ.get("XDG_CACHE_HOME") or environ.get("LOCALAPPDATA")
        if not base and environ.get("HOME"):
            base = f"{environ['HOME']}/.cache"
        return cls(Path(base) / "rrr-optimize" / name if base and Path(base).is_absolute() else None)

    def load(self) -> Any:
        """Return what the file holds, or None."""
        if self.path is None:
            return None
        try:
            return json.loads(read_regular_file(str(self.path), _SIZE_LIMIT).data)
        except (UnreadableError, ValueError, RecursionError):
            return None

    def save(self, data: Any) -> None:
        """Write data, if possible; the file is exchanged whole, so that runs at one time do no harm."""
        if self.path is None:
            return
        text = json.dumps(data, separators=(",", ":"))
        with suppress(OSError):
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            handle, name = tempfile.mkstemp(dir=self.path.parent)
            os.close(handle)
            try:
                Path(name).write_text(text, encoding="utf-8")
                Path(name).replace(self.path)
            except OSError:
                Path(name).unlink()

    def forget_others(self, beginning: str) -> None:
        """Remove the files beside this one whose names have the same beginning: those of other versions."""
        if self.path is None or not beginning:
            return
        with suppress(OSError):
            for other in self.path.parent.glob(f"{beginning}-*.json"):
                if other != self.path:
                    other.unlink(missing_ok=True)
