"""Run pytest many times from one process that has imported it: one line of JSON for each run, in and out.

Each run is a fork, so that it begins with the modules that pytest itself has loaded, as its command does; where the
system cannot fork, it is a process of its own.
"""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import sysconfig
import traceback
from typing import Any

import pytest

# Python has loaded it already, from the folder of this file.
_recording: Any = importlib.import_module("sitecustomize")

_ONCE = "--once"


def _run(job: dict[str, Any]) -> int:
    os.chdir(job["directory"])
    os.environ.update(job["environment"])
    sys.path[:] = job["path"] + [each for each in sys.path if each != os.path.dirname(__file__)]
    sys.path.insert(0, job["directory"] if job["is_module"] else sysconfig.get_path("scripts"))
    sys.argv = ["pytest", *job["arguments"]]
    recorder = _recording.begin(job["environment"])
    code = int(pytest.main(job["arguments"], plugins=[_Late(recorder)]))
    recorder.end()
    return code


class _Late:
    """Calls the functions of the tree while the session lasts: at its end pytest takes its own entries back."""

    def __init__(self, recorder: Any) -> None:
        self._recorder = recorder

    def pytest_sessionfinish(self) -> None:
        self._recorder.call_later()


def _fork(job: dict[str, Any]) -> int:
    if not hasattr(os, "fork"):
        with open(job["output"], "w", encoding="utf-8") as output:
            command = [sys.executable, __file__, _ONCE]
            return subprocess.run(
                command, input=json.dumps(job), stdout=output, stderr=output, text=True, check=False
            ).returncode
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    code = 99
    try:
        with open(job["output"], "w", encoding="utf-8") as output:
            os.dup2(output.fileno(), 1)
            os.dup2(output.fileno(), 2)
            try:
                code = _run(job)
            except BaseException:
                traceback.print_exc()
            sys.stdout.flush()
            sys.stderr.flush()
    finally:
        os._exit(code)


def main() -> None:
    if _ONCE in sys.argv:
        sys.exit(_run(json.load(sys.stdin)))
    for line in sys.stdin:
        print(_fork(json.loads(line)), flush=True)


if __name__ == "__main__":
    main()
