"""Replay what a program does to the search path and what it imports, and nothing else of it, in another process."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import threading
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_CHILD = Path(__file__).with_name("replay_child.py")
_OPTIONS = ("-I", "-S", "-B", "-X", "utf8", "-W", "ignore")
_MEMORY = 4 << 30


class ReplayError(Exception):
    """A replay that came to no end; the message says why."""


@dataclass(frozen=True, slots=True)
class ReplayLoad:
    """A file that a program begins with; paths are relative to the root.

    `before` and `behind` are entries that are put on the search path first, unless they are there.
    """

    path: str
    module: str
    package: str = ""
    before: tuple[str, ...] = ()
    behind: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ReplayProgram:
    """A program to replay: its files, the search path that it begins with, and where it is started.

    An entry of None is the standard library, a directory of None an empty folder somewhere else.
    """

    loads: tuple[ReplayLoad, ...]
    path: tuple[str | None, ...]
    directory: str | None = "."


Import = tuple[str, str, str, int, str, bool]
"""An import in a program: its file, the name under which that is loaded, how the import reads, how many above it in the
file read the same, the name that is looked up, and whether a function holds it."""
Reached = dict[Import, tuple[str, ...]]
"""What imports reach: a file, a name of a file, the standard library, a namespace, or nothing; usually just one."""


@dataclass(frozen=True, slots=True)
class Replayed:
    """What a program reaches before some edits and after them, for each thing that was taken for granted.

    `texts` tells for each edited file how often each import stands in it, before and after; None where it does not
    parse.
    """

    reached: Mapping[str, tuple[Reached, Reached]]
    texts: tuple[Mapping[str, Mapping[str, int] | None], Mapping[str, Mapping[str, int] | None]]


class Replayer(Protocol):
    """Replays programs."""

    def replay(
        self, root: Path, programs: Sequence[ReplayProgram], before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Replayed]:
        """Yield what each program reaches, in order, with these texts in place of what files hold.

        Nothing below the root is written. Raises ReplayError.
        """
        ...

    def close(self) -> None:
        """Give back what the replays needed."""
        ...


class PythonReplayer:
    """Replays with a Python, 3.8 or later, that is started for it and ended by `close`; implements Replayer.

    A program that takes longer than `time_limit` seconds or needs more than `memory` bytes ends the replay; the next
    one gets a new process.
    """

    def __init__(
        self,
        python: str = sys.executable,
        *,
        time_limit: float = 60.0,
        memory: int = _MEMORY,
        child: Path = _CHILD,
    ) -> None:
        self.python = python
        self._time_limit = time_limit
        self._memory = memory
        self._child = child
        self._process: _Process | None = None

    def replay(
        self, root: Path, programs: Sequence[ReplayProgram], before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Replayed]:
        """Yield what each program reaches; see Replayer."""
        self._process = self._process or _Process([self.python, *_OPTIONS, str(self._child)], self._time_limit)
        request = {
            "root": str(root),
            "memory": self._memory,
            "before": dict(before),
            "after": dict(after),
            "programs": [{**asdict(program), "empty": self._process.empty} for program in programs],
        }
        is_whole = False
        try:
            self._process.ask(json.dumps(request).encode() + b"\n")
            for _ in programs:
                yield _read_answer(self._process.answer())
            is_whole = True
        finally:
            if not is_whole:
                self.close()

    def close(self) -> None:
        """End the process, if there is one."""
        if self._process:
            self._process.end()
            self._process = None


class _Process:
    """A process that replays, in an empty folder of its own. Its methods raise ReplayError where it does not work."""

    def __init__(self, command: Sequence[str], time_limit: float) -> None:
        self._folder = tempfile.TemporaryDirectory()
        self._errors = tempfile.TemporaryFile()  # noqa: SIM115 - it lives as long as the process
        self._time_limit = time_limit
        self._is_late = False
        self.empty = self._folder.name
        try:
            self._process = subprocess.Popen(
                command,
                cwd=self.empty,
                env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=self._errors,
            )
        except OSError as error:
            self._folder.cleanup()
            self._errors.close()
            raise ReplayError(f"{command[0]} cannot be started: {error.strerror}") from None

    def ask(self, request: bytes) -> None:
        """Send a request; a process that died before it has read all is noticed when it does not answer."""
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.write(request)
                self._process.stdin.flush()

    def answer(self) -> bytes:
        """Return its next line, which has to come in time."""
        timer = threading.Timer(self._time_limit, self._stop)
        timer.start()
        try:
            line = self._process.stdout.readline() if self._process.stdout else b""
        finally:
            timer.cancel()
        if line.endswith(b"\n"):
            return line
        if self._is_late:
            raise ReplayError(f"the replay took longer than {self._time_limit:g} s")
        code = self._process.wait()
        end = f"by signal {-code}" if code < 0 else f"with exit code {code}"
        raise ReplayError(f"the replay ended {end}{_last_line(self._errors)}")

    def end(self) -> None:
        """Stop it, dead or alive."""
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            with suppress(OSError):
                if stream:
                    stream.close()
        self._process.wait()
        self._errors.close()
        self._folder.cleanup()

    def _stop(self) -> None:
        self._is_late = True
        self._process.kill()


def _last_line(errors: Any) -> str:
    errors.seek(0)
    lines = errors.read()[-2_000:].decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last}" if last else ""


def _read_answer(line: bytes) -> Replayed:
    try:
        answer = json.loads(line)
    except ValueError:
        raise ReplayError("the replay answered nonsense") from None
    if "error" in answer:
        raise ReplayError(f"the replay needs too much: {answer['error']}")
    return Replayed(
        {assumed: (_read_side(before), _read_side(after)) for assumed, (before, after) in answer["reached"].items()},
        tuple(answer["texts"]),
    )


def _read_side(rows: list[list[Any]]) -> Reached:
    return {
        (path, module, text, ordinal, name, late): tuple(found)
        for path, module, text, ordinal, name, late, found in rows
    }
