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


@dataclass(frozen=True, slots=True)
class PythonReplayer:
    """Replays with a Python, 3.8 or later, that is started for it; implements Replayer.

    A program that takes longer than `time_limit` seconds ends the replay, and so does one that needs `memory` bytes.
    """

    python: str = sys.executable
    time_limit: float = 60.0
    memory: int = _MEMORY
    child: Path = _CHILD

    def replay(
        self, root: Path, programs: Sequence[ReplayProgram], before: Mapping[str, str], after: Mapping[str, str]
    ) -> Iterator[Replayed]:
        """Yield what each program reaches; see Replayer."""
        with tempfile.TemporaryDirectory() as empty:
            request = {
                "root": str(root),
                "memory": self.memory,
                "before": dict(before),
                "after": dict(after),
                "programs": [{**asdict(program), "empty": empty} for program in programs],
            }
            yield from self._run(json.dumps(request).encode(), len(programs), empty)

    def _run(self, request: bytes, count: int, folder: str) -> Iterator[Replayed]:
        with tempfile.TemporaryFile() as errors:
            try:
                process = subprocess.Popen(
                    [self.python, *_OPTIONS, str(self.child)],
                    cwd=folder,
                    env={name: value for name, value in os.environ.items() if not name.startswith("PYTHON")},
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    stderr=errors,
                )
            except OSError as error:
                raise ReplayError(f"{self.python} cannot be started: {error.strerror}") from None
            try:
                answers = _Answers(process, self.time_limit)
                answers.ask(request)
                for _ in range(count):
                    line = answers.next()
                    if not line.endswith(b"\n"):
                        raise ReplayError(answers.why() + _last_line(errors))
                    yield _read_answer(line)
            finally:
                _end(process)


class _Answers:
    """The lines that a process answers, each of which has to come in time."""

    def __init__(self, process: subprocess.Popen[bytes], time_limit: float) -> None:
        self._process = process
        self._time_limit = time_limit
        self._is_late = False

    def ask(self, request: bytes) -> None:
        # A process that dies before it has read everything is noticed when it does not answer.
        with suppress(OSError):
            if self._process.stdin:
                self._process.stdin.write(request)
                self._process.stdin.close()

    def next(self) -> bytes:
        """Return the next line; one without an end is none."""
        timer = threading.Timer(self._time_limit, self._stop)
        timer.start()
        try:
            return self._process.stdout.readline() if self._process.stdout else b""
        finally:
            timer.cancel()

    def why(self) -> str:
        """Return why there is no further line."""
        if self._is_late:
            return f"the replay took longer than {self._time_limit:g} s"
        code = self._process.wait()
        return f"the replay was ended by signal {-code}" if code < 0 else f"the replay ended with exit code {code}"

    def _stop(self) -> None:
        self._is_late = True
        self._process.kill()


def _end(process: subprocess.Popen[bytes]) -> None:
    process.kill()
    for stream in (process.stdin, process.stdout):
        with suppress(OSError):
            if stream:
                stream.close()
    process.wait()


def _last_line(errors: Any) -> str:
    errors.seek(0)
    lines = errors.read()[-2_000:].decode("utf-8", "replace").split("\n")
    last = next((line.strip() for line in reversed(lines) if line.strip()), "")
    return f": {last}" if last else ""


def _read_answer(line: bytes) -> Replayed:
    answer = json.loads(line)
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
