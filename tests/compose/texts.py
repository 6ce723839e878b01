"""Files of a folder, read as a snapshot reads them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize.source import SourceText

if TYPE_CHECKING:
    from rrr_optimize.model import NotAnalysed


class Texts:
    """Paths are absolute."""

    not_analysed: tuple[NotAnalysed, ...] = ()

    def is_file(self, path: str) -> bool:
        return Path(path).is_file()

    def text(self, path: str) -> SourceText | None:
        return SourceText.decode(path, Path(path).read_bytes())
