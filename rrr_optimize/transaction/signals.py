"""Signals that ask for an end, held until the files are in a state to stand."""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType

_NAMES = ("SIGINT", "SIGTERM", "SIGHUP")


class Interrupted(BaseException):
    """Somebody asked for an end."""


class HeldSignals:
    """Notes signals instead of acting on them, so that no step is cut in two; `check` acts on them between steps."""

    def __init__(self) -> None:
        self.noted = False
        self._at_once = False

    def check(self) -> None:
        """Raise Interrupted if a signal came."""
        if self.noted:
            raise Interrupted

    @contextmanager
    def at_once(self) -> Iterator[None]:
        """Raise Interrupted wherever a signal arrives: for what may take long and changes nothing of ours."""
        self._at_once = True
        try:
            self.check()
            yield
        finally:
            self._at_once = False

    def note(self, _number: int, _frame: FrameType | None) -> None:
        """Handle a signal."""
        self.noted = True
        if self._at_once:
            # Only once: the second one must not disturb what follows the first.
            self._at_once = False
            raise Interrupted


@contextmanager
def hold_signals() -> Iterator[HeldSignals]:
    """Hold Ctrl-C, SIGTERM and SIGHUP; what this process ignores already it goes on to ignore."""
    held = HeldSignals()
    before = {}
    # Elsewhere than in the main thread Python neither sets handlers nor runs them.
    if threading.current_thread() is threading.main_thread():
        for number in (getattr(signal, name) for name in _NAMES if hasattr(signal, name)):
            if signal.getsignal(number) not in {signal.SIG_IGN, None}:
                before[number] = signal.signal(number, held.note)
    try:
        yield held
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
