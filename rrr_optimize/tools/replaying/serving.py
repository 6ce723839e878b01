"""Answer the programs that standard input names, each with what its imports reach before and after some edits."""

from __future__ import annotations

import json
import os
import sys
import threading
from typing import IO, TYPE_CHECKING, Any

from .finding import is_fixed, library_path
from .reading import Source
from .running import Assumed, Run

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_DEEPEST = 20_000
_STACK = 256 << 20


def serve(questions: IO[bytes], answers: IO[bytes]) -> None:
    """Write a line of JSON for each program of the request, in order."""
    request = json.loads(questions.read())
    _limit(int(request["memory"]))
    sys.setrecursionlimit(_DEEPEST)
    threading.stack_size(_STACK)
    thread = threading.Thread(target=_answer_all, args=(request, answers))
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


def _answer_all(request: Mapping[str, Any], answers: IO[bytes]) -> None:
    session = _Session(request)
    for program in request["programs"]:
        try:
            answer = session.compare(program)
        except (MemoryError, RecursionError) as error:
            answer = {"error": f"{type(error).__name__}"}
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


class _Session:
    """Runs programs one after the other, each as if nothing had been imported; files are read once."""

    def __init__(self, request: Mapping[str, Any]) -> None:
        self._root = os.path.realpath(request["root"])
        self._texts: tuple[dict[str, str], dict[str, str]] = (request["before"], request["after"])
        self._library = library_path(sys.path)
        self._modules = dict(sys.modules)
        self._files: dict[tuple[str, bool], Source] = {}

    def compare(self, program: Mapping[str, Any]) -> dict[str, Any]:
        """Return what is reached before and after, for each thing that may be assumed."""
        usual = [self._run(program, side, Assumed()) for side in (0, 1)]
        found: dict[str, Any] = {"usual": [_tell(run) for run in usual]}
        others = {
            "not installed": (any(run.importer.found_missing for run in usual), {"missing": True}),
            "no condition holds": (any(run.found_condition for run in usual), {"maybe": False}),
            "functions run at once": (any(run.found_late for run in usual), {"at_once": True}),
        }
        for name, (is_asked, assumed) in others.items():
            if is_asked:
                found[name] = [_tell(self._run(program, side, Assumed(**assumed))) for side in (0, 1)]
        texts = [
            {path: self._read(os.path.join(self._root, path), side).texts for path in self._texts[1]} for side in (0, 1)
        ]
        return {"reached": found, "texts": texts}

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
        key = (place, text is not None and bool(side))
        if key not in self._files:
            self._files[key] = Source(_bytes_of(path) if text is None else text)
        return self._files[key]


def _bytes_of(path: str) -> bytes:
    try:
        with open(path, "rb") as stream:
            return stream.read()
    except OSError:
        return b"("


def _tell(run: Run) -> list[Any]:
    return [[*key, origins] for key, origins in run.importer.records.items()]
