"""Whether what was read is still what is there."""

from __future__ import annotations

import os
import stat
from typing import TYPE_CHECKING

from rrr_optimize.errors import Problem
from rrr_optimize.transaction.record import Image
from rrr_optimize.workspace.reading import reason_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from rrr_optimize.transaction.filesystem import FileSystem
    from rrr_optimize.workspace.reader import Digest

PLAN_AGAIN = "plan again: what is to be written rests on what was read"
GONE = "it was read and is gone"
CHANGED = "it has changed since it was read"


def find_stale(root: Path, digests: Mapping[str, Digest], filesystem: FileSystem) -> Iterator[Problem]:
    """Yield a problem for each file, by its path from the root, that is not any more what was read."""
    for path, digest in digests.items():
        real = os.path.normpath(root / path)
        try:
            status = filesystem.lstat(real)
            data = filesystem.read(real)
        except (FileNotFoundError, NotADirectoryError):
            yield Problem(path, GONE, PLAN_AGAIN)
        except OSError as error:
            yield Problem(path, f"it cannot be read any more: {reason_of(error)}", PLAN_AGAIN)
        else:
            mode = stat.S_IMODE(status.st_mode) if status else 0
            if not Image(digest.sha256, digest.size, digest.mode).shows(data, mode):
                yield Problem(path, CHANGED, PLAN_AGAIN)
