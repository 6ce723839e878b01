"""A progress bar on stderr, for a person who waits: only on a terminal, and only when it takes long."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Self

from rrr_optimize.commands.streams import is_tty
from rrr_optimize.reporters import is_terminal

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType

    from rich.progress import Progress as Bar, TaskID

_PATIENCE = 0.7
"""Seconds without a word; rich is imported only after them."""


class Progress:
    """Call it with how many files are read, of how many. It shows nothing where nobody looks."""

    def __init__(self, environ: Mapping[str, str]) -> None:
        self._watched = is_terminal(environ, stream_is_tty=is_tty(sys.stderr))
        self._start = time.monotonic()
        self._bar: Bar | None = None
        self._task: TaskID | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._bar is not None:
            self._bar.stop()

    def __call__(self, done: int, total: int) -> None:
        """Tell that `done` of `total` files are read."""
        if not self._watched or (self._bar is None and time.monotonic() - self._start < _PATIENCE):
            return
        if self._bar is None:
            from rich.console import Console
            from rich.progress import Progress as Bar

            self._bar = Bar(console=Console(stderr=True), transient=True)
            self._task = self._bar.add_task("reading", total=total)
            self._bar.start()
        if self._task is not None:
            self._bar.update(self._task, completed=done)
