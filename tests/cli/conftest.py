"""Whole runs that need more than arguments: a terminal, a closed stream, a signal, limits on the process."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING, Protocol

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path
    from typing import IO


class Start(Protocol):
    """Start the real command and return its process, with stdout and stderr as pipes unless said otherwise."""

    def __call__(
        self,
        *arguments: str,
        cwd: Path,
        stdout: int | IO[bytes] = subprocess.PIPE,
        stderr: int | IO[bytes] = subprocess.PIPE,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> subprocess.Popen[bytes]: ...


class OnTerminal(Protocol):
    """Run the command on a pseudo terminal, 80 columns wide; return the exit code and what the terminal received."""

    def __call__(self, *arguments: str, cwd: Path, environment: Mapping[str, str] | None = None) -> tuple[int, str]: ...


@pytest.fixture
def start(clean_environment: dict[str, str]) -> Start:
    def start(
        *arguments: str,
        cwd: Path,
        stdout: int | IO[bytes] = subprocess.PIPE,
        stderr: int | IO[bytes] = subprocess.PIPE,
        environment: Mapping[str, str] | None = None,
        before: Callable[[], None] | None = None,
    ) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [sys.executable, "-m", "rrr_optimize", *arguments],
            cwd=cwd,
            env=clean_environment | dict(environment or {}),
            stdin=subprocess.DEVNULL,
            stdout=stdout,
            stderr=stderr,
            preexec_fn=before,  # noqa: PLW1509 - the tests start no threads
        )

    return start


@pytest.fixture
def on_terminal(start: Start) -> OnTerminal:
    def run(*arguments: str, cwd: Path, environment: Mapping[str, str] | None = None) -> tuple[int, str]:
        ours, theirs = os.openpty()
        process = start(
            *arguments, cwd=cwd, stdout=theirs, stderr=theirs, environment={"TERM": "xterm", **(environment or {})}
        )
        os.close(theirs)
        received = b""
        # Linux ends a terminal that nobody writes to any more with an error, others with nothing.
        try:
            while part := os.read(ours, 65536):
                received += part
        except OSError:
            pass
        os.close(ours)
        return process.wait(timeout=60), received.decode().replace("\r\n", "\n")

    return run
