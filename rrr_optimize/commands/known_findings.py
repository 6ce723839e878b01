"""The baseline file of a run: where it lies, and what it holds back."""

from __future__ import annotations

import os
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.baseline import hold_back, read_baseline
from rrr_optimize.errors import BaselineError
from rrr_optimize.phrases import counted
from rrr_optimize.workspace.boundary import Boundary
from rrr_optimize.workspace.reading import UnreadableError, read_regular_file

if TYPE_CHECKING:
    from pathlib import Path

    from rrr_optimize.model import Finding

_SIZE_LIMIT = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class BaselineFile:
    """A baseline by the name that the user knows it by, and its place."""

    name: str
    path: Path

    def hold_back(self, findings: list[Finding], *, is_whole: bool) -> tuple[list[Finding], int, tuple[str, ...]]:
        """Return the findings that are new, how many were known, and what is to be said about the baseline.

        Part of the findings says nothing about what is gone from the whole, hence `is_whole`. Raises BaselineError.
        """
        new, held_back, gone = hold_back(findings, read_baseline(self._read(), self.name))
        stale = f"{counted(gone, 'finding')} of the baseline no longer found; write it again"
        return new, held_back, (stale,) if gone and is_whole else ()

    def _read(self) -> str:
        hint = "write one with --baseline FILE --write-baseline"
        if not os.path.lexists(self.path):
            raise BaselineError(f"the baseline {self.name} does not exist", hint)
        try:
            return read_regular_file(os.path.realpath(self.path), _SIZE_LIMIT).data.decode("utf-8")
        except UnreadableError as error:
            raise BaselineError(f"the baseline {self.name} cannot be read: {error.reason}", hint) from None
        except UnicodeDecodeError:
            raise BaselineError(f"{self.name} is not a baseline", hint) from None


def find_baseline(said: str | None, configured: str | None, root: Path, cwd: Path) -> BaselineFile | None:
    """Return the baseline that the command line or else the configuration names.

    On the command line a path is relative to where the command runs, in a file to the root that it configures. Raises
    BaselineError for a configured one outside the root: a repository does not choose what else is read or overwritten.
    """
    if said:
        return BaselineFile(said, cwd / said)
    if not configured:
        return None
    path = root / configured
    if not Boundary(str(root)).holds(os.path.realpath(path)):
        raise BaselineError(f"the baseline {configured} lies outside the root", "name it with --baseline FILE")
    return BaselineFile(configured, path)
