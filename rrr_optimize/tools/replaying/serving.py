"""Answer the programs that standard input names, each with what its imports reach before and after some edits."""

from __future__ import annotations

import json
import os
import sys
import threading
from contextlib import contextmanager
from typing import IO, TYPE_CHECKING, Any

from .finding import is_fixed, library_path
from .reading import Source
from .running import Run
from .statements import Assumed

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST = 20_000
_STACK = 256 << 20
_MOST_KNOWN = 300


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Answer each line of JSON, a request, with a line for each of its programs, in order."""
    sys.setrecursionlimit(_DEEPEST)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_answer_all, args=(questions, answers))
    thread.start()
    thread.join()


def _limit(memory: int) -> None:
    """Take no more memory than that, and be unable to write a file, where the system can see to it."""
    try:
        import resource
    except ImportError:
        return
    for kind, most in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
        hard = resource.getrlimit(kind)[1]
        least = most if hard == resource.RLIM_INFINITY else min(most, hard)
        try:
            resource.setrlimit(kind, (least, hard))
        except (OSError, ValueError):
            continue


def _answer_all(questions: IO[bytes], answers: IO[bytes]) -> None:
    session: _Session | None = None
    for line in questions:
        request = json.loads(line)
        if session is None:
            _limit(int(request["memory"]))
            session = _Session(request["root"])
        session.lay_over(request["before"], request["after"])
        for program in request["programs"]:
            try:
                answer = session.compare(program)
            except (MemoryError, RecursionError) as error:
                answer = {"error": f"{type(error).__name__}"}
            answers.write(json.dumps(answer).encode() + b"\n")
            answers.flush()


class _Outcome:
    """What is kept of a run."""

    def __init__(self, run: Run) -> None:
        self.rows = [[*key, origins] for key, origins in run.importer.records.items()]
        self.loaded = run.loaded
        self.found_missing = run.importer.found_missing
        self.found_condition, self.found_late = run.found_condition, run.found_late


class _Session:
    """Runs programs one after the other, each as if nothing had been imported; files are read once."""

    def __init__(self, root: str) -> None:
        self._root = os.path.realpath(root)
        self._texts: tuple[dict[str, str], dict[str, str]] = ({}, {})
        self._library = library_path(sys.path)
        self._own = (dict(sys.modules), list(sys.path), list(sys.meta_path))
        self._files: dict[tuple[str, str | None], Source] = {}
        self._known: dict[str, _Outcome] = {}

    def lay_over(self, before: dict[str, str], after: dict[str, str]) -> None:
        """Put texts in place of what files hold, before the edits and after them."""
        if any(self._texts[0].get(path, text) != text for path, text in before.items()):
            self._known.clear()
        self._texts = ({**self._texts[0], **before}, after)

    def compare(self, program: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is reached before and after, for each thing that may be assumed."""
        usual = self._pair(program)
        found: dict[str, Any] = {"usual": [run.rows for run in usual]}
        others: dict[str, tuple[bool, dict[str, bool]]] = {
            "not installed": (any(run.found_missing for run in usual), {"missing": True}),
            "no condition holds": (any(run.found_condition for run in usual), {"maybe": False}),
            "functions run at once": (any(run.found_late for run in usual), {"at_once": True}),
        }
        for name, (is_asked, assumed) in others.items():
            if is_asked:
                found[name] = [run.rows for run in self._pair(program, **assumed)]
        texts = [
            {path: self._read(os.path.join(self._root, path), side).texts for path in self._texts[1]} for side in (0, 1)
        ]
        return {"reached": found, "texts": texts}

    def _pair(self, program: Mapping[str, Any], **assumed: bool) -> tuple[_Outcome, _Outcome]:
        """Return the runs before and after; where no edited file is loaded they are one."""
        key = json.dumps([program, assumed])
        if key not in self._known:
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()
            self._known[key] = _Outcome(self._run(program, 0, Assumed(**assumed)))
        before = self._known[key]
        is_touched = any(path in self._texts[1] for path in before.loaded)
        return before, _Outcome(self._run(program, 1, Assumed(**assumed))) if is_touched else before

    def _run(self, program: Mapping[str, Any], side: int, assumed: Assumed) -> Run:
        directory = program["directory"]
        os.chdir(os.path.join(self._root, directory) if directory is not None else os.path.realpath(program["empty"]))
        run = Run(self._root, lambda path: self._read(path, side), assumed)
        kept = (dict(sys.modules), list(sys.path), list(sys.meta_path))
        sys.path[:] = list(self._entries(program["path"]))
        sys.meta_path[:] = [run.finder]
        for name in [name for name in sys.modules if not is_fixed(name.partition(".")[0])]:
            del sys.modules[name]
        for entry in [entry for entry in sys.path_importer_cache if not os.path.isabs(entry)]:
            del sys.path_importer_cache[entry]
        try:
            for load in program["loads"]:
                before = list(self._entries(load["before"]))
                if sys.path[: len(before)] != before:
                    sys.path[:0] = before
                sys.path += [entry for entry in self._entries(load["behind"]) if entry not in sys.path]
                run.load(os.path.join(self._root, load["path"]), load["module"], load["package"])
            run.finish()
        finally:
            sys.modules.clear()
            sys.modules.update(kept[0])
            sys.path[:], sys.meta_path[:] = kept[1], kept[2]
        return run

    @contextmanager
    def _aside(self) -> Iterator[None]:
        """Put our own modules in the place of those that are replayed: what parses may import when it is called."""
        modules, path, finders = dict(sys.modules), list(sys.path), list(sys.meta_path)
        sys.modules.update(self._own[0])
        sys.path[:], sys.meta_path[:] = self._own[1:]
        try:
            yield
        finally:
            sys.modules.clear()
            sys.modules.update(modules)
            sys.path[:], sys.meta_path[:] = path, finders

    def _entries(self, entries: list[str | None]) -> Iterator[str]:
        """Yield the entries of the search path; None stands for the standard library."""
        for entry in entries:
            if entry is None:
                yield from self._library
            else:
                yield os.path.normpath(os.path.join(self._root, entry))

    def _read(self, path: str, side: int) -> Source:
        place = os.path.relpath(path, self._root).replace(os.sep, "/")
        text = self._texts[side].get(place)
        if (place, text) not in self._files:
            with self._aside():
                self._files[place, text] = Source(_bytes_of(path) if text is None else text)
        return self._files[place, text]


def _bytes_of(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b"("
