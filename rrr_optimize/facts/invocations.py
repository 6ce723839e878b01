"""How the programs of a repository are started, as its documents, scripts, images and metadata say."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rrr_optimize.facts.command_kinds import COMMAND_DIALECTS, EXECUTED, starting_folders
from rrr_optimize.facts.entry_points import read_entry_points
from rrr_optimize.facts.module_index import INIT
from rrr_optimize.facts.source_kinds import Role, find_roles
from rrr_optimize.formats.command_scripts import Dialect, find_scripts
from rrr_optimize.formats.dockerfile_scripts import find_container_scripts, find_environment
from rrr_optimize.formats.python_commands import PythonCommand, Starter, find_python_commands

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from rrr_optimize.facts.source_roots import SourceRoot
    from rrr_optimize.model import Location
    from rrr_optimize.source import SourceText
    from rrr_optimize.workspace.snapshot import Snapshot

_BY_NAME = frozenset({Starter.MODULE, Starter.SERVER})


@dataclass(frozen=True, slots=True)
class Invocation:
    """One way in which somebody starts a file, and where that is written.

    `directory` is the working directory, or for a console script the folder from which its module is imported, and
    `pythonpath` the folders of the repository that PYTHONPATH names; all relative to the root. `path` is a file, or a
    folder that pytest is told to collect. `module` is the name by which a module is started, where it is.
    """

    starter: Starter
    path: str
    directory: str
    location: Location
    pythonpath: tuple[str, ...] = ()
    module: str = ""


def read_invocations(
    snapshot: Snapshot, documents: Iterable[str], roots: Sequence[SourceRoot] = ()
) -> tuple[Invocation, ...]:
    """Return how the files of a snapshot are started, each way once for each place that says so.

    `documents` are the Markdown files to look into. What names no file of the repository is left out.
    """
    found: list[Invocation] = []
    for path, role in find_roles(snapshot.files):
        if role in EXECUTED and (source := snapshot.text(path)):
            found += _read_commands(source, COMMAND_DIALECTS[role], snapshot)
        elif role in {Role.PYPROJECT, Role.SETUP_CFG, Role.SETUP_PY} and (source := snapshot.text(path)):
            found += _installed(source, role, roots, snapshot)
    for path in sorted(set(documents)):
        if source := snapshot.text(path):
            found += _read_commands(source, Dialect.MARKDOWN, snapshot)
    return tuple(dict.fromkeys(found))


def _read_commands(source: SourceText, dialect: Dialect, snapshot: Snapshot) -> Iterator[Invocation]:
    scripts = list(find_scripts(source.text, dialect))
    fixed: tuple[str, ...] = ()
    if dialect is Dialect.DOCKERFILE:
        scripts += find_container_scripts(source.text)
        fixed = tuple(part for _, value in find_environment(source.text, "PYTHONPATH") for part in value.split(":"))
    for command in find_python_commands(scripts):
        for base in starting_folders(source.path, dialect):
            if found := _locate(command, base, snapshot, source, fixed):
                yield found
                break


def _locate(
    command: PythonCommand, base: str, snapshot: Snapshot, source: SourceText, fixed: tuple[str, ...]
) -> Invocation | None:
    directory = _in_repository(command.directory, base, snapshot)
    if directory is None:
        return None
    entries = command.pythonpath or tuple(part for part in fixed if part and "$" not in part)
    folders = tuple(
        where for entry in entries if (where := _in_repository(entry, directory, snapshot, fallback=base)) is not None
    )
    path = _find_target(command, (directory, *folders), snapshot)
    if path is None:
        return None
    starter, target = command.start
    module = target if starter in _BY_NAME else ""
    return Invocation(starter, path, directory, source.locate(command.span), folders, module)


def _in_repository(path: str | None, base: str, snapshot: Snapshot, fallback: str | None = None) -> str | None:
    """Return the folder that a path means; of one inside an image, what was most likely copied there.

    An image's `/app/src` is the folder `src` of what it was built from, where that has one, and `/app` is all of it.
    """
    if path is None:
        return None
    if not path.startswith("/"):
        where = posixpath.normpath(posixpath.join(base, path))
        return where if snapshot.is_folder(where) or where == "." else None
    parts = [part for part in path.split("/") if part]
    for first in range(len(parts)):
        where = posixpath.normpath(posixpath.join(fallback or base, *parts[first:]))
        if first and snapshot.is_folder(where):
            return where
    return (fallback or base) if len(parts) <= 1 or fallback is None else None


def _find_target(command: PythonCommand, folders: Sequence[str], snapshot: Snapshot) -> str | None:
    """Return what a command starts: a file or folder from the first folder, or a module from the first that has it."""
    starter, target = command.start
    if starter in _BY_NAME:
        return next((path for each in folders if (path := _find_module(target, each, snapshot))), None)
    path = posixpath.normpath(posixpath.join(folders[0], target.lstrip("/") if target.startswith("/") else target))
    if starter is Starter.PYTEST:
        return path if snapshot.is_file(path) or snapshot.is_folder(path) or path == "." else None
    return snapshot.canonical(path) if snapshot.is_file(path) else None


def _find_module(name: str, directory: str, snapshot: Snapshot) -> str | None:
    path = posixpath.normpath(posixpath.join(directory, *name.split(".")))
    candidates = (f"{path}.py", f"{path}/__main__.py", f"{path}/{INIT}.py")
    return next((each for each in candidates if snapshot.is_file(each)), None)


def _installed(source: SourceText, role: Role, roots: Sequence[SourceRoot], snapshot: Snapshot) -> Iterator[Invocation]:
    """Yield what an installation of the project beside a file starts or loads by name."""
    own = [root for root in roots if posixpath.dirname(root.config) == posixpath.dirname(source.path)]
    for module, span in read_entry_points(source, role) if own else ():
        for folder in dict.fromkeys(root.folder for root in own):
            if path := _find_module(module, folder, snapshot):
                yield Invocation(Starter.CONSOLE, path, folder, source.locate(span))
