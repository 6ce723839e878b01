"""Ask Docker Compose what it makes of the files of a project, without an engine and without a network.

`docker compose config` starts nothing, but it reads what the files name and fetches what they include from elsewhere.
So it sees a temporary copy of the project's own files and nothing else, is never asked about remote includes, has
them switched off all the same, and inherits no variable but those by which programs are found.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from rrr_optimize.tools.command import end_process

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

_OLDEST = 2
_VERSION = re.compile(r"v?(?P<whole>(?P<major>\d+)\.\d+[\w.+-]*)")
# How programs are found, and where the `docker` program looks for its plugins.
_INHERITED = ("PATH", "HOME", "USERPROFILE", "DOCKER_CONFIG", "SYSTEMROOT", "PROGRAMFILES", "PROGRAMDATA", "PATHEXT")
_VARIABLES = {
    "COMPOSE_EXPERIMENTAL_GIT_REMOTE": "false",
    "COMPOSE_EXPERIMENTAL_OCI_REMOTE": "false",
    "DOCKER_CLI_HINTS": "false",
    "GIT_ALLOW_PROTOCOL": "none",
    "GIT_TERMINAL_PROMPT": "0",
    "LC_ALL": "C",
}
_WARNING = re.compile(r'time="[^"]*" level=')
_MOST = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class ComposeQuestion:
    """What Compose is given: all files that there are, by their paths, and what its command line says.

    Paths are POSIX and relative to a root that is Compose's alone; one that leads out of it is not given. `variables`
    are set in its environment.
    """

    texts: Mapping[str, bytes]
    files: tuple[str, ...]
    directory: str
    profiles: tuple[str, ...] = ()
    variables: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ComposeAnswer:
    """The model as Compose prints it, variables left as they are, and why it refuses the files with them filled in.

    `model` is None where it cannot even print one. `refusal` is empty where it accepts them.
    """

    model: Any
    refusal: str


class ComposeUnavailableError(Exception):
    """There is nobody to ask, or no answer in time; the message says which."""


class ModelReader(Protocol):
    """Who reads Compose files as Docker Compose does."""

    @property
    def version(self) -> str:
        """Its version. Raises ComposeUnavailableError where there is none, or an old one."""
        ...

    def ask(self, question: ComposeQuestion) -> ComposeAnswer:
        """Return its answer. Raises ComposeUnavailableError where it gives none."""
        ...


@dataclass(frozen=True)
class DockerCompose:
    """The `docker compose` plugin or the `docker-compose` program on the PATH, version 2 or later.

    `time_limit` is in seconds for one call.
    """

    environ: Mapping[str, str]
    time_limit: float = 20.0

    @property
    def version(self) -> str:
        """Its version. Raises ComposeUnavailableError where there is none, or an old one."""
        return self._found[1]

    def ask(self, question: ComposeQuestion) -> ComposeAnswer:
        """Return what it says of a copy of the files. Raises ComposeUnavailableError where it gives no answer."""
        with tempfile.TemporaryDirectory(prefix="rrr-optimize-") as name:
            # Deep, so that `../..` of a file of the root stays inside; named, since a project is called by its folder.
            folder = Path(name).resolve() / "1/2/3/4/project"
            _lay_out(folder, question)
            words = [*self._found[0], *_options(folder, question), "config"]
            code, printed, said = self._run([*words, "--format", "json", "--no-interpolate"], folder)
            model = _read_model(printed) if code == 0 else None
            if model is None:
                return ComposeAnswer(None, _clean(said, folder))
            code, _, said = self._run([*words, "--quiet"], folder, question.variables)
            return ComposeAnswer(_without(model, str(folder)), _clean(said, folder) if code else "")

    @cached_property
    def _found(self) -> tuple[tuple[str, ...], str]:
        seen = ""
        for name, *more in (("docker", "compose"), ("docker-compose",)):
            # A relative folder on the PATH would lead into the repository.
            folders = [each for each in self.environ.get("PATH", "").split(os.pathsep) if Path(each).is_absolute()]
            program = shutil.which(name, path=os.pathsep.join(folders)) if folders else None
            if program is None:
                continue
            code, printed, _ = self._run([program, *more, "version", "--short"], Path(program).parent)
            match = _VERSION.fullmatch(printed.strip())
            if code == 0 and match and int(match["major"]) >= _OLDEST:
                return (program, *more), match["whole"]
            seen = f", only {match['whole']}" if match else seen
        raise ComposeUnavailableError(f"Docker Compose {_OLDEST} or later was not found{seen}")

    def _run(
        self, words: Sequence[str], folder: Path, variables: Mapping[str, str] | None = None
    ) -> tuple[int, str, str]:
        """Run a command and return its exit code and both of its streams."""
        inherited = {name: self.environ[name] for name in _INHERITED if name in self.environ}
        # Not pipes: their readers would have to wait for every process that inherits them.
        with tempfile.TemporaryFile() as printed, tempfile.TemporaryFile() as said:
            try:
                process = subprocess.Popen(
                    words,
                    cwd=folder,
                    env={**(variables or {}), **inherited, **_VARIABLES},
                    stdin=subprocess.DEVNULL,
                    stdout=printed,
                    stderr=said,
                    start_new_session=True,
                )
            except OSError as error:
                raise ComposeUnavailableError(f"Docker Compose cannot be started: {error.strerror}") from None
            try:
                code = process.wait(self.time_limit)
            except subprocess.TimeoutExpired:
                end_process(process)
                raise ComposeUnavailableError(f"Docker Compose gave no answer in {self.time_limit:g} seconds") from None
            except BaseException:
                end_process(process)
                raise
            streams = []
            for stream in (printed, said):
                stream.seek(0)
                streams.append(stream.read(_MOST).decode("utf-8", "replace"))
            return code, streams[0], streams[1]


def _lay_out(folder: Path, question: ComposeQuestion) -> None:
    top = folder.parents[4]
    (folder / question.directory).mkdir(parents=True, exist_ok=True)
    for name, text in question.texts.items():
        path = Path(os.path.normpath(folder / name))
        if path.is_relative_to(top):
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(text)


def _options(folder: Path, question: ComposeQuestion) -> list[str]:
    files = [word for name in question.files for word in ("--file", str(folder / name))]
    profiles = [word for name in question.profiles for word in ("--profile", name)]
    return ["--project-directory", str(folder / question.directory), *files, *profiles]


def _read_model(printed: str) -> Any:
    try:
        model = json.loads(printed)
    except ValueError:
        return None
    return model if isinstance(model, dict) else None


def _without(data: Any, folder: str) -> Any:
    """Return a model in which no path tells where the copy was."""
    if isinstance(data, dict):
        return {_without(key, folder): _without(value, folder) for key, value in data.items()}
    if isinstance(data, list):
        return [_without(item, folder) for item in data]
    return data.replace(folder, "") if isinstance(data, str) else data


def _clean(said: str, folder: Path) -> str:
    """Return why it refuses, without warnings and without the folder of the copy."""
    lines = [line for line in said.splitlines() if line.strip() and not _WARNING.match(line)]
    return "; ".join(lines).replace(f"{folder}{os.sep}", "").replace(str(folder), ".") or "it says nothing"
