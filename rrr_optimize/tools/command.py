"""Run a command that the person at the command line has asked for by name."""

from __future__ import annotations

import os
import signal
import subprocess
import tempfile
from contextlib import suppress
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

_TAIL = 64 * 1024
_PATIENCE = 5.0
_FOREVER = 10.0**9


@dataclass(frozen=True, slots=True)
class Ended:
    """A command that has ended: its exit code, negative for a signal, and the end of what it wrote to both streams."""

    code: int
    output: str


def run_command(words: Sequence[str], folder: Path) -> Ended:
    """Run a command in a folder, without input and for as long as it takes, and return how it ended.

    Whatever is raised while it runs ends it, and what it has started with it. Raises OSError if it cannot be started.
    """
    # Not a pipe: its reader would have to wait for every process that inherits it.
    with tempfile.TemporaryFile() as output:
        process = subprocess.Popen(
            words,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        try:
            # With a limit Python looks again and again; without one, a signal that comes just before it begins to wait
            # would be seen only when the command ends.
            code = process.wait(_FOREVER)
        except BaseException:
            end_process(process)
            raise
        return Ended(code, _tail(output))


def end_process(process: subprocess.Popen[bytes]) -> None:
    """Ask a command to end, and make it."""
    _signal(process, signal.SIGTERM)
    try:
        process.wait(_PATIENCE)
    except subprocess.TimeoutExpired:
        _signal(process, getattr(signal, "SIGKILL", signal.SIGTERM))
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        if hasattr(os, "killpg"):
            os.killpg(process.pid, number)
        else:
            process.send_signal(number)


def _tail(stream: IO[bytes]) -> str:
    size = stream.seek(0, os.SEEK_END)
    stream.seek(max(0, size - _TAIL))
    return stream.read().decode("utf-8", "replace")
