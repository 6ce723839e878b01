"""Ask the running Python which files it parses: in processes of their own, on every core, and remembered."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import time
from collections import deque
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rrr_optimize.tools.syntax_cache import SyntaxCache
from rrr_optimize.tools.syntax_worker import find_fault
from rrr_optimize.workspace.memory import key_of, key_of_state
from rrr_optimize.workspace.syntax import SyntaxFault

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from rrr_optimize.workspace.snapshot import Snapshot

    Tell = Callable[[SyntaxFault | None], None]
    Task = tuple[bytes, Tell]

_WORKER = Path(__file__).with_name("syntax_worker.py")
_TEXTS_PER_WORKER = 40
_AHEAD = 8
_CRASHES = SyntaxFault(1, 1, "Python's parser crashes on it, or takes too long")


def _count_cores() -> int:
    # A container may have fewer cores than the machine; where that cannot be asked, all of them count.
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(slots=True)
class PythonSyntax:
    """The grammar of the running Python; implements `workspace.syntax.SyntaxChecker`.

    A text is parsed in a worker process: where the parser crashes on it or takes longer than `time_limit` seconds,
    that is a fault of the text, and the next one gets a new worker. Nothing of a text is run.
    `command` starts a worker.
    """

    cache: SyntaxCache = field(default_factory=SyntaxCache)
    time_limit: float = 20.0
    command: tuple[str, ...] = (sys.executable, "-I", "-S", "-X", "utf8", str(_WORKER))
    workers: int = field(default_factory=_count_cores)

    def check_files(
        self, snapshot: Snapshot, paths: Sequence[str], on_file: Callable[[int, int], None] | None = None
    ) -> dict[str, SyntaxFault]:
        """Return the faults by path; a file that cannot be read is left out, and the snapshot says why."""
        found: dict[str, SyntaxFault] = {}

        def read() -> Iterator[Task]:
            for number, path in enumerate(paths, start=1):
                if on_file:
                    on_file(number, len(paths))
                tell = partial(_note, found, path)
                key = key_of_state(snapshot, path)
                if key in self.cache.verdicts:
                    # What the file holds is known without reading it.
                    tell(self.cache.recall(key))
                elif (data := snapshot.peek(path)) is not None:
                    yield data, partial(self._learn, key, tell) if key else tell

        self._check(read(), len(paths))
        self.cache.save()
        return found

    def check_texts(self, texts: Sequence[bytes]) -> list[SyntaxFault | None]:
        """Return the fault of each text, None for one that parses."""
        found: dict[int, SyntaxFault] = {}
        tasks = ((text, partial(_note, found, number)) for number, text in enumerate(texts))
        self._check(tasks, len(texts))
        return [found.get(number) for number in range(len(texts))]

    def _check(self, tasks: Iterator[Task], count: int) -> None:
        unknown = self._look_up(tasks)
        lock = threading.Lock()

        def take() -> Task | None:
            with lock:
                return next(unknown, None)

        number = max(1, min(self.workers, count // _TEXTS_PER_WORKER))
        threads = [
            threading.Thread(target=_serve, args=(take, self.command, self.time_limit), daemon=True)
            for _ in range(number)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def _look_up(self, tasks: Iterator[Task]) -> Iterator[Task]:
        """Answer what is known already, and pass on the rest."""
        for data, tell in tasks:
            key = key_of(data)
            if key in self.cache.verdicts:
                tell(self.cache.recall(key))
            else:
                yield data, partial(self._learn, key, tell)

    def _learn(self, key: str, tell: Tell, fault: SyntaxFault | None) -> None:
        self.cache.learn(key, fault)
        tell(fault)


def _note(found: dict[Any, SyntaxFault], key: object, fault: SyntaxFault | None) -> None:
    if fault:
        found[key] = fault


def _serve(take: Callable[[], Task | None], command: tuple[str, ...], time_limit: float) -> None:
    """Give texts to a worker until there are no more, and a new worker for each that dies."""
    waiting: deque[Task] = deque()
    task = take()
    while task or waiting:
        try:
            worker = _Worker(command, time_limit)
        except OSError:
            _parse_here(task, waiting, take)
            return
        try:
            for data, _ in waiting:
                worker.send(data)
            while task or waiting:
                while task and len(waiting) < _AHEAD:
                    waiting.append(task)
                    data, task = task[0], take()
                    worker.send(data)
                fault = worker.receive()
                waiting.popleft()[1](fault)
        except (OSError, EOFError):
            # It answers in order, so it died of the first text that it has not answered.
            waiting.popleft()[1](_CRASHES)
        finally:
            worker.end()


def _parse_here(task: Task | None, waiting: deque[Task], take: Callable[[], Task | None]) -> None:
    """Parse in our own process, where the system lets us start no other."""
    while waiting or task:
        data, tell = waiting.popleft() if waiting else (task or (b"", _forget))
        fault = find_fault(data)
        tell(SyntaxFault(*fault) if fault else None)
        task = task if waiting else take()


def _forget(fault: SyntaxFault | None) -> None:
    del fault


class _Worker:
    """A process that parses, and a watch over it. `send` and `receive` raise OSError or EOFError when it is dead."""

    def __init__(self, command: tuple[str, ...], time_limit: float) -> None:
        self._process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
        )
        self._unanswered = 0
        self._last_sign = time.monotonic()
        self._is_over = threading.Event()
        threading.Thread(target=self._watch, args=(time_limit,), daemon=True).start()

    def send(self, data: bytes) -> None:
        """Give it a text."""
        stream = self._process.stdin
        if not self._unanswered:
            self._last_sign = time.monotonic()
        self._unanswered += 1
        if stream is None:
            raise EOFError
        stream.write(len(data).to_bytes(8, "big") + data)
        stream.flush()

    def receive(self) -> SyntaxFault | None:
        """Return its next answer."""
        line = self._process.stdout.readline() if self._process.stdout else b""
        if not line.endswith(b"\n"):
            raise EOFError
        self._unanswered -= 1
        self._last_sign = time.monotonic()
        return SyntaxFault(*json.loads(line)) if line.strip() else None

    def end(self) -> None:
        """Stop it, dead or alive."""
        self._is_over.set()
        self._process.kill()
        for stream in (self._process.stdin, self._process.stdout):
            # What it was still to be given is lost with it.
            with suppress(OSError):
                if stream:
                    stream.close()
        self._process.wait()

    def _watch(self, time_limit: float) -> None:
        while not self._is_over.wait(1.0):
            if self._unanswered and time.monotonic() - self._last_sign > time_limit:
                self._process.kill()
