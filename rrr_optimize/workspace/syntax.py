"""What is asked of a Python parser, and what a file once held; `tools` brings the real ones."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rrr_optimize.workspace.snapshot import Snapshot


@dataclass(frozen=True, slots=True)
class SyntaxFault:
    """Why the running Python does not parse a file: line and column from 1, and its own words."""

    line: int
    column: int
    message: str


@dataclass(frozen=True, slots=True)
class Version:
    """A content that a file had: the commit and branch, if any, that name it, its day, and its bytes."""

    commit: str
    day: str
    branch: str
    data: bytes


class SyntaxChecker(Protocol):
    """Tells which Python files the running Python does not parse; nothing of them is run."""

    def check_files(
        self, snapshot: Snapshot, paths: Sequence[str], on_file: Callable[[int, int], None] | None = None
    ) -> dict[str, SyntaxFault]:
        """Return the faults by path; a file that cannot be read is left out, and the snapshot says why."""
        ...

    def check_texts(self, texts: Sequence[bytes]) -> list[SyntaxFault | None]:
        """Return the fault of each text, None for one that parses."""
        ...
