"""How the services of Compose projects start programs of the repository."""

from __future__ import annotations

import posixpath
import re
import shlex
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.container_files import ContainerFiles, Mount
from rrr_optimize.facts.image_files import ImageFiles
from rrr_optimize.facts.invocations import Invocation
from rrr_optimize.facts.module_index import INIT
from rrr_optimize.formats.image_start import ImageStart, read_image_start
from rrr_optimize.formats.image_steps import read_image_steps
from rrr_optimize.formats.python_commands import PythonCommand, Start, Starter, find_python_commands
from rrr_optimize.formats.shell_pieces import Script, Syntax

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.facts.compose.project import ComposeProject, Service
    from rrr_optimize.formats.yaml_values import Value
    from rrr_optimize.model import Location
    from rrr_optimize.workspace.snapshot import Snapshot

_SHELLS = frozenset({"sh", "bash", "ash", "dash", "zsh"})
# The end of an entry point that runs, as a rule, what it is given: a script of its own, or an init.
_PASSING = re.compile(r"(?:.*/)?(?:[^/]*\.sh|[^/]*entrypoint[^/]*|tini|dumb-init|--)")
_OUTSIDE = ("/", "~", "..", "\\")


def read_container_runs(projects: Iterable[ComposeProject], snapshot: Snapshot) -> tuple[Invocation, ...]:
    """Return how services start files of the repository, each way once for each place that says so.

    A service runs its entrypoint with its command, else what its image runs; the container has what the service mounts
    and what its Dockerfile copies. What cannot be led back to one file of the repository is left out.
    """
    found = (run for project in projects for service in project.services.values() for run in _read(service, snapshot))
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True, slots=True)
class _Container:
    """A container of a service: its files, where its programs begin, and the entries of PYTHONPATH."""

    files: ContainerFiles
    directory: str
    pythonpath: tuple[str, ...]


def _read(service: Service, snapshot: Snapshot) -> Iterator[Invocation]:
    image, start = _read_image(service, snapshot)
    files = ContainerFiles(snapshot, tuple(_mounts(service)), *(image or ()))
    directory = service.text("working_dir") or start.directory
    if directory is None or not directory.startswith("/") or "$" in directory:
        return
    own = service.value.get("environment", "PYTHONPATH")
    entries = tuple(own.text.split(":")) if own else start.pythonpath
    container = _Container(files, directory, tuple(each for each in entries if each and "$" not in each))
    for words, place in _commands(service, start):
        for command in find_python_commands([_script(words, directory)]):
            if run := _locate(command, container, place):
                yield run


def _commands(service: Service, start: ImageStart) -> Iterator[tuple[tuple[str, ...], Location]]:
    """Yield the words of what is run, each with the place that says so."""
    entrypoint, command = (_given(service, key) for key in ("entrypoint", "command"))
    first = _words(entrypoint) if entrypoint else start.entrypoint
    rest = _words(command) if command else () if entrypoint else start.command
    place = (command or entrypoint or service.value).where
    yield (*first, *rest), place
    if first and rest and _PASSING.fullmatch(first[-1]):
        yield rest, place
    test = service.value.get("healthcheck", "test")
    if test is None:
        yield start.check, service.where
    elif (words := _words(test))[:1] == ("CMD",):
        yield words[1:], test.where
    elif words[:1] == ("CMD-SHELL",):
        yield ("sh", "-c", *words[1:]), test.where


def _given(service: Service, key: str) -> Value | None:
    """Return a command that a service gives; null is that of the image, and an empty one is none at all."""
    found = service.value.get(key)
    return found if found is not None and found.data is not None else None


def _words(value: Value) -> tuple[str, ...]:
    return tuple(item.text for item in value.items)


def _script(words: Sequence[str], directory: str) -> Script:
    """Return a command as the reader of scripts takes it; what a shell is handed is read as one."""
    for index, word in enumerate(words[:-2]):
        option = words[index + 1]
        if posixpath.basename(word) in _SHELLS and option.startswith("-") and option.endswith("c"):
            return Script(words[index + 2], 0, directory, Syntax.SHELL)
    return Script(shlex.join(words), 0, directory, Syntax.WORDS)


def _mounts(service: Service) -> Iterator[Mount]:
    for mount in service.items("volumes"):
        source, target = mount.get("source"), mount.get("target")
        if source is None or target is None or mount.text_of("type") != "bind" or mount.unset or source.unset:
            continue
        if not source.text.startswith(_OUTSIDE) and source.text[1:2] != ":" and target.text.startswith("/"):
            yield Mount(posixpath.normpath(target.text), posixpath.normpath(source.text))


def _read_image(service: Service, snapshot: Snapshot) -> tuple[tuple[ImageFiles, int] | None, ImageStart]:
    """Return the files of the image that a service builds, with the end of its stage, and what the image runs."""
    context = service.value.get("build", "context")
    nothing = ImageStart(directory=None)
    if context is None or context.unset or context.text.startswith(_OUTSIDE) or ":" in context.text:
        return None, nothing
    folder = posixpath.normpath(context.text)
    path = posixpath.normpath(posixpath.join(folder, service.text("build", "dockerfile") or "Dockerfile"))
    source = snapshot.text(path)
    if source is None:
        return None, nothing
    arguments = {name: value.text for name, value in service.entries("build", "args").items()}
    steps = read_image_steps(source.text, arguments)
    target = service.text("build", "target")
    stage = steps.find_stage(target)
    if stage is None:
        return None, nothing
    later = [other.start for other in steps.stages if other.start > stage.start]
    names = (f"{path}.dockerignore", posixpath.normpath(posixpath.join(folder, ".dockerignore")))
    ignore = next((text.text for name in names if (text := snapshot.text(name))), "")
    image = ImageFiles(steps, snapshot, folder, ignore=ignore)
    end = min(later) - 1 if later else len(source.text)
    return (image, end), read_image_start(source.text, steps, target)


def _locate(command: PythonCommand, container: _Container, place: Location) -> Invocation | None:
    if command.directory is None:
        return None
    directory = posixpath.normpath(command.directory)
    if command.start.starter is Starter.PYTEST:
        return _locate_tests(command.start, directory, container, place)
    for inside in _targets(command.start):
        wanted = posixpath.normpath(posixpath.join(directory, inside))
        path = container.files.find_file(wanted)
        folder = container.files.find_folder_beside(directory, wanted, path) if path else None
        if path is not None and folder is not None:
            entries = [posixpath.join(directory, entry) for entry in command.pythonpath or container.pythonpath]
            found = [container.files.find_folder_beside(entry, wanted, path) for entry in entries]
            named = tuple(each for each in found if each is not None)
            return Invocation(command.start.starter, path, folder, place, named)
    return None


def _locate_tests(start: Start, directory: str, container: _Container, place: Location) -> Invocation | None:
    wanted, files = posixpath.join(directory, start.target), container.files
    path, folder = files.find_file(wanted) or files.find_folder(wanted), files.find_folder(directory)
    if path is None or folder is None:
        return None
    found = [files.find_folder(posixpath.join(directory, entry)) for entry in container.pythonpath]
    return Invocation(start.starter, path, folder, place, tuple(each for each in found if each is not None))


def _targets(start: Start) -> tuple[str, ...]:
    if start.starter is Starter.SCRIPT:
        return (start.target,)
    stem = start.target.replace(".", "/")
    return f"{stem}.py", f"{stem}/__main__.py", f"{stem}/{INIT}.py"
