"""The real Python as a judge: start a program as a person would, and read what its imports reached."""

from __future__ import annotations

import json
import os
import posixpath
import subprocess
import sys
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from rrr_optimize.imports.program import Mode
from rrr_optimize.imports.search_path import EntryKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from rrr_optimize.imports.program import Program

_RECORDER = str(Path(__file__).resolve().parent / "recorder")
Place = tuple[str, str, int, bool]
"""File, name under which it is loaded, line, and whether a function was called at the end."""


@dataclass(frozen=True)
class Run:
    """What one real run reached: at each import the names and their files, and in the end all files with names.

    A namespace is "namespace a:b" with its folders, and "" is a name that nothing has. `asked` are the names that
    were looked for on a path, and not found among the loaded modules. `named` are the rows by the name that the
    import asks for, whatever its line.
    """

    code: int
    output: str
    at: Mapping[Place, Mapping[str, str]]
    asked: Mapping[Place, frozenset[str]]
    named: frozenset[tuple[str, str, str, str, str]]
    loaded: frozenset[tuple[str, str]]


def start(root: Path, program: Program, *, installed: Iterable[str] = ()) -> Run:
    """Run a program that stands below a root; `installed` are folders that are taken for site-packages."""
    root = root.resolve()
    outside = root.with_name(f"{root.name}-outside")
    outside.mkdir(exist_ok=True)
    told = outside / "told.json"
    told.unlink(missing_ok=True)
    front, behind = _around(program)
    sites = [*installed]
    if behind:
        sites.append(str(outside / "site"))
        (outside / "site").mkdir(exist_ok=True)
        (outside / "site" / "tree.pth").write_text("".join(f"{root / each}\n" for each in behind), encoding="utf-8")
    telling = {"TOLD": str(told), "TOLD_ROOT": str(root), "TOLD_SITE": os.pathsep.join(sites)}
    path = [str(root / each) for each in front]
    directory = str(root / program.directory)
    if program.mode in {Mode.PYTEST, Mode.PYTEST_MODULE}:
        code, output = _run_pytest(program, root, directory, path, telling)
    else:
        code, output = _run_python(program, directory, path, telling)
    return _read(told, code, output)


def _around(program: Program) -> tuple[list[str], list[str]]:
    """Return the folders of PYTHONPATH and of `.pth` files, which a program has before and behind the library."""
    folders = [entry.path if entry.kind is EntryKind.FOLDER else None for entry in program.path]
    front = folders[: folders.index(None)]
    behind = [each for each in folders[folders.index(None) :] if each is not None]
    is_own = program.mode in {Mode.SCRIPT, Mode.MODULE, Mode.PYTEST_MODULE}
    return [each for each in front if each is not None][1 if is_own else 0 :], behind


def _run_python(program: Program, directory: str, path: Sequence[str], telling: Mapping[str, str]) -> tuple[int, str]:
    (load,) = program.loads
    match program.mode:
        case Mode.SCRIPT:
            arguments = [os.path.relpath(load.path, program.directory)]
        case Mode.MODULE:
            arguments = ["-m", load.shown]
        case _:
            arguments = ["-c", f"import sys; sys.path.pop(0); import {load.module}"]
    environment = _clean() | dict(telling) | {"PYTHONPATH": os.pathsep.join([_RECORDER, *path]), "TOLD_ALONE": "1"}
    return _execute([sys.executable, *arguments], directory, environment)


def _run_pytest(
    program: Program, root: Path, directory: str, path: Sequence[str], telling: Mapping[str, str]
) -> tuple[int, str]:
    tests = [load.path for load in program.loads if not load.path.endswith(("conftest.py", "__init__.py"))]
    tests = tests or [posixpath.dirname(program.loads[-1].path) or "."]
    arguments = ["-p", "no:cacheprovider", "-q", *(os.path.relpath(root / each, directory) for each in tests)]
    output = f"{telling['TOLD']}.txt"
    job = {"arguments": arguments, "directory": directory, "path": path, "environment": dict(telling)}
    code = _pytest_server().ask(job | {"is_module": program.mode is Mode.PYTEST_MODULE, "output": output})
    return code, Path(output).read_text(encoding="utf-8")


def _execute(command: Sequence[str], directory: str, environment: Mapping[str, str]) -> tuple[int, str]:
    done = subprocess.run(command, cwd=directory, env=environment, capture_output=True, check=False, timeout=60)
    return done.returncode, done.stderr.decode("utf-8", "replace") + done.stdout.decode("utf-8", "replace")


def _clean() -> dict[str, str]:
    kept = {key: value for key, value in os.environ.items() if not key.startswith(("PYTHON", "COVERAGE", "PYTEST"))}
    return kept | {"PYTHONDONTWRITEBYTECODE": "1", "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}


class _PytestServer:
    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, str(Path(_RECORDER, "pytest_server.py"))],
            env=_clean() | {"PYTHONPATH": _RECORDER},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )

    def ask(self, job: Mapping[str, object]) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(job) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())

    def stop(self) -> None:
        self._process.communicate()


@cache
def _pytest_server() -> _PytestServer:
    return _PytestServer()


def stop_servers() -> None:
    """End the process that runs pytest, if there is one."""
    if _pytest_server.cache_info().currsize:
        _pytest_server().stop()
        _pytest_server.cache_clear()


def _read(told: Path, code: int, output: str) -> Run:
    assert told.exists(), output
    data = json.loads(told.read_text(encoding="utf-8"))
    at: dict[Place, dict[str, str]] = {}
    asked: dict[Place, set[str]] = {}
    named: set[tuple[str, str, str, str, str]] = set()
    for path, module, line, is_late, name, said in data["rows"]:
        place = (path, module, line, is_late)
        for each, text in said.items():
            where = text.removeprefix("looked for").strip()
            at.setdefault(place, {})[each] = where
            named.add((path, module, name, each, where))
            if text.startswith("looked for"):
                asked.setdefault(place, set()).add(each)
    return Run(
        code,
        output,
        at,
        {place: frozenset(names) for place, names in asked.items()},
        frozenset(named),
        frozenset((path, name) for path, name in data["loaded"]),
    )
