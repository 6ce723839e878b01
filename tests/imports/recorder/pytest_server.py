"""Run pytest many times from one process that has imported it: one line of JSON for each run, in and out.

Each run is a fork, so that it begins with the modules that pytest itself has loaded, as its command does.
"""

from __future__ import annotations

import json
import os
import sys
import sysconfig
import traceback
from typing import Any

import pytest
import sitecustomize


def _run(job: dict[str, Any]) -> int:
    os.chdir(job["directory"])
    os.environ.update(job["environment"])
    sys.path[:] = job["path"] + [each for each in sys.path if each != os.path.dirname(__file__)]
    sys.path.insert(0, job["directory"] if job["is_module"] else sysconfig.get_path("scripts"))
    sys.argv = ["pytest", *job["arguments"]]
    recorder = sitecustomize.begin(job["environment"])
    code = int(pytest.main(job["arguments"], plugins=[_Late(recorder)]))
    recorder.end()
    return code


class _Late:
    """Calls the functions of the tree while the session lasts: at its end pytest takes its own entries back."""

    def __init__(self, recorder: sitecustomize.Recorder) -> None:
        self._recorder = recorder

    def pytest_sessionfinish(self) -> None:
        self._recorder.call_later()


def _fork(job: dict[str, Any]) -> int:
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
    for line in sys.stdin:
        print(_fork(json.loads(line)), flush=True)  # noqa: T201


if __name__ == "__main__":
    main()
